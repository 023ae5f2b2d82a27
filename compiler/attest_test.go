package compiler

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/construct"
	"rasp/compiler/facts/factstest"
	"rasp/compiler/plain"
	"rasp/compiler/prove/witness"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// rewritten are programs of which more is rewritten than equal nodes and widths.
var rewritten = map[string]string{
	"types": `#rasp:vocab "ab"
		#rasp:length 4
		v = tokens if length == 1 else indices / 2;
		x = aggregate(select(tokens, tokens, ==), v, "none");`,
	"replay": `#rasp:vocab [0.1, 0.2, 0.7, 1.3]
		#rasp:length 8
		#rasp:causal
		m = aggregate(select(indices, indices - 3, >), tokens_float);
		x = "low" if m < 0.2 else ("as ever" if m <= 0.7 else "high");`,
	"scores": `#rasp:vocab "abc"
		#rasp:length 6
		#rasp:causal
		#rasp:logits
		one = lookup({"a": {"b": 0.75, "c": 0.25}}, shift(tokens, 1, ""), {w: 0 for w in ["a", "b", "c"]});
		next = {w: one[w] - 2 * indicator(tokens == w) + indices / 4 for w in ["a", "b", "c"]};`,
}

// TestOrigins: what goes by the number of a node of the text is that node.
func TestOrigins(t *testing.T) {
	programs := factstest.Programs(t)
	for name, text := range rewritten {
		programs[name] = text
	}
	for name, text := range programs {
		c := through(t, "attest", text)
		nodes := graph.Reachable(graph.Roots(c.outputs)...)
		require.Equal(t, len(nodes), c.rewritten.Text, name)
		old, now := interp.New(c.domain.Causal, nodes...), interp.New(c.domain.Causal, c.roots...)
		inputs := domain.Inputs{Domain: c.domain, Random: 20, Seed: 3}
		for k := range inputs.Len() {
			input := inputs.Values(inputs.IDs(k, nil), nil)
			if old.Run(input) != nil || now.Run(input) != nil {
				continue
			}
			for _, n := range c.analysis.Nodes {
				at, ok := c.rewritten.Origins[n]
				switch {
				case !ok:
				case n.IsSelector():
					assert.Equal(t, old.Matrix(nodes[at]), now.Matrix(n), "%s: %v, in the text %v", name, n, nodes[at])
				default:
					assert.Equal(t, old.Sequence(nodes[at]), now.Sequence(n), "%s: %v, in the text %v", name, n, nodes[at])
				}
			}
		}
	}
}

// TestWitness: a head attends to what the witness says that it selects, on inputs.
func TestWitness(t *testing.T) {
	programs := factstest.Programs(t)
	for name, text := range rewritten {
		programs[name] = text
	}
	for name, text := range programs {
		c := through(t, "attest", text)
		var w witness.Witness
		require.NoError(t, json.Unmarshal([]byte(c.best.model.Witness), &w), name)
		nodes := witnessed(t, &w, graph.Reachable(graph.Roots(c.outputs)...))
		e := interp.New(c.domain.Causal, nodes...)
		inputs := domain.Inputs{Domain: c.domain, Random: 10, Seed: 3}
		for k := range inputs.Len() {
			ids := inputs.IDs(k, nil)
			if e.Run(inputs.Values(ids, nil)) == nil {
				compareHeads(t, name, c.best.model, &w, e, nodes, ids)
			}
		}
	}
}

// witnessed are the nodes that a witness speaks of, by number.
func witnessed(t *testing.T, w *witness.Witness, nodes []*graph.Node) []*graph.Node {
	t.Helper()
	g := &graph.Graph{Nodes: nodes}
	ops := map[string]graph.Op{
		"indices": graph.Indices, "const": graph.Const, "unary": graph.Unary, "binary": graph.Binary, "if": graph.Ternary,
		"in": graph.In, "row": graph.Row, "cell": graph.Cell, "aggregate": graph.Aggregate, "selector_width": graph.Width, "any": graph.Any,
		"select": graph.Select, "and": graph.SelAnd, "or": graph.SelOr, "not": graph.SelNot,
	}
	for _, n := range w.Nodes {
		require.Contains(t, ops, n.Op)
		c := &graph.Node{Op: ops[n.Op], List: atomsOf(t, n.List), Places: n.Places}
		for _, a := range n.Args {
			c.Args = append(c.Args, g.Nodes[a])
		}
		if n.Value != nil {
			c.Value = atomsOf(t, []json.RawMessage{n.Value})[0]
		}
		for fn := value.Neg; n.Fn != "" && fn <= value.Or; fn++ {
			if fn.String() == n.Fn && (fn <= value.Indicator) == (n.Op == "unary") {
				c.Fn = fn
			}
		}
		if n.Op == "row" {
			c.Trie = trieOf(t, n)
		}
		g.Add(c)
	}
	return g.Nodes
}

