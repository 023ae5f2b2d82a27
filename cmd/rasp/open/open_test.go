package open

import (
	"bytes"
	"compress/gzip"
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/lang"
	"rasp/lang/domain"
	"rasp/lang/value"
	"rasp/runtime/perplexity"
	"rasp/runtime/text"
)

func program(t *testing.T, text string) *lang.Program {
	t.Helper()
	p, faults := lang.Parse("test.rasp", text)
	require.NoError(t, faults.Err())
	return p
}

func compiled(t *testing.T, text string) Compiled {
	t.Helper()
	c, err := Choices{Level: 1}.Compile(program(t, text), nil)
	require.NoError(t, err)
	return c
}

const reversed = "#rasp:vocab \"abc\"\n#rasp:length 4\nreverse = aggregate(select(indices, length - 1 - indices, ==), tokens);\n"

// A model is told by its name or its content, a program by its name or because it
// is ready-made; what is neither has a hint.
func TestFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "model")
	require.NoError(t, compiled(t, reversed).Save(file))
	require.True(t, IsModel(file))
	_, err := Model(file)
	require.NoError(t, err)
	_, faults := Program(file)
	require.ErrorContains(t, faults.Err(), "is a compiled model, not a program")

	for _, name := range ReadyNames() {
		require.False(t, IsModel(name))
		p, faults := Program(name)
		require.NoError(t, faults.Err())
		require.NotNil(t, p)
	}
	_, err = Model("reverse")
	require.ErrorContains(t, err, "reverse is not a compiled model")
	_, faults = Program("revers")
	require.Equal(t, "did you mean reverse?", faults[0].Hint)
	_, faults = Program("library")
	require.ErrorContains(t, faults.Err(), "could not find file", "which is no program")
}

// A model that is packed is told, whatever its name.
func TestPackedModel(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "model")
	require.NoError(t, compiled(t, reversed).Save(file))
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err = w.Write(content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	for _, name := range []string{"m.safetensors.gz", "m.safetensors"} {
		file := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(file, packed.Bytes(), 0o644))
		_, err := Model(file)
		require.ErrorContains(t, err, name+" is packed")
		_, faults := Program(file)
		require.ErrorContains(t, faults.Err(), "is a compiled model, not a program")
	}
}

func TestChoicesOverrideDirectives(t *testing.T) {
	p, causal := program(t, reversed), true
	d, err := Choices{Length: 7, Causal: &causal}.Domain(p)
	require.NoError(t, err)
	require.Equal(t, []int{3, 7}, []int{len(d.Vocab), d.Length})
	require.True(t, d.Causal)
	_, err = Choices{}.Domain(program(t, "x = tokens;"))
	require.ErrorContains(t, err, "a model needs a vocabulary")
	require.ErrorContains(t, err, "a model needs the length")
	_, err = Choices{}.Compile(p, []string{"missing"})
	require.ErrorContains(t, err, "missing")
}

// ran is what a runner says of inputs, a line each.
func ran(t *testing.T, r Runner, inputs ...string) (lines []string) {
	t.Helper()
	given := make([]Given, len(inputs))
	for n, from := range inputs {
		given[n].Read(from, r.Vocabulary())
	}
	require.NoError(t, r.Run(given, func(n int, results []Result, err error) error {
		require.Len(t, lines, n, "in order")
		if err != nil {
			lines = append(lines, err.Error())
			return nil
		}
		require.Len(t, results, 1)
		lines = append(lines, string(results[0].AppendSequence(nil)))
		if results[0].Differs() {
			lines[n] += " differs"
		}
		return nil
	}))
	return lines
}

