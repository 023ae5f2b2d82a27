package prove_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/prove"
	"rasp/compiler/prove/provetest"
	"rasp/compiler/prove/witness"
	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

// posing is a model of one program that claims to be that of another.
func posing(t *testing.T, text, as string) *model.Model {
	t.Helper()
	m, honest := provetest.MustCompile(t, text).Model, provetest.MustCompile(t, as)
	m.Source, m.Witness = as, honest.Model.Witness
	require.True(t, honest.IsWrong(m, 200))
	return m
}

func setWitness(t *testing.T, m *model.Model, change func(w *witness.Witness)) {
	t.Helper()
	var w witness.Witness
	require.NoError(t, json.Unmarshal([]byte(m.Witness), &w))
	change(&w)
	text, err := json.Marshal(w)
	require.NoError(t, err)
	m.Witness = string(text)
}

// TestWitnessThatFails: where nodes of a witness have no value, the program may have one.
func TestWitnessThatFails(t *testing.T) {
	const head = "#rasp:vocab \"abc\"\n#rasp:length 3\n"
	raw := func(s string) json.RawMessage { return json.RawMessage(s) }
	keys, ones := []json.RawMessage{raw(`"a"`), raw(`"c"`)}, []json.RawMessage{raw("1"), raw("2")}
	for name, nodes := range map[string][]witness.Node{
		"a dict without the token": {
			{Op: "tokens", Base: "asis"},
			{Op: "lookup key", Keys: keys, List: ones, Args: []int{0}}},
		"a mean of strings": {
			{Op: "tokens", Base: "asis"}, {Op: "indices"}, {Op: "const", Value: raw(`"b"`)},
			{Op: "select", Fn: "==", Args: []int{0, 2}}, {Op: "select", Fn: ">=", Args: []int{1, 1}}, {Op: "or", Args: []int{3, 4}},
			{Op: "aggregate", Args: []int{5, 0}, Value: raw(`""`)}},
		"a mean of one string": {
			{Op: "tokens", Base: "asis"}, {Op: "const", Value: raw(`"b"`)}, {Op: "const", Value: raw(`"s"`)},
			{Op: "select", Fn: "==", Args: []int{0, 1}},
			{Op: "aggregate", Args: []int{3, 2}, Value: raw(`""`)}},
	} {
		m := posing(t, head+`x = tokens == "a" or (tokens == "b" and indices == 1);`, head+`x = tokens == "a";`)
		setWitness(t, m, func(w *witness.Witness) {
			w.Heads, w.Facts, w.Nodes = nil, nil, nodes
			for _, n := range nodes {
				for i := range n.Args {
					n.Args[i] += w.Text
				}
			}
		})
		r := provetest.ProofOf(t, m)
		assert.False(t, provetest.Accepts(r), "%s: %s", name, r.Claim())
	}
}

// TestNearMisses: a right model is proved by a lemma, and one that misses it in a place is not.
func TestNearMisses(t *testing.T) {
	const numbers = "#rasp:vocab 0..99\n#rasp:length 16\n" // of so many, sums are by place
	const compare = "#rasp:vocab \"012?\"\n#rasp:length 8\npoint = aggregate(select(tokens, \"?\", ==), indices, 0);\n" +
		"d = {\"0\": 0, \"1\": 1, \"2\": 2, \"?\": 0}[tokens];\nb = aggregate(select(indices, indices + point + 1, ==), d, 0) if indices < point else 0;\n" +
		"a = d if indices < point else 0;\nfirst = not (a == b) and not has_focus(select(a == b, False, ==) and select(indices, indices, <));\n"
	place := func(own, other string) string {
		return numbers + "n = tokens_int; place = selector_width(select(n, n, " + own + ") or (select(n, n, ==) and select(indices, indices, " + other + ")));\n" +
			"x = aggregate(select(place, indices, ==), n, -1);"
	}
	for name, c := range map[string]struct{ right, wrong string }{
		"sums by place":        {place("<", "<"), place(">", "<")},
		"sums by place, twice": {place("<", "<"), place("<", "<=")},
		"values of s-ops": {compare + "x = aggregate(full_s, indicator(first and a < b)) > 0;",
			compare + "x = aggregate(full_s, indicator(first and a > b)) > 0;"},
		"values of s-ops, related": {compare + "x = aggregate(full_s, indicator(a < b or a == b)) == 1;",
			compare + "x = aggregate(full_s, indicator(a < b)) == 1;"},
	} {
		t.Run(name, func(t *testing.T) {
			r := provetest.ProofOf(t, provetest.MustCompile(t, c.right).Model)
			assert.Equal(t, prove.Proved, r.Verdict, r.Claim())
			rejected(t, posing(t, c.wrong, c.right), "posing as another")
		})
	}
}

