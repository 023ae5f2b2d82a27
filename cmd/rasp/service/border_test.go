package service

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBorder: the package touches no files, no clock and no network.
func TestBorder(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		require.NoError(t, err)
		for _, i := range tree.Imports {
			assert.NotContains(t, []string{`"os"`, `"io"`, `"time"`, `"net"`, `"net/http"`, `"syscall"`}, i.Path.Value, file)
		}
	}
}
