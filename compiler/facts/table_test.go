package facts

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/lang/value"
)

// meanOf is a variable of a mean in so many states, with a table of values by state.
func meanOf(sums []Sum, per float64, means ...float64) (*Variable, func(values ...value.Value) *Table) {
	v := &Variable{Source: Mean, Sums: sums, Size: len(sums), Per: per}
	for _, x := range means {
		v.Values = append(v.Values, value.OfFloat(x))
	}
	v.Alike = v.AlikeSums(math.Inf(1))
	return v, func(values ...value.Value) *Table {
		return Identity(v, func(s int) value.Value { return values[s] })
	}
}

func TestRepresentatives(t *testing.T) {
	up := func(x float64) float64 { return math.Nextafter(x, math.Inf(1)) }
	f, i := value.OfFloat, value.OfInt
	// One sum in two orders, the same fraction of another width, and another sum.
	v, table := meanOf([]Sum{{6, 3}, {6, 3}, {2, 1}, {7, 3}}, 10, 0.2, up(0.2), 0.2, 0.7/3)
	assert.Equal(t, []int32{0, 0, 2, 3}, v.Alike)
	for _, test := range []struct {
		what   string
		values []value.Value
		spread float64
	}{
		{"the mean itself", []value.Value{f(0.2), f(up(0.2)), f(0.2), f(0.25)}, up(0.2) - 0.2},
		{"neighbours of another fraction", []value.Value{f(0.2), f(0.2), f(up(0.2)), f(0.25)}, 0},
		{"neighbours of another sum", []value.Value{f(0.2), f(0.2), f(0.2), f(up(0.2))}, 0},
		{"what cancels", []value.Value{f(0), f(3e-17), f(0.1), f(0.2)}, 3e-17},
		{"a decision", []value.Value{f(2), f(3), f(1e200), f(0)}, 0},
		{"a decision among tiny numbers", []value.Value{f(1e-20), f(2e-20), f(0), f(3e-20)}, 0},
		{"ints", []value.Value{i(1 << 60), i(1<<60 + 1), i(0), i(1)}, 0},
		{"infinity", []value.Value{f(math.MaxFloat64), f(math.Inf(1)), f(0), f(1)}, 0},
		{"types", []value.Value{i(1), f(1), value.OfBool(true), f(2)}, 0},
	} {
		r := table(test.values...)
		assert.Equal(t, test.spread, r.Spread(), test.what)
		assert.Equal(t, test.spread > 0 || test.values[0] == test.values[1], r.Twin(r.Cells[0], r.Cells[1]), test.what)
	}
	// Sums without a unit are ranks: rows of one rank are alike.
	v, _ = meanOf([]Sum{{0, 1}, {1, 2}, {1, 2}, {1, 0}}, 0, 0.1, 0.2, up(0.2), 0.2)
	assert.Equal(t, []int32{0, 1, 1, 3}, v.Alike)
	// Of one rank only those that an addition explains; no single values.
	v, _ = meanOf([]Sum{{0, 1}, {0, 1}, {1, 2}, {1, 2}, {1, 2}}, 0, 0.2, up(0.2), 3, up(3), 4)
	assert.Equal(t, []int32{0, 1, 2, 2, 4}, v.AlikeSums(1))
	assert.Nil(t, v.AlikeSums(0))
}

func TestSnapped(t *testing.T) {
	up := math.Nextafter(0.2, 1)
	v, _ := meanOf([]Sum{{6, 3}, {6, 3}, {2, 1}, {7, 3}}, 10, 0.2, up, 0.2, 0.25)
	assert.Equal(t, []float64{0.2, 0.2, up, 0.25}, Snapped(v, []float64{0.2, up, up, 0.25}), "states alike, no others")
	assert.Equal(t, []float64{0, 1, 1, 0}, Snapped(v, []float64{0, 1, 1, 0}), "a decision stays")
	assert.Equal(t, []float64{2000, 2001, 2001, 2000}, Snapped(v, []float64{2000, 2001, 2001, 2000}), "one among many")
	assert.Equal(t, []float64{1e-14, 2e-14, 0, 0}, Snapped(v, []float64{1e-14, 2e-14, 0, 0}), "small numbers too")
}

