package noisetest

import (
	"math"

	"rasp/runtime/model"
)

// Arithmetic is that of another processor: what it makes of the factors of a product, and of a
// sum of products.
type Arithmetic struct {
	operand, result func(x float64) float64
}

func in32(x float64) float64 { return float64(float32(x)) }

func inHalf(bits int) func(float64) float64 {
	return func(x float64) float64 { return roundedTo(x, bits) }
}

// The arithmetics that models are tried in: TF32 has 10 bits behind the first in factors alone,
// bfloat16 and float16 have 7 and 10 in all that is written down.
var (
	InDouble   = Arithmetic{func(x float64) float64 { return x }, func(x float64) float64 { return x }}
	InTF32     = Arithmetic{inHalf(10), in32}
	InBfloat16 = Arithmetic{inHalf(7), inHalf(7)}
	InFloat16  = Arithmetic{inHalf(10), func(x float64) float64 {
		if x = roundedTo(x, 10); math.Abs(x) > 65504 {
			return math.Copysign(math.Inf(1), x)
		}
		return x
	}}
)

// Emulated is a model as another processor runs it: matrices [rows][columns] of factors.
type Emulated struct {
	*model.Model
	Arithmetic
	blocks []emulatedBlock
	wu     [][]float64
}

type emulatedBlock struct{ q, k, v, o, in, out [][]float64 }

// Emulate prepares a model to be run in an arithmetic.
func Emulate(m *model.Model, a Arithmetic) *Emulated {
	e := &Emulated{Model: m, Arithmetic: a, wu: a.matrix(m.WU)}
	for _, b := range m.Blocks {
		e.blocks = append(e.blocks, emulatedBlock{a.matrix(b.WQ), a.matrix(b.WK), a.matrix(b.WV), a.matrix(b.WO), a.matrix(b.WIn), a.matrix(b.WOut)})
	}
	return e
}

func (a Arithmetic) matrix(w model.Matrix) [][]float64 {
	rows, cols := w.Size()
	list := make([][]float64, rows)
	for i := range list {
		list[i] = make([]float64, cols)
		for j, x := range w.Row(i) {
			list[i][j] = a.operand(float64(x))
		}
	}
	return list
}

// times is rows x times a matrix, and a bias.
func (a Arithmetic) times(x, w [][]float64, bias []float32) [][]float64 {
	out := make([][]float64, len(x))
	for p, row := range x {
		sum := make([]float64, len(bias))
		for j, b := range bias {
			sum[j] = a.result(float64(b))
		}
		for d, r := range row {
			if r = a.operand(r); r == 0 {
				continue
			}
			for j, y := range w[d] {
				sum[j] += float64(r * y)
			}
		}
		for j := range sum {
			sum[j] = a.result(sum[j])
		}
		out[p] = sum
	}
	return out
}

func (a Arithmetic) plus(x, y [][]float64) {
	for p := range x {
		for d := range x[p] {
			x[p][d] = a.result(x[p][d] + y[p][d])
		}
	}
}

// logits of an input, BOS at position 0.
func (e *Emulated) logits(input []int) [][]float64 {
	return e.times(e.Residual(input), e.wu, e.BU)
}

// Residual is the stream after the last layer.
func (e *Emulated) Residual(input []int) [][]float64 {
	ids := append([]int{len(e.Vocab)}, input...)
	x := make([][]float64, len(ids))
	for p, id := range ids {
		x[p] = make([]float64, e.DModel)
		for d := range x[p] {
			x[p][d] = e.result(e.result(float64(e.WE.At(id, d))) + e.result(float64(e.WPos.At(p, d))))
		}
	}
	for l, b := range e.blocks {
		own := e.Blocks[l]
		moved := make([][]float64, len(x))
		for p := range moved {
			moved[p] = make([]float64, e.DModel)
		}
		for h := range e.Heads {
			part := func(w [][]float64, size int) [][]float64 { return w[h*size : (h+1)*size] }
			bias := func(b []float32) []float32 { return b[h*e.DHead : (h+1)*e.DHead] }
			q, k, v := e.times(x, part(b.q, e.DModel), bias(own.BQ)), e.times(x, part(b.k, e.DModel), bias(own.BK)), e.times(x, part(b.v, e.DModel), bias(own.BV))
			e.plus(moved, e.times(e.attend(q, k, v), part(b.o, e.DHead), make([]float32, e.DModel)))
		}
		e.plus(x, moved)
		e.plus(x, e.times(make([][]float64, len(x)), nil, own.BO))
		hidden := e.times(x, b.in, own.BIn)
		for _, row := range hidden {
			for i := range row {
				row[i] = max(0, row[i])
			}
		}
		e.plus(x, e.times(hidden, b.out, own.BOut))
	}
	return x
}

func (e *Emulated) attend(q, k, v [][]float64) [][]float64 {
	z := make([][]float64, len(q))
	for i := range q {
		visible := len(k)
		if e.Causal {
			visible = i + 1
		}
		weights, top, total := make([]float64, visible), math.Inf(-1), 0.0
		for j := range weights {
			for d, x := range q[i] {
				weights[j] += float64(e.operand(x) * e.operand(k[j][d]))
			}
			weights[j] = e.result(weights[j])
			top = max(top, weights[j])
		}
		for j, s := range weights {
			weights[j] = e.result(math.Exp(s - top))
			total += weights[j]
		}
		z[i] = make([]float64, len(v[0]))
		for j, w := range weights {
			w = e.operand(e.result(w / total))
			for d, x := range v[j] {
				z[i][d] += float64(w * e.operand(x))
			}
		}
		for d := range z[i] {
			z[i][d] = e.result(z[i][d])
		}
	}
	return z
}

// Answers are what the outputs are at each position.
func (e *Emulated) Answers(input []int) [][]model.Token {
	list := make([][]model.Token, len(e.Outputs))
	for p, row := range e.logits(input) {
		if p == 0 {
			continue
		}
		read := make([]float32, len(row))
		for i, x := range row {
			read[i] = float32(x)
		}
		for o := range list {
			list[o] = append(list[o], e.Outputs[o].Decode(read))
		}
	}
	return list
}
