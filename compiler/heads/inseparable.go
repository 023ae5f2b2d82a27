package heads

import (
	"cmp"
	"slices"

	"rasp/compiler/facts"
	"rasp/lang/diag"
	"rasp/lang/graph"
)

// Inseparable says why a function g of a mean cannot be computed: two states that
// it tells apart are the same number but for rounding in float64, or the sum would
// have to be known exactly, and cannot be.
func (l *Attention) Inseparable(v *facts.Variable, g []float64) *diag.Diagnostic {
	n := v.Node
	if s, t := l.unlike(v, g); s >= 0 {
		l.Rounding = n
		user := l.userOf(v, s, t)
		if v.Per == 0 {
			return diag.Errorf(user.Span, diag.Limit, "%s depends on the last digits of %s: it is %s or %s, which float32 cannot tell apart",
				graph.Describe(user), graph.Describe(n), v.Values[s].JSON(), v.Values[t].JSON()).WithHint("average numbers with fewer digits, or subtract what they have in common before")
		}
		return diag.Errorf(user.Span, diag.Limit, "%s depends on how float64 rounds %s: it is %s or %s, no farther apart than the order in which a mean is added up can make it, and float32 cannot tell them apart",
			graph.Describe(user), graph.Describe(n), v.Values[s].JSON(), v.Values[t].JSON()).
			WithHint("compare with a number that the mean cannot have, or round the mean before")
	}
	if v.Per == 0 && l.All(n.Args[1], facts.IsInteger) {
		return diag.Errorf(n.Span, diag.Limit, "%s must be known exactly here, but it averages ints of up to %.0f, too many digits for float32",
			graph.Describe(n), l.Size(n.Args[1])).WithHint("average smaller ints")
	}
	if v.Per == 0 {
		return diag.Errorf(n.Span, diag.Limit, "%s must be known exactly here, but the %d values that it averages are no multiples of a common fraction, or too large ones",
			graph.Describe(n), len(l.Table(n.Args[1]).Values)).WithHint("average ints of moderate size, or round the values to some digits before")
	}
	return diag.Errorf(n.Span, diag.Limit, "%s must be known exactly here, but its sums are up to %d times 1/%.0f, too many for float32",
		graph.Describe(n), slices.MaxFunc(v.Sums, func(x, y facts.Sum) int { return cmp.Compare(max(x.Total, -x.Total), max(y.Total, -y.Total)) }).Total, v.Per).
		WithHint("use a shorter #rasp:length or values with fewer digits")
}

// unlike finds two states of a mean that differ in g but not in sum and width;
// -1 if there are none.
func (l *Attention) unlike(v *facts.Variable, g []float64) (s, t int) {
	type row struct {
		facts.Sum
		state int32
	}
	seen := map[row]int{}
	for s, x := range g {
		if x != x {
			continue
		}
		r := row{v.Sums[s], facts.None}
		if v.Determines != nil {
			r.state = v.Determines[0].State[s]
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
func (l *Attention) userOf(v *facts.Variable, s, t int) *graph.Node {
	first := v.Node
	for n, r := range l.Tables {
		if len(r.Vars) != 1 || r.Vars[0] != v || n == v.Node || r.Cells[s] == r.Cells[t] || r.Cells[s] == facts.None || r.Cells[t] == facts.None {
			continue
		}
		if r.Twin(r.Cells[s], r.Cells[t]) {
			continue
		}
		if first == v.Node || n.ID < first.ID {
			first = n
		}
	}
	return first
}
