package compiler_test

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"rasp/runtime/model"
)

// naive is a model with its weights laid out in full, and a forward pass as it stands in the
// documents: slow, and without any code of the packages that are compared with it.
type naive[F float32 | float64] struct {
	*model.Model
	tokens, positions, unembed [][]F
	blocks                     []naiveBlock[F]
}

type naiveBlock[F float32 | float64] struct{ q, k, v, o, in, out [][]F }

func naiveOf[F float32 | float64](m *model.Model) *naive[F] {
	p := &naive[F]{Model: m, tokens: laidOut[F](m.WE), positions: laidOut[F](m.WPos), unembed: laidOut[F](m.WU)}
	for _, b := range m.Blocks {
		p.blocks = append(p.blocks, naiveBlock[F]{laidOut[F](b.WQ), laidOut[F](b.WK), laidOut[F](b.WV), laidOut[F](b.WO), laidOut[F](b.WIn), laidOut[F](b.WOut)})
	}
	return p
}

func laidOut[F float32 | float64](w model.Matrix) [][]F {
	rows, cols := w.Size()
	all, list := w.Floats(), make([][]F, rows)
	for i := range list {
		list[i] = make([]F, cols)
		for j := range cols {
			list[i][j] = F(all[i*cols+j])
		}
	}
	return list
}

// times is x W + b.
func times[F float32 | float64](x, w [][]F, bias []float32, width int) [][]F {
	y := make([][]F, len(x))
	for i, row := range x {
		y[i] = make([]F, width)
		for j, b := range bias {
			y[i][j] = F(b)
		}
		for d, v := range row {
			if v == 0 {
				continue
			}
			for j, weight := range w[d] {
				y[i][j] += F(v * weight)
			}
		}
	}
	return y
}

func plus[F float32 | float64](x, y [][]F) [][]F {
	sum := make([][]F, len(x))
	for i := range x {
		sum[i] = make([]F, len(x[i]))
		for d := range x[i] {
			sum[i][d] = x[i][d] + y[i][d]
		}
	}
	return sum
}

func (p *naive[F]) embed(input []int) [][]F {
	var x [][]F
	for i, id := range append([]int{len(p.Vocab)}, input...) {
		x = append(x, plus([][]F{p.tokens[id]}, [][]F{p.positions[i]})[0])
	}
	return x
}

// head is what a head brings, before W_O, where queries, keys and values read these streams.
func (p *naive[F]) head(l, h int, queries, keys, values [][]F) [][]F {
	b := p.Blocks[l]
	part := func(w [][]F) [][]F { return w[h*p.DModel : (h+1)*p.DModel] }
	bias := func(c []float32) []float32 { return c[h*p.DHead : (h+1)*p.DHead] }
	q := times(queries, part(p.blocks[l].q), bias(b.BQ), p.DHead)
	k := times(keys, part(p.blocks[l].k), bias(b.BK), p.DHead)
	v := times(values, part(p.blocks[l].v), bias(b.BV), p.DHead)
	z := make([][]F, len(q))
	for i := range q {
		seen := len(k)
		if p.Causal {
			seen = i + 1
		}
		scores, most := make([]F, seen), F(math.Inf(-1))
		for j := range scores {
			for d := range q[i] {
				scores[j] += F(q[i][d] * k[j][d])
			}
			most = max(most, scores[j])
		}
		total := F(0)
		for j, s := range scores {
			scores[j] = F(math.Exp(float64(s - most)))
			total += scores[j]
		}
		z[i] = make([]F, p.DHead)
		for j, e := range scores {
			for d := range z[i] {
				z[i][d] += F(e / total * v[j][d])
			}
		}
	}
	return z
}

// wo are the rows of W_O of a head.
func (p *naive[F]) wo(l, h int) [][]F { return p.blocks[l].o[h*p.DHead : (h+1)*p.DHead] }

func (p *naive[F]) neurons(l int, x [][]F) [][]F {
	y := times(x, p.blocks[l].in, p.Blocks[l].BIn, p.DMLP)
	for _, row := range y {
		for n, v := range row {
			row[n] = max(0, v)
		}
	}
	return y
}

