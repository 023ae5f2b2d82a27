//go:build cgo && linux && (amd64 || arm64)

package gpu

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/gpu/internal/kernels"
)

// fakeDriver builds a libcuda.so.1 that runs the kernels on the simulator, and
// returns its folder.
func fakeDriver(t *testing.T, flags ...string) string {
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		t.Skip("gcc is needed to build the fake driver")
	}
	folder := t.TempDir()
	args := append([]string{"-shared", "-fPIC", "-O1", "-fno-strict-aliasing", "-I", "internal/kernels",
		"-o", filepath.Join(folder, "libcuda.so.1"), "testdata/fake_driver.c", "internal/kernels/simulator.c"}, flags...)
	out, err := exec.Command(gcc, append(args, "-lm")...).CombinedOutput()
	require.NoError(t, err, "%s", out)
	return folder
}

// on runs the tests of this package that match in a process of their own, with a
// driver.
func on(folder, fault, tests string, env ...string) (string, error) {
	cmd := exec.Command(os.Args[0], "-test.run", tests, "-test.v")
	cmd.Env = append(os.Environ(), "LD_LIBRARY_PATH="+folder, "RASP_FAKE_CUDA="+fault)
	cmd.Env = append(cmd.Env, env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestOnFakeDriver runs the tests that need a GPU on the simulator.
func TestOnFakeDriver(t *testing.T) {
	if os.Getenv("RASP_FAKE_CUDA") != "" {
		t.Skip("already there")
	}
	out, err := on(fakeDriver(t), "none", "Models|Logits|Growing|Wrong|Chunks|Info", "RASP_REQUIRE_GPU=1")
	require.NoError(t, err, out)
	for _, test := range []string{"TestModelsAreExact/causal", "TestLogitsOfDenseModels", "TestGrowingSequence", "TestInfo"} {
		assert.Contains(t, out, "--- PASS: "+test)
	}
}

// TestFaultsOfTheDriver: each gets a sentence.
func TestFaultsOfTheDriver(t *testing.T) {
	if os.Getenv("RASP_FAKE_CUDA") != "" {
		t.Skip("in a process of its own")
	}
	folder := fakeDriver(t)
	for _, test := range []struct{ fault, want string }{
		{"nodriver", "SKIP: gpu: CUDA is unavailable: the driver sees no device"},
		{"nodevice", "SKIP: gpu: CUDA is unavailable: the driver sees no device"},
		{"ptx", "gpu: compiling the kernels for the device: CUDA_ERROR_INVALID_PTX (218) of the fake driver\nptxas: unsupported .version 9.0"},
		{"memory", "not enough device memory: CUDA_ERROR_OUT_OF_MEMORY (2)"},
	} {
		out, _ := on(folder, test.fault, "TestOpensOnly")
		assert.Contains(t, out, test.want, test.fault)
	}
	out, _ := on(fakeDriver(t, "-DNO_EVENT_DESTROY"), "old", "TestOpensOnly")
	assert.Contains(t, out, "the CUDA driver is too old: it has no cuEventDestroy_v2")
	out, _ = on(t.TempDir(), "none", "TestOpensOnly")
	assert.Contains(t, out, "CUDA is unavailable: no CUDA driver: libcuda.so.1")
	out, err := on(t.TempDir(), "none", "TestInfo", "RASP_REQUIRE_GPU=1")
	assert.Error(t, err)
	assert.Contains(t, out, "--- FAIL: TestInfo")
}

// TestOpensOnly shows what Open and NewSession say.
func TestOpensOnly(t *testing.T) {
	if os.Getenv("RASP_FAKE_CUDA") == "" {
		t.Skip("for the processes of TestFaultsOfTheDriver")
	}
	d, err := Open()
	if err != nil {
		fmt.Println("SKIP:", err)
		return
	}
	defer d.Close()
	s, err := d.NewSession(random(false, 2, 200, 50, 900, 5, 9))
	if err != nil {
		fmt.Println(err)
		return
	}
	s.Close()
}

// TestPTXIsOfTheseKernels: who changes a kernel compiles it again.
func TestPTXIsOfTheseKernels(t *testing.T) {
	for name, ptx := range map[string]string{"gemm": gemmPTX, "attention": attentionPTX, "forward": forwardPTX} {
		source, err := kernels.Source.ReadFile(name + ".cu")
		require.NoError(t, err)
		want := fmt.Sprintf("// source sha256 %x\n", sha256.Sum256(source))
		assert.True(t, strings.HasPrefix(ptx, want), "%s.cu has changed: gpu/internal/kernels/ptx.sh compiles it", name)
	}
}
