package analysis

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/facts"
	"rasp/compiler/sums"
	"rasp/lang/graph"
	"rasp/lang/value"
)

func TestUnitsOf(t *testing.T) {
	ints := func(list ...int64) (values []value.Value) {
		for _, i := range list {
			values = append(values, value.OfInt(i))
		}
		return values
	}
	floats := func(list ...float64) (values []value.Value) {
		for _, f := range list {
			values = append(values, value.OfFloat(f))
		}
		return values
	}
	for _, test := range []struct {
		values []value.Value
		per    float64 // 0: none
	}{
		{ints(0, 1, -3), 1},
		{ints(2, 4), 1}, // never larger than 1
		{ints(0), 1},
		{floats(0.5, 2), 2},
		{floats(-0.125, 3), 8},
		{floats(1.0 / (1 << 16)), 1 << 16},
		{floats(1.0 / (1 << 17)), 1 << 17},
		{floats(1.0 / (1 << 21)), 1 << 21}, // the least value is a unit
		{floats(0, 4e-14, -8e-14), 1 / 4e-14},
		{floats(1e-40, 0), 1 / 1e-40},
		{floats(1e-40, 1), 0},
		{floats(1.0 / 3), 3},
		{floats(1.0/3, 0.25, -2), 12},
		{floats(0.1, 0.2, 0.1+0.2), 10},
		{floats(0.5, -1.25, 2.0, 3.1), 20},
		{floats(1.5e300, 0, -3e300), 1 / 1.5e300},
		{floats(math.Sqrt2, 1), 0},
		{floats(math.Pi, 1), 0},
		{ints(1 << 18), 1},
		{ints(1 << 20), 1}, // on every processor: units have 64 bits
		{ints(1 << 43), 1},
		{ints(1 << 44), 1.0 / (1 << 44)},
		{ints(1<<44, 1<<44+1), 0},
		{append(ints(1), floats(1)...), 1}, // differ in type alone
		{append(ints(1), floats(2)...), 1},
		{floats(math.Inf(1)), 0},
		{floats(math.NaN()), 0},
	} {
		units, per := sums.Units(test.values)
		assert.InDelta(t, test.per, per, 1e-15*test.per, "%v", test.values)
		for i, u := range units {
			x := test.values[i].Float64()
			assert.InDelta(t, x, float64(u)/per, 1e-13*math.Abs(x))
		}
	}
}

// TestReachableSums compares with the sums of all rows, added from left to right.
func TestReachableSums(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 6))
	for range 200 {
		n := 1 + r.IntN(5)
		s := &sums.Summing{Work: sums.MaxAdditions}
		for id := range 1 + r.IntN(4) {
			s.Units = append(s.Units, int64(r.IntN(9)-4))
			s.Values = append(s.Values, value.OfFloat(float64(s.Units[id])/10))
		}
		for range []int{1, n}[r.IntN(2)] {
			var ids []int32
			for id := range s.Values {
				if r.IntN(2) == 0 {
					ids = append(ids, int32(id))
				}
			}
			s.Places = append(s.Places, ids)
		}
		want := rowsOneByOne(s, n)
		got := s.Subsets(n)
		require.Len(t, got, n+1)
		for w := range got {
			require.Equal(t, want[w], got[w], "width %d of %v, places %v", w, s.Values, s.Places)
		}
		if len(s.Places) == n {
			selected := uint64(r.IntN(1 << n))
			require.Equal(t, want[n+1+int(selected)], s.Row(selected), "row %b of %v, places %v", selected, s.Values, s.Places)
		}
	}
}

// rowsOneByOne lists the sums by width, then those of each set of positions.
func rowsOneByOne(s *sums.Summing, n int) []sums.Set {
	list := make([]sums.Set, n+1+1<<n)
	for i := range list {
		list[i] = sums.Set{}
	}
	var choose func(p, width int, selected uint64, r sums.Reached)
	choose = func(p, width int, selected uint64, r sums.Reached) {
		if p == n {
			list[width] = append(list[width], r)
			list[n+1+int(selected)] = append(list[n+1+int(selected)], r)
			return
		}
		choose(p+1, width, selected, r)
		for _, id := range s.Places[min(p, len(s.Places)-1)] {
			next := sums.Reached{Sum: value.OfFloat(r.Sum.Float64() + s.Values[id].Float64()), Total: r.Total + s.Units[id], Only: facts.None}
			if width == 0 {
				next.Only = id
			}
			choose(p+1, width+1, selected|1<<p, next)
		}
	}
	choose(0, 0, 0, sums.Reached{Only: facts.None})
	for i := range list {
		list[i] = sums.NewSet(list[i])
	}
	return list
}

// TestSumsAreThoseOfTheInterpreter: ints add up exactly, up to the first float.
func TestSumsAreThoseOfTheInterpreter(t *testing.T) {
	const big = 1 << 53
	for text, want := range map[string][]float64{
		"[9007199254740992, 1, 1]":                 {big + 2},
		"[9007199254740992, 1, 1.0]":               {big},
		"[9007199254740992, 1.0, 1]":               {big},
		"[3, 9007199254740992, 1.0]":               {big + 4}, // big + 3, a float, is big + 4
		"[-9007199254740992, 9007199254740992, 1]": {1},
		"[0.1, 0.2, 0.3]":                          {0.6000000000000001},
	} {
		c := factsOf(t, "#rasp:vocab \"a\"\n#rasp:length 3\n#rasp:causal\nv = "+text+"[indices];\nx = aggregate(select(indices, indices, <=), v) + indicator(tokens == \"b\");")
		i := slices.IndexFunc(c.analysis.Nodes, func(n *graph.Node) bool { return n.Name == "v" })
		s := sums.Of(c.analysis.Table(c.analysis.Nodes[i]), 3, nil)
		var got []float64
		for _, r := range s.Row(7).Floats() {
			got = append(got, r.Sum.Float64())
		}
		assert.Equal(t, want, got, text)
	}
}