// TestOnRepresentatives: a function may differ by rounding where values do, and no more.
func TestOnRepresentatives(t *testing.T) {
	up := math.Nextafter(0.2, 1)
	_, table := meanOf([]Sum{{6, 3}, {6, 3}, {7, 3}}, 10, 0.2, up, 0.25)
	r := table(value.OfFloat(0.2), value.OfFloat(up), value.OfFloat(0.25))
	for _, test := range []struct {
		g, f []float64
	}{
		{[]float64{0.2, up, 0.25}, []float64{0.2, 0.2, 0.25}},
		{[]float64{0, 0, 1}, []float64{0, 0, 1}},
		{[]float64{0, 1, 1}, nil},
		{[]float64{2000, 2001, 0}, nil},
		{[]float64{math.NaN(), 1, 2}, []float64{1, 1, 2}},
	} {
		f, ok := r.OnRepresentatives(test.g)
		assert.Equal(t, test.f != nil, ok, test.g)
		assert.Equal(t, test.f, f, test.g)
	}
}

func TestAffine(t *testing.T) {
	for _, test := range []struct {
		f, x []float64
		ok   bool
	}{
		{[]float64{0.1, 0.3, 0.5}, []float64{0, 1, 2}, true},
		{[]float64{0, 1e-14, 3e-14}, []float64{0, 1, 2}, false},
		{[]float64{1e14, 1e14 + 1, 1e14 + 3}, []float64{0, 1, 2}, false},
		{[]float64{1e14, 1e14 + 1, 1e14 + 2}, []float64{0, 1, 2}, true},
		{[]float64{1e-300, 2e-300, 3e-300}, []float64{0, 1, 2}, true},
		{[]float64{1, 2, math.Inf(1)}, []float64{0, 1, 2}, false},
	} {
		_, _, ok := Affine(test.f, test.x)
		assert.Equal(t, test.ok, ok, "%v", test.f)
	}
}

// TestFunctionKey: functions have one key if they have one value in each state, and can be made of it.
func TestFunctionKey(t *testing.T) {
	nan, functions := math.NaN(), [][]float64{
		{}, {0}, {0, 0}, {1}, {0, 1}, {1, 0}, {0, 0, 1}, {0, 1, 1}, {0, math.Copysign(0, -1)}, {math.NaN(), 0}, slices.Repeat([]float64{0}, 300),
	}
	for i, f := range functions {
		for k, g := range functions {
			assert.Equal(t, i == k, FunctionKey(f) == FunctionKey(slices.Clone(g)), "%v and %v", f, g)
		}
	}
	for _, f := range functions {
		assert.Equal(t, FunctionKey(f), FunctionKey(FunctionWithKey(FunctionKey(f), len(f))))
		assert.Len(t, FunctionWithKey(FunctionKey(f), len(f)), len(f))
	}
	assert.Less(t, len(FunctionKey(slices.Concat(slices.Repeat([]float64{0}, 1<<20), []float64{1, nan}))), 64)
}

// TestFunctionOf: what increases tells all states apart; else equal numbers have one value.
func TestFunctionOf(t *testing.T) {
	nan := math.NaN()
	for _, test := range []struct {
		f, y []float64
		is   bool
	}{
		{[]float64{5, 5, 1}, []float64{1, 2, 3}, true},
		{[]float64{5, 5, 1}, []float64{1, 2, 2}, false},
		{[]float64{5, 1, 1}, []float64{1, 2, 2}, true},
		{[]float64{5, 1, 5}, []float64{2, 1, 2}, true},
		{[]float64{5, 1, 4}, []float64{2, 1, 2}, false},
		{[]float64{5, nan, 4}, []float64{2, 2, 3}, true},
		{[]float64{5, 1, 4}, []float64{2, nan, 2}, false},
	} {
		assert.Equal(t, test.is, FunctionOf(test.f, test.y), "%v of %v", test.f, test.y)
	}
}
