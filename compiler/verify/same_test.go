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
		{f(0.1), f(float64(float32(0.1))), true},
		{f(1000), f(1000.009), true}, {f(1000), f(1000.02), false}, {f(-3), f(3), false},
		{f(0), f(5e-7), true}, {f(0), f(2e-6), false},
		{f(math.Inf(1)), s("Infinity"), true}, {f(math.NaN()), s("NaN"), true}, {f(math.Inf(1)), f(1e300), false},
		{f(1), f(math.Inf(1)), false}, {f(1), s("NaN"), false},
	} {
		assert.Equal(t, c.want, sameValue(c.interpreter, c.model), "%v %v", c.interpreter, c.model)
	}
}

func TestSameProbability(t *testing.T) {
	none := math.Inf(-1)
	for _, c := range []struct {
		interpreter, model float64
		want               bool
	}{
		{-2, -2, true}, {-2, -2 + 9e-6, true}, {-2, -2 - 2e-5, false}, {none, none, true}, {none, -103, false}, {-103, none, false},
	} {
		assert.Equal(t, c.want, sameProbability(c.interpreter, c.model), "%v %v", c.interpreter, c.model)
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
		position, token := differ(c.interpreter, c.model)
		assert.Equal(t, []int{c.position, c.token}, []int{position, token})
	}
}

func TestValuesNameTheToken(t *testing.T) {
	_, err := Values([]model.Token{"1", "[2]"})
	assert.ErrorContains(t, err, `token 1 of the model, "[2]"`)
}
