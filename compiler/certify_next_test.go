package compiler

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/certify"
	"rasp/compiler/construct"
	"rasp/compiler/facts/factstest"
	"rasp/compiler/plain"
	"rasp/lang/domain"
	"rasp/lang/predict"
	"rasp/runtime/next"
)

// tableProgram is a back-off model of an order over letters with random tables.
func tableProgram(order int, letters string, size float64, r *rand.Rand) string {
	var table func(depth int) string
	table = func(depth int) string {
		var entries []string
		for _, c := range letters {
			switch {
			case r.IntN(3) == 0:
			case depth == 0:
				entries = append(entries, fmt.Sprintf("%q: %.4f", c, size*(r.Float64()-0.5)))
			default:
				entries = append(entries, fmt.Sprintf("%q: %s", c, table(depth-1)))
			}
		}
		if entries == nil && depth == 0 {
			entries = []string{`"a": 0.5`}
		}
		return "{" + strings.Join(entries, ", ") + "}"
	}
	text := fmt.Sprintf("#rasp:vocab %q\n#rasp:length 8\n#rasp:causal\n#rasp:output next\n#rasp:logits\nnone = {", letters)
	for i, c := range letters {
		text += fmt.Sprintf("%s%q: %.4f", strings.Repeat(", ", min(i, 1)), c, size*(r.Float64()-0.5))
	}
	text += "};\nzero = {w: 0 for w in none};\n"
	sum, keys := "none[w]", "tokens"
	for k := 1; k < order; k++ {
		text += fmt.Sprintf("t%d = lookup(%s, %s, zero);\n", k, table(k), keys)
		sum += fmt.Sprintf(" + t%d[w]", k)
		keys = fmt.Sprintf("shift(tokens, %d, \"\"), %s", k, keys)
	}
	return strings.ReplaceAll(text+"next = {w: "+sum+" for w in none};\n", "'", `"`)
}

// TestProbabilitiesAreBounded: in float32, adding in several orders, no probability
// is off by more than the certificate says.
func TestProbabilitiesAreBounded(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	texts := map[string]string{
		"weights":  "#rasp:vocab \"abc\"\n#rasp:length 12\n#rasp:causal\nnext = {\"a\": indices, \"b\": 1 + selector_width(select(tokens, \"a\", ==)), \"c\": 0.3};",
		"spelled":  "#rasp:vocab \"abc\"\n#rasp:length 24\n#rasp:causal\nnext = {w: aggregate(full_s, indicator(tokens == w)) + 0.01 for w in [\"a\", \"b\"]};",
		"mean":     "#rasp:vocab \"ab\"\n#rasp:length 12\n#rasp:causal\n#rasp:logits\nnext = {\"a\": 3 * aggregate(full_s, indicator(tokens == \"a\")), \"b\": 0.7};",
		"order 3":  tableProgram(3, "abcd", 4, r),
		"order 5":  tableProgram(5, "abc", 8, r),
		"too wide": tableProgram(4, "abc", 40, r),
	}
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			c := through(t, "choose", text)
			e := predict.New(c.outputs, c.domain.Vocab, c.domain.Causal)
			prediction, err := next.Of(c.best.model, c.best.model.Outputs[0])
			require.NoError(t, err)
			worst, logs := 0.0, make([]float64, len(c.domain.Vocab))
			inputs := domain.Inputs{Domain: c.domain, Random: factstest.Often(40), Seed: 3}
			for k := range inputs.Len() {
				ids := inputs.IDs(k, nil)
				results, err := e.Run(inputs.Values(ids, nil))
				if err != nil {
					continue
				}
				for _, sum := range []func([]float32) float32{plain.Forwards[float32], plain.Backwards[float32], plain.Pairwise[float32]} {
					_, logits := plain.Forward(c.best.model, ids, sum)
					for i, row := range results[0].Next {
						prediction.Log(logs, logits[i+1])
						for k, got := range logs {
							require.Equal(t, math.IsInf(row[k], -1), math.IsInf(got, -1))
							if !math.IsInf(got, -1) {
								worst = max(worst, math.Abs(math.Expm1(got-row[k])))
							}
						}
					}
				}
			}
			assert.LessOrEqual(t, worst, c.best.checked.Within[0])
			assert.LessOrEqual(t, c.best.checked.Within[0], construct.ProbabilityError+construct.SoftmaxRounding)
			assert.Greater(t, worst, 0.0)
		})
	}
}

// TestWrongLogitsHaveNoCertificate: a weight of a row that is off by more than
// rounding, or a second row that is open, is noticed.
func TestWrongLogitsHaveNoCertificate(t *testing.T) {
	c := through(t, "choose", tableProgram(3, "abc", 4, rand.New(rand.NewPCG(3, 3))))
	certified := func() bool {
		return certify.Model(c.best.plan, c.best.model, construct.Float32, c.domain.Length).Exact()
	}
	require.True(t, certified())
	m := c.best.model
	for _, tensor := range m.Tensors() {
		if !slices.Contains([]string{"blocks.0.mlp.W_in", "blocks.0.mlp.W_out", "blocks.0.mlp.b_in", "unembed.W_U", "unembed.b_U", "embed.W_E"}, tensor.Name) {
			continue
		}
		weights := tensor.Floats()
		for i, w := range weights {
			if w == 0 || tensor.Name == "embed.W_E" && i >= len(m.Vocab)*m.DModel {
				continue
			}
			changed := slices.Clone(weights)
			changed[i] = w + 0.01
			tensor.Set(changed)
			assert.False(t, certified(), "%s: weight %d", tensor.Name, i)
		}
		tensor.Set(weights)
	}
	require.True(t, certified())
}

