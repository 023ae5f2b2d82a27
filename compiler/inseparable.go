package compiler

import (
	"cmp"
	"slices"

	"rasp/lang/diag"
	"rasp/lang/graph"
)

// inseparable says why a function g of a mean cannot be computed: two states that
// it tells apart are the same number but for rounding in float64, or the sum would
// have to be known exactly, and cannot be.
func (l *attention) inseparable(v *variable, g []float64) *diag.Diagnostic {
	n := v.node
	if s, t := l.unlike(v, g); s >= 0 {
		l.rounding = n
		user := l.userOf(v, s, t)
		return diag.Errorf(user.Span, diag.Limit, "%s depends on how float64 rounds %s: it is %s or %s, by the order in which the mean is added up, which float32 cannot tell apart",
			graph.Describe(user), graph.Describe(n), v.values[s].JSON(), v.values[t].JSON()).
			WithHint("compare with a number that the mean cannot have, or round the mean before")
	}
	if v.per == 0 {
		return diag.Errorf(n.Span, diag.Limit, "%s must be known exactly here, but the %d values that it averages are no multiples of a common fraction",
			graph.Describe(n), len(l.table(n.Args[1]).values)).WithHint("average ints, or round the values to some digits before")
	}
	return diag.Errorf(n.Span, diag.Limit, "%s must be known exactly here, but its sums are up to %d times 1/%.0f, too many for float32",
		graph.Describe(n), slices.MaxFunc(v.sums, func(x, y sum) int { return cmp.Compare(max(x.total, -x.total), max(y.total, -y.total)) }).total, v.per).
		WithHint("use a shorter #rasp:length or values with fewer digits")
}

// unlike finds two states of a mean that differ in g but not in sum and width;
// -1 if there are none.
func (l *attention) unlike(v *variable, g []float64) (s, t int) {
	type row struct {
		sum
		state int32
	}
	seen := map[row]int{}
	for s, x := range g {
		if x != x {
			continue
		}
		r := row{v.sums[s], none}
		if v.determines != nil {
			r.state = v.determines[0].state[s]
		}
		if old, ok := seen[r]; !ok {
			seen[r] = s
		} else if g[old] != x {
			return old, s
		}
	}
	return -1, -1
}

// userOf is the first s-op that differs in two states of a mean by more than
// rounding, the mean itself if there is none.
func (l *attention) userOf(v *variable, s, t int) *graph.Node {
	first := v.node
	for n, r := range l.tables {
		if len(r.vars) != 1 || r.vars[0] != v || n == v.node || r.cells[s] == r.cells[t] || r.cells[s] == none || r.cells[t] == none {
			continue
		}
		x, y := r.values[r.cells[s]], r.values[r.cells[t]]
		if x.Kind() == y.Kind() && x.IsNumber() && sameNumber(x.Float64(), y.Float64()) {
			continue
		}
		if first == v.node || n.ID < first.ID {
			first = n
		}
	}
	return first
}
