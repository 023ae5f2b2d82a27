package neurons

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/compiler/demand"
	"rasp/compiler/plan"
)

func scalarOf(unit float64, y ...float64) *input {
	return &input{scalar: &demand.Scalar{Unit: unit, Y: y, Form: func() plan.Form { return plan.Form{} }}}
}

// TestMixedRadix: two numbers as one tell all pairs apart, in the order of the first.
func TestMixedRadix(t *testing.T) {
	in := scalarOf(1, 0, 1, 2).beside(scalarOf(0.5, -0.5, 0, 1))
	assert.Equal(t, []float64{0, 1, 3, 4, 5, 7, 8, 9, 11}, in.scalar.Y)
	assert.Nil(t, scalarOf(1, 0, 1).beside(nil))
	assert.Nil(t, scalarOf(1, 0, 1<<10).beside(scalarOf(1, 0, 1<<10)), "too large")
}

// TestChanges: the more a table changes along the number, the more it counts; states with
// the same steps count once, and cells that cannot be are no change.
func TestChanges(t *testing.T) {
	in := scalarOf(1, 2, 0, 1)
	flat := in.changes([]int32{4, 4, 4})
	assert.Less(t, flat, in.changes([]int32{5, 5, 7}))
	assert.Equal(t, flat, in.changes([]int32{4, 4, 4, 4, 4, 4}))
	assert.Equal(t, flat, in.changes([]int32{-1, 4, 4}))
	low, high := extent([]float64{3, math.NaN(), -1})
	assert.Equal(t, [2]float64{-1, 3}, [2]float64{low, high})
}
