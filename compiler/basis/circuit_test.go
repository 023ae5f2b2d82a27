package basis

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/compiler/linear"
	"rasp/compiler/plan"
)

// TestIndependent: a sum of four products with keys x, y, x+y and 2x-1 is one of three,
// since constants are a key of their own; a query that is 0 costs nothing.
func TestIndependent(t *testing.T) {
	x, y := &plan.Column{Dim: 1}, &plan.Column{Dim: 2}
	f := func(a, b, constant float64) plan.Form {
		return plan.Constant(constant).Plus(linear.Of(x).Times(a)).Plus(linear.Of(y).Times(b))
	}
	text := func(dims []plan.Dim) (list []string) {
		for _, d := range dims {
			list = append(list, "("+plan.FormText(d.Query)+") ("+plan.FormText(d.Key)+")")
		}
		return list
	}
	dims := []plan.Dim{{Query: f(0, 1, 0), Key: f(1, 0, 0)}, {Query: f(1, 0, 0), Key: f(0, 1, 0)}, {Query: f(0, 3, 1), Key: f(1, 1, 0)}, {Query: f(0, 0, 1), Key: f(2, 0, -1)}, {Query: f(0, 0, 0), Key: f(1, 0, 5)}}
	assert.Equal(t, []string{"(4*d2 + 1) (1*d1)", "(1*d1 + 3*d2 + 1) (1*d2)", "(1) (2*d1 + -1)"}, text(independent(dims, 3)))
	same := []plan.Dim{{Query: f(1, 0, 0), Key: f(1, 0, 0)}, {Query: f(1, 0, 0), Key: f(0, 1, 0)}}
	assert.Equal(t, []string{"(1*d1) (1*d1 + 1*d2)"}, text(independent(same, 3)), "one query")
	assert.Empty(t, independent(nil, 3))
}
