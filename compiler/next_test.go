package compiler_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler"
	"rasp/compiler/agree"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/predict"
	"rasp/lang/value"
	"rasp/runtime"
)

// predictions compiles a program that predicts and compares probabilities on all
// short inputs and on random ones. It returns the model, and how many inputs have
// a distribution; refused is why there is no model.
func predictions(t *testing.T, text string, options compiler.Options, random *rand.Rand) (m *runtime.Model, inputs int, refused error) {
	t.Helper()
	p, faults := lang.Parse("random.rasp", text)
	require.NoError(t, faults.Err(), text)
	d := p.File.Directives
	prediction, fault := p.Prediction(d.Vocab)
	require.Nil(t, fault, text)
	require.NotNil(t, prediction, text)
	options.Prediction = prediction
	m, _, err := compiler.Compile(p, nil, compiler.Domain{Vocab: d.Vocab, Length: d.Length, Causal: d.Causal}, options)
	if err != nil {
		return nil, 0, err
	}
	require.True(t, m.Outputs[0].Next)
	predictor, s := predict.New(prediction, d.Vocab, d.Causal), runtime.NewSession(m)
	compare, err := agree.NewNext(m, m.Outputs[0])
	require.NoError(t, err)
	for _, ids := range someInputs(len(d.Vocab), d.Length, random) {
		input := make([]value.Value, len(ids))
		for i, id := range ids {
			input[i] = d.Vocab[id]
		}
		rows, err := predictor.Run(input)
		if err != nil {
			continue
		}
		inputs++
		logits, err := s.Logits(ids)
		require.NoError(t, err)
		if at := compare.Differ(rows, logits); at >= 0 {
			t.Fatalf("level %d, input %v, position %d: interpreter %v, logits %v\n%s", options.Level, input, at, rows[at],
				logits[(at+1)*len(m.BU):(at+2)*len(m.BU)], text)
		}
	}
	return m, inputs, nil
}

const abc = "#rasp:vocab \"abc\"\n#rasp:length 6\n#rasp:causal\n"

// predicting are programs that predict, of all forms.
var predicting = map[string]string{
	"constant":        "#rasp:output next\nnext = {\"a\": 3, \"c\": 1};",
	"copy":            "#rasp:confidence 1\nx = tokens;",
	"copy, unsure":    "#rasp:confidence 0.75\nx = tokens;",
	"previous":        "#rasp:confidence 0.9\nx = shift(tokens, 1, \"c\");",
	"previous, sure":  "#rasp:confidence 1\nx = shift(tokens, 1, \"c\");",
	"computed":        "#rasp:confidence 0.6\nx = \"a\" if count(tokens, \"b\") > 1 else tokens;",
	"weights":         "next = {\"a\": indices, \"b\": 1 + selector_width(select(tokens, \"a\", ==)), \"c\": 0.25};",
	"zeros":           "next = {\"a\": indicator(tokens == \"b\"), \"b\": indicator(not (tokens == \"b\")), \"c\": indicator(indices > 2)};",
	"means":           "next = {c: aggregate(full_s, indicator(tokens == c)) for c in [\"a\", \"b\", \"c\"]};",
	"means, smoothed": "next = {c: aggregate(full_s, indicator(tokens == c)) + 0.1 for c in [\"a\", \"b\"]};",
	"logits":          "#rasp:logits\nnext = {\"a\": 0.5 * indices - 1, \"b\": -selector_width(select(tokens, \"a\", ==)) / 3, \"c\": 0.7};",
	"masks":           "#rasp:logits\nnext = {\"a\": -1000 if tokens == \"a\" else 0.5, \"b\": -0.3, \"c\": (-1000 if indices > 2 else 0) + (0.2 if tokens == \"b\" else -0.1)};",
	"mean of logits":  "#rasp:logits\nnext = {\"a\": 2 * aggregate(full_s, indicator(tokens == \"a\")), \"b\": 0};",
	"bigram":          "next = lookup({\"a\": {\"b\": 0.7, \"c\": 0.3}, \"b\": {\"a\": 1}}, tokens, 0.01);",
	"bigram, zeros":   "next = lookup({\"a\": {\"b\": 0.7, \"c\": 0.3}, \"b\": {\"a\": 1}, \"c\": {\"c\": 2}}, tokens, 0);",
	"skipping":        "before = shift(tokens, 1, \"\");\nnext = lookup({\"a\": {\"b\": 0.7, \"c\": 0.3}, \"b\": {\"a\": 1}, \"c\": {\"c\": 2}, \"\": {\"a\": 1}}, before, 0);",
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
					_, inputs, refused := predictions(t, text, compiler.Options{Level: level}, rand.New(rand.NewPCG(1, 2)))
					require.NoError(t, refused)
					assert.Greater(t, inputs, 90)
				}
			}
		})
	}
}

var _ = errors.As
var _ = fmt.Sprint
var _ diag.List
