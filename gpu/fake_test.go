//go:build cgo && linux && (amd64 || arm64)

package gpu

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/gpu/gputest"
	"rasp/gpu/internal/kernels"
)

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
	passing := []string{"TestModelsAreExact/causal", "TestLogitsOfDenseModels", "TestGrowingSequence", "TestPredictionsTie", "TestProducts", "TestMeasure", "TestLarge", "TestInfo"}
	all := "Models|Predictions|Logits|Growing|Wrong|Chunks|Products|Measure|Large|Info"
	if testing.Short() {
		passing, all = passing[2:4], "Predictions|Growing|Wrong|Chunks"
	}
	out, err := on(gputest.Driver(t), "none", all, "RASP_REQUIRE_GPU=1")
	require.NoError(t, err, out)
	for _, test := range passing {
		assert.Contains(t, out, "--- PASS: "+test)
	}
}

// TestFaultsOfTheDriver: each gets a sentence.
func TestFaultsOfTheDriver(t *testing.T) {
	if os.Getenv("RASP_FAKE_CUDA") != "" {
		t.Skip("in a process of its own")
	}
	folder := gputest.Driver(t)
	for _, test := range []struct{ fault, want string }{
		{"nodriver", "SKIP: gpu: CUDA is unavailable: the driver sees no device"},
		{"nodevice", "SKIP: gpu: CUDA is unavailable: the driver sees no device"},
		{"ptx", "gpu: compiling the kernels for the device: the driver does not take the kernels: CUDA_ERROR_INVALID_PTX (218) of the fake driver\nptxas: error in line 1"},
		{"oldptx", "gpu: compiling the kernels for the device: the CUDA driver is too old: CUDA_ERROR_UNSUPPORTED_PTX_VERSION (222) of the fake driver\nptxas: unsupported .version 7.0"},
		{"memory", "not enough device memory: CUDA_ERROR_OUT_OF_MEMORY (2)"},
	} {
		out, _ := on(folder, test.fault, "TestOpensOnly")
		assert.Contains(t, out, test.want, test.fault)
	}
	out, err := on(folder, "little", "TestLittleMemory")
	require.NoError(t, err, out)
	assert.Contains(t, out, "--- PASS: TestLittleMemory")
	out, _ = on(gputest.Driver(t, "-DNO_EVENT_DESTROY"), "old", "TestOpensOnly")
	assert.Contains(t, out, "the CUDA driver is too old: it has no cuEventDestroy_v2")
	out, _ = on(t.TempDir(), "none", "TestOpensOnly")
	assert.Contains(t, out, "CUDA is unavailable: no CUDA driver: libcuda.so.1")
	out, err = on(t.TempDir(), "none", "TestInfo", "RASP_REQUIRE_GPU=1")
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

// TestLittleMemory: the weights fit, a long input does not, a short one does.
func TestLittleMemory(t *testing.T) {
	if os.Getenv("RASP_FAKE_CUDA") != "little" {
		t.Skip("for a process of TestFaultsOfTheDriver")
	}
	d := device(t)
	s, err := d.NewSession(random(true, 1, 4, 2, 3, 2, 4000))
	require.NoError(t, err)
	_, err = s.Run([][]int{make([]int, 3999)})
	assert.ErrorIs(t, err, ErrMemory)
	_, err = s.Prefill(make([]int, 3999))
	assert.ErrorIs(t, err, ErrMemory)
	got, err := s.Run([][]int{make([]int, 5)})
	require.NoError(t, err)
	assert.Len(t, got[0][0], 5)
	assert.Zero(t, s.Length())
	s.Close()
	left, err := d.freeMemory()
	require.NoError(t, err)
	assert.Equal(t, d.Info().Memory, left, "all memory is given back")
}

// TestPTXIsOfTheseKernels: who changes a kernel compiles it again.
func TestPTXIsOfTheseKernels(t *testing.T) {
	for name, ptx := range map[string]string{"gemm": gemmPTX, "attention": attentionPTX, "forward": forwardPTX} {
		source, err := kernels.Source.ReadFile(name + ".cu")
		require.NoError(t, err)
		want := fmt.Sprintf("// source sha256 %x\n", sha256.Sum256(source))
		assert.Contains(t, ptx, "\n.version 7.0\n", "newer PTX needs newer drivers")
		assert.True(t, strings.HasPrefix(ptx, want), "%s.cu has changed: gpu/internal/kernels/ptx.sh compiles it", name)
	}
}
