package compiler_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler"
	"rasp/compiler/compilertest"
	"rasp/lang/diag"
	"rasp/runtime/model"
)

// predictions compiles a program that predicts and compares probabilities on all
// short inputs and on random ones. It returns the model, and how many inputs have
// a distribution; refused is why there is no model.
func predictions(t *testing.T, text string, options compiler.Options, seed uint64) (m *model.Model, inputs int, refused error) {
	t.Helper()
	outputs, d := compilertest.Parse(t, "random.rasp", text)
	require.NotNil(t, outputs[0].Next, text)
	m, _, err := compiler.Compile(outputs, d, options)
	if err != nil {
		return nil, 0, err
	}
	require.True(t, m.Outputs[0].Next)
	inputs, difference, err := compilertest.Compare(m, outputs, d, compilertest.InputsOf(d, 3, 200, 60, seed))
	require.NoError(t, err, text)
	require.Empty(t, difference, text)
	return m, inputs, nil
}

const abc = "#rasp:vocab \"abc\"\n#rasp:length 6\n#rasp:causal\n"

// predicting are programs that predict, of all forms.
var predicting = map[string]string{
	"constant":                   "#rasp:output next\nnext = {\"a\": 3, \"c\": 1};",
	"copy":                       "#rasp:confidence 1\nx = tokens;",
	"copy, unsure":               "#rasp:confidence 0.75\nx = tokens;",
	"previous":                   "#rasp:confidence 0.9\nx = shift(tokens, 1, \"c\");",
	"previous, sure":             "#rasp:confidence 1\nx = shift(tokens, 1, \"c\");",
	"computed":                   "#rasp:confidence 0.6\nx = \"a\" if count(tokens, \"b\") > 1 else tokens;",
	"weights":                    "next = {\"a\": indices, \"b\": 1 + selector_width(select(tokens, \"a\", ==)), \"c\": 0.25};",
	"zeros":                      "next = {\"a\": indicator(tokens == \"b\"), \"b\": indicator(not (tokens == \"b\")), \"c\": indicator(indices > 2)};",
	"means":                      "next = {c: aggregate(full_s, indicator(tokens == c)) for c in [\"a\", \"b\", \"c\"]};",
	"means, smoothed":            "next = {c: aggregate(full_s, indicator(tokens == c)) + 0.1 for c in [\"a\", \"b\"]};",
	"logits":                     "#rasp:logits\nnext = {\"a\": 0.5 * indices - 1, \"b\": -selector_width(select(tokens, \"a\", ==)) / 3, \"c\": 0.7};",
	"masks":                      "#rasp:logits\nnext = {\"a\": -1000 if tokens == \"a\" else 0.5, \"b\": -0.3, \"c\": (-1000 if indices > 2 else 0) + (0.2 if tokens == \"b\" else -0.1)};",
	"mean of logits":             "#rasp:logits\nnext = {\"a\": 2 * aggregate(full_s, indicator(tokens == \"a\")), \"b\": 0};",
	"mean of logits, not from 0": "#rasp:logits\nnext = {\"a\": 1 - 0.5 * aggregate(full_s, indicator(tokens == \"a\") + 1), \"b\": aggregate(select(tokens, \"b\", ==), indices, -1)};",
	"in context":                 "next = {w: aggregate(select(shift(tokens, 1, \"\"), tokens, ==), indicator(tokens == w), 0.5) for w in [\"a\", \"b\", \"c\"]};",
	"bigram":                     "next = lookup({\"a\": {\"b\": 0.7, \"c\": 0.3}, \"b\": {\"a\": 1}}, tokens, 0.01);",
	"bigram, zeros":              "next = lookup({\"a\": {\"b\": 0.7, \"c\": 0.3}, \"b\": {\"a\": 1}, \"c\": {\"c\": 2}}, tokens, 0);",
	"skipping":                   "before = shift(tokens, 1, \"\");\nnext = lookup({\"a\": {\"b\": 0.7, \"c\": 0.3}, \"b\": {\"a\": 1}, \"c\": {\"c\": 2}, \"\": {\"a\": 1}}, before, 0);",
	"trigram": "#rasp:logits\nbefore = shift(tokens, 1, \"\");\nnone = {\"a\": -1.5, \"b\": -0.5, \"c\": -2.25};\nzero = {w: 0 for w in none};\n" +
		"one = lookup({\"a\": {\"b\": 1.2, \"c\": -0.3}, \"c\": {\"c\": 2.2}}, tokens, zero);\n" +
		"two = lookup({\"a\": {\"a\": {\"b\": 0.5}, \"b\": {\"a\": -0.7, \"c\": 0.1}}, \"b\": {\"c\": {\"c\": 1}}}, before, tokens, zero);\n" +
		"next = {w: none[w] + one[w] + two[w] for w in none};",
	"trigram of weights": "before = shift(tokens, 1, \"\");\nnext = lookup({\"\": {\"a\": {\"b\": 1}, \"b\": {\"b\": 2}, \"c\": {\"a\": 1}}, \"a\": {\"a\": {\"b\": 0.5}, \"b\": {\"a\": 0.7, \"c\": 0.1}}}, before, tokens, 0.001);",
	"scaled":             "#rasp:logits\nbefore = shift(tokens, 1, \"\");\nt = lookup({\"a\": {\"b\": {\"a\": 1.5}}}, before, tokens, 0.25);\nnext = {\"a\": -2 * t[\"a\"] / 3 + t[\"a\"], \"b\": +0.5};",
	"rows of two depths": "#rasp:logits\nbefore = shift(tokens, 1, \"\");\nnth = selector_width(select(before, tokens, ==));\n" +
		"next = {\"a\": lookup({\"a\": {\"b\": 1}}, before, tokens, 0) + lookup({1: {\"a\": 0.3}, 2: {\"b\": -0.2}}, nth, tokens, 0.1), \"b\": 0};",
	"large numbers": "#rasp:logits\nnext = {\"a\": 60 * indicator(tokens == \"a\") - 30, \"b\": 40 * indicator(indices > 1), \"c\": 0.1};",
	"zero probability of SRILM": "#rasp:logits\nbefore = shift(tokens, 1, \"\");\nnone = {\"a\": -0.7, \"b\": -0.7, \"c\": -227.95591};\n" +
		"two = lookup({\"a\": {\"b\": {\"c\": 226.3}}}, before, tokens, {w: 0 for w in none});\nnext = {w: none[w] + two[w] for w in none};",
}

