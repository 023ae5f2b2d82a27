package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRelease makes the archive of this machine twice, in two folders and with two
// environments, and runs what is in it.
func TestRelease(t *testing.T) {
	if testing.Short() {
		t.Skip("builds rasp")
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git")
	}
	first, second := t.TempDir(), t.TempDir()
	src, err := openSource(true)
	if err != nil {
		t.Skip("this is no clone: ", err)
	}
	sources(t)
	platform := "linux/amd64"
	require.NoError(t, src.release(first, []string{platform}, io.Discard))
	t.Setenv("GOAMD64", "v3")
	t.Setenv("GOFLAGS", "-tags=noasm")
	t.Setenv("TZ", "Asia/Tokyo")
	t.Setenv("LANG", "de_DE.UTF-8")
	require.NoError(t, src.release(second, []string{platform}, io.Discard))

	name := "rasp-" + src.version + "-linux-amd64.tar.gz"
	archive := read(t, filepath.Join(first, name))
	assert.True(t, bytes.Equal(archive, read(t, filepath.Join(second, name))), "two runs differ")
	sums := string(read(t, filepath.Join(first, "SHA256SUMS")))
	assert.Equal(t, fmt.Sprintf("%x  %s\n", sha256.Sum256(archive), name), sums)

	folder := unpack(t, archive)
	for _, file := range []string{"LICENSE", "notices.txt", "completions/rasp.bash", "completions/_rasp", "completions/rasp.fish", "completions/rasp.ps1", "web/rasp.wasm", "web/wasm_exec.js", "man/man1/rasp.1", "man/man1/rasp-compile.1"} {
		assert.NotEmpty(t, read(t, filepath.Join(folder, strings.TrimSuffix(name, ".tar.gz"), file)), file)
	}
	if host() == platform {
		said, err := exec.Command(filepath.Join(folder, strings.TrimSuffix(name, ".tar.gz"), "rasp"), "version").Output()
		require.NoError(t, err)
		assert.Contains(t, string(said), "rasp "+src.version+" (commit "+src.commit+")")
	}
}

// sources looks at what go build reads, so that go test knows when an old result is none.
func sources(t *testing.T) {
	t.Helper()
	require.NoError(t, filepath.WalkDir("../..", func(path string, entry os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == ".git" || entry.Name() == "node_modules"):
			return filepath.SkipDir
		case entry.IsDir():
			return nil
		}
		_, err = os.Stat(path)
		return err
	}))
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return data
}

// unpack gives the folder into which an archive was unpacked.
func unpack(t *testing.T, archive []byte) string {
	t.Helper()
	folder := t.TempDir()
	compressed, err := gzip.NewReader(bytes.NewReader(archive))
	require.NoError(t, err)
	for r := tar.NewReader(compressed); ; {
		head, err := r.Next()
		if err == io.EOF {
			return folder
		}
		require.NoError(t, err)
		path := filepath.Join(folder, head.Name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		data, err := io.ReadAll(r)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, data, os.FileMode(head.Mode)))
	}
}

func TestRefusals(t *testing.T) {
	err := run(t.TempDir(), true, []string{"plan9/mips"}, io.Discard)
	assert.ErrorContains(t, err, "no archives are made for plan9/mips, but for darwin/amd64")
}

// TestPlatforms: archives are made for the platforms that have wheels.
func TestPlatforms(t *testing.T) {
	backend := string(read(t, "../python/backend/rasp_build.py"))
	for _, platform := range platforms {
		assert.Contains(t, backend, `"`+platform+`": "`)
	}
	assert.Equal(t, len(platforms), strings.Count(backend, `/amd64": "`)+strings.Count(backend, `/arm64": "`))
}
