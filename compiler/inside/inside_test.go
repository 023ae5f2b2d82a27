package inside_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/inside"
	"rasp/compiler/verify"
	"rasp/lang/domain"
	"rasp/lang/value"
	"rasp/runtime"
	"rasp/runtime/inspect"
	"rasp/runtime/model"
)

// domainOfModel is that of a model.
func domainOfModel(t *testing.T, m *model.Model) domain.Domain {
	vocab, err := verify.Values(m.Vocab)
	require.NoError(t, err)
	f, err := m.Form()
	require.NoError(t, err)
	return domain.Domain{Vocab: vocab, Length: m.NCtx - 1, Causal: m.Causal, Form: f}
}

// inputsOfModel are random inputs for a model.
func inputsOfModel(t *testing.T, m *model.Model, count int) [][]value.Value {
	tried := domain.Inputs{Domain: domainOfModel(t, m), Random: count, Seed: 5}
	var inputs [][]value.Value
	for k := range tried.Len() {
		if input := tried.Values(tried.IDs(k, nil), nil); len(input) <= 12 {
			inputs = append(inputs, input)
		}
	}
	return inputs
}

// TestInside looks into each golden model.
func TestInside(t *testing.T) {
	trace, err := jsonschema.NewCompiler().Compile("../../docs/trace.schema.json")
	require.NoError(t, err)
	names, err := jsonschema.NewCompiler().Compile("../../docs/names.schema.json")
	require.NoError(t, err)
	var compared [2]atomic.Int64
	look := func(t *testing.T, m *model.Model) {
		hasNames(t, m, names)
		holds(t, m, trace)
		ablates(t, m)
		sets(t, m, &compared)
	}
	t.Run("models", func(t *testing.T) { eachModel(t, look) })
	t.Run("models that are easy to read", func(t *testing.T) { eachModelOf(t, readyPrograms(t), 0, look) })
	t.Logf("set: model and program agree %d times, %d times the program fails or nothing is promised", compared[0].Load(), compared[1].Load())
	assert.Greater(t, compared[0].Load(), int64(1000))
}

// holds: what each dimension holds is a code of the value that the interpreter gives its
// s-op, and the outputs are those of the engine.
func holds(t *testing.T, m *model.Model, schema *jsonschema.Schema) {
	x, err := inside.New(m)
	require.NoError(t, err)
	session := runtime.NewSession(m)
	for k, input := range inputsOfModel(t, m, 2) {
		trace, err := x.Trace(input)
		require.NoError(t, err)
		ids, err := x.IDs(input)
		require.NoError(t, err)
		results, err := session.Run([][]int{ids})
		require.NoError(t, err)
		for o, out := range trace.Outputs {
			if !m.Outputs[o].Numeric() {
				assert.Equal(t, results[0][o], out.Model)
			}
		}
		held := trace.Given
		for _, l := range trace.Layers {
			held = append(held, l.Held...)
		}
		for _, h := range held {
			assert.Empty(t, h.Differ, "%v %s: %v, and %v in the program", input, h.SOp, h.Model, h.Program)
		}
		if k == 0 {
			text, err := json.Marshal(trace)
			require.NoError(t, err)
			data, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
			require.NoError(t, err)
			require.NoError(t, schema.Validate(data))
		}
	}
}

// ablates: a head or a neuron that is ablated to zero is one whose weights out are 0, a
// token that is patched or set one that is another in the input.
func ablates(t *testing.T, m *model.Model) {
	x, err := inside.New(m)
	require.NoError(t, err)
	r := rand.New(rand.NewPCG(7, 8))
	for _, input := range inputsOfModel(t, m, 3) {
		if m.Layers > 0 {
			l, h, n := r.IntN(m.Layers), r.IntN(m.Heads), r.IntN(m.DMLP)
			head := inside.Ablation{Part: fmt.Sprintf("%d.%d", l, h)}
			after(t, x, input, inside.Intervention{Ablate: []inside.Ablation{head}}, without(m, l, h*m.DHead, (h+1)*m.DHead, -1), input)
			neuron := inside.Ablation{Part: x.Names.Neurons[l][n].Name, How: "zero"}
			after(t, x, input, inside.Intervention{Ablate: []inside.Ablation{neuron}}, without(m, l, 0, 0, n), input)
		}
		if at := r.IntN(len(input)); x.SOp("tokens") >= 0 && m.Inputs == "" {
			other := slices.Clone(input)
			vocab := domainOfModel(t, m).Vocab
			other[at] = vocab[r.IntN(len(vocab))]
			set := inside.Setting{SOp: "tokens", Position: at, Value: inside.Literal(other[at].JSON())}
			after(t, x, input, inside.Intervention{Set: []inside.Setting{set}}, m, other)
		}
	}
}

// after checks that an intervention on a model gives what another model gives on another
// input.
func after(t *testing.T, x *inside.Model, input []value.Value, v inside.Intervention, m *model.Model, other []value.Value) {
	e, err := x.Intervene(input, v)
	require.NoError(t, err)
	ids, err := x.IDs(other)
	require.NoError(t, err)
	run := inspect.Of(m, ids, inspect.Hooks{})
	for o := range m.Outputs {
		for i, logits := range run.Logits[1:] {
			assert.Equal(t, m.Outputs[o].Decode(logits), e.After[o][i], "%v %+v", input, v)
		}
	}
}

// without is a model in which a layer has zeros for some rows of W_O and one of W_out.
func without(m *model.Model, l, from, to, neuron int) *model.Model {
	changed := *m
	changed.Blocks = slices.Clone(m.Blocks)
	b := &changed.Blocks[l]
	b.WO, b.WOut = cleared(b.WO, from, to), cleared(b.WOut, neuron, neuron+1)
	return &changed
}

// cleared is a matrix with zeros in some rows.
func cleared(w model.Matrix, from, to int) model.Matrix {
	rows, cols := w.Size()
	all := slices.Clone(w.Floats())
	for i := max(0, from); i < to; i++ {
		clear(all[i*cols : (i+1)*cols])
	}
	return model.Dense(rows, cols, all)
}

// sets: where an s-op is set in the model, all that it holds is what the interpreter says
// with the s-op set there.
func sets(t *testing.T, m *model.Model, compared *[2]atomic.Int64) {
	x, err := inside.New(m)
	require.NoError(t, err)
	r := rand.New(rand.NewPCG(13, 4))
	for _, input := range inputsOfModel(t, m, 6) {
		for s, sop := range x.Names.SOps {
			values := x.Values(s)
			if !sop.Held || len(values) == 0 {
				continue
			}
			set := inside.Setting{SOp: sop.Name, Position: r.IntN(len(input)), Value: inside.Literal(values[r.IntN(len(values))])}
			e, err := x.Intervene(input, inside.Intervention{Set: []inside.Setting{set}})
			require.NoError(t, err)
			if e.Agree == nil || e.Outside != "" {
				compared[1].Add(1)
				continue
			}
			compared[0].Add(1)
			assert.True(t, *e.Agree, "%v %v: %+v", input, set, e.Differ)
		}
	}
}
