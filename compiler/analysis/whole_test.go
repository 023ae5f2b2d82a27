package analysis

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/facts"
	"rasp/lang/diag"
	"rasp/lang/graph"
)

// lastOf is what is known of a program, also of one that is refused, and its last s-op.
func lastOf(t *testing.T, text string) (*Analysis, *graph.Node) {
	t.Helper()
	p, d := programOf(t, text)
	a, err := Of(p, d)
	var refusal *diag.Diagnostic
	require.True(t, err == nil || errors.As(err, &refusal) && refusal.Kind == diag.Limit, "%v", err)
	return a, p.Roots[len(p.Roots)-1]
}

const upTo99 = "#rasp:vocab 0..99\n#rasp:length 64\nt = tokens_int;\n"

// TestWholes: which s-ops are whole numbers without a table, and from where to where.
func TestWholes(t *testing.T) {
	for _, test := range []struct{ what, program, values string }{
		{"a sum", upTo99 + `x = round(average(t) * length);`, "0..6336"},
		{"its factors in any order", upTo99 + `x = round(length * average(t));`, "0..6336"},
		{"multiples of what the values have in common", upTo99 + `x = round(average(6 * (t - 50)) * length);`, "-19200..18816 by 6"},
		{"of rows by name", upTo99 + `s = select(t, t, <); x = round(aggregate(s, t) * selector_width(s));`, "0..6336"},
		{"of rows of up to three keys", upTo99 + `s = select(indices, indices, <=) and select(indices, indices - 3, >); x = round(aggregate(s, t * t) * selector_width(s));`, "0..29403"},
		{"of a value at each position", "#rasp:vocab 0..99\n#rasp:length 64\nx = round(average(tokens_int if indices < 32 else 0 - tokens_int) * length);", "-3168..3168"},
		{"with a default", upTo99 + `s = select(t, 5, ==); x = round(aggregate(s, t, 7.5) * selector_width(s));`, "0..6336"},
		{"another width", upTo99 + `s = select(t, t, <); x = round(aggregate(s, t) * length);`, ""},
		{"another default", upTo99 + `s = select(t, t, <); x = round(aggregate(s, t, "") * selector_width(s));`, ""},
		{"floats", upTo99 + `x = round(average(t / 2) * length);`, ""},
		{"few states", "#rasp:vocab 0..9\n#rasp:length 8\nx = round(average(tokens_int) * length);", ""},
		{"a mean, rounded", upTo99 + `x = round(average(t));`, "0..99"},
		{"a part of it", upTo99 + `x = round(average(t) / 4 - 20);`, "-20..5"},
		{"a third of it", upTo99 + `x = round(average(t) / 3);`, ""},
		{"a difference of counts", "#rasp:vocab \"ab\"\n#rasp:length 300\n#rasp:causal\nx = selector_width(select(tokens, \"a\", ==)) - 2 * selector_width(select(tokens, \"b\", ==));", "-600..300"},
		{"of few", "#rasp:vocab \"ab\"\n#rasp:length 30\n#rasp:causal\nx = selector_width(select(tokens, \"a\", ==)) - selector_width(select(tokens, \"b\", ==));", ""},
	} {
		a, n := lastOf(t, test.program)
		got := ""
		if v := a.Own[n]; v != nil && v.Source == facts.Whole {
			values := v.Table.Values
			first, _ := values[0].Int64()
			last, _ := values[len(values)-1].Int64()
			got = fmt.Sprintf("%d..%d", first, last)
			if step := (last - first) / int64(len(values)-1); step != 1 {
				got += fmt.Sprintf(" by %d", step)
			}
		}
		assert.Equal(t, test.values, got, test.what)
	}
}

// TestFractionsApart: how near to 0 the difference of two operands comes that cannot be
// listed, and which ties float64 may break.
func TestFractionsApart(t *testing.T) {
	const n = 1. / 64
	for _, test := range []struct {
		comparison string
		at         []float64
	}{
		{"t > average(t)", []float64{-n, 0, n}},
		{"average(t) == 3", []float64{-n, 0, n}},
		{"average(t) >= 0", []float64{0, n}},
		{"average(t) < t / 4", []float64{-n / 4, 0, n / 4}},
		{"2 * average(t) > average(t % 64)", []float64{-n, 0, n}},
		{"average(t) - average(t * t % 64) > 0", []float64{-n, 0, n}},
		{"average(t) > aggregate(select(t, t, <), t)", []float64{-n * n, 0, n * n}},
		{"average(t) > 0.5", []float64{-1. / 126, 0, 1. / 126}},
		{"0.3 > average(t)", []float64{-1. / 630, 0, 1. / 570}},
		{"3 * average(t) > average(t * t % 97)", nil},
		{"average(t) + average(t % 64) > t", nil},
		{"average(t) > t * 0.1", nil},
		{"average(0.1 * t) > 1", nil},
	} {
		a, x := lastOf(t, upTo99+"x = "+test.comparison+";")
		c := a.Comparisons[x]
		if test.at == nil {
			assert.Nil(t, c, test.comparison)
			continue
		}
		require.NotNil(t, c, test.comparison)
		assert.InDeltaSlice(t, test.at, c.At, 1e-12, test.comparison)
	}
}

// TestFractionsAreFloats: where means can be listed, the differences by rule are as near to
// 0 as those that float64 has, or nearer, on the same sides.
func TestFractionsAreFloats(t *testing.T) {
	for _, comparison := range []string{
		"t > average(t)", "average(t) == 1", "average(t) >= 0.3", "-0.1 > average(t)", "2 * average(t) > t", "average(t) / 4 == -0.5",
		"average(t) > aggregate(select(t, t, ==), t)", "average(t) - 2 * average(t * t) > 0", "aggregate(select(t, 1, ==), t, 0.25) > 0.2",
		"average(t) > 0.3333333333333333", "average(t) - t > 1", "0.5 * average(t) + 1 <= indices",
	} {
		c := factsOf(t, "#rasp:vocab -3..4\n#rasp:length 7\nt = tokens_int;\nx = "+comparison+";")
		a, n := c.analysis, c.roots[0]
		below, equal, above := a.fractionsApart(n, a.minus(n))
		require.False(t, math.IsInf(below, 0) && math.IsInf(above, 0), comparison)
		listedBelow, listedEqual, listedAbove := a.valuesApart(n)
		assert.GreaterOrEqual(t, below, listedBelow-1e-15, comparison)
		assert.LessOrEqual(t, above, listedAbove+1e-15, comparison)
		assert.True(t, equal || !listedEqual, comparison)
	}
}

// TestTablesOverOneNumber: a function of a number that can be many has a table over that
// number alone, however many combinations of numbers would be too many.
func TestTablesOverOneNumber(t *testing.T) {
	a, n := lastOf(t, "#rasp:vocab -100..100\n#rasp:length 2000\n#rasp:causal\n"+
		"sum = round(average(tokens_int) * (indices + 1)); place = sum if sum >= 0 and sum < 4 else -1;")
	require.NotNil(t, a.Table(n))
	assert.Len(t, a.Table(n).Values, 5)
	assert.Len(t, a.Table(n).Vars, 1)
	assert.Len(t, a.Table(n).Cells, 400_001)
}
