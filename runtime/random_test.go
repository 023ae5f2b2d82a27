package runtime

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// blank makes a valid model of zeros: tokens "t0", "t1", ... and one categorical
// and one numeric output.
func blank(c Config, vocab int) *Model {
	m := &Model{Config: c, Blocks: make([]Block, c.Layers)}
	for i := range vocab {
		m.Vocab = append(m.Vocab, Token(fmt.Sprintf(`"t%d"`, i)))
	}
	m.Outputs = []Output{
		{Name: "class", Column: 0, Classes: []Token{`"x"`, "1", "2.5", "true"}},
		{Name: "value", Column: 4},
	}
	for _, t := range m.tensors() {
		*t.data = make([]float32, elements(t.shape))
	}
	return m
}

// random is blank with normal weights, small enough that no attention pattern
// becomes hard; the part zeros of them stay 0.
func random(c Config, vocab int, zeros float64, seed uint64) *Model {
	m := blank(c, vocab)
	rng := rand.New(rand.NewPCG(seed, 1))
	deviation := 1 / math.Sqrt(float64(c.DModel+1))
	for _, t := range m.tensors() {
		for i := range *t.data {
			if rng.Float64() >= zeros {
				(*t.data)[i] = float32(deviation * rng.NormFloat64())
			}
		}
	}
	return m
}

func randomInput(m *Model, length int, seed uint64) []int {
	rng := rand.New(rand.NewPCG(seed, 2))
	input := make([]int, length)
	for i := range input {
		input[i] = rng.IntN(len(m.Vocab))
	}
	return input
}

// tiny is a small random model with every kind of metadata.
func tiny(seed uint64) *Model {
	m := random(Config{Layers: 2, Heads: 2, DModel: 5, DHead: 3, DMLP: 4, NCtx: 7, Causal: true}, 3, 0.3, seed)
	m.Source = "#rasp:vocab \"abc\"\nx = select(tokens, \"é\", <);\n"
	label := Label{What: "tokens bit 0 < 1", Name: "x", Line: 2, Col: 1}
	m.Provenance.Dims = []Label{label, {}, {}, {}, {What: "BOS"}}
	m.Provenance.Heads = [][]Label{{label, {}}, {{}, {What: "off"}}}
	m.Provenance.Neurons = [][]Label{{{}, {}, {}, label}, {{}, {}, {}, {}}}
	m.Certificate = Certificate{Exact: true, Length: 6, Claim: "exact", Checks: 3, Slack: 1.1, Worst: "x"}
	return m
}
