package emit

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/compiler/plan"
	"rasp/runtime/model"
)

// TestSpread: the column of a matrix gives the form, less its offsets, and the
// value that is asked for at BOS.
func TestSpread(t *testing.T) {
	x := &plan.Column{Dim: 1, Offset: 96, Bos: 1}
	y := &plan.Column{Dim: 2, Bos: -2}
	f := plan.Form{Terms: []plan.Term{{Of: x, Factor: 3}, {Of: y, Factor: 0.5}}, Constant: 7}
	const width, j = 2, 1
	written := model.NewBuilder(3, width)
	bias := spread(f, 40, written, 0, j)
	matrix := written.Matrix().Floats()
	at := func(isBOS, x, y float32) float32 {
		return isBOS*matrix[Bos*width+j] + (x+96)*matrix[1*width+j] + y*matrix[2*width+j] + bias
	}
	assert.Equal(t, float32(3*10+0.5*4+7), at(0, 10, 4))
	assert.Equal(t, float32(40), at(1, 1, -2))
	assert.Equal(t, []float32{0, 0, 0}, []float32{matrix[0], matrix[2], matrix[4]}, "the other column is not touched")
}
