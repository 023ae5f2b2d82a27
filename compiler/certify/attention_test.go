package certify

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/compiler/construct"
	"rasp/compiler/emit"
	"rasp/compiler/plan"
	"rasp/lang/domain"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// averaging is a plan of one head that averages a number over all keys, and its model.
func averaging(number float64, length int) (*plan.Plan, *model.Model) {
	bos := &plan.Column{Bos: 1, Label: model.Label{What: "is BOS"}}
	token := &plan.Column{Dim: 1, Tokens: plan.NonZero([]float64{0, 1}), Label: model.Label{What: "token"}}
	mean := &plan.Column{Dim: 2, When: 1, Label: model.Label{What: "mean"}}
	p := &plan.Plan{Columns: []*plan.Column{bos, token, mean}}
	v := plan.Value{Value: plan.Form{Terms: []plan.Term{{Of: token, Factor: number}}}, Out: mean, Kind: plan.Averages}
	p.Heads = []*plan.Head{{Layer: 1, Gap: construct.Gap, Base: 1, Sink: -construct.Gap / 2, Values: []plan.Value{v}, Label: model.Label{What: "head"}}}
	p.Outputs = []plan.Output{{Name: "x", Logits: []plan.Form{{Terms: []plan.Term{{Of: mean, Factor: 1 / number}}}, {}}}}
	return p, emit.Model(p, domain.Domain{Vocab: []value.Value{value.OfInt(0), value.OfInt(1)}, Length: length})
}

// TestSumsOfHeadsAreFinite, where an engine has them 2^24 times as large, too.
func TestSumsOfHeadsAreFinite(t *testing.T) {
	const length = 62
	for _, in := range []construct.Precision{construct.Float32, construct.Float64} {
		for exponent, finite := range map[int]bool{80: true, 97: true, 98: false, 110: false} {
			p, m := averaging(math.Ldexp(1, exponent), length)
			o := Model(p, m, in, length)
			assert.Equal(t, finite, o.Slack > 0, "2^%d in %s: %v", exponent, in.Name, o.Worst)
		}
	}
}
