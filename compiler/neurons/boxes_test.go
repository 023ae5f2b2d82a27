package neurons

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/compiler/demand"
)

// TestTooManyBoxes: a neuron for each of 19,000 fractions reads 19,000 functions of them, and
// each is a list of 19,000 numbers.
func TestTooManyBoxes(t *testing.T) {
	of := func(count int, inputs ...input) *boxes { return &boxes{Count: count, inputs: inputs} }
	states := func(n int) input { return input{never: make([]bool, n)} }
	for _, test := range []struct {
		boxes *boxes
		codes int // of each input
		many  bool
	}{
		{of(4096, states(4096), states(2)), 4096, false},
		{of(19000, states(19000)), 19000, true},
		{of(19000, states(4)), 4, false},
		{of(19000, states(19000)), 100, false}, // few sets of states, each for many boxes
		{of(512, states(1<<21)), 512, true},    // more than an int of 32 bits counts
		{of(19000, input{never: make([]bool, 19000), scalar: &demand.Scalar{}}), 19000, false},
		{of(1<<15+1, states(2)), 2, true},
	} {
		why := test.boxes.refusal(test.boxes.Count, func(int) int { return test.codes })
		assert.Equal(t, test.many, why != "", "%d boxes, %d codes: %s", test.boxes.Count, test.codes, why)
	}
	assert.True(t, of(19000, states(19000)).TooMany())
	assert.False(t, of(19000, states(16), states(1024)).TooMany())
}
