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
	_, here, _, _ := runtime.Caller(0)
	here = filepath.Dir(here)
	kernels := filepath.Join(here, "../internal/kernels")
	if _, err := os.Stat(here); err != nil {
		t.Skip("the source of the fake driver is not on this machine")
	}
	folder := t.TempDir()
	args := append([]string{"-shared", "-fPIC", "-O1", "-fno-strict-aliasing", "-I", kernels, "-o", filepath.Join(folder, "libcuda.so.1"),
		filepath.Join(here, "testdata/fake_driver.c"), filepath.Join(kernels, "simulator.c")}, flags...)
	out, err := exec.Command(gcc, append(args, "-lm")...).CombinedOutput()
	require.NoError(t, err, "%s", out)
	return folder
}
