package format

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/runtime/circuit"
	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

func graphs(t *testing.T) []*circuit.Graph {
	t.Helper()
	var all []*circuit.Graph
	for seed := range uint64(10) {
		m := modeltest.Random(model.Config{Layers: 3, Heads: 2, DModel: 12, DHead: 4, DMLP: 6, NCtx: 9}, 4, 0.8, seed)
		pairs := []circuit.Pair{{Input: modeltest.Input(m, 5, seed), Resampled: modeltest.Input(m, 5, seed+1)}}
		g, err := circuit.Of(context.Background(), m, slices.Values(pairs))
		require.NoError(t, err)
		g.Nodes[1].Label = model.Label{What: `select(tokens, "<&\" é", ==)`, Name: "s", Line: 3}
		all = append(all, g)
	}
	return all
}

func written(t *testing.T, name string, g *circuit.Graph, truth circuit.Truth) []byte {
	t.Helper()
	f, known := Named(name)
	require.True(t, known)
	var b bytes.Buffer
	require.NoError(t, f.Write(&b, g, truth))
	return b.Bytes()
}

// EAP-IG takes a file that names each edge of the full graph, and no other.
func TestEAPHasEachEdgeOnce(t *testing.T) {
	for _, g := range graphs(t) {
		for _, truth := range []circuit.Truth{circuit.Static, circuit.Moving, circuit.Necessary} {
			var file struct {
				Config map[string]any `json:"cfg"`
				Nodes  map[string]struct {
					In bool `json:"in_graph"`
				} `json:"nodes"`
				Edges map[string]struct {
					Score float64
					In    bool `json:"in_graph"`
				} `json:"edges"`
			}
			require.NoError(t, json.Unmarshal(written(t, "eap", g, truth), &file))
			assert.Len(t, file.Edges, Possible(3, 2))
			assert.Len(t, file.Nodes, 1+3*3+1)
			in := 0
			for _, e := range g.Edges {
				edge, known := file.Edges[e.Name()]
				require.True(t, known, e.Name())
				assert.Equal(t, truth.Has(e), edge.In)
				if edge.In {
					in++
					assert.True(t, file.Nodes[e.From].In && file.Nodes[e.To].In)
				}
			}
			for _, edge := range file.Edges {
				if edge.In {
					in--
				}
			}
			assert.Zero(t, in)
		}
	}
}

func TestAllEdgesOfASmallModel(t *testing.T) {
	assert.Equal(t, strings.Fields(`
		input->a0.h0<q> input->a0.h0<k> input->a0.h0<v> input->m0 a0.h0->m0
		input->a1.h0<q> input->a1.h0<k> input->a1.h0<v> a0.h0->a1.h0<q> a0.h0->a1.h0<k> a0.h0->a1.h0<v> m0->a1.h0<q> m0->a1.h0<k> m0->a1.h0<v>
		input->m1 a0.h0->m1 m0->m1 a1.h0->m1
		input->logits a0.h0->logits m0->logits a1.h0->logits m1->logits`), allEdges(2, 1))
	assert.Equal(t, len(allEdges(5, 7)), Possible(5, 7))
}

// Each edge is there once in auto-circuit's words, and its index is in order.
func TestAutoCircuit(t *testing.T) {
	for _, g := range graphs(t) {
		var edges []autoEdge
		require.NoError(t, json.Unmarshal(written(t, "autocircuit", g, circuit.Static), &edges))
		require.Len(t, edges, len(g.Edges))
		for _, e := range edges {
			assert.Equal(t, e.Src.Name+"->"+e.Dest.Name, e.Name)
			assert.Less(t, e.Src.Layer, e.Dest.Layer)
			assert.LessOrEqual(t, *e.Src.SrcIdx, 3*3)
		}
	}
}

// A path leads from the embedding to the last hook through each edge of InterpBench.
func TestInterpBenchIsConnected(t *testing.T) {
	for _, g := range graphs(t) {
		var edges [][2]string
		require.NoError(t, json.Unmarshal(written(t, "interpbench", g, circuit.Static), &edges))
		leads := map[string]bool{"blocks.2.hook_resid_post": true}
		for range edges {
			for _, e := range edges {
				leads[e[0]] = leads[e[0]] || leads[e[1]]
			}
		}
		for _, e := range edges {
			assert.True(t, leads[e[0]], e[0])
		}
	}
}

func TestPicturesAreWellFormed(t *testing.T) {
	for _, g := range graphs(t) {
		for _, truth := range []circuit.Truth{circuit.Static, circuit.Necessary} {
			decoder := xml.NewDecoder(bytes.NewReader(written(t, "svg", g, truth)))
			for {
				if _, err := decoder.Token(); errors.Is(err, io.EOF) {
					break
				} else {
					require.NoError(t, err)
				}
			}
			dot := string(written(t, "dot", g, truth))
			assert.Equal(t, strings.Count(dot, "{"), strings.Count(dot, "}"))
		}
	}
}

