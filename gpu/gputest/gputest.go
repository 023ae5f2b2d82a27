// Package gputest lets tests run on a GPU that does not exist: a CUDA driver that
// runs the kernels on their simulator.
package gputest

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// Driver builds a libcuda.so.1 and returns its folder, for LD_LIBRARY_PATH. Its
// behaviour is asked for by the variable RASP_FAKE_CUDA, see
// testdata/fake_driver.c; flags go to gcc. Without gcc the test is skipped.
func Driver(t testing.TB, flags ...string) string {
	gcc, err := exec.LookPath("gcc")
	if err != nil || runtime.GOOS != "linux" {
		t.Skip("gcc on Linux is needed to build the fake driver")
	}
	here := filepath.Join(root(t), "gpu/gputest")
	kernels := filepath.Join(here, "../internal/kernels")
	folder := t.TempDir()
	args := append([]string{"-shared", "-fPIC", "-O1", "-fno-strict-aliasing", "-I", kernels, "-o", filepath.Join(folder, "libcuda.so.1"),
		filepath.Join(here, "testdata/fake_driver.c"), filepath.Join(kernels, "simulator.c")}, flags...)
	out, err := exec.Command(gcc, append(args, "-lm")...).CombinedOutput()
	require.NoError(t, err, "%s", out)
	return folder
}

// root is the folder of the module, above the one that tests run in: with -trimpath a program
// does not know where its source is.
func root(t testing.TB) string {
	folder, err := os.Getwd()
	require.NoError(t, err)
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		require.NotEqual(t, folder, filepath.Dir(folder), "there is no go.mod above the test")
		folder = filepath.Dir(folder)
	}
}
