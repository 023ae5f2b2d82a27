package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestVersion(t *testing.T) {
	_, stdout, _ := executed(context.Background(), strings.NewReader(""), "version")
	assert.Regexp(t, `^rasp \d+\.\d+\.\d+ \(commit [^)]+\) go\S+ \w+/\w+\n$`, stdout)
}

func TestCommit(t *testing.T) {
	of := func(modified string) *debug.BuildInfo {
		return &debug.BuildInfo{Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.modified", Value: modified}}}
	}
	assert.Equal(t, "commit 0123456789ab", recorded(of("false")))
	assert.Equal(t, "commit 0123456789ab, changed since", recorded(of("true")))
	assert.Equal(t, "commit unknown", recorded(&debug.BuildInfo{}))
	assert.Equal(t, "commit unknown", recorded(nil))
}

// TestVersions: what is released together has one version.
func TestVersions(t *testing.T) {
	for file, pattern := range map[string]string{
		"cmd/python/pyproject.toml":                    `(?m)^version = "(.+)"$`,
		"cmd/python/src/rasp/__init__.py":              `(?m)^__version__ = "(.+)"$`,
		"cmd/rasp/editor/vscode/package.json":          `(?m)^  "version": "(.+)"`,
		"cmd/rasp/editor/tree-sitter/tree-sitter.json": `(?m)^    "version": "(.+)"`,
	} {
		text, err := os.ReadFile(filepath.Join(repository(t), file))
		require.NoError(t, err)
		found := regexp.MustCompile(pattern).FindSubmatch(text)
		require.NotNil(t, found, file)
		assert.Equal(t, version(), string(found[1]), file)
	}
}
