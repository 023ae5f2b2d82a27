package gemm

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// rival multiplies a [m, k] by b [k, n] on one thread.
type rival struct {
	name     string
	slow     bool    // one round has to do
	most     float64 // operations that there is time for; 0 is any
	multiply func(m, n, k int, a, b, c []float32)
}

var rivals = []rival{
	{"this package", false, 0, func(m, n, k int, a, b, c []float32) {
		Mul(Op{Alpha: 1}, Dense(m, k, a), Dense(k, n, b), Dense(m, n, c))
	}},
	{"gonum", true, 0, func(m, n, k int, a, b, c []float32) {
		gonum.Implementation{}.Sgemm(blas.NoTrans, blas.NoTrans, m, n, k, 1, a, k, b, n, 0, c, n)
	}},
	{"three loops", true, 3e9, func(m, n, k int, a, b, c []float32) {
		for i := range m {
			for j := range n {
				sum := float32(0)
				for p := range k {
					sum += a[i*k+p] * b[p*n+j]
				}
				c[i*n+j] = sum
			}
		}
	}},
}

// BenchmarkMul reports the rate of one thread at square, small and skinny shapes.
func BenchmarkMul(b *testing.B) {
	for _, s := range shapes {
		b.Run(s.String(), func(b *testing.B) {
			x, y, z := operands(s)
			for b.Loop() {
				rivals[0].multiply(s.m, s.n, s.k, x, y, z)
			}
			b.ReportMetric(s.flops()*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}

// BenchmarkTiles compares the tiles of AVX-512 for the last columns, vectors of 16 that
// are taken whole or as two of 8, and the blocks that go with them: package machine lists
// the CPUs on which halves are faster.
func BenchmarkTiles(b *testing.B) {
	for _, isa := range available() {
		if !isa.opmask {
			continue
		}
		for _, s := range []size{{14, 16, 256}, {14, 24, 256}, {2048, 16, 64}, {256, 40, 256}, {33, 33, 33}, {1024, 1024, 1024}} {
			for _, wide := range []bool{false, true} {
				b.Run(fmt.Sprintf("%s/wide=%v", s, wide), func(b *testing.B) {
					tiles := *isa
					tiles.wide = wide
					x, y, z := operands(s)
					p := product{op: Op{Alpha: 1}, a: Dense(s.m, s.k, x), b: Dense(s.k, s.n, y), c: Dense(s.m, s.n, z), k: s.k}
					for b.Loop() {
						p.run(&tiles)
					}
					b.ReportMetric(s.flops()*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
				})
			}
		}
	}
}

// TestRivals prints a table of rates in GFLOP/s, one thread each. RIVALS is how
// many rounds to run; of each the fastest counts. The rounds of the rivals take
// turns, so that what else the machine does meets all alike.
func TestRivals(t *testing.T) {
	var rounds int
	if _, err := fmt.Sscan(os.Getenv("RIVALS"), &rounds); err != nil {
		t.Skip("set RIVALS to the number of rounds, for example 20")
	}
	fmt.Print("|  m x n x k |")
	for _, r := range rivals {
		fmt.Printf(" %s |", r.name)
	}
	fmt.Print("\n|---|", strings.Repeat("---:|", len(rivals)), "\n")
	for _, s := range shapes {
		t.Run(s.String(), func(*testing.T) {
			line := "| " + s.String() + " |"
			for _, fastest := range race(s, rounds) {
				line += fmt.Sprintf(" %.1f |", s.flops()/fastest/1e9)
			}
			fmt.Println(line)
		})
	}
}

// race returns the shortest time of each rival, in seconds a product.
func race(s size, rounds int) []float64 {
	a, b, c := operands(s)
	fastest := make([]float64, len(rivals))
	for i := range fastest {
		fastest[i] = math.Inf(1)
	}
	repeat := max(1, int(2e7/s.flops())) // a round of about a millisecond
	for round := range rounds {
		for i, r := range rivals {
			if r.slow && round > 0 || r.most > 0 && s.flops() > r.most {
				continue
			}
			start := time.Now()
			for range repeat {
				r.multiply(s.m, s.n, s.k, a, b, c)
			}
			fastest[i] = min(fastest[i], time.Since(start).Seconds()/float64(repeat))
		}
	}
	return fastest
}

type size struct{ m, n, k int }

func (s size) String() string { return fmt.Sprintf("%dx%dx%d", s.m, s.n, s.k) }

func (s size) flops() float64 { return 2 * float64(s.m) * float64(s.n) * float64(s.k) }

var shapes = []size{
	{16, 16, 16}, {24, 24, 24}, {32, 32, 32}, {48, 48, 48}, {64, 64, 64}, {96, 96, 96}, {128, 128, 128},
	{256, 256, 256}, {384, 384, 384}, {512, 512, 512}, {768, 768, 768}, {1000, 1000, 1000}, {1024, 1024, 1024}, {2048, 2048, 2048},
	{1, 1024, 1024}, {2, 1024, 1024}, {4, 1024, 1024}, {8, 1024, 1024}, {16, 1024, 1024}, {32, 1024, 1024},
	{1, 768, 3072}, {8, 768, 3072}, {32, 3072, 768}, {1, 4096, 4096}, {8, 4096, 4096}, {32, 4096, 4096},
	{17, 40, 120}, {17, 120, 40}, {64, 40, 300}, {1024, 40, 120}, {1024, 120, 40}, {2048, 16, 64}, {2048, 64, 16},
	{1024, 8, 1024}, {1024, 1, 1024},
}

func operands(s size) (a, b, c []float32) {
	fill := func(n int) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = float32(i%17-8) / 8
		}
		return x
	}
	return fill(s.m * s.k), fill(s.k * s.n), fill(s.m * s.n)
}
