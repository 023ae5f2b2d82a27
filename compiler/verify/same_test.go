package verify

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang/predict"
	"rasp/lang/value"
	"rasp/runtime/model"
)

func TestSameValue(t *testing.T) {
	i, f, s, b := value.OfInt, value.OfFloat, value.OfString, value.OfBool
	for _, c := range []struct {
		interpreter, model value.Value
		want               bool
	}{
		{i(1), i(1), true}, {i(1), i(2), false}, {i(1), f(1), false}, {f(1), i(1), false}, {i(1), b(true), false},
		{s("1"), i(1), false}, {s("a"), s("a"), true}, {b(false), b(false), true},
		{f(0.1), f(float64(float32(0.1))), true}, {f(0), f(math.Copysign(0, -1)), true},
		{f(1000), f(1000.009), true}, {f(1000), f(1000.02), false}, {f(-3), f(3), false},
		{f(0), f(9e-3), true}, {f(0), f(2e-2), false},
		{f(math.Inf(1)), s("Infinity"), true}, {f(math.NaN()), s("NaN"), true}, {f(math.Inf(1)), f(1e300), false},
		{f(1), f(math.Inf(1)), false}, {f(1), s("NaN"), false},
	} {
		assert.Equal(t, c.want, tolerance{within: 0.01, numeric: true}.sameValue(c.interpreter, c.model), "%v %v", c.interpreter, c.model)
	}
	for _, x := range []float64{5e-324, 1e-300, 0.3, math.MaxFloat64} {
		assert.False(t, tolerance{}.sameValue(f(x), f(math.Nextafter(x, 0))), "an exact output has no tolerance")
	}
	assert.False(t, tolerance{}.sameValue(f(0), f(math.Copysign(0, -1))))
}

// TestToleranceOfTheCertificate: an output may be off by what the certificate says of it;
// without one, by little of the largest number.
func TestToleranceOfTheCertificate(t *testing.T) {
	m := &model.Model{Outputs: []model.Output{{}, {Classes: []model.Token{"1"}}, {Classes: []model.Token{"1"}, Next: true}}}
	values := func(x ...float64) (r predict.Result) {
		for _, x := range x {
			r.Sequence = append(r.Sequence, value.OfFloat(x))
		}
		return r
	}
	at, _ := toleranceOf(m, 0).differ(values(1e-30, 0), values(1e-30, 9e-36))
	assert.Equal(t, -1, at)
	at, _ = toleranceOf(m, 0).differ(values(1e-30, 0), values(1e-30, 2e-35))
	assert.Equal(t, 1, at)
	assert.Equal(t, unclaimed, toleranceOf(m, 2).within)
	m.Certificate.Within = []float64{3e-7, 0, 2e-6}
	assert.Equal(t, tolerance{within: 3e-7, numeric: true}, toleranceOf(m, 0))
	assert.Equal(t, tolerance{}, toleranceOf(m, 1))
	assert.Equal(t, tolerance{within: 2e-6}, toleranceOf(m, 2))
}

func TestSameProbability(t *testing.T) {
	none := math.Inf(-1)
	for _, c := range []struct {
		interpreter, model float64
		want               bool
	}{
		{-2, -2, true}, {-2, -2 + 9e-6, true}, {-2, -2 - 2e-5, false}, {none, none, true}, {none, -103, false}, {-103, none, false},
	} {
		assert.Equal(t, c.want, tolerance{within: 1e-5}.sameProbability(c.interpreter, c.model), "%v %v", c.interpreter, c.model)
	}
}

func TestDiffer(t *testing.T) {
	values := func(tokens ...model.Token) predict.Result {
		v, err := Values(tokens)
		require.NoError(t, err)
		return predict.Result{Sequence: v}
	}
	next := func(rows ...[]float64) predict.Result { return predict.Result{Next: rows} }
	for _, c := range []struct {
		interpreter, model predict.Result
		position, token    int
	}{
		{values("1", `"a"`), values("1", `"a"`), -1, 0},
		{values("1", `"a"`), values("1", `"b"`), 1, 0},
		{next([]float64{-1, -2}, []float64{-3, -4}), next([]float64{-1, -2}, []float64{-3, -4}), -1, 0},
		{next([]float64{-1, -2}, []float64{-3, -4}), next([]float64{-1, -2}, []float64{-3, -5}), 1, 1},
	} {
		position, token := tolerance{within: 1e-5}.differ(c.interpreter, c.model)
		assert.Equal(t, []int{c.position, c.token}, []int{position, token})
	}
}

func TestValuesNameTheToken(t *testing.T) {
	_, err := Values([]model.Token{"1", "[2]"})
	assert.ErrorContains(t, err, `token 1 of the model, "[2]"`)
}
