package model_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

func TestValidate(t *testing.T) {
	require.NoError(t, modeltest.Tiny(1).Validate())
	for _, c := range []struct {
		damage func(m *model.Model)
		error  string
	}{
		{func(m *model.Model) { m.DModel = 0 }, "d_model is 0, must be from 1"},
		{func(m *model.Model) { m.Layers = -1 }, "n_layers is -1"},
		{func(m *model.Model) { m.Heads = 0 }, "n_heads is 0 and d_head 3"},
		{func(m *model.Model) { m.Vocab = nil }, "the vocabulary is empty"},
		{func(m *model.Model) { m.Vocab[1] = "a" }, `token 1 is "a", not a JSON scalar`},
		{func(m *model.Model) { m.Vocab[1] = "\"\xff\"" }, "not a JSON scalar"},
		{func(m *model.Model) { m.Outputs = nil }, "the model has no output"},
		{func(m *model.Model) { m.Outputs[1].Column = 0 }, `output "value" starts at column 0, must start at 4`},
		{func(m *model.Model) { m.Outputs[0].Next = true }, `output "class" predicts the next token: class 0, "x", is not in the vocabulary`},
		{func(m *model.Model) { m.Vocab, m.Outputs[0].Next = []model.Token{"1", `"x"`, "2.5", "true"}, true }, "class 1, 1, is not in the vocabulary, or not in its order"},
		{func(m *model.Model) { m.Outputs[1].Next = true }, `output "value" predicts the next token, but has no classes`},
		{func(m *model.Model) { m.Provenance.Heads = m.Provenance.Heads[:1] }, "labels for the heads of 1 layers, the model has 2"},
		{func(m *model.Model) { m.Certificate.Slack = math.Inf(1) }, "the slack is +Inf"},
		{func(m *model.Model) { m.Certificate.Within = []float64{1e-7} }, "1 bounds for"},
		{func(m *model.Model) { m.Certificate.Within = slices.Repeat([]float64{-1}, len(m.Outputs)) }, "right to within -1"},
		{func(m *model.Model) { m.Certificate.Within = slices.Repeat([]float64{math.Inf(1)}, len(m.Outputs)) }, "right to within +Inf"},
		{func(m *model.Model) { m.Certificate.Noise = &model.Noise{} }, "noise has budgets of 0 columns for d_model = 5"},
		{func(m *model.Model) {
			m.Certificate.Noise = &model.Noise{Columns: make([]model.Budget, 5), NormK: math.Inf(1)}
		}, "noise has the number +Inf"},
		{func(m *model.Model) { m.Blocks = m.Blocks[:1] }, "1 blocks for n_layers = 2"},
		{func(m *model.Model) { m.Blocks[1].BO = nil }, "tensor blocks.1.attn.b_O has 0 elements, its shape [5] asks for 5"},
		{func(m *model.Model) { m.WPos = model.NewBuilder(36, 1).Matrix() }, "tensor pos_embed.W_pos has 36 elements, its shape [7 5] asks for 35"},
		{func(m *model.Model) { m.BU[2] = float32(math.NaN()) }, "tensor unembed.b_U: element 2 is NaN"},
	} {
		m := modeltest.Tiny(1)
		c.damage(m)
		require.ErrorContains(t, m.Validate(), c.error)
	}
}

func TestParameters(t *testing.T) {
	c := model.Config{Layers: 2, Heads: 2, DModel: 5, DHead: 3, DMLP: 4, NCtx: 7}
	m := modeltest.Blank(c, 3)
	layer := 4*2*5*3 + 3*2*3 + 5 + 2*5*4 + 4 + 5
	total, nonzero := m.Parameters()
	require.Equal(t, 4*5+7*5+2*layer+5*6+6, total)
	require.Zero(t, nonzero)
	modeltest.Set(&m.WE, 3, 1)
	m.Blocks[1].BO[0] = -1
	_, nonzero = m.Parameters()
	require.Equal(t, 2, nonzero)
}