func TestPredictionsAgree(t *testing.T) {
	for name, program := range predicting {
		t.Run(name, func(t *testing.T) {
			for level := range 3 {
				for _, text := range []string{abc + program, strings.Replace(abc, "#rasp:causal\n", "", 1) + program} {
					_, inputs, refused := predictions(t, text, compilertest.At(level), 1)
					require.NoError(t, refused)
					assert.Greater(t, inputs, 90)
				}
			}
		})
	}
}

// TestPredictionsThatAreNone: what is no distribution on some input is a fault,
// with the line and the input.
func TestPredictionsThatAreNone(t *testing.T) {
	for program, want := range map[string]string{
		"next = {\"a\": 1, \"b\": 2 - indices};":                                                                      `4:22: value error: the program fails on the input ["a", "a", "a", "a"]: the weight of string "b" is int -1`,
		"next = {\"a\": indicator(tokens == \"a\"), \"b\": indicator(tokens == \"b\")};":                              `4:1: value error: the program fails on the input ["c"]: all weights are 0`,
		"next = lookup({\"a\": {\"b\": 1}, \"b\": {\"c\": 1}}, tokens, 0);":                                           `the program fails on the input ["c"]: all weights are 0`,
		"before = shift(tokens, 1, \"\");\nnext = lookup({\"\": {\"b\": 1}, \"b\": {\"c\": 1}}, before, 0);":          `the program fails on the input ["a", "a"]: all weights are 0`,
		"next = {\"a\": 1, \"b\": 2 / indices};":                                                                      `4:22: value error: the program fails on the input ["a"]: division by zero`,
		"#rasp:confidence 0.5\nx = shift(tokens, 1, \"z\");":                                                          `the program fails on the input ["a"]: string "z" is not a token of the vocabulary`,
		"#rasp:logits\nnext = {\"a\": -103.995 * indices, \"b\": 0};":                                                 `5:1: limit error: the probability of "a" can be about e^-104 of the largest`,
		"#rasp:logits\nnext = {\"a\": (-51.9 if tokens == \"a\" else 0) + (-51.9 if indices == 1 else 0), \"b\": 0};": `limit error: the probabilities of next are so far apart`,
	} {
		_, _, refused := predictions(t, abc+program, compilertest.At(1), 1)
		var list diag.List
		if assert.ErrorAs(t, refused, &list, program) {
			assert.Contains(t, list.Error(), want, program)
		}
	}
	m, inputs, refused := predictions(t, abc+"next = {\"a\": 1, \"b\": 2 - indices};", compilertest.Partial(1), 1)
	require.NoError(t, refused)
	assert.Greater(t, inputs, 40)
	assert.Contains(t, m.Certificate.Claim, "probabilities to within")
}

// TestPredictionsThatFail: weights of which the program makes nothing, in a table's rows
// or where it has none, are anything to the model.
func TestPredictionsThatFail(t *testing.T) {
	for _, program := range []string{
		`next = {"a": lookup({"a": {"a": {"b": 1}}}, shift(tokens, 1, "a"), tokens, -2)["b"], "b": 1};`,
		`next = {"a": lookup({"a": {"a": {"b": -1}, "b": {"b": 5}}}, shift(tokens, 1, "b"), tokens, 0)["b"], "b": 1};`,
	} {
		for level := range 3 {
			_, inputs, refused := predictions(t, abc+program, compilertest.Partial(level), 1)
			require.NoError(t, refused)
			assert.Positive(t, inputs)
		}
	}
}
