package inside_test

import (
	"fmt"
	"math"
	"slices"

	"rasp/runtime/model"
)

// naive is a forward pass as it stands in the documents: slow, and without any code of the
// packages that are compared with it.
type naive[F float32 | float64] struct {
	*model.Model
	tokens, positions, unembed [][]weight[F]
	blocks                     []naiveBlock[F]
}

type naiveBlock[F float32 | float64] struct{ q, k, v, o, in, out [][]weight[F] }

// weight is one that is not 0, with its column.
type weight[F float32 | float64] struct {
	column int
	value  F
}

func naiveOf[F float32 | float64](m *model.Model) *naive[F] {
	p := &naive[F]{Model: m, tokens: rowsOf[F](m.WE), positions: rowsOf[F](m.WPos), unembed: rowsOf[F](m.WU)}
	for _, b := range m.Blocks {
		p.blocks = append(p.blocks, naiveBlock[F]{rowsOf[F](b.WQ), rowsOf[F](b.WK), rowsOf[F](b.WV), rowsOf[F](b.WO), rowsOf[F](b.WIn), rowsOf[F](b.WOut)})
	}
	return p
}

func rowsOf[F float32 | float64](w model.Matrix) [][]weight[F] {
	rows, cols := w.Size()
	all, list := w.Floats(), make([][]weight[F], rows)
	for i := range rows * cols {
		if all[i] != 0 {
			list[i/cols] = append(list[i/cols], weight[F]{i % cols, F(all[i])})
		}
	}
	return list
}

// times is x W + b.
func times[F float32 | float64](x [][]F, w [][]weight[F], bias []float32, width int) [][]F {
	y := make([][]F, len(x))
	for i, row := range x {
		y[i] = make([]F, width)
		for j, b := range bias {
			y[i][j] = F(b)
		}
		for d, v := range row {
			for _, of := range w[d] {
				y[i][of.column] += F(v * of.value)
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
	x := make([][]F, len(input)+1)
	for i, id := range append([]int{len(p.Vocab)}, input...) {
		x[i] = make([]F, p.DModel)
		for _, of := range append(slices.Clone(p.tokens[id]), p.positions[i]...) {
			x[i][of.column] += of.value
		}
	}
	return x
}

// head is what a head brings, before W_O, where queries, keys and values read these streams.
func (p *naive[F]) head(l, h int, queries, keys, values [][]F) [][]F {
	b := p.Blocks[l]
	part := func(w [][]weight[F]) [][]weight[F] { return w[h*p.DModel : (h+1)*p.DModel] }
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
func (p *naive[F]) wo(l, h int) [][]weight[F] { return p.blocks[l].o[h*p.DHead : (h+1)*p.DHead] }

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
		x := make([][]F, len(input)+1)
		for i := range x {
			x[i] = make([]F, p.DModel)
		}
		for _, from := range before {
			term := all[from]
			if cut[from+"->"+to] {
				term = other[from]
			}
			for i, row := range term {
				for d, v := range row {
					x[i][d] += v
				}
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

// differ reports that an output at a position is another: another class, or a number or a
// probability that is off by more than one part in 10,000. Of a prediction what is 104 or
// more below the largest logit has no probability.
func (p *naive[F]) differ(o int, a, b []F) bool {
	out := p.Outputs[o]
	a, b = a[out.Column:out.Column+out.Width()], b[out.Column:out.Column+out.Width()]
	far := func(x, y float64) bool { return math.Abs(x-y) > 1e-4*max(math.Abs(x), math.Abs(y)) }
	switch {
	case out.Numeric():
		return far(float64(a[0]), float64(b[0])) || (a[1] > 0.5) != (b[1] > 0.5)
	case !out.Next:
		return slices.Index(a, slices.Max(a)) != slices.Index(b, slices.Max(b))
	}
	x, y := chances(a), chances(b)
	for c := range x {
		if far(x[c], y[c]) {
			return true
		}
	}
	return false
}

func chances[F float32 | float64](logits []F) []float64 {
	total, list := 0.0, make([]float64, len(logits))
	for c, x := range logits {
		if below := float64(slices.Max(logits) - x); below < 104 {
			list[c] = math.Exp(-below)
		}
		total += list[c]
	}
	for c := range list {
		list[c] /= total
	}
	return list
}
