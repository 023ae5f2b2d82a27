package atomicfile

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTogether: of several who write one file at a time each succeeds, and the file is that
// of one of them. None takes the file of another, closed and about to be renamed, for one
// that was left behind.
func TestTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	var writers sync.WaitGroup
	for n := range 8 {
		writers.Go(func() {
			for range 60 {
				assert.NoError(t, Write(path, text(strings.Repeat(string(rune('a'+n)), 5000))))
			}
		})
	}
	writers.Wait()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, strings.Repeat(string(content[:1]), 5000), string(content))
	left, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, left, 1)
}
