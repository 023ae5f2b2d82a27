package demand

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/compiler/facts"
	"rasp/compiler/plan"
)

// TestStaircase: the value at the base and the steps that are 1 at a point add up to the
// function there.
func TestStaircase(t *testing.T) {
	for _, f := range [][]float64{{5}, {1, 1, 1}, {0, 1, 1, 0, 7, -2}, {3, 2, 1, 0}, {0.5, 0.5, 2}} {
		points := Clean(PointsOf(facts.Range(len(f)-1), f))
		base, steps := Staircase(points)
		for _, p := range points {
			sum := base.F
			for _, s := range steps {
				if s.Down && p.Y <= s.Low.Y || !s.Down && p.Y >= s.High.Y {
					sum += s.delta()
				}
			}
			assert.Equal(t, p.F, sum, "%v at %g", f, p.Y)
		}
		assert.Equal(t, len(steps) > 0, Changes(points))
	}
}

// TestClean sorts points and leaves out those that never matter.
func TestClean(t *testing.T) {
	nan := math.NaN()
	assert.Equal(t, []Point{{0, 3}, {1, 5}}, Clean(PointsOf([]float64{1, nan, 0, 2, 1}, []float64{5, 1, 3, nan, 5})))
	assert.Equal(t, 1.0, LeastGap([]Point{{0, 3}, {1, 3}, {2, 4}, {5, 4}}))
	assert.True(t, math.IsInf(LeastGap([]Point{{0, 3}, {1, 3}}), 1))
}

func TestUnitOf(t *testing.T) {
	assert.Equal(t, 1.0, UnitOf([]float64{4, math.NaN(), -2}))
	assert.Equal(t, 0.25, UnitOf([]float64{0.5, 0.75}))
	assert.Zero(t, UnitOf([]float64{0.1}))
}

// TestSteps has two neurons a step; a constant needs none, and one-hot is for fractions of
// which there are several, where the policy wants it.
func TestSteps(t *testing.T) {
	number := Scalar{When: 1, Form: func() plan.Form { return plan.Constant(0) }, Unit: 1, Y: facts.Range(3)}
	l := New(&facts.Facts{}, Policy{})
	assert.Equal(t, Cost{Neurons: 4, Columns: 1}, l.Steps(number, []float64{0, 1, 1, 3}).Cost)
	assert.Equal(t, plan.Constant(7), l.Steps(number, []float64{7, 7, math.NaN(), 7}).Get())
	thirds := []float64{0, 1.0 / 3, 2.0 / 3, 2.0 / 3}
	assert.Nil(t, l.OneHotOver(number.Y, thirds))
	l.OneHotValues = true
	assert.Equal(t, thirds[:3], l.OneHotOver(number.Y, thirds))
	assert.Nil(t, l.OneHotOver(number.Y, []float64{0, 0.5, 1, 0}), "steps add these up exactly")
}
