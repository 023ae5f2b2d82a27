package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var some = map[string]file{
	"rasp-1/rasp":           {[]byte("a program"), 0o755},
	"rasp-1/LICENSE":        {[]byte("terms"), 0o644},
	"rasp-1/man/man1/x.1":   {[]byte(".TH"), 0o644},
	"rasp-1/completions/_x": {nil, 0o644},
}

func TestTarball(t *testing.T) {
	data, err := tarball(some)
	require.NoError(t, err)
	compressed, err := gzip.NewReader(bytes.NewReader(data))
	require.NoError(t, err)
	assert.True(t, compressed.ModTime.IsZero())
	r := tar.NewReader(compressed)
	var names []string
	for {
		head, err := r.Next()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		names = append(names, head.Name)
		found, err := io.ReadAll(r)
		require.NoError(t, err)
		assert.Equal(t, string(some[head.Name].data), string(found))
		assert.Equal(t, some[head.Name].mode, fs.FileMode(head.Mode))
		assert.True(t, head.ModTime.Equal(epoch), head.ModTime)
		assert.Zero(t, head.Uid+head.Gid)
		assert.Empty(t, head.Uname+head.Gname)
	}
	assert.Equal(t, []string{"rasp-1/LICENSE", "rasp-1/completions/_x", "rasp-1/man/man1/x.1", "rasp-1/rasp"}, names)
}

func TestZipped(t *testing.T) {
	data, err := zipped(some)
	require.NoError(t, err)
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	var names []string
	for _, f := range r.File {
		names = append(names, f.Name)
		assert.Equal(t, some[f.Name].mode, f.Mode())
		assert.True(t, f.Modified.Equal(epoch), f.Modified)
		opened, err := f.Open()
		require.NoError(t, err)
		found, err := io.ReadAll(opened)
		require.NoError(t, err)
		assert.Equal(t, string(some[f.Name].data), string(found))
	}
	assert.Equal(t, []string{"rasp-1/LICENSE", "rasp-1/completions/_x", "rasp-1/man/man1/x.1", "rasp-1/rasp"}, names)
}