func (p *naive[F]) added(x [][]F, bias []float32) [][]F {
	rows := make([][]F, len(x))
	for i := range rows {
		rows[i] = make([]F, len(bias))
		for d, b := range bias {
			rows[i][d] = F(b)
		}
	}
	return plus(x, rows)
}

// kept is what a run computes, by place: "0.1" what a head brings, "mlp 0" the neurons of a
// layer, "stage 2" the stream after a half layer, 0 being the embedding.
type kept[F float32 | float64] map[string][][]F

// forward is the forward pass, in which change may change what there is at a place.
func (p *naive[F]) forward(input []int, change func(place string, rows [][]F)) (logits [][]F, all kept[F]) {
	all = kept[F]{}
	at := func(place string, rows [][]F) [][]F {
		if change != nil {
			change(place, rows)
		}
		all[place] = rows
		return rows
	}
	x := at("stage 0", p.embed(input))
	for l := range p.Layers {
		read := x
		x = p.added(x, p.Blocks[l].BO)
		for h := range p.Heads {
			x = plus(x, times(at(fmt.Sprintf("%d.%d", l, h), p.head(l, h, read, read, read)), p.wo(l, h), nil, p.DModel))
		}
		x = at(fmt.Sprintf("stage %d", 2*l+1), x)
		x = plus(x, times(at(fmt.Sprintf("mlp %d", l), p.neurons(l, x)), p.blocks[l].out, p.Blocks[l].BOut, p.DModel))
		x = at(fmt.Sprintf("stage %d", 2*l+2), x)
	}
	return times(x, p.unembed, p.BU, len(p.BU)), all
}

// written is what each node of the full graph writes, by its name in EAP-IG.
type written[F float32 | float64] map[string][][]F

// through is the forward pass as a graph: each node reads what all nodes before it write,
// of other where the edge is cut.
func (p *naive[F]) through(input []int, other written[F], cut map[string]bool) (logits [][]F, all written[F]) {
	all = written[F]{"input": p.embed(input)}
	before, bias := []string{"input"}, make([]float32, p.DModel)
	stream := func(to string) [][]F {
		var x [][]F
		for i, from := range before {
			term := all[from]
			if cut[from+"->"+to] {
				term = other[from]
			}
			if i == 0 {
				x = term
			} else {
				x = plus(x, term)
			}
		}
		return p.added(x, bias)
	}
	add := func(more []float32) {
		bias = slices.Clone(bias)
		for d, b := range more {
			bias[d] += b
		}
	}
	for l := range p.Layers {
		var heads []string
		for h := range p.Heads {
			name := fmt.Sprintf("a%d.h%d", l, h)
			z := p.head(l, h, stream(name+"<q>"), stream(name+"<k>"), stream(name+"<v>"))
			all[name], heads = times(z, p.wo(l, h), nil, p.DModel), append(heads, name)
		}
		before = append(before, heads...)
		add(p.Blocks[l].BO)
		name := fmt.Sprintf("m%d", l)
		all[name] = times(p.neurons(l, stream(name)), p.blocks[l].out, nil, p.DModel)
		before = append(before, name)
		add(p.Blocks[l].BOut)
	}
	return times(stream("logits"), p.unembed, p.BU, len(p.BU)), all
}

// answers are what the outputs are at a position, as text: numbers and probabilities to so
// many digits that rounding does not show.
func (p *naive[F]) answers(logits []F) []string {
	var list []string
	for _, o := range p.Outputs {
		own := logits[o.Column : o.Column+o.Width()]
		switch {
		case o.Numeric():
			list = append(list, fmt.Sprintf("%.4g %v", float64(own[0])+0, own[1] > 0.5))
		case o.Next:
			list = append(list, strings.Join(chances(own), " "))
		default:
			list = append(list, string(o.Classes[slices.Index(own, slices.Max(own))]))
		}
	}
	return list
}

func chances[F float32 | float64](logits []F) []string {
	total, list := 0.0, []string{}
	for _, x := range logits {
		total += math.Exp(float64(x - slices.Max(logits)))
	}
	for _, x := range logits {
		list = append(list, fmt.Sprintf("%.3g", math.Exp(float64(x-slices.Max(logits)))/total))
	}
	return list
}
