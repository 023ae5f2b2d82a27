package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"

	"rasp/cmd/rasp/open"
	"rasp/runtime"
	"rasp/runtime/generate"
	"rasp/runtime/model"
	"rasp/runtime/next"
)

// bigram is a model of the characters abc whose residual stream is a one-hot of the
// token, and whose unembedding is a table of logits [token][next].
func bigram(table [3][3]float32) *model.Model {
	const v, length = 3, 16
	m := &model.Model{Config: model.Config{DModel: v, NCtx: length + 1, Causal: true}, Vocab: []model.Token{`"a"`, `"b"`, `"c"`}}
	m.Outputs = []model.Output{{Name: "next", Classes: m.Vocab, Next: true}}
	tokens := model.NewBuilder(v+1, v)
	for i := range table {
		tokens.Add(i, i, 1)
	}
	m.WE, m.WPos, m.BU = tokens.Matrix(), model.NewBuilder(length+1, v).Matrix(), make([]float32, v)
	m.WU = model.Dense(v, v, slices.Concat(table[0][:], table[1][:], table[2][:]))
	return m
}

func save(t testing.TB, m *model.Model) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "model.safetensors")
	require.NoError(t, m.Save(file))
	return file
}

// How often each token follows upon each in 100,000 generated ones is what the
// model says, as it is and with top-k.
func TestGeneratedFrequencies(t *testing.T) {
	table := [3][3]float32{{0, 1, 2}, {1, -1, 0.5}, {0.3, -2000, 0}}
	file := save(t, bigram(table))
	for _, top := range []int{0, 2} {
		status, stdout, stderr := executed(context.Background(), nil, "generate", file, "--prompt", "a",
			"--tokens", "100000", "--at-end", "slide", "--top-k", fmt.Sprint(top))
		require.Zero(t, status, stderr)
		text := strings.TrimSuffix(stdout, "\n")
		require.Len(t, text, 100_001)
		for from := range table {
			testFollowers(t, text, byte('a'+from), table[from], top)
		}
	}
}

func testFollowers(t *testing.T, text string, from byte, logits [3]float32, top int) {
	t.Helper()
	count, n := map[byte]float64{}, 0.0
	for i := range len(text) - 1 {
		if text[i] == from {
			count[text[i+1]]++
			n++
		}
	}
	least := min(logits[0], logits[1], logits[2])
	sum := 0.0
	for _, l := range logits {
		if top != 2 || l > least {
			sum += math.Exp(float64(l))
		}
	}
	square, cells := 0.0, 0
	for to, l := range logits {
		want := n * math.Exp(float64(l)) / sum
		if top == 2 && l == least || want == 0 {
			require.Zero(t, count[byte('a'+to)], "%c after %c", 'a'+to, from)
			continue
		}
		square += (count[byte('a'+to)] - want) * (count[byte('a'+to)] - want) / want
		cells++
	}
	chance := distuv.ChiSquared{K: float64(cells - 1)}.Survival(square)
	require.Greater(t, chance, 1e-4, "after %c: %v", from, count)
}

func TestGenerateIsReproducible(t *testing.T) {
	file := save(t, bigram([3][3]float32{{0, 1, 2}, {1, -1, 0.5}, {0.3, 0, 0}}))
	generate := func(args ...string) string {
		status, stdout, stderr := executed(context.Background(), nil, append([]string{"generate", file, "--prompt", "a"}, args...)...)
		require.Zero(t, status, stderr)
		return stdout
	}
	first := generate("--samples", "2")
	require.Equal(t, first, generate("--samples", "2"))
	require.Equal(t, first, generate("--samples", "2", "--threads", "1"))
	require.NotEqual(t, first, generate("--samples", "2", "--seed", "2"))
	lines := strings.Split(first, "\n")
	require.NotEqual(t, lines[0], lines[1])
	require.Equal(t, lines[0]+"\n", generate())
	require.Equal(t, generate("--temperature", "0"), generate("--top-k", "1"))
	require.Equal(t, generate("--temperature", "0"), generate("--top-p", "0.001"))
}

