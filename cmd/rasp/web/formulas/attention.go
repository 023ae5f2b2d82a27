package formulas

import (
	"context"
	"fmt"
	"math"

	"rasp/cmd/rasp/web/rpc"
	"rasp/runtime/gemm"
	"rasp/runtime/panel"
)

func attentionMethods() rpc.Methods {
	return rpc.Methods{"attention.look": rpc.Typed(look)}
}

// lookParams are a table of keys [n][d] and values [n][v], and queries [m][d] that look
// into it.
type lookParams struct {
	Queries   [][]float32 `json:"queries"`
	Keys      [][]float32 `json:"keys"`
	Values    [][]float32 `json:"values"`
	Sharpness float32     `json:"sharpness"` // what scores are multiplied by
	Causal    bool        `json:"causal"`    // query i sees the keys up to i
}

// Looked is what comes of each query.
type Looked struct {
	Scale   float32     `json:"scale"`   // sharpness / sqrt d
	Scores  [][]float32 `json:"scores"`  // [query][key] q.k times the scale; as many keys as it sees
	Weights [][]float32 `json:"weights"` // [query][key] their softmax
	Outputs [][]float32 `json:"outputs"` // [query][v] the mean of the values, by weight
	Largest [][]int     `json:"largest"` // [query] the keys with the largest score
	Hard    [][]float32 `json:"hard"`    // [query][v] the mean of the values of these
}

const (
	mostKeys   = 64  // of a table, and queries
	mostWide   = 64  // numbers of a key or a value
	mostNumber = 1e4 // of either sign
)

func (p *lookParams) check() error {
	d, v := 0, 0
	if len(p.Keys) > 0 {
		d = len(p.Keys[0])
	}
	if len(p.Values) > 0 {
		v = len(p.Values[0])
	}
	switch {
	case len(p.Keys) == 0 || len(p.Keys) > mostKeys || len(p.Queries) > mostKeys:
		return rpc.Usage("", fmt.Sprintf("a table has 1 to %d keys, and as many queries at most", mostKeys))
	case len(p.Values) != len(p.Keys):
		return rpc.Usage("", fmt.Sprintf("%d keys and %d values: each key has a value", len(p.Keys), len(p.Values)))
	case p.Causal && len(p.Queries) > len(p.Keys):
		return rpc.Usage("", fmt.Sprintf("%d queries and %d keys: with a causal mask query i has a key i", len(p.Queries), len(p.Keys)))
	case d == 0 || d > mostWide || v == 0 || v > mostWide:
		return rpc.Usage("", fmt.Sprintf("keys and values have 1 to %d numbers", mostWide))
	case !(p.Sharpness >= 0 && p.Sharpness <= mostNumber):
		return rpc.Usage("", fmt.Sprintf("the sharpness is a number from 0 to %g", mostNumber))
	}
	for what, rows := range map[string][][]float32{"key": p.Keys, "query": p.Queries} {
		if err := checkRows(what, rows, d); err != nil {
			return err
		}
	}
	return checkRows("value", p.Values, v)
}

func checkRows(what string, rows [][]float32, wide int) error {
	for i, row := range rows {
		if len(row) != wide {
			return rpc.Usage("", fmt.Sprintf("%s %d has %d numbers, not %d", what, i, len(row), wide))
		}
		for _, x := range row {
			if !(x >= -mostNumber && x <= mostNumber) {
				return rpc.Usage("", fmt.Sprintf("%s %d: numbers are at most %g, of either sign", what, i, mostNumber))
			}
		}
	}
	return nil
}

// look computes softmax(q k / sqrt(d)) v with the kernels of the forward pass: the products
// by package gemm, the rest by package panel, to which the weights are what comes of values
// that are a matrix of identity.
func look(_ context.Context, p lookParams) (*Looked, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	m, n, d, v := len(p.Queries), len(p.Keys), len(p.Keys[0]), len(p.Values[0])
	past := n
	if p.Causal {
		past = 0
	}
	scale := p.Sharpness / float32(math.Sqrt(float64(d)))
	queries := panelOf(p.Queries, d, scale)
	values := panel.New(n+v, n)
	for j, row := range p.Values {
		values.Row(j)[j] = 1
		for f, x := range row {
			values.Row(n + f)[j] = x
		}
	}
	z := panel.New(n+v, m)
	panel.Attend(&panel.Head{Q: queries, K: panelOf(p.Keys, d, 1), V: values, Z: z, Dims: d, Values: n + v,
		Queries: m, Keys: n, Past: past, Single: panel.Single(m)}, &panel.Scratch{})
	scores := product(p.Queries, p.Keys, scale)
	l := &Looked{Scale: scale}
	for i := range m {
		seen := min(past+i+1, n)
		l.Scores = append(l.Scores, scores[i][:seen])
		l.Weights = append(l.Weights, column(z, 0, seen, i))
		l.Outputs = append(l.Outputs, column(z, n, v, i))
		largest := largestOf(scores[i][:seen])
		l.Largest = append(l.Largest, largest)
		l.Hard = append(l.Hard, meanOf(p.Values, largest))
	}
	return l, nil
}

// panelOf rows [positions][features], times a factor.
func panelOf(rows [][]float32, features int, factor float32) panel.Panel {
	p := panel.New(features, len(rows))
	for i, row := range rows {
		for f, x := range row {
			p.Row(f)[i] = x * factor
		}
	}
	return p
}

// column is so many features of a position.
func column(p panel.Panel, first, count, position int) []float32 {
	list := make([]float32, count)
	for f := range list {
		list[f] = p.Row(first + f)[position]
	}
	return list
}

// product is a times the transpose of b, times a factor.
func product(a, b [][]float32, factor float32) [][]float32 {
	d, c := len(b[0]), make([]float32, len(a)*len(b))
	gemm.Mul(gemm.Op{TransB: true, Alpha: factor}, gemm.Dense(len(a), d, flat(a)), gemm.Dense(len(b), d, flat(b)), gemm.Dense(len(a), len(b), c))
	rows := make([][]float32, len(a))
	for i := range rows {
		rows[i] = c[i*len(b) : (i+1)*len(b)]
	}
	return rows
}

func flat(rows [][]float32) (all []float32) {
	for _, row := range rows {
		all = append(all, row...)
	}
	return all
}

// largestOf scores are those that are equal to the largest.
func largestOf(scores []float32) (list []int) {
	for j, s := range scores {
		if len(list) > 0 && s > scores[list[0]] {
			list = nil
		}
		if len(list) == 0 || s == scores[list[0]] {
			list = append(list, j)
		}
	}
	return list
}

func meanOf(rows [][]float32, which []int) []float32 {
	mean := make([]float32, len(rows[0]))
	for f := range mean {
		sum := float32(0)
		for _, j := range which {
			sum += rows[j][f]
		}
		mean[f] = sum / float32(len(which))
	}
	return mean
}