// The interpreter, the model and both give the same results in the order of the
// inputs, and what the model refuses has its fault in its place.
func TestRunners(t *testing.T) {
	c := compiled(t, reversed)
	engine, err := Device{}.Engine(c.Model, 1)
	require.NoError(t, err)
	loaded, err := Loaded(c.Model, "", engine)
	require.NoError(t, err)
	compared, err := Compared(c.Model, c.Outputs, engine)
	require.NoError(t, err)
	interpreted := Interpreted(c.Outputs, domain.Domain{})
	want := []string{"[b, a] (strings)", "[c, b, a] (strings)"}
	for _, r := range []Runner{interpreted, loaded, compared} {
		require.Equal(t, []string{"reverse"}, r.Names())
		require.Equal(t, want, ran(t, r, "ab", "abc"))
	}
	for _, r := range []Runner{loaded, compared} {
		lines := ran(t, r, "abcab", "ab", "az", "c", "")
		require.Contains(t, lines[0], "the model takes at most 4")
		require.Equal(t, want[0], lines[1])
		require.Contains(t, lines[2], `string "z" (position 1) is not in the vocabulary`)
		require.Equal(t, "[c] (strings)", lines[3])
		require.Contains(t, lines[4], "the input is empty")
	}
	_, err = Loaded(c.Model, "revers", engine)
	require.ErrorContains(t, err, "the model has no output revers")

	for i, class := range c.Model.Outputs[0].Classes {
		if class == `"b"` {
			c.Model.Outputs[0].Classes[i] = `"c"`
		}
	}
	wrong, err := Compared(c.Model, c.Outputs, engine)
	require.NoError(t, err)
	require.Equal(t, []string{"[b, a] (strings) differs", "[a] (strings)"}, ran(t, wrong, "ab", "a"))
}

// A program and its model say the same of a text.
func TestPredictors(t *testing.T) {
	const weights = "#rasp:vocab \"ab\"\n#rasp:length 8\n#rasp:causal\nnext = {\"a\": 1, \"b\": 3 * indicator(tokens == \"a\")};\n"
	c := compiled(t, weights)
	interpreted, err := Interpret(program(t, weights), nil, Choices{}, "", 2)
	require.NoError(t, err)
	predicted, err := Predict(c.Model, "", Device{}, "", 1)
	require.NoError(t, err)
	var results []perplexity.Result
	for _, p := range []*Predictor{interpreted, predicted} {
		r, err := perplexity.Measure(context.Background(), strings.NewReader("abaaabaaaaabaa"), p.Vocabulary.Vocabulary, p,
			perplexity.Options{Longest: p.Longest}, nil)
		require.NoError(t, err)
		results = append(results, r)
	}
	require.Equal(t, 13, results[0].Tokens)
	require.InEpsilon(t, results[0].Log, results[1].Log, 1e-5)

	within := c.Model.Certificate.Within[0]
	require.Positive(t, within)
	for _, ids := range [][]int{{0}, {1}, {0, 1}, {1, 0, 0}, {0, 0, 0, 0, 0, 0, 0, 1}} {
		want, err := interpreted.Next(ids)
		require.NoError(t, err)
		got, err := predicted.Next(ids)
		require.NoError(t, err)
		for id := range want {
			require.InDelta(t, math.Exp(want[id]), math.Exp(got[id]), within*math.Exp(want[id]), "%v: %d", ids, id)
		}
	}

	_, err = Interpret(program(t, reversed), nil, Choices{}, "", 1)
	require.ErrorContains(t, err, "the program is not causal")
	_, err = Predict(compiled(t, reversed).Model, "", Device{}, "", 1)
	require.ErrorContains(t, err, "the model is bidirectional")
}

func TestPrompt(t *testing.T) {
	tokens := []value.Value{value.OfString("<s>"), value.OfString("the"), value.OfString("cat"), value.OfInt(1)}
	texts, err := NewTexts(tokens, "")
	require.NoError(t, err)
	require.Equal(t, text.Words, texts.Split)
	for _, from := range []string{"the cat 1", `["<s>", "the", "cat", 1]`} {
		p, err := texts.Prompt(from)
		require.NoError(t, err)
		require.Equal(t, Prompt{IDs: []int{0, 1, 2, 3}}, p, from)
	}
	_, err = texts.Prompt("the\n dog")
	var placed *Placed
	require.ErrorAs(t, err, &placed)
	require.Equal(t, []int{2, 2}, []int{placed.Line, placed.Col})
	_, err = texts.Prompt(`["the", "1"]`)
	require.ErrorContains(t, err, `string "1" (position 1) is not in the vocabulary`)
}

// The package reads files and knows programs and models, but no flags.
func TestOpenKnowsNoFlags(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range files {
		content, err := os.ReadFile(name)
		require.NoError(t, err)
		require.NotContains(t, string(content), "spf13"+"/", name)
	}
}
