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

// A model file is certified for other tools like the program in it, at whatever level that was
// compiled; one that was changed is not.
func TestExportCertifies(t *testing.T) {
	t.Chdir(t.TempDir())
	export := func(file string) string {
		t.Helper()
		status, _, stderr := executed(context.Background(), strings.NewReader(""), "export", file, "--to", "transformerlens", "-o", "out")
		require.Zero(t, status, stderr)
		for line := range strings.Lines(stderr) {
			if strings.Contains(line, "certified in this form: TransformerLens") {
				return strings.TrimSpace(line)
			}
		}
		return stderr
	}
	program := "#rasp:vocab \"ab\"\n#rasp:length 6\n#rasp:partial\nm = aggregate(select(tokens, tokens, ==), indices) / count(tokens, \"a\");\n"
	require.NoError(t, os.WriteFile("m.rasp", []byte(program), 0o644))
	certified := "certified in this form: TransformerLens, float32, on a CPU: exact for every input over this vocabulary up to length 6 on which the program has a value"
	assert.Equal(t, certified, export("m.rasp"))
	for _, level := range []string{"0", "1", "2"} {
		status, _, stderr := executed(context.Background(), strings.NewReader(""), "compile", "m.rasp", "-O", level, "-o", "m.safetensors")
		require.Zero(t, status, stderr)
		assert.Equal(t, certified, export("m.safetensors"), "level %s", level)
	}
	m, err := model.Load("m.safetensors")
	require.NoError(t, err)
	m.BU[0] += 0.25
	require.NoError(t, m.Save("changed.safetensors"))
	assert.Equal(t, "not certified in this form: TransformerLens, float32, on a CPU: the weights are not those that the compiler makes of the program", export("changed.safetensors"))
}
