package compiler

import (
	"math"
	"slices"

	"rasp/compiler/linear"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// Where the type of a number is not the same on all inputs, it is a number of its own.

// averageKind reads functions that ask of which type the mean is where the values
// are of several: a single one keeps its type.
func (l *attention) averageKind(v *variable, g []float64) *offer {
	if l.wholeOnly(v, g) {
		return nil
	}
	f := slices.Repeat([]float64{math.NaN()}, kindFloat+1)
	for s, x := range g {
		if math.IsNaN(x) {
			continue
		}
		k := kindFloat
		switch {
		case v.sums[s].width == 0:
			k = 0
		case v.singles[s] != none:
			k = kindWeight(v.values[s])
		}
		if !math.IsNaN(f[k]) && f[k] != x {
			return nil
		}
		f[k] = x
	}
	return l.kindOf(v.node, f)
}

// The type of a mean is told by the sum of a weight of the type over what is
// selected: only a single int or a single boolean has less than that of a float.
const (
	kindInt   = 2
	kindBool  = 3
	kindFloat = 4
)

func kindWeight(v value.Value) int {
	switch v.Kind() {
	case value.Int:
		return kindInt
	case value.Bool:
		return kindBool
	}
	return kindFloat
}

// kindOf reads a function of the type of a mean, given by its weight.
func (l *attention) kindOf(n *graph.Node, f []float64) *offer {
	c := l.tally(l.selection(n.Args[0], nil), l.kinds(n.Args[1]), labelOf(n, "type of "+graph.Describe(n)))
	c.numbers = widths(kindFloat * l.domain.Length)
	return l.combined(c, append(slices.Clone(f), slices.Repeat(f[kindFloat:], kindFloat*(l.domain.Length-1))...), c.numbers)
}

// kinds reads the weight of the type of an s-op of numbers.
func (l *attention) kinds(n *graph.Node) *offer {
	r := l.table(n)
	if r.unbounded {
		float := l.isFloat(n)
		return &offer{when: float.when, make: func() form { return float.get().Times(kindFloat - kindInt).Plus(constantForm(kindInt)) }}
	}
	ids := l.idsBySource(n)
	g := make([]float64, len(ids))
	for s, id := range ids {
		g[s] = math.NaN()
		if id != none {
			g[s] = float64(kindWeight(r.values[id]))
		}
	}
	src := l.source(n)
	return &offer{when: l.when(src, g), make: func() form { return l.read(src, g) }}
}

// isFloat is 1 where the value of n is a float and 0 where it is an int: a mean
// of two or more values is a float, one value keeps its type.
func (l *attention) isFloat(n *graph.Node) *offer {
	r := l.table(n)
	if !r.unbounded {
		ids := l.idsBySource(n)
		g := make([]float64, len(ids))
		for s, id := range ids {
			g[s] = math.NaN()
			if id != none {
				g[s] = indicate(r.values[id].Kind() == value.Float)
			}
		}
		src := l.source(n)
		return &offer{when: l.when(src, g), make: func() form { return l.read(src, g) }}
	}
	if n.Op == graph.Aggregate && !l.alwaysFloat(n) {
		return l.meanIsFloat(n)
	}
	return l.sumIsFloat(n)
}

// sumIsFloat is isFloat for a linear form, by the types of its terms.
func (l *attention) sumIsFloat(n *graph.Node) *offer {
	if l.alwaysFloat(n) {
		return &offer{form: constantForm(1), made: true}
	}
	lin := l.linear(n)
	nodes := lin.Over()
	if len(nodes) == 1 {
		return l.isFloat(nodes[0])
	}
	if l.kindIs(nodes[0], value.Int) && l.kindIs(nodes[1], value.Int) {
		return &offer{made: true}
	}
	c := &combination{numbers: []float64{0, 1, 2}, label: labelOf(n, "type of "+graph.Describe(n))}
	for _, arg := range nodes {
		c.Terms = append(c.Terms, linear.Term[*offer]{Of: l.isFloat(arg), Factor: 1})
	}
	return l.combined(c, []float64{0, 1, 1}, c.numbers)
}

// alwaysFloat reports that a number is a float on every input: a quotient, or
// arithmetic with a float.
func (l *attention) alwaysFloat(n *graph.Node) bool {
	if !l.table(n).unbounded {
		return l.kindIs(n, value.Float)
	}
	return n.Op == graph.Binary && (n.Fn == value.Div || slices.ContainsFunc(n.Args, l.alwaysFloat))
}

func (l *attention) meanIsFloat(n *graph.Node) *offer {
	val, fallback := n.Args[1], indicate(n.Value.Kind() == value.Float)
	if l.alwaysFloat(val) || l.kindIs(val, value.Int) {
		f := slices.Repeat([]float64{1}, l.domain.Length+1)
		f[0], f[1] = fallback, indicate(l.alwaysFloat(val))
		return l.countOf(l.selection(n.Args[0], nil), f)
	}
	f := slices.Repeat([]float64{math.NaN()}, kindFloat+1)
	f[0], f[kindInt], f[kindFloat] = fallback, 0, 1
	return l.kindOf(n, f)
}