// The legend names the nodes that are no part of the circuit, up to 8 of them.
func TestPictureNamesWhatIsNotDrawn(t *testing.T) {
	absent := 0
	for _, g := range graphs(t) {
		for _, truth := range []circuit.Truth{circuit.Static, circuit.Moving, circuit.Necessary} {
			in := g.Contains(truth)
			_, legend, _ := strings.Cut(string(written(t, "svg", g, truth)), "not drawn, no "+string(truth)+" edges: ")
			legend, _, _ = strings.Cut(legend, "<")
			var names []string
			for _, n := range g.Nodes {
				if inner := n.Kind == circuit.Head || n.Kind == circuit.MLP; inner && !in[n.Name] {
					names = append(names, n.Name)
				}
			}
			if len(names) > 8 {
				names = append(names[:8], fmt.Sprintf("and %d more", len(names)-8))
			}
			assert.Equal(t, strings.Join(names, ", "), legend, truth)
			if legend != "" {
				absent++
			}
		}
	}
	assert.Positive(t, absent)
}

func TestTitlesAreWrapped(t *testing.T) {
	for text, want := range map[string][]string{
		"":                     {""},
		"sort(tokens, tokens)": {"sort(tokens, tokens)"},
		"head of smaller or equal_on_the_left, part 1 of 2": {"head of smaller or", "equal_on_the_left, part 1 of 2"},
		"a b " + strings.Repeat("x", 40):                    {"a b", strings.Repeat("x", 33) + "..."},
		strings.Repeat("é", 36):                             {strings.Repeat("é", 36)},
		strings.Repeat("of words ", 10):                     {"of words of words of words of words", "of words of words of words of wor..."},
	} {
		assert.Equal(t, want, wrapped(text))
	}
}

// The links of a graph of an input join nodes that are there.
func TestAttribution(t *testing.T) {
	m := modeltest.Random(model.Config{Layers: 2, Heads: 2, DModel: 12, DHead: 4, DMLP: 6, NCtx: 9}, 4, 0.5, 3)
	input := modeltest.Input(m, 5, 1)
	g, err := circuit.Of(context.Background(), m, slices.Values([]circuit.Pair{}))
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, WriteAttribution(&b, m, g, circuit.Static, "x", input))
	var file attribution
	require.NoError(t, json.Unmarshal(b.Bytes(), &file))
	ids := map[string]bool{}
	for _, n := range file.Nodes {
		assert.False(t, ids[n.ID], n.ID)
		ids[n.ID] = true
	}
	assert.NotEmpty(t, file.Links)
	for _, l := range file.Links {
		assert.True(t, ids[l.Source] && ids[l.Target])
		assert.Greater(t, l.Weight, 0.0)
	}
	assert.Len(t, file.Metadata.Tokens, 6)
}

// Hooks of a model without layers are none, and a token is written without escapes.
func TestNoLayers(t *testing.T) {
	m := modeltest.Blank(model.Config{Heads: 1, DModel: 2, DHead: 1, DMLP: 1, NCtx: 3}, 2)
	modeltest.Set(&m.WE, 2, 1)
	modeltest.Set(&m.WU, 0, 1)
	g, err := circuit.Of(context.Background(), m, slices.Values([]circuit.Pair{}))
	require.NoError(t, err)
	require.NotEmpty(t, g.Edges)
	for _, f := range All {
		err := f.Write(io.Discard, g, circuit.Static)
		assert.Equal(t, f.Name == "interpbench" || f.Name == "autocircuit", err != nil, f.Name)
	}
	assert.Equal(t, `a"b`, printed(`"a\"b"`))
	assert.Equal(t, "1", printed("1"))
}

// What a page of Neuronpedia reads out of a graph is there: a probability in the label of a
// logit, and a layer above 0 with the index in the number of a feature.
func TestAttributionIsReadable(t *testing.T) {
	m := modeltest.Random(model.Config{Layers: 1, Heads: 3, DModel: 12, DHead: 4, DMLP: 6, NCtx: 9}, 4, 0.9, 3)
	g, err := circuit.Of(context.Background(), m, slices.Values([]circuit.Pair{}))
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, WriteAttribution(&b, m, g, circuit.Static, "x", modeltest.Input(m, 5, 1)))
	assert.NotContains(t, b.String(), "node_threshold")
	var file attribution
	require.NoError(t, json.Unmarshal(b.Bytes(), &file))
	logits := 0
	for _, n := range file.Nodes {
		switch n.Type {
		case "logit":
			logits++
			assert.Regexp(t, `^\w+ ".*" \(p=[01]\.\d{3}\)`, n.Label)
			assert.Positive(t, n.Position)
		case "cross layer transcoder":
			var layer, index, position int
			_, err := fmt.Sscanf(n.ID, "%d_%d_%d", &layer, &index, &position)
			require.NoError(t, err)
			assert.GreaterOrEqual(t, layer, 1)
			assert.Equal(t, (layer+index)*(layer+index+1)/2+index, n.Feature)
		}
	}
	assert.Equal(t, 5, logits)
}
