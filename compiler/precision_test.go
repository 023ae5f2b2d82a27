package compiler

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/compiler/facts/factstest"
	"rasp/compiler/verify"
	"rasp/lang"
	"rasp/lang/domain"
	"rasp/lang/golden"
	"rasp/lang/graph"
	"rasp/runtime"
	"rasp/runtime/model"
)

// inFloat64 runs a model in float64.
type inFloat64 struct{ *model.Model }

func (m inFloat64) Each(batch [][]int, visit func(input, position int, logits []float32)) error {
	for k, ids := range batch {
		_, logits := forward(m.Model, ids, forwards[float64])
		for p, row := range logits {
			read := make([]float32, len(row))
			for i, x := range row {
				read[i] = float32(x)
			}
			visit(k, p, read)
		}
	}
	return nil
}

func (m inFloat64) Run(batch [][]int) ([][][]model.Token, error) {
	return answersOf(m.Model, batch, m.Each)
}

// answersOf are the outputs of a batch, by the logits that each shows.
func answersOf(m *model.Model, batch [][]int, each func([][]int, runtime.Visit) error) ([][][]model.Token, error) {
	answers := make([][][]model.Token, len(batch))
	for k := range answers {
		answers[k] = make([][]model.Token, len(m.Outputs))
	}
	return answers, each(batch, func(input, position int, logits []float32) {
		for i, o := range m.Outputs {
			if position > 0 {
				answers[input][i] = append(answers[input][i], o.Decode(logits))
			}
		}
	})
}

// imprecise is a program whose probabilities float64 gives to 2e-4: where they are masked
// by a score of a count, nothing rounds between the two.
const imprecise = "brackets.rasp"

// TestFloat64: a model is right in float64 too, on all short inputs and random ones: those
// of the ready programs at all levels, those of golden programs at level 1.
func TestFloat64(t *testing.T) {
	eachChunk(t, func(t *testing.T, c *golden.Chunk, ready bool) {
		for level := range 3 {
			if level == 1 || !testing.Short() && ready {
				checkFloat64(t, c, level)
			}
		}
	})
}

// eachChunk goes through the programs that say for which inputs they are; ready tells those of
// the library.
func eachChunk(t *testing.T, f func(t *testing.T, c *golden.Chunk, ready bool)) {
	for _, path := range domainPrograms(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(path)
			require.NoError(t, err)
			chunks, err := golden.Read(path, string(data))
			require.NoError(t, err)
			for _, c := range chunks {
				f(t, c, filepath.Base(filepath.Dir(path)) == "stdlib")
			}
		})
	}
}

// domainPrograms are the files of programs that say for which inputs they are.
func domainPrograms(t *testing.T) []string {
	var files []string
	for _, pattern := range []string{"../stdlib/*.rasp", "../testdata/compile/*.rasp"} {
		found, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, found)
		files = append(files, found...)
	}
	return files
}

// compiledChunk is the model of a chunk, its outputs and inputs to try: short ones and random
// ones. It is nil if there is none: what must be refused is said elsewhere. A length of 0 is that
// of the program.
func compiledChunk(chunk *golden.Chunk, level, length int) (m *model.Model, outputs []graph.Output, batch [][]int) {
	program, faults := lang.Parse(chunk.File, chunk.Text)
	d, fault := program.Domain()
	outputs, missing := program.Outputs(nil, d.Vocab)
	if faults.Err() != nil || fault != nil || missing != nil || d.Vocab == nil || d.Length == 0 {
		return nil, nil, nil
	}
	if length > 0 {
		d.Length = length
	}
	m, _, err := Compile(outputs, d, Options{Level: level, Engine: onCPU})
	if err != nil {
		return nil, nil, nil
	}
	full := domain.Domain{Vocab: d.Vocab, Length: d.Length, Causal: d.Causal, Form: d.Form}
	_, first := full.UpTo(factstest.Often(40))
	tried := domain.Inputs{Domain: full, First: first, Random: factstest.Often(16), Seed: 1}
	batch = make([][]int, tried.Len())
	for k := range batch {
		batch[k] = tried.IDs(k, nil)
	}
	return m, outputs, batch
}

func checkFloat64(t *testing.T, chunk *golden.Chunk, level int) {
	t.Helper()
	m, outputs, batch := compiledChunk(chunk, level, 0)
	if m == nil {
		return
	}
	if total, _ := m.Parameters(); total > 1<<17 {
		return // the plain forward pass is slow
	}
	c, err := verify.NewComparer(m, outputs, inFloat64{m})
	require.NoError(t, err)
	wrong := 0
	err = c.Compare(batch, func(_ int, pairs []verify.Pair, fault error) error {
		if fault == nil && verify.Wrong(pairs) >= 0 {
			wrong++
		}
		return nil
	})
	require.NoError(t, err)
	t.Logf("%s:%d, level %d: certified in %v", chunk.File, chunk.Line, level, m.Certificate.Precisions)
	if wrong > 0 && filepath.Base(chunk.File) == imprecise {
		require.Equal(t, []string{"float32"}, m.Certificate.Precisions)
	} else if wrong > 0 {
		t.Errorf("%s:%d, level %d: wrong in float64 on %d of %d inputs", chunk.File, chunk.Line, level, wrong, len(batch))
	}
}