// byHand is a model of one layer with one head and two neurons, all weights 0, for the tokens "a" and "b", inputs up to length 3 and the classes false and true.
func byHand(t *testing.T, text string, causal bool) *model.Model {
	t.Helper()
	m := &model.Model{Config: model.Config{Layers: 1, Heads: 1, DModel: 4, DHead: 2, DMLP: 2, NCtx: 4, Causal: causal},
		Vocab: []model.Token{`"a"`, `"b"`}, Outputs: []model.Output{{Name: "x", Classes: []model.Token{"false", "true"}}},
		Source: "#rasp:vocab \"ab\"\n#rasp:length 3\n" + text, Blocks: make([]model.Block, 1)}
	for _, tensor := range m.Tensors() {
		tensor.Set(make([]float32, tensor.Elements()))
	}
	m.Provenance = model.Provenance{Dims: make([]model.Label, 4), Heads: [][]model.Label{make([]model.Label, 1)}, Neurons: [][]model.Label{make([]model.Label, 2)}}
	return m
}

const never, isB = "x = indices < 0;", "x = tokens == \"b\";"

// pow is a power of two.
func pow(e int) float32 { return float32(math.Ldexp(1, e)) }

// attending has 1 in column 0 for the token b, and scores for keys beside 0 of BOS; its
// output is in column 2, and decides by whether it is above a threshold.
func attending(t *testing.T, text string, score, forA, forB, scale, threshold float32) *model.Model {
	m := byHand(t, text, false)
	modeltest.Set(&m.WE, 0*4+1, 1)
	modeltest.Set(&m.WE, 1*4+0, 1)
	modeltest.Set(&m.WE, 1*4+1, 1)
	b := &m.Blocks[0]
	modeltest.Set(&b.WK, 1*2+0, score)
	b.BQ[0] = 1
	modeltest.Set(&b.WV, 1*2+0, forA)
	modeltest.Set(&b.WV, 0*2+0, forB-forA)
	modeltest.Set(&b.WO, 0*4+2, scale)
	modeltest.Set(&m.WU, 2*2+1, 1)
	m.BU[0] = threshold
	return m
}

