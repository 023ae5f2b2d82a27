// Package modeltest makes models for tests: valid ones of zeros, or of random
// weights.
package modeltest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"rasp/runtime/model"
)

// Blank makes a valid model of zeros: tokens "t0", "t1", ... and one categorical
// and one numeric output.
func Blank(c model.Config, vocab int) *model.Model {
	m := &model.Model{Config: c, Blocks: make([]model.Block, c.Layers)}
	for i := range vocab {
		m.Vocab = append(m.Vocab, model.Token(fmt.Sprintf(`"t%d"`, i)))
	}
	m.Outputs = []model.Output{
		{Name: "class", Column: 0, Classes: []model.Token{`"x"`, "1", "2.5", "true"}},
		{Name: "value", Column: 4},
	}
	for _, t := range m.Tensors() {
		t.Set(make([]float32, t.Elements()))
	}
	return m
}

// Random is Blank with normal weights, small enough that no attention pattern
// becomes hard; the part zeros of them stay 0.
func Random(c model.Config, vocab int, zeros float64, seed uint64) *model.Model {
	m := Blank(c, vocab)
	rng := rand.New(rand.NewPCG(seed, 1))
	deviation := 1 / math.Sqrt(float64(c.DModel+1))
	for _, t := range m.Tensors() {
		weights := t.Floats()
		for i := range weights {
			if rng.Float64() >= zeros {
				weights[i] = float32(deviation * rng.NormFloat64())
			}
		}
		t.Set(weights)
	}
	return m
}

// Input has a length of random tokens of a model.
func Input(m *model.Model, length int, seed uint64) []int {
	rng := rand.New(rand.NewPCG(seed, 2))
	input := make([]int, length)
	for i := range input {
		input[i] = rng.IntN(len(m.Vocab))
	}
	return input
}

// Tiny is a small random model with every kind of metadata.
func Tiny(seed uint64) *model.Model {
	m := Random(model.Config{Layers: 2, Heads: 2, DModel: 5, DHead: 3, DMLP: 4, NCtx: 7, Causal: true}, 3, 0.3, seed)
	m.Source = "#rasp:vocab \"abc\"\nx = select(tokens, \"é\", <);\n"
	m.Witness = `{"version":1,"text":3}`
	label := model.Label{What: "tokens bit 0 < 1", Name: "x", Line: 2, Col: 1}
	m.Provenance.Dims = []model.Label{label, {}, {}, {}, {What: "BOS"}}
	m.Provenance.Heads = [][]model.Label{{label, {}}, {{}, {What: "off"}}}
	m.Provenance.Neurons = [][]model.Label{{{}, {}, {}, label}, {{}, {}, {}, {}}}
	m.Certificate = model.Certificate{Exact: true, Length: 6, Claim: "exact", Checks: 3, Slack: 1.1, Worst: "x"}
	return m
}

// Change makes change to the elements of a matrix, row-major.
func Change(m *model.Matrix, change func(weights []float32)) {
	rows, cols := m.Size()
	weights := slices.Clone(m.Floats())
	change(weights)
	*m = model.Dense(rows, cols, weights)
}

// Set sets the weight of a matrix at a place in row-major order.
func Set(m *model.Matrix, place int, weight float32) {
	Change(m, func(weights []float32) { weights[place] = weight })
}