// TestTablesAreLinear: rows are neurons, entries weights, whatever the vocabulary
// could make of them.
func TestTablesAreLinear(t *testing.T) {
	const words, rows = 300, 2000
	r := rand.New(rand.NewPCG(1, 1))
	var vocab, before strings.Builder
	for i := range words {
		fmt.Fprintf(&vocab, "%s\"w%d\"", strings.Repeat(", ", min(i, 1)), i)
	}
	pairs := r.Perm(words * words)[:rows]
	byFirst := map[int][]int{}
	for _, p := range pairs {
		byFirst[p/words] = append(byFirst[p/words], p%words)
	}
	for i := range words {
		fmt.Fprintf(&before, "%s\"w%d\": {", strings.Repeat(", ", min(i, 1)), i)
		for k, second := range byFirst[i] {
			fmt.Fprintf(&before, "%s\"w%d\": {\"w%d\": 1.5, \"w%d\": -0.5}", strings.Repeat(", ", min(k, 1)), second, second, (second+1)%words)
		}
		before.WriteString("}")
	}
	text := fmt.Sprintf("#rasp:vocab [%s]\n#rasp:length 16\n#rasp:causal\n#rasp:output next\n#rasp:logits\nnone = {w: 0.25 for w in [%[1]s]};\n"+
		"t = lookup({%s}, shift(tokens, 1, \"\"), tokens, {w: 0 for w in none});\nnext = {w: none[w] + t[w] for w in none};", vocab.String(), before.String())
	c := through(t, "verify", text)
	assert.Equal(t, 1, c.best.model.Layers)
	assert.Equal(t, rows, c.best.model.DMLP)
	assert.Equal(t, 2*rows, c.best.model.Blocks[0].WOut.Nonzero())
}

// TestSumsOfManyTablesShareColumns: words of a class have one sum of five tables whose numbers
// float32 cannot add exactly, and not two columns for each word: what is always 0 takes no
// rounding. In any order of the sums the probabilities are within the certificate.
func TestSumsOfManyTablesShareColumns(t *testing.T) {
	const words = 60
	var vocab, classOf, within []string
	for k := range words {
		vocab = append(vocab, fmt.Sprintf(`"w%d"`, k))
		classOf = append(classOf, fmt.Sprintf(`"w%d": "%c"`, k, "abc"[k%3]))
		within = append(within, fmt.Sprintf(`"w%d": %.7f`, k, -1-float64(k)/7))
	}
	_, tables, _ := strings.Cut(tableProgram(5, "abc", 14, rand.New(rand.NewPCG(8, 9))), "#rasp:logits\n")
	tables = strings.ReplaceAll(strings.ReplaceAll(tables, "tokens", "classes"), "next = ", "logit = ")
	c := through(t, "choose", "#rasp:vocab ["+strings.Join(vocab, ", ")+"]\n#rasp:length 8\n#rasp:causal\n#rasp:output next\n#rasp:logits\n"+
		"class_of = {"+strings.Join(classOf, ", ")+"};\nclasses = lookup(class_of, tokens, \"\");\n"+tables+
		"within = {"+strings.Join(within, ", ")+"};\nnext = {w: within[w] + logit[class_of[w]] for w in within};\n")
	require.Less(t, c.best.model.DModel, words)
	bound := c.best.checked.Within[0]
	require.Less(t, bound, construct.ProbabilityError)
	e := predict.New(c.outputs, c.domain.Vocab, c.domain.Causal)
	prediction, err := next.Of(c.best.model, c.best.model.Outputs[0])
	require.NoError(t, err)
	worst, logs := 0.0, make([]float64, words)
	inputs := domain.Inputs{Domain: c.domain, Random: factstest.Often(40), Seed: 3}
	for k := range inputs.Len() {
		ids := inputs.IDs(k, nil)
		results, err := e.Run(inputs.Values(ids, nil))
		require.NoError(t, err)
		for _, sum := range []func([]float32) float32{plain.Forwards[float32], plain.Backwards[float32], plain.Pairwise[float32]} {
			_, logits := plain.Forward(c.best.model, ids, sum)
			for i, row := range results[0].Next {
				prediction.Log(logs, logits[i+1])
				for k, got := range logs {
					worst = max(worst, math.Abs(math.Expm1(got-row[k])))
				}
			}
		}
	}
	assert.LessOrEqual(t, worst, bound)
	assert.Greater(t, worst, bound/20, "some is rounded")
}
