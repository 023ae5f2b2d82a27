package scaling

import (
	"rasp/runtime/model"
)

// Ledger is what a model is made of and what it costs to run.
type Ledger struct {
	Parameters int `json:"parameters"` // all weights and biases
	Embedding  int `json:"embedding"`  // those of tokens and positions
	Body       int `json:"body"`       // those of the layers
	Unembed    int `json:"unembedding"`
	Nonzero    int `json:"nonzero"`
	// FLOPs of the forward pass for one token at the end of the longest input:
	// two for each weight that is multiplied, and four for each position and
	// dimension of a head that attention looks at.
	FLOPs          int `json:"flops_per_token"`
	AttentionFLOPs int `json:"attention_flops_per_token"` // the part that grows with the length
	NonzeroFLOPs   int `json:"nonzero_flops_per_token"`   // if zeros are skipped
	// TrainingFLOPs a token, 6N.
	TrainingFLOPs int `json:"training_flops_per_token"`
	// KVBytes is the KV cache: keys and values of one position, float32.
	KVBytes     int `json:"kv_cache_bytes_per_token"`
	Context     int `json:"context"` // positions, BOS included
	WeightBytes int `json:"weight_bytes"`
}

// NewLedger counts.
func NewLedger(m *model.Model) Ledger {
	c := m.Config
	l := Ledger{Context: c.NCtx, Embedding: m.WE.Len() + m.WPos.Len(), Unembed: m.WU.Len() + len(m.BU)}
	l.Parameters, l.Nonzero = m.Parameters()
	l.Body = l.Parameters - l.Embedding - l.Unembed
	width := c.Layers * c.Heads * c.DHead
	l.AttentionFLOPs = 4 * width * c.NCtx
	products, used := m.WU.Len(), m.WU.Nonzero()
	for _, b := range m.Blocks {
		for _, w := range []model.Matrix{b.WQ, b.WK, b.WV, b.WO, b.WIn, b.WOut} {
			products += w.Len()
			used += w.Nonzero()
		}
	}
	l.FLOPs = 2*products + l.AttentionFLOPs
	l.NonzeroFLOPs = 2*used + l.AttentionFLOPs
	l.TrainingFLOPs = 6 * l.Parameters
	l.KVBytes = 2 * 4 * width
	l.WeightBytes = 4 * l.Parameters
	return l
}

// Roofline is the least time that a token can take on a machine: that of its
// arithmetic, or that of reading weights and KV cache, whichever is longer
// (Williams, Waterman and Patterson 2009).
type Roofline struct {
	GFLOPs float64 `json:"gflops"` // 10^9 operations a second
	GBytes float64 `json:"gbytes"` // 10^9 bytes a second
	// Decode is seconds a token at the end of the longest input, for which all
	// weights and the cache of all positions are read. Batch is seconds a token of
	// a batch so large that reading the weights costs nothing.
	Decode float64 `json:"decode_seconds_per_token"`
	Batch  float64 `json:"batch_seconds_per_token"`
}

// Roofline on a machine of so many 10^9 operations and bytes a second.
func (l Ledger) Roofline(gflops, gbytes float64) Roofline {
	arithmetic := float64(l.FLOPs) / gflops / 1e9
	memory := float64(l.WeightBytes+l.KVBytes*l.Context) / gbytes / 1e9
	return Roofline{gflops, gbytes, max(arithmetic, memory), arithmetic}
}

// MemoryBound says that a decoded token waits for memory.
func (r Roofline) MemoryBound() bool { return r.Decode > r.Batch }
