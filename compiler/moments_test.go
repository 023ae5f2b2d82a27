package compiler

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang/graph"
	"rasp/lang/value"
)

func TestCommonUnit(t *testing.T) {
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
		unit   float64 // 0: none
	}{
		{ints(0, 1, -3), 1},
		{ints(2, 4), 1}, // never larger than 1
		{ints(0), 1},
		{floats(0.5, 2), 0.5},
		{floats(-0.125, 3), 0.125},
		{floats(1.0 / (1 << 16)), 1.0 / (1 << 16)},
		{floats(1.0 / (1 << 17)), 0},
		{floats(1.0 / 3), 0},
		{ints(1<<20 - 1), 1},
		{ints(1 << 20), 0},
		{append(ints(1), floats(1)...), 0}, // differ in type alone
		{append(ints(1), floats(2)...), 1},
		{floats(math.Inf(1)), 0},
		{floats(math.NaN()), 0},
	} {
		unit, ok := commonUnit(test.values)
		assert.Equal(t, test.unit, unit, "%v", test.values)
		assert.Equal(t, test.unit != 0, ok, "%v", test.values)
	}
}

// TestReachableSums compares with the sums of all choices of units.
func TestReachableSums(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 6))
	for range 200 {
		n := 1 + r.IntN(4)
		units, occurrences := []int{}, []int{}
		for range 1 + r.IntN(3) {
			units, occurrences = append(units, r.IntN(7)-3), append(occurrences, 1+r.IntN(n))
		}
		want := make([]map[int]bool, n+1)
		for w := range want {
			want[w] = map[int]bool{}
		}
		var choose func(i, width, total int)
		choose = func(i, width, total int) {
			if i == len(units) {
				want[width][total] = true
				return
			}
			for k := 0; k <= occurrences[i] && width+k <= n; k++ {
				choose(i+1, width+k, total+k*units[i])
			}
		}
		choose(0, 0, 0)
		got := reachableSums(units, occurrences, n)
		require.Len(t, got, n+1)
		for w, sums := range got {
			require.True(t, slices.IsSorted(sums))
			require.Len(t, sums, len(want[w]), "units %v, occurrences %v, width %d", units, occurrences, w)
			for _, s := range sums {
				require.True(t, want[w][s], "units %v, occurrences %v: sum %d of width %d", units, occurrences, s, w)
			}
		}
	}
}

func TestTooManySums(t *testing.T) {
	var units, occurrences []int
	for i := range 1000 {
		units, occurrences = append(units, i*i), append(occurrences, 100)
	}
	assert.Nil(t, reachableSums(units, occurrences, 100))
}

// TestMeanStates prints the states of a mean, sum/width, and what they are kept
// apart by.
func TestMeanStates(t *testing.T) {
	for _, test := range []struct{ mean, states string }{
		// An indicator over any row.
		{"aggregate(same, indicator(tokens == \"a\"))", "0/0 0/1 1/1 0/2 1/2 2/2 0/3 1/3 2/3 3/3"},
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
		{"aggregate(same, 0.5 if tokens == \"a\" else -1)", "0/0 -2/1 1/1 -4/2 -1/2 2/2 -6/3 -3/3 0/3 3/3"},
	} {
		t.Run(test.mean, func(t *testing.T) {
			c := through(t, "values", "#rasp:vocab \"ab\"\n#rasp:length 3\nsame = select(tokens, tokens, ==);\nx = "+test.mean+";")
			assert.Equal(t, test.states, statesText(c.analysis, c.roots[0]))
		})
	}
}

func statesText(a *analysis, n *graph.Node) string {
	r := a.relations[n]
	if len(r.vars) != 1 || r.vars[0].kind != meanVariable {
		return ""
	}
	v := r.vars[0]
	var groups []string
	last := ""
	for state, s := range v.sums {
		text := fmt.Sprintf("%d/%d", s.total, s.width)
		group := ""
		if v.determines != nil {
			d := v.determines[0]
			group = fmt.Sprintf("length %d: ", d.state[state]+1)
			if d.variable == a.position {
				group = fmt.Sprintf("position %d: ", d.state[state])
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
	single := map[int]value.Value{3: value.OfFloat(1.5)}
	n := &graph.Node{Op: graph.Aggregate, Value: value.OfString("none")}
	assert.Equal(t, value.OfString("none"), meanValue(n, sum{0, 0}, single, 0.5))
	assert.Equal(t, value.OfFloat(1.5), meanValue(n, sum{3, 1}, single, 0.5), "one value stays as it is")
	assert.Equal(t, value.OfFloat(0.75), meanValue(n, sum{3, 2}, single, 0.5))
}
