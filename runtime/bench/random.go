package bench

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"

	"rasp/runtime/model"
)

// Random makes a dense causal model of the shape: uniform weights, so small that
// activations keep their size; a token for each number below vocab, and logits
// for all of them.
func Random(c model.Config, vocab int, seed uint64) (*model.Model, error) {
	m := &model.Model{Config: c, Blocks: make([]model.Block, c.Layers)}
	for id := range vocab {
		m.Vocab = append(m.Vocab, model.Token(strconv.Itoa(id)))
	}
	m.Outputs = []model.Output{{Name: "next", Classes: m.Vocab}}
	if most := int64(math.MaxInt32); int64(vocab)*int64(c.DModel) > most || int64(c.DMLP)*int64(c.DModel) > most {
		return nil, fmt.Errorf("a matrix has more than 2^31 weights")
	}
	r := rand.New(rand.NewPCG(seed, 0))
	weights := func(in, out int) model.Matrix { return model.Dense(in, out, uniform(r, in*out, in)) }
	// A head reads d_model numbers, whatever the shape in which all heads are stored.
	heads := func() model.Matrix {
		return model.Dense(c.Heads*c.DModel, c.DHead, uniform(r, c.Heads*c.DModel*c.DHead, c.DModel))
	}
	m.WE, m.WPos = weights(vocab+1, c.DModel), weights(c.NCtx, c.DModel)
	m.WU, m.BU = weights(c.DModel, vocab), make([]float32, vocab)
	wide := c.Heads * c.DHead
	for l := range m.Blocks {
		m.Blocks[l] = model.Block{
			WQ: heads(), WK: heads(), WV: heads(), WO: weights(wide, c.DModel),
			BQ: make([]float32, wide), BK: make([]float32, wide), BV: make([]float32, wide), BO: make([]float32, c.DModel),
			WIn: weights(c.DModel, c.DMLP), BIn: make([]float32, c.DMLP),
			WOut: weights(c.DMLP, c.DModel), BOut: make([]float32, c.DModel),
		}
	}
	return m, m.Validate()
}

// uniform are n numbers whose variance is 1/in; none is 0.
func uniform(r *rand.Rand, n, in int) []float32 {
	list := make([]float32, n)
	scale := float32(math.Sqrt(3/float64(max(in, 1)))) / (1 << 31)
	for i := range list {
		list[i] = scale * (float32(int32(r.Uint32())) + 0.5)
	}
	return list
}