// TestArithmeticOfModels: by hand, models that use numbers for which a proof might reckon
// otherwise than an engine does.
func TestArithmeticOfModels(t *testing.T) {
	for name, m := range map[string]*model.Model{
		"a mean of huge numbers":                                  attending(t, never, 200, 0, pow(104), pow(-104), 0.125),
		"a mean whose sums some engines have 2^24 times as large": attending(t, never, 0, pow(102), pow(102), pow(-104), 0.5),
		"sums of few bits and of many":                            attending(t, never, -5, 1, pow(70), pow(-70), pow(-12)),
		"weights of few bits": func() *model.Model {
			m := attending(t, never, -100, pow(100), pow(100), pow(44), 2.52) // 3 * exp(-100) * 2^144 is 2.49
			modeltest.Set(&m.Blocks[0].WV, 1*2+0, pow(100))
			m.Causal = true
			return m
		}(),
		"a tally of huge numbers": func() *model.Model {
			m := attending(t, never, -20, 0, pow(80), pow(-40), 0.125)
			modeltest.Set(&m.WE, 2*4+3, 1) // at BOS
			modeltest.Set(&m.Blocks[0].WV, 3*2+0, 1)
			return m
		}(),
		"products below the smallest float": func() *model.Model {
			m := byHand(t, isB, false)
			modeltest.Set(&m.WE, 1*4+0, pow(-100))
			b := &m.Blocks[0]
			modeltest.Set(&b.WIn, 0*2+0, pow(-100))
			modeltest.Set(&b.WOut, 0*4+2, pow(100))
			modeltest.Set(&m.WU, 2*2+1, pow(101))
			m.BU[0] = 1
			return m
		}(),
		"sums above the largest float": func() *model.Model {
			m := byHand(t, isB, false)
			modeltest.Set(&m.WE, 1*4+0, pow(127))
			b := &m.Blocks[0]
			modeltest.Set(&b.WIn, 0*2+0, 2)
			modeltest.Set(&b.WOut, 0*4+2, 1)
			modeltest.Set(&b.WIn, 0*2+1, 2)
			modeltest.Set(&b.WOut, 1*4+2, -1)
			modeltest.Set(&m.WU, 0*2+1, pow(-127))
			modeltest.Set(&m.WU, 2*2+1, 1)
			m.BU[0] = 0.5
			return m
		}(),
		"partial sums above the largest float": func() *model.Model {
			m := byHand(t, isB, false)
			modeltest.Set(&m.WE, 1*4+0, pow(127))
			b := &m.Blocks[0]
			modeltest.Set(&b.WIn, 0*2+0, 1)
			modeltest.Set(&b.WOut, 0*4+2, 1)
			modeltest.Set(&b.WIn, 0*2+1, 1)
			modeltest.Set(&b.WOut, 1*4+2, 1)
			modeltest.Set(&m.WU, 0*2+1, pow(-127))
			modeltest.Set(&m.WU, 2*2+1, pow(-127))
			m.BU[0] = 0.5
			return m
		}(),
		"infinite scores": func() *model.Model {
			m := attending(t, never, pow(127), 1, 1, 1, 2)
			m.Blocks[0].BQ[0] = 4
			return m
		}(),
		"infinite scores of a head that brings nothing": func() *model.Model {
			m := attending(t, never, pow(127), 0, 0, 1, 2)
			m.Blocks[0].BQ[0] = 4
			return m
		}(),
		"an infinite neuron that nothing reads": func() *model.Model {
			m := byHand(t, never, false)
			modeltest.Set(&m.WE, 1*4+0, pow(127))
			modeltest.Set(&m.Blocks[0].WIn, 0, 4)
			m.BU[0] = 1
			return m
		}(),
	} {
		t.Run(name, func(t *testing.T) {
			r := provetest.ProofOf(t, m)
			assert.NotEqual(t, prove.Proved, r.Verdict, r.Claim())
		})
	}
}

// TestProbabilitiesFarOff: a distribution that is not the program's is none.
func TestProbabilitiesFarOff(t *testing.T) {
	m := provetest.MustCompile(t, "#rasp:vocab \"abc\"\n#rasp:length 3\n#rasp:causal\nnext = {\"a\": 1, \"b\": 2 if tokens == \"a\" else 3};").Model
	require.Equal(t, prove.Proved, provetest.ProofOf(t, m).Verdict)
	m.BU[0] += 0.005
	r := provetest.ProofOf(t, m)
	assert.NotEqual(t, prove.Proved, r.Verdict, r.Claim())
}

// TestNoProgram: a model without a program, or with one that is none, is an error.
func TestNoProgram(t *testing.T) {
	m := byHand(t, "x = ", false)
	_, err := provetest.ProveFor(m, time.Minute)
	require.Error(t, err)
	m.Source = ""
	_, err = provetest.ProveFor(m, time.Minute)
	require.ErrorIs(t, err, prove.ErrNoSource)
}

// TestLongFormulas: a formula of selectors in which parts occur often is read once.
func TestLongFormulas(t *testing.T) {
	var text strings.Builder
	text.WriteString("s0 = select(tokens, tokens, ==);\n")
	for i := range 40 {
		fmt.Fprintf(&text, "s%d = (s%d and select(tokens, \"a\", ==)) or (s%d and select(indices, %d, <=));\n", i+1, i, i, i%3)
	}
	m := byHand(t, text.String()+"x = selector_width(s40);\n", false)
	provetest.ProofOf(t, m) // within the patience of all tests, for which 2^40 parts are too many
}
