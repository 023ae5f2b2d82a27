package panel

// Cut is where scores lie so far below the largest that their weight is taken as exactly
// 0. exp(-87) is just above 2^-126, below which float32 has no normal numbers: beside a
// weight of 1 they are nothing, and products with them take many times as long.
const Cut = -87

// company is how many vectors of queries go over the keys together.
const company = 4

// blockKeys is of how many keys the weights are computed before they are used: those of 32
// queries, 16 KB, stay in the first-level cache.
const blockKeys = 128

// Head is attention of one head over a run of queries of one sequence.
type Head struct {
	Q, K Panel // [Dims, ...]: queries and keys
	V, Z Panel // [Values, ...]: values and what becomes of them

	Dims, Values int
	Queries      int // positions of Q and Z to compute, from 0
	Keys         int // positions of K and V to attend to, from 0
	// Past is the key that the first query of a causal model sees last: query i
	// sees keys 0 to Past+i. Every query sees all keys if it is not less than
	// Keys.
	Past int
	// Single says how many of the last queries are computed one by one.
	Single int
}

// few queries are faster one by one than as some of the lanes of a vector:
// BenchmarkFew.
const few = 3

// Single is how many of the last queries of a sequence are better computed one by
// one. It depends on the length of the sequence alone, so that a result does not
// depend, not even in its rounding, on how a sequence is cut into tiles.
func Single(queries int) int {
	if rest := queries % Lanes; rest <= few {
		return rest
	}
	return 0
}

// Scratch is the memory that attention needs; it grows to the most keys seen.
type Scratch struct {
	scores []float32 // [company, keys, Lanes], or [company/2, keys, 2 Lanes]
	live   []int32   // keys with a weight that is not 0
	query  []float32 // one query, or a company of them [company/2, dims, 2 Lanes]
	sums   []float32 // [values, Lanes], or [company/2, values, 2 Lanes]
}

// reserve makes room for some queries of a head.
func (s *Scratch) reserve(h *Head) {
	if keys := (h.Keys + tile - 1) / tile * tile; len(s.live) < keys {
		keys = max(keys, 2*len(s.live))
		s.scores, s.live = make([]float32, company*keys*Lanes), make([]int32, keys)
	}
	s.query = atLeast(s.query, h.Dims*company*Lanes)
	s.sums = atLeast(s.sums, company*Lanes*((h.Values+15)/16*16))
}

// atLeast is list, or if that is shorter, another of n numbers.
func atLeast(list []float32, n int) []float32 {
	if len(list) < n {
		return make([]float32, n)
	}
	return list
}

// position copies position i of some features.
func (s *Scratch) position(p Panel, i, features int) []float32 {
	for f := range features {
		s.query[f] = p.Data[f*p.Stride+i]
	}
	return s.query[:features]
}

// Attend computes, for each query i,
//
//	Z_i = (sum_j e_ij V_j) / (sum_j e_ij),  e_ij = exp(Q_i . K_j - max_j Q_i . K_j)
//
// over the keys j that it sees. The numerator and the denominator are summed
// apart and divided once; e is exactly 1 for the largest score and exactly 0 for
// those at Cut or more below it, which then cost nothing further.
func Attend(h *Head, s *Scratch) {
	s.reserve(h)
	vectors := h.Queries - h.Single
	for i := 0; i < vectors; {
		i += attend(h, s, i, vectors-i)
	}
	for i := vectors; i < h.Queries; i++ {
		query(h, s, i)
	}
}

// lanes are n queries of a head from one on: how many keys each sees, 0 for lanes
// that are none, then the keys that all lanes and that some see.
func (h *Head) lanes(from, n int, visible []int32) (all, some int) {
	clear(visible[n:])
	for l := range n {
		some = min(h.Past+from+l+1, h.Keys)
		visible[l] = int32(some)
	}
	if n == len(visible) {
		all = int(visible[0])
	}
	return all, some
}
