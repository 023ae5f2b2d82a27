package counted

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/gpu/internal/kernels"
	"rasp/runtime/gemm"
)

// random has small ints, so that sums are exact in any order.
func random(r *rand.Rand, n int) Matrix {
	m := make(Matrix, n*n)
	for i := range m {
		m[i] = float32(r.IntN(17) - 8)
	}
	return m
}

func TestRun(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 2, 5, 8, 12, 33} {
		for _, tile := range []int{0, 1, 2, 4, 5, 32} {
			a, b, c, want := random(r, n), random(r, n), make(Matrix, n*n), make(Matrix, n*n)
			steps := 0
			var last Step
			counts := Kernel{tile}.Run(n, a, b, c, func(s Step) { steps++; last = s })
			gemm.Mul(gemm.Op{Alpha: 1}, gemm.Dense(n, n, a), gemm.Dense(n, n, b), gemm.Dense(n, n, want))
			require.Equal(t, want, c, "n %d, tile %d", n, tile)
			assert.Equal(t, counts, last.Counts)
			assert.True(t, last.Done)
			assert.Equal(t, n*n, counts.Stores)
			blocks := (n + max(tile, 1) - 1) / max(tile, 1)
			if tile == 0 {
				assert.Equal(t, n*n, steps)
			} else {
				assert.Equal(t, blocks*blocks*blocks, steps)
			}
			if tile == 0 || n%tile == 0 {
				assert.Equal(t, Kernel{tile}.Loads(n), counts.Loads, "n %d, tile %d", n, tile)
				assert.Equal(t, n*n*n, counts.Adds)
			}
		}
	}
}

// TestSimulator: the counts are those of the text of the kernels, which is compiled with a
// pointer that counts in place of those to A and B, and run by the simulator.
func TestSimulator(t *testing.T) {
	for _, tool := range []string{"gcc", "g++"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("no gcc and g++ are installed: the kernels are not run on the simulator")
		}
	}
	run := built(t)
	for _, n := range []int{1, 7, 31, 32, 33, 64, 96} {
		for version, k := range []Kernel{{0}, {32}} {
			out, err := exec.Command(run, fmt.Sprint(version), fmt.Sprint(n)).CombinedOutput()
			require.NoError(t, err, "%s", out)
			counts := k.Run(n, make(Matrix, n*n), make(Matrix, n*n), make(Matrix, n*n), nil)
			assert.Equal(t, fmt.Sprintln(counts.Loads, counts.Stores), string(out), "version %d, n %d", version, n)
		}
	}
}

// built is a program that runs a kernel and prints how often it loads and stores.
func built(t *testing.T) string {
	folder := t.TempDir()
	text, err := kernels.Source.ReadFile("gemm.cu")
	require.NoError(t, err)
	head := regexp.MustCompile(`const float \*a, int lda, const float \*b`)
	require.Len(t, head.FindAll(text, -1), 3)
	text, _, _ = bytes.Cut(text, []byte("// A block of 256 threads"))
	text = head.ReplaceAll(text, []byte("counted_pointer a, int lda, counted_pointer b"))
	text = regexp.MustCompile(`float \*c, int ldc`).ReplaceAll(text, []byte("written_pointer c, int ldc"))
	text = bytes.ReplaceAll(text, []byte("float *out = c +"), []byte("float *out = c.at() +"))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "gemm.inc"), text, 0o600))
	simulator, err := filepath.Abs("../internal/kernels")
	require.NoError(t, err)
	main, err := filepath.Abs("testdata/count.cc")
	require.NoError(t, err)
	run := filepath.Join(folder, "count")
	for _, command := range [][]string{
		{"gcc", "-O1", "-c", "-o", "simulator.o", filepath.Join(simulator, "simulator.c")},
		{"g++", "-O1", "-I", simulator, "-I", folder, "-o", run, main, "simulator.o"},
	} {
		build := exec.Command(command[0], command[1:]...)
		build.Dir = folder
		out, err := build.CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	return run
}