// Sliding goes on from the newest half of the length; without it the text ends
// there. The model counts: after three tokens comes "c", else "a".
func TestSlide(t *testing.T) {
	m := bigram([3][3]float32{})
	m.NCtx = 5
	positions := model.NewBuilder(5, 3)
	for position := range 5 {
		positions.Add(position, 2, 1) // dims: 2 always, 0 and 1 unused but at position 3
	}
	positions.Add(3, 0, 1)
	m.WE, m.WPos = model.NewBuilder(4, 3).Matrix(), positions.Matrix()
	m.WU = model.Dense(3, 3, []float32{0, 0, 5, 0, 0, 0, 1, 0, 0}) // position 3: c 5, a 1; else a 1
	file := save(t, m)
	_, stdout, _ := executed(context.Background(), nil, "generate", file, "--prompt", "b", "--temperature", "0", "--tokens", "11", "--at-end", "slide")
	// bacaa: four are read; of "bacaa" the newest 2+1 are left, "aca" and so on.
	assert.Equal(t, slided(4, 11), stdout)
	_, stdout, _ = executed(context.Background(), nil, "generate", file, "--prompt", "b", "--temperature", "0", "--tokens", "11")
	assert.Equal(t, slided(4, 4), stdout)
}

// slided is what the model of TestSlide writes after "b".
func slided(length, tokens int) string {
	text, read := "b", 1
	for range tokens {
		next := "a"
		if read == 3 {
			next = "c"
		}
		text += next
		if read++; read > length {
			read = length/2 + 1
		}
	}
	return text + "\n"
}

// writes records what is written, one by one, and ends a context after some.
type writes struct {
	list   []string
	after  int
	cancel func()
}

func (w *writes) Write(p []byte) (int, error) {
	if w.list = append(w.list, string(p)); len(w.list) == w.after {
		w.cancel()
	}
	return len(p), nil
}

func TestGenerateStreamsAndStops(t *testing.T) {
	file := save(t, bigram([3][3]float32{{0, 9, 0}, {9, 0, 0}, {}}))
	ctx, cancel := context.WithCancel(context.Background())
	out := &writes{after: 3, cancel: cancel}
	var stderr bytes.Buffer
	status := execute(ctx, []string{"generate", file, "--prompt", "ba", "--temperature", "0", "--tokens", "1000000000", "--at-end", "slide"}, nil, out, &stderr)
	assert.Equal(t, statusInterrupted, status)
	require.GreaterOrEqual(t, len(out.list), 3)
	assert.Equal(t, "ba", out.list[0], "the prompt, at once")
	assert.Regexp(t, "^(ba)+b?\n$", strings.Join(out.list, ""))
	assert.Equal(t, "rasp: interrupted\n", stderr.String())
	assert.Equal(t, 1, execute(context.Background(), []string{"generate", file, "--prompt", "a"}, nil, full{}, &stderr))
}

// BenchmarkGenerate writes text with a model of one layer, token by token.
func BenchmarkGenerate(b *testing.B) {
	folder := b.TempDir()
	program, file := filepath.Join(folder, "p.rasp"), filepath.Join(folder, "p.safetensors")
	const text = "#rasp:vocab \"abcdefghijklmnopqrstuvwxyz\"\n#rasp:length 64\n#rasp:causal\n" +
		"next = aggregate(select(indices, indices - 3, ==), tokens, \"a\");\n"
	require.NoError(b, os.WriteFile(program, []byte(text), 0o644))
	status, _, stderr := executed(context.Background(), nil, "compile", program, "-o", file)
	require.Zero(b, status, stderr)
	model, err := model.Load(file)
	require.NoError(b, err)
	prediction, err := next.Find(model, "")
	require.NoError(b, err)
	t, err := open.TextsOf(model, "")
	require.NoError(b, err)
	g := generate.Text{Engine: runtime.NewSession(model), Prompt: []int{1}, Longest: model.NCtx - 1, Slide: true, Most: b.N}
	g.Sampler = prediction.Sampler(next.Choice{Temperature: 1, TopP: 1}, 1, 1)
	b.ResetTimer()
	_, _, err = g.Write(context.Background(), func(id int) error {
		_, err := io.WriteString(io.Discard, t.Join(t.Split, "x", id))
		return err
	})
	require.NoError(b, err)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tokens/s")
}
