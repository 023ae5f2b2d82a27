package explain

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/linear"
	"rasp/compiler/plan"
	"rasp/runtime/model"
)

func TestRanges(t *testing.T) {
	assert.Equal(t, "1-3,5,7-8", ranges([]int{5, 1, 2, 3, 8, 7, 7}))
	assert.Equal(t, "", ranges(nil))
}

func TestSome(t *testing.T) {
	letters := strings.Split("a b c d e f g", " ")
	assert.Equal(t, "a, b, c, d, e", some(letters[:5]))
	assert.Equal(t, "a, b, c, d and 3 more", some(letters))
}

// TestWrite explains a plan of two layers: why each is needed, what its heads bring, what
// its neurons write, and from what.
func TestWrite(t *testing.T) {
	token := &plan.Column{Dim: 1, Tokens: []plan.Entry{{Row: 1, Weight: 1}}, Label: model.Label{What: "token in \"b\""}}
	width := &plan.Column{Dim: 2, When: 1, Label: model.Label{Name: "w", What: "width of same", Line: 3}}
	many := &plan.Column{Dim: 3, When: 2, Label: model.Label{What: "w > 1 in true", Line: 4}}
	few := &plan.Column{Dim: 4, When: 2, Label: model.Label{What: "w > 1 in false", Line: 4}}
	last := &plan.Column{Dim: 5, When: 4, Label: model.Label{Name: "x", What: "x = many and b", Line: 5}}
	h := &plan.Head{Layer: 1, Dims: []plan.Dim{{Query: linear.Of(token), Key: linear.Of(token)}}, Label: model.Label{What: "head of same", Line: 2}}
	h.Bring(plan.Value{Kind: plan.AddsUp, Value: plan.Constant(1), Out: width})
	p := &plan.Plan{
		Columns: []*plan.Column{{Bos: 1, Label: model.Label{What: "is BOS"}}, token, width, many, few, last},
		Heads:   []*plan.Head{h},
		Neurons: []*plan.Neuron{
			{Layer: 1, In: linear.Of(width), Outs: []plan.Term{{Of: many, Factor: 1}, {Of: few, Factor: -1}}},
			{Layer: 2, In: linear.Of(many).Plus(linear.Of(token)), Outs: []plan.Term{{Of: last, Factor: 1}}},
		},
		Outputs:  []plan.Output{{Name: "x", Logits: []plan.Form{linear.Of(last), {}}}},
		Subjects: map[string]string{"w > 1 in true": "w > 1", "w > 1 in false": "w > 1"},
	}
	var b strings.Builder
	require.NoError(t, Write(&b, p, 1))
	assert.Equal(t, `2 layers for a program whose aggregates stand 1 deep

embedding
  is BOS: dim 0
  codes of the token: dim 1

layer 1
  needed to look at other positions: head of same (line 2)
  head 0: head of same (line 2), d_head 2
    brings width of same (line 3): dim 2
  neuron 0: write w > 1 (line 4): dim 3-4
    from width of same (line 3)

layer 2, for its MLP alone
  needed because the MLP of layer 1 wrote w > 1 in true (line 4), and what is computed from that takes another
  neuron 0: write x = many and b (line 5): dim 5
    from w > 1 in true (line 4), token in "b"

read-out x: 2 logits
    from x = many and b (line 5)
`, b.String())
}
