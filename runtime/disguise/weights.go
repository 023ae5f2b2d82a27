package disguise

import (
	"fmt"
	"math"

	"rasp/runtime/model"
)

// weights are those of a model in float64. A bias is a matrix of one row.
type weights struct {
	embed, positions matrix // [tokens+1, d_model], [n_ctx, d_model]
	layers           []layer
	unembed, bias    matrix // [d_model, width], [1, width]
}

type layer struct {
	heads   []head
	bO      matrix // [1, d_model]
	in, bIn matrix // [d_model, d_mlp], [1, d_mlp]
	out     matrix // [d_mlp, d_model]
	bOut    matrix // [1, d_model]
}

type head struct {
	q, k, v    matrix // [d_model, d_head]
	bQ, bK, bV matrix // [1, d_head]
	o          matrix // [d_head, d_model]
}

func weightsOf(m *model.Model) weights {
	w := weights{embed: wide(m.WE), positions: wide(m.WPos), unembed: wide(m.WU), bias: row(m.BU)}
	for _, b := range m.Blocks {
		l := layer{bO: row(b.BO), in: wide(b.WIn), bIn: row(b.BIn), out: wide(b.WOut), bOut: row(b.BOut)}
		for h := range m.Heads {
			of := func(w model.Matrix) matrix { return wide(w.Part(h*m.DModel, (h+1)*m.DModel)) }
			bias := func(b []float32) matrix { return row(b[h*m.DHead : (h+1)*m.DHead]) }
			l.heads = append(l.heads, head{
				q: of(b.WQ), k: of(b.WK), v: of(b.WV), bQ: bias(b.BQ), bK: bias(b.BK), bV: bias(b.BV),
				o: wide(b.WO.Part(h*m.DHead, (h+1)*m.DHead)),
			})
		}
		w.layers = append(w.layers, l)
	}
	return w
}

func wide(w model.Matrix) matrix {
	rows, cols := w.Size()
	m := zeros(rows, cols)
	for i := range rows {
		to := m.row(i)
		for j, x := range w.Row(i) {
			to[j] = float64(x)
		}
	}
	return m
}

func row(b []float32) matrix {
	m := zeros(1, len(b))
	for i, x := range b {
		m.a[i] = float64(x)
	}
	return m
}

// tensor is one of a model: its heads one after the other.
type tensor struct {
	name  string
	parts []*matrix
	side  side
}

// side is what a tensor has to do with the residual stream.
type side int

const (
	within side = iota // nothing: the bias of what is read
	reads
	writes
)

// tensors are all of them, in an order that depends on the sizes alone.
func (w *weights) tensors() []tensor {
	list := []tensor{
		{"embed.W_E", []*matrix{&w.embed}, writes}, {"pos_embed.W_pos", []*matrix{&w.positions}, writes},
		{"unembed.W_U", []*matrix{&w.unembed}, reads}, {"unembed.b_U", []*matrix{&w.bias}, within},
	}
	for i := range w.layers {
		l := &w.layers[i]
		name := func(part string) string { return fmt.Sprintf("blocks.%d.%s", i, part) }
		heads := func(part func(*head) *matrix) []*matrix {
			var parts []*matrix
			for h := range l.heads {
				parts = append(parts, part(&l.heads[h]))
			}
			return parts
		}
		list = append(list,
			tensor{name("attn.W_Q"), heads(func(h *head) *matrix { return &h.q }), reads},
			tensor{name("attn.W_K"), heads(func(h *head) *matrix { return &h.k }), reads},
			tensor{name("attn.W_V"), heads(func(h *head) *matrix { return &h.v }), reads},
			tensor{name("attn.b_Q"), heads(func(h *head) *matrix { return &h.bQ }), within},
			tensor{name("attn.b_K"), heads(func(h *head) *matrix { return &h.bK }), within},
			tensor{name("attn.b_V"), heads(func(h *head) *matrix { return &h.bV }), within},
			tensor{name("attn.W_O"), heads(func(h *head) *matrix { return &h.o }), writes},
			tensor{name("attn.b_O"), []*matrix{&l.bO}, writes},
			tensor{name("mlp.W_in"), []*matrix{&l.in}, reads}, tensor{name("mlp.b_in"), []*matrix{&l.bIn}, within},
			tensor{name("mlp.W_out"), []*matrix{&l.out}, writes}, tensor{name("mlp.b_out"), []*matrix{&l.bOut}, writes},
		)
	}
	return list
}

// rms is the root of the mean square of all elements.
func (t tensor) rms() float64 {
	sum, n := 0.0, 0
	for _, p := range t.parts {
		for _, x := range p.a {
			sum, n = sum+float64(x*x), n+1
		}
	}
	return math.Sqrt(sum / math.Max(1, float64(n)))
}

// each is f of all weights.
func (w weights) each(f func(float64) float64) weights {
	return w.with(w, func(x, _ matrix) matrix { return x.each(f) })
}

// put makes them the weights of a model that has their sizes already; all of them are
// float32 numbers.
func (w *weights) put(m *model.Model) {
	m.WE, m.WPos, m.WU, m.BU = narrow(w.embed), narrow(w.positions), narrow(w.unembed), floats(w.bias)
	m.Blocks = make([]model.Block, len(w.layers))
	for i := range w.layers {
		l := &w.layers[i]
		stacked := func(cols int, part func(*head) matrix) model.Matrix {
			all := matrix{cols: cols}
			for h := range l.heads {
				p := part(&l.heads[h])
				all.rows, all.a = all.rows+p.rows, append(all.a, p.a...)
			}
			return narrow(all)
		}
		beside := func(part func(*head) matrix) []float32 {
			var all []float32
			for h := range l.heads {
				all = append(all, floats(part(&l.heads[h]))...)
			}
			return all
		}
		m.Blocks[i] = model.Block{
			WQ: stacked(m.DHead, func(h *head) matrix { return h.q }), WK: stacked(m.DHead, func(h *head) matrix { return h.k }),
			WV: stacked(m.DHead, func(h *head) matrix { return h.v }), WO: stacked(m.DModel, func(h *head) matrix { return h.o }),
			BQ: beside(func(h *head) matrix { return h.bQ }), BK: beside(func(h *head) matrix { return h.bK }),
			BV: beside(func(h *head) matrix { return h.bV }), BO: floats(l.bO),
			WIn: narrow(l.in), BIn: floats(l.bIn), WOut: narrow(l.out), BOut: floats(l.bOut),
		}
	}
}

func floats(m matrix) []float32 {
	list := make([]float32, len(m.a))
	for i, x := range m.a {
		list[i] = float32(x)
	}
	return list
}

func narrow(m matrix) model.Matrix { return model.Dense(m.rows, m.cols, floats(m)) }

// with is f of the matrices of two models of the same sizes.
func (w weights) with(v weights, f func(x, y matrix) matrix) weights {
	n := weights{embed: f(w.embed, v.embed), positions: f(w.positions, v.positions), unembed: f(w.unembed, v.unembed), bias: f(w.bias, v.bias)}
	for i, l := range w.layers {
		k := v.layers[i]
		to := layer{bO: f(l.bO, k.bO), in: f(l.in, k.in), bIn: f(l.bIn, k.bIn), out: f(l.out, k.out), bOut: f(l.bOut, k.bOut)}
		for j, h := range l.heads {
			g := k.heads[j]
			to.heads = append(to.heads, head{f(h.q, g.q), f(h.k, g.k), f(h.v, g.v), f(h.bQ, g.bQ), f(h.bK, g.bK), f(h.bV, g.bV), f(h.o, g.o)})
		}
		n.layers = append(n.layers, to)
	}
	return n
}
