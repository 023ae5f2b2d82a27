package certify

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/compiler/construct"
	"rasp/compiler/emit"
	"rasp/compiler/plan"
	"rasp/lang/domain"
	"rasp/lang/value"
	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

// embedding is a plan that shows a column of the embedding, which has these numbers, as an
// int, and its model.
func embedding(c *plan.Column, tokens, positions []float64) (*plan.Plan, *model.Model) {
	c.Tokens, c.Positions = plan.NonZero(tokens), plan.NonZero(positions)
	c.Dim, c.Label = 1, model.Label{What: "token and position"}
	p := &plan.Plan{Columns: []*plan.Column{{Bos: 1, Label: model.Label{What: "is BOS"}}, c}}
	p.Outputs = []plan.Output{{Name: "x", Logits: []plan.Form{{Terms: []plan.Term{{Of: c, Factor: 1}}}, {}}}}
	d := domain.Domain{Vocab: make([]value.Value, len(tokens)), Length: len(positions)}
	for i := range d.Vocab {
		d.Vocab[i] = value.OfInt(int64(i))
	}
	return p, emit.Model(p, d)
}

// TestTokenAndPositionInOneColumn: float32 rounds their sum, and the bound is no less than
// that; where it does not, nothing is off.
func TestTokenAndPositionInOneColumn(t *testing.T) {
	for _, test := range []struct {
		name              string
		tokens, positions []float64
		exact             bool
	}{
		{"up to 2^24", []float64{0, 1<<24 - 3}, []float64{0, 3}, true},
		{"past it", []float64{0, 1 << 24}, []float64{0, 3}, false},
		{"no position", []float64{0, 1 << 24}, []float64{0, 0}, true},
		{"no token", []float64{0, 0}, []float64{1 << 24, 1}, true},
		{"a coarse grid", []float64{1 << 30, -1 << 30}, []float64{1 << 20, 0}, true},
	} {
		p, m := embedding(&plan.Column{}, test.tokens, test.positions)
		checked := Model(p, m, construct.Float32, len(test.positions))
		assert.Equal(t, test.exact, checked.Exact(), test.name)
		assert.Equal(t, test.exact, checked.Bounds[1].Err == 0 && checked.Bounds[1].Grid > 0, test.name)
		assert.True(t, Model(p, m, construct.Float64, len(test.positions)).Exact(), "%s: float64 has room", test.name)
	}
}

// TestBoundOfTokenAndPosition compares the bound with what float32 adds, at BOS too.
func TestBoundOfTokenAndPosition(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 24))
	number := func() float64 { return math.Ldexp(float64(r.IntN(1<<10)), r.IntN(24)) * float64(r.IntN(3)-1) }
	rounded := 0
	for range 1000 {
		c, tokens, positions := &plan.Column{}, []float64{number(), number()}, []float64{number(), number()}
		p, m := embedding(c, tokens, positions)
		modeltest.Set(&m.WE, 2*m.DModel+1, float32(number()))
		modeltest.Set(&m.WPos, 1, float32(number()))
		c.Bos = float64(m.WE.At(2, 1)) + float64(m.WPos.At(0, 1))
		checked := Model(p, m, construct.Float32, 2)
		for token, x := range tokens {
			for position, y := range positions {
				sum := m.WE.At(token, 1) + m.WPos.At(position+1, 1)
				assert.LessOrEqual(t, math.Abs(float64(sum)-(x+y)), checked.Bounds[1].Err)
				if float64(sum) != x+y {
					rounded++
				}
			}
		}
		assert.LessOrEqual(t, math.Abs(float64(m.WE.At(2, 1)+m.WPos.At(0, 1))-c.Bos), checked.bos[1])
	}
	assert.Positive(t, rounded)
}