func TestTooManySums(t *testing.T) {
	s := &sums.Summing{Places: [][]int32{nil}, Work: sums.MaxAdditions}
	for i := range 1000 {
		s.Values, s.Units = append(s.Values, value.OfFloat(float64(i*i))), append(s.Units, int64(i*i))
		s.Places[0] = append(s.Places[0], int32(i))
	}
	assert.Nil(t, s.Subsets(100))
}

// TestMeanStates prints the states of a mean, sum/width, and what they are kept
// apart by.
func TestMeanStates(t *testing.T) {
	for _, test := range []struct{ mean, states string }{
		// An indicator over any row.
		{"aggregate(other, indicator(tokens == \"a\"))", "0/0 0/1 1/1 0/2 1/2 2/2 0/3 1/3 2/3 3/3"},
		// Of equal tokens all are an "a", or none is.
		{"aggregate(same, indicator(tokens == \"a\"))", "0/0 0/1 1/1 0/2 2/2 0/3 3/3"},
		// A row of the full selector is as wide as the input.
		{"aggregate(full_s, indicator(tokens == \"a\"))", "length 1: 0/1 1/1; length 2: 0/2 1/2 2/2; length 3: 0/3 1/3 2/3 3/3"},
		{"aggregate(select(indices, indices, <), indicator(tokens == \"a\"))", "position 0: 0/0; position 1: 0/1 1/1; position 2: 0/2 1/2 2/2"},
		// A position is there once: of three, one is position 1.
		{"aggregate(same, indices)", "0/0 0/1 1/1 2/1 1/2 2/2 3/2 3/3"},
		{"aggregate(same, indicator(indices == 1))", "0/0 0/1 1/1 0/2 1/2 1/3"},
		// Position 0 is in every row, and it alone shines: 1 over the width.
		{"aggregate(same or select(indices, 0, ==), indicator(indices == 0))", "0/0 1/1 1/2 1/3"},
		{"aggregate(same and select(indices, 0, ==), indicator(indices == 0))", ""},
		// Units of a half.
		{"aggregate(other, 0.5 if tokens == \"a\" else -1)", "0/0 -2/1 1/1 -4/2 -1/2 2/2 -6/3 -3/3 0/3 3/3"},
	} {
		t.Run(test.mean, func(t *testing.T) {
			c := factsOf(t, "#rasp:vocab \"ab\"\n#rasp:length 3\nsame = select(tokens, tokens, ==);\nother = select(tokens, tokens, <=);\nx = "+test.mean+";")
			assert.Equal(t, test.states, statesText(c.analysis, c.roots[0]))
		})
	}
}

func statesText(a *Analysis, n *graph.Node) string {
	r := a.Table(n)
	if len(r.Vars) != 1 || r.Vars[0].Source != facts.Mean {
		return ""
	}
	v := r.Vars[0]
	var groups []string
	last := ""
	for state, s := range v.Sums {
		text := fmt.Sprintf("%d/%d", s.Total, s.Width)
		group := ""
		if v.Determines != nil {
			d := v.Determines[0]
			group = fmt.Sprintf("length %d: ", d.State[state]+1)
			if d.Variable == a.Position {
				group = fmt.Sprintf("position %d: ", d.State[state])
			}
		}
		if group == last && len(groups) > 0 {
			groups[len(groups)-1] += " " + text
		} else {
			groups = append(groups, group+text)
		}
		last = group
	}
	return strings.Join(groups, "; ")
}

func TestMeanValues(t *testing.T) {
	values := &graph.Node{}
	n := &graph.Node{Op: graph.Aggregate, Value: value.OfString("none"), Args: []*graph.Node{nil, values}}
	a := &Analysis{Facts: &facts.Facts{Tables: map[*graph.Node]*facts.Table{values: {Values: []value.Value{value.OfInt(7), value.OfFloat(1.5)}}}}}
	assert.Equal(t, value.OfString("none"), a.meanValue(n, sums.Reached{Only: facts.None}, 0))
	assert.Equal(t, value.OfFloat(1.5), a.meanValue(n, sums.Reached{Sum: value.OfFloat(1.5), Total: 3, Only: 1}, 1), "one value stays as it is")
	assert.Equal(t, value.OfFloat(0.75), a.meanValue(n, sums.Reached{Sum: value.OfFloat(1.5), Total: 3, Only: facts.None}, 2))
	sum := 0.1
	for _, x := range []float64{0.2, 0.3} {
		sum += x // as float64 rounds
	}
	assert.Equal(t, value.OfFloat(0.20000000000000004), a.meanValue(n, sums.Reached{Sum: value.OfFloat(sum), Total: 6, Only: facts.None}, 3))
}
