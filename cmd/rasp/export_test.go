package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

// A folder of gigabytes, mostly zeros, is not written by mistake.
func TestLargeExport(t *testing.T) {
	folder := t.TempDir()
	file, out := filepath.Join(folder, "long.safetensors"), filepath.Join(folder, "out")
	m := modeltest.Blank(model.Config{DModel: 1, NCtx: 1 << 21}, 1)
	require.NoError(t, m.Save(file))
	status, _, stderr := executed(context.Background(), strings.NewReader(""), "export", file, "--to", "huggingface", "-o", out)
	assert.Equal(t, 1, status)
	assert.Contains(t, stderr, "the folder would take 4.3 GB")
	assert.Contains(t, stderr, "hint: --large writes it all the same")
	assert.NoDirExists(t, out)
	status, _, stderr = executed(context.Background(), strings.NewReader(""), "export", file, "--to", "safetensors", "-o", out)
	assert.Zero(t, status, stderr)
	info, err := os.Stat(filepath.Join(out, "model.safetensors"))
	require.NoError(t, err)
	assert.Greater(t, info.Size(), int64(4<<21), "of the plain form that is all")
}
