package compiler

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/emit"
	"rasp/compiler/facts/factstest"
	"rasp/compiler/plain"
	"rasp/compiler/plan"
	"rasp/runtime/model"
)

// emittable are programs of all kinds: the ready-made ones and random ones that compile.
func emittable(t *testing.T) map[string]string {
	list := factstest.Programs(t)
	delete(list, "addition") // large, and of the same parts as others
	compiling.Do(func() {
		for seed := range uint64(factstest.Often(40)) {
			compiling.is = append(compiling.is, compiles(t, factstest.RandomSelector(seed)))
		}
	})
	for seed, is := range compiling.is {
		if is {
			list[fmt.Sprintf("random %d", seed)] = factstest.RandomSelector(uint64(seed))
		}
	}
	require.Greater(t, len(list), factstest.Often(40))
	return list
}

// compiling tells, by seed, the random programs that compile.
var compiling struct {
	sync.Once
	is []bool
}

func compiles(t *testing.T, text string) bool {
	c := compilationOf(t, text)
	c.options.Partial = true
	_, err := c.run()
	return err == nil
}

// TestResidualStreamAtBOS: what stands at BOS is what the plan says, and depends
// on no input.
func TestResidualStreamAtBOS(t *testing.T) {
	for name, text := range emittable(t) {
		c := through(t, "choose", text)
		c.worlds(rand.New(rand.NewPCG(1, 9)), 4, func(w *factstest.World) {
			ids := c.ids(w.Input)
			exact, _ := plain.Forward(c.best.model, ids, plain.Pairwise[float64])
			x, _ := plain.Forward(c.best.model, ids, plain.Pairwise[float32])
			for _, col := range c.best.plan.Columns {
				if want := col.Offset + col.Bos; !(math.Abs(exact[0][col.Dim]-want) <= 1e-9) || x[0][col.Dim] != float32(want) {
					t.Fatalf("%s: dim %d, %s: %g in float64, %g in float32, not %g", name, col.Dim, col.Label.What, exact[0][col.Dim], x[0][col.Dim], want)
				}
			}
		})
	}
}

// TestBOSColumn: dimension 0 tells BOS from the input, in every layer.
func TestBOSColumn(t *testing.T) {
	c := through(t, "choose", factstest.Program(t, "ranks"))
	require.Equal(t, "is BOS", c.best.plan.Columns[emit.Bos].Label.What)
	x, _ := plain.Forward(c.best.model, []int{0, 1, 2}, plain.Forwards[float32])
	for p, row := range x {
		want := float32(0)
		if p == 0 {
			want = 1
		}
		assert.Equal(t, want, row[emit.Bos])
	}
}

// TestShapes: all layers are as large as the largest, and everything has a
// label.
func TestShapes(t *testing.T) {
	for name, text := range emittable(t) {
		c := through(t, "choose", text)
		m := c.best.model
		require.NoError(t, m.Validate(), name)
		require.Len(t, m.Blocks, c.best.plan.Layers(), name)
		require.Equal(t, c.domain.Length+1, m.NCtx)
		require.Equal(t, c.domain.Causal, m.Causal)
		attention, bias, mlp := m.Heads*m.DModel*m.DHead, m.Heads*m.DHead, m.DModel*m.DMLP
		for _, b := range m.Blocks {
			require.Equal(t, [4]int{attention, attention, attention, attention}, [4]int{b.WQ.Len(), b.WK.Len(), b.WV.Len(), b.WO.Len()}, name)
			require.Equal(t, [4]int{bias, bias, bias, m.DModel}, [4]int{len(b.BQ), len(b.BK), len(b.BV), len(b.BO)}, name)
			require.Equal(t, [4]int{mlp, m.DMLP, mlp, m.DModel}, [4]int{b.WIn.Len(), len(b.BIn), b.WOut.Len(), len(b.BOut)}, name)
		}
		checkProvenance(t, name, m, c.best.plan)
	}
}

func checkProvenance(t *testing.T, name string, m *model.Model, p *plan.Plan) {
	t.Helper()
	require.Len(t, m.Provenance.Dims, m.DModel, name)
	for i, label := range m.Provenance.Dims {
		require.NotEmpty(t, label.What, "%s: dim %d", name, i)
	}
	require.Len(t, m.Provenance.Heads, m.Layers, name)
	require.Len(t, m.Provenance.Neurons, m.Layers, name)
	heads, neurons := p.ByLayer()
	largest := [2]int{1, 1} // a model has a head and a neuron, used or not
	for l := range m.Layers {
		require.Len(t, m.Provenance.Heads[l], m.Heads, name)
		require.Len(t, m.Provenance.Neurons[l], m.DMLP, name)
		for i := range heads[l] {
			require.NotEmpty(t, m.Provenance.Heads[l][i].What, "%s: head %d of layer %d", name, i, l)
		}
		for i := range neurons[l] {
			require.NotEmpty(t, m.Provenance.Neurons[l][i].What, "%s: neuron %d of layer %d", name, i, l)
		}
		largest = [2]int{max(largest[0], len(heads[l])), max(largest[1], len(neurons[l]))}
	}
	require.Equal(t, largest, [2]int{m.Heads, m.DMLP}, name)
}

// TestProvenance: labels lead to the line and the name that they come from.
func TestProvenance(t *testing.T) {
	c := through(t, "choose", "#rasp:vocab \"abc\"\n#rasp:length 5\n\nsame = select(tokens, tokens, ==);\nnumber = selector_width(same);")
	m := c.best.model
	assert.Equal(t, "head of same", m.Provenance.Heads[0][0].What)
	assert.Equal(t, 4, m.Provenance.Heads[0][0].Line)
	assert.Equal(t, 1, m.Layers)
	for _, n := range m.Provenance.Neurons[0] {
		assert.Contains(t, n.What, "width of same")
	}
	assert.Equal(t, "number", m.Outputs[0].Name)
	assert.Contains(t, m.Source, "number = selector_width(same);")
	assert.Equal(t, []model.Token{`"a"`, `"b"`, `"c"`}, m.Vocab)
}
