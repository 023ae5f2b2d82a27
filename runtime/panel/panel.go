// Package panel has the kernels for transformers whose weights are mostly zeros.
//
// A panel holds activations feature by feature: row f is feature f at all
// positions, so that a weight w_ij, which takes feature i to feature j, is one
// operation on vectors however few its neighbours are:
//
//	y_j[all positions] += w_ij * x_i[all positions]
//
// A dense product of this shape does the same work for a zero as for any other
// weight, a sparse one none, and there is nothing to gather: the vectors are
// long and lie contiguous. So a sparse matrix runs at the rate of a dense one,
// divided by the share of its weights that are not zero.
//
//	panel.go      Panel, the memory of activations
//	sparse.go     y = x W + b for W with many zeros
//	position.go   activations of a single position, and which of them are not 0
//	alone.go      y = x W + b for a single position of which little is not 0
//	attend.go     softmax attention of one head, 16 queries at a time; half256_amd64.s has up to 8,
//	              half512_amd64.s their scores with many keys
//	company_*.go  the same for 64, two by two vectors, where keys and values are many
//	vector.go     x W for a single position and all weights
//	largest.go    which row is the largest of a position
//	kernels.go    plain Go for every kernel, the reference and the fallback
//	*_amd64.*     the same in assembly: AVX-512 and AVX2, chosen at run time; attend* and
//	              company* have attention, avx* products and what all of them need
//
// The kernels read whole vectors, past the end of a row, where that is simpler;
// what they read there has no effect, and New leaves room for it. They never
// write there, so goroutines may share a panel if they write different
// positions.
package panel

// Lanes is how many queries attention takes at once.
const Lanes = 16

// tile is how many positions a sparse product takes at once: four vectors of
// 512 bits, enough sums in flight to hide the latency of an addition.
const tile = 64

// spare rows at the end let kernels read rows in groups of eight.
const spare = 7

// Panel is [features, positions] of float32. Row f starts at Data[f*Stride].
type Panel struct {
	Data   []float32
	Stride int
}

// New makes a panel of zeros. The rows are an odd number of cache lines apart,
// so that those of one position do not compete for the same set of the cache.
func New(features, positions int) Panel {
	const line = 16 // float32
	lines := (positions+line-1)/line | 1
	return Panel{make([]float32, (features+spare)*lines*line+tile), lines * line}
}

// Row is feature f from position 0 to the end of the row.
func (p Panel) Row(f int) []float32 { return p.Data[f*p.Stride : (f+1)*p.Stride] }

// From is the panel without its first positions.
func (p Panel) From(position int) Panel { return Panel{p.Data[position:], p.Stride} }

// Rows is the panel without its first features.
func (p Panel) Rows(f int) Panel { return Panel{p.Data[f*p.Stride:], p.Stride} }
