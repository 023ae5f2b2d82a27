package attention

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"rasp/runtime/gemm"
)

// threeSteps is what Attend replaces: all scores, softmax row by row, product.
// scores [queries, keys].
func threeSteps(h Head, q, k, v, out, x gemm.Matrix, softmax func(*scores)) {
	gemm.Mul(gemm.Op{Alpha: 1, TransB: true}, q, k, x)
	var r scores
	for i := range x.Rows {
		row := x.Data[i*x.Stride:][:x.Cols]
		visible := h.visible(i, 0, len(row))
		clear(row[visible:])
		r = scores{x: &row[0], n: visible, scale: h.Scale, largest: row[0]}
		softmax(&r)
		for j := range row[:visible] {
			row[j] /= r.sum
		}
	}
	gemm.Mul(gemm.Op{Alpha: 1}, x, v, out)
}

// TestThreeSteps prints the times of Attend and of the three steps, with exp from
// the standard library and with the one on vectors. RIVALS is how many rounds to
// run; of each the fastest counts.
func TestThreeSteps(t *testing.T) {
	var rounds int
	if _, err := fmt.Sscan(os.Getenv("RIVALS"), &rounds); err != nil {
		t.Skip("set RIVALS to the number of rounds, for example 20")
	}
	fmt.Println("| length | causal | fused | three steps, vector exp | three steps |\n|---:|---|---:|---:|---:|")
	for _, length := range []int{64, 256, 1024, 4096} {
		for _, causal := range []bool{false, true} {
			h := Head{Scale: 0.125, Causal: causal}
			q, k, v, out := operands(length)
			x := matrix(length, length, 0, zero)
			var s Scratch
			line := fmt.Sprintf("| %d | %v |", length, causal)
			for _, f := range []func(){
				func() { h.Attend(q, k, v, out, &s) },
				func() { threeSteps(h, q, k, v, out, x, weigh) },
				func() { threeSteps(h, q, k, v, out, x, softmaxGeneric) },
			} {
				fastest := time.Hour
				for range rounds {
					start := time.Now()
					f()
					fastest = min(fastest, time.Since(start))
				}
				line += fmt.Sprintf(" %.0f µs |", float64(fastest.Nanoseconds())/1e3)
			}
			fmt.Println(line)
		}
	}
}

// operands are a head of GPT-2's width.
func operands(length int) (q, k, v, out gemm.Matrix) {
	r := rand.New(rand.NewPCG(7, 8))
	normal := func() float32 { return float32(r.NormFloat64()) }
	const d = 64
	return matrix(length, d, 0, normal), matrix(length, d, 0, normal), matrix(length, d, 0, normal), matrix(length, d, 0, zero)
}

func BenchmarkAttend(b *testing.B) {
	for _, length := range []int{64, 256, 1024, 4096} {
		q, k, v, out := operands(length)
		for _, causal := range []bool{false, true} {
			b.Run(fmt.Sprintf("length=%d/causal=%v", length, causal), func(b *testing.B) {
				var s Scratch
				for b.Loop() {
					Head{Scale: 0.125, Causal: causal}.Attend(q, k, v, out, &s)
				}
			})
		}
	}
}