func atomsOf(t *testing.T, texts []json.RawMessage) []value.Value {
	t.Helper()
	list := make([]value.Value, len(texts))
	for i, text := range texts {
		v, err := value.ParseAtom(string(text))
		require.NoError(t, err)
		list[i] = v
	}
	return list
}

func trieOf(t *testing.T, n witness.Node) *graph.Trie {
	trie := graph.NewTrie(len(n.Levels))
	for _, row := range n.Rows {
		keys := make([]value.Value, len(row))
		for l, place := range row {
			keys[l] = atomsOf(t, n.Levels[l])[place]
		}
		trie.Add(keys)
	}
	return trie
}

// compareHeads compares the keys that each head attends to with the selector: those of a
// part are selected, and those of all parts together are all that are, once.
func compareHeads(t *testing.T, name string, m *model.Model, w *witness.Witness, e *interp.Evaluator, nodes []*graph.Node, ids []int) {
	t.Helper()
	times := map[string][][]int{} // by all parts of a selector: how often a query attends to a key
	parts := map[string]map[int]bool{}
	attended := attentionOf(m, w, ids)
	for i, h := range w.Heads {
		rows := selected(e, nodes, h, len(ids))
		what := fmt.Sprint(h.Selects, h.Where, h.Kind, h.Parts)
		if times[what] == nil {
			times[what], parts[what] = make([][]int, len(ids)), map[int]bool{}
			for q := range ids {
				times[what][q] = make([]int, len(ids))
			}
		}
		counted := parts[what][h.Part]
		parts[what][h.Part] = true
		for q, row := range rows {
			for k := range row {
				if attended[i][q][k] {
					require.True(t, row[k], "%s: %s attends from %d to %d on %v", name, what, q, k, ids)
				}
				if attended[i][q][k] && !counted {
					times[what][q][k]++
				}
				if len(parts[what]) == h.Parts {
					want := 0
					if row[k] {
						want = 1
					}
					require.Equal(t, want, times[what][q][k], "%s: %s, from %d to %d on %v", name, what, q, k, ids)
				}
			}
		}
	}
}

// selected are the rows that a head is for.
func selected(e *interp.Evaluator, nodes []*graph.Node, h witness.Head, n int) [][]bool {
	rows := make([][]bool, n)
	for q := range rows {
		rows[q] = make([]bool, n)
		for k := range rows[q] {
			rows[q][k] = h.Selects < 0 || e.Matrix(nodes[h.Selects])[q][k]
			if h.Where != nil {
				is := func(text json.RawMessage) bool { return string(text) == e.Sequence(nodes[h.Where.Node])[k].JSON() }
				rows[q][k] = rows[q][k] && slices.ContainsFunc(h.Where.Is, is)
			}
		}
	}
	return rows
}

// attentionOf is to which keys the heads of a witness attend: those that have a weight, also
// beside that of a heavy BOS.
func attentionOf(m *model.Model, w *witness.Witness, ids []int) [][][]bool {
	list := make([][][]bool, len(w.Heads))
	for i, h := range w.Heads {
		before := *m
		before.Blocks = m.Blocks[:h.Layer]
		x, _ := plain.Forward(&before, ids, plain.Forwards[float64])
		b := m.Blocks[h.Layer]
		of := func(weights model.Matrix, bias []float32) [][]float64 {
			return plain.Affine(x, weights.Part(h.Head*m.DModel, (h.Head+1)*m.DModel), bias[h.Head*m.DHead:(h.Head+1)*m.DHead], plain.Forwards[float64])
		}
		q, k := of(b.WQ, b.BQ), of(b.WK, b.BK)
		for p := range ids {
			visible := len(ids)
			if m.Causal {
				visible = p + 1
			}
			scores := make([]float64, visible+1) // of BOS first
			for j := range scores {
				scores[j] = plain.Dot(q[p+1], k[j], plain.Forwards[float64])
			}
			row, most := make([]bool, len(ids)), slices.Max(scores)
			for j, s := range scores[1:] {
				row[j] = s > most-construct.Gap/4
			}
			list[i] = append(list[i], row)
		}
	}
	return list
}
