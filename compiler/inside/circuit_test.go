package inside_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/verify"
	"rasp/lang/golden"
	"rasp/runtime/circuit"
	"rasp/runtime/circuit/format"
	"rasp/runtime/model"
)

var resampled = flag.Int("resampled", 0, "pairs of inputs on which circuits are resampled by a naive forward pass, of each ready-made program")

// pairsOf are pairs of inputs of a model on which its program does not fail.
func pairsOf(t *testing.T, m *model.Model, n int, seed uint64) iter.Seq[circuit.Pair] {
	d, err := verify.DomainOf(m)
	require.NoError(t, err)
	return func(yield func(circuit.Pair) bool) {
		for a, b := range d.Pairs(n, seed) {
			if !yield(circuit.Pair{Input: a, Resampled: b}) {
				return
			}
		}
	}
}

// outside are the edges that a circuit, as EAP-IG reads it, has not.
func outside(t *testing.T, g *circuit.Graph, truth circuit.Truth) map[string]bool {
	eap, known := format.Named("eap")
	require.True(t, known)
	var b bytes.Buffer
	require.NoError(t, eap.Write(&b, g, truth))
	var file struct {
		Edges map[string]struct {
			In bool `json:"in_graph"`
		}
	}
	require.NoError(t, json.Unmarshal(b.Bytes(), &file))
	cut := map[string]bool{}
	for name, edge := range file.Edges {
		if !edge.In {
			cut[name] = true
		}
	}
	return cut
}

// TestCircuitsOfReadyPrograms: of each ready-made program, resampling all edges of the full
// graph outside the static circuit changes no output, nor does resampling all outside the
// moving one, and each edge that is said to move or to be necessary does what is said of it
// on the pair that is its witness: all that by a forward pass which shares no code with
// package circuit.
func TestCircuitsOfReadyPrograms(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("../../docs/circuit.schema.json")
	require.NoError(t, err)
	tried := 50
	if testing.Short() {
		tried = 3
	}
	if *resampled > 0 {
		tried = *resampled
	}
	var pairs, witnesses atomic.Int64
	t.Run("programs", func(t *testing.T) {
		for _, path := range readyPrograms(t) {
			t.Run(filepath.Base(path), func(t *testing.T) {
				t.Parallel()
				data, err := os.ReadFile(path)
				require.NoError(t, err)
				chunks, err := golden.Read(path, string(data))
				require.NoError(t, err)
				for _, c := range chunks {
					if m := modelOf(c, 1); m != nil && (!testing.Short() || m.Layers*m.Heads <= 8) {
						isTrue(t, m, schema, fewer(tried, m), &pairs, &witnesses)
					}
				}
			})
		}
	})
	t.Logf("%d pairs resampled, %d witnesses found true", pairs.Load(), witnesses.Load())
	assert.Greater(t, witnesses.Load(), int64(50))
}

// fewer are not so many pairs for a model of long inputs and many heads.
func fewer(tried int, m *model.Model) int {
	const much = 50_000 // scores of all heads
	return max(2, min(tried, tried*much/(m.NCtx*m.NCtx*max(1, m.Layers*m.Heads))))
}

// isTrue tests the circuit of a model.
func isTrue(t *testing.T, m *model.Model, schema *jsonschema.Schema, tried int, pairs, witnesses *atomic.Int64) {
	g, err := circuit.Of(context.Background(), m, pairsOf(t, m, 100, 1))
	require.NoError(t, err)
	fits(t, g, schema)
	p := naiveOf[float64](m)
	static, moving := outside(t, g, circuit.Static), outside(t, g, circuit.Moving)
	for pair := range pairsOf(t, m, tried, 2) {
		whole, _ := p.through(pair.Input, nil, nil)
		_, other := p.through(pair.Resampled, nil, nil)
		for _, cut := range []map[string]bool{static, moving} {
			logits, _ := p.through(pair.Input, other, cut)
			for i := 1; i < len(whole); i++ {
				for o := range p.Outputs {
					require.False(t, p.differ(o, whole[i], logits[i]), "%v, resampled from %v, position %d", pair.Input, pair.Resampled, i)
				}
			}
		}
		pairs.Add(1)
	}
	runs := runsOf{p, map[string]ran{}}
	for _, e := range g.Edges {
		if e.Moving == circuit.Yes {
			witnesses.Add(1)
			runs.move(t, e)
		}
		if e.Necessary == circuit.Yes {
			witnesses.Add(1)
			runs.change(t, e)
		}
	}
}

// runsOf keeps what nodes write on the inputs of witnesses, which edges share.
type runsOf struct {
	*naive[float64]
	on map[string]ran
}

type ran struct {
	ids    []int
	logits [][]float64
	all    written[float64]
}

func (r runsOf) of(t *testing.T, tokens circuit.Tokens) ran {
	key := fmt.Sprint(tokens)
	if _, ok := r.on[key]; !ok {
		ids, err := r.Encode(tokens)
		require.NoError(t, err)
		logits, all := r.through(ids, nil, nil)
		r.on[key] = ran{ids, logits, all}
	}
	return r.on[key]
}

// fits holds the JSON of a circuit against its schema.
func fits(t *testing.T, g *circuit.Graph, schema *jsonschema.Schema) {
	var b bytes.Buffer
	require.NoError(t, format.All[0].Write(&b, g, circuit.Static))
	data, err := jsonschema.UnmarshalJSON(&b)
	require.NoError(t, err)
	require.NoError(t, schema.Validate(data))
}

// move: what flows through an edge is another on the pair, at the position.
func (r runsOf) move(t *testing.T, e circuit.Edge) {
	w := e.MovingPair
	x, y := r.of(t, w.Input).all[e.From][w.Position], r.of(t, w.Resampled).all[e.From][w.Position]
	assert.True(t, slices.ContainsFunc(e.Dims, func(d int) bool { return x[d] != y[d] }), "%s does not move at position %d", e.Name(), w.Position)
}

// change: the output changes on the pair, at the position, with that edge cut alone.
func (r runsOf) change(t *testing.T, e circuit.Edge) {
	w := e.NecessaryFor
	whole := r.of(t, w.Input)
	logits, _ := r.through(whole.ids, r.of(t, w.Resampled).all, map[string]bool{e.Name(): true})
	o := slices.IndexFunc(r.Outputs, func(o model.Output) bool { return o.Name == w.Output })
	assert.True(t, r.differ(o, whole.logits[w.Position], logits[w.Position]), "%s is not necessary for %s at position %d", e.Name(), w.Output, w.Position)
}
