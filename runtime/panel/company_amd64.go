//go:build !noasm

package panel

import (
	"math"

	"rasp/runtime/internal/machine"
)

// beyondL2 is how many numbers of keys and values no second-level cache holds.
const beyondL2 = 1 << 19

// scoredDims is of how many dims a block of keys is scored at once. Each row of keys is in another page,
// of which the first level of an Intel (Golden Cove) knows 96: 128 dims by halves are 5 % faster.
var scoredDims = func() int {
	if machine.Wide() {
		return 64
	}
	return math.MaxInt32
}()

// pairArgs is what the kernels for two vectors of queries work on, one block of keys after
// the other; strides are in bytes.
type pairArgs struct {
	q, k, v, z                *float32 // q is [dims, 2 Lanes]
	kStride, vStride, zStride int
	dims, values              int
	dim, dimTo                int      // the dims that scores512 takes
	all, keys                 int      // keys that every query sees, that one does
	from, to                  int      // the block
	scores                    *float32 // [keys, 2 Lanes]; of a block then the weights [lives, 2 Lanes]
	sums                      *float32 // [values, 2 Lanes]
	live                      *int32   // keys of the block that some query weighs
	stored                    int      // how many lanes are queries
	far                       int      // 1 if sums256 had better fetch values before they are needed
	visible                   [2 * Lanes]int32
	largest                   [2 * Lanes]float32 // of the blocks so far
	//lint:ignore U1000 the assembly keeps it between blocks
	denominator [2 * Lanes]float32
	//lint:ignore U1000 the assembly keeps it from the weights to the sums: how many keys are live
	lives int
}

// scores512 and scores256 are the scores of a block.
//
//go:noescape
func scores512(a *pairArgs)

//go:noescape
func scores256(a *pairArgs)

// weigh512 and weigh256 make weights of them.
//
//go:noescape
func weigh512(a *pairArgs)

//go:noescape
func weigh256(a *pairArgs)

// sums512 and sums256 add weighted values to the sums.
//
//go:noescape
func sums512(a *pairArgs)

//go:noescape
func sums256(a *pairArgs)

// divide512 and divide256 make the result of the sums.
//
//go:noescape
func divide512(a *pairArgs)

//go:noescape
func divide256(a *pairArgs)

// beside256 copies rows of 2 Lanes numbers, stride bytes apart, side by side.
//
//go:noescape
func beside256(to, from *float32, rows, stride int)

// attendTogether is attend for n queries, company vectors at most, two by two. They take
// the keys and the values a block at a time: what one pair has fetched from a cache far
// away, the others find near. What is summed is summed in the order of a vector
// alone. It returns of how many queries.
func attendTogether(h *Head, s *Scratch, from, n int) int {
	const pair = 2 * Lanes
	if rest := n % pair; rest <= Lanes { // a vector is better alone than with an empty one
		n -= rest
	}
	var all [company / 2]pairArgs
	pairs := all[:(n+pair-1)/pair]
	for p := range pairs {
		s.pair(h, &pairs[p], p, from+p*pair, min(n-p*pair, pair))
	}
	keys := pairs[len(pairs)-1].keys
	for key := 0; key < keys; key += blockKeys {
		for p := range pairs {
			if a := &pairs[p]; a.at(key) {
				a.score()
			}
		}
	}
	for key := 0; key < keys; key += blockKeys {
		for p := range pairs {
			if a := &pairs[p]; a.at(key) {
				a.sum()
			}
		}
	}
	for p := range pairs {
		pairs[p].divide()
	}
	return n
}

// at goes to the block of keys from one on and says whether a query sees any of them.
func (a *pairArgs) at(key int) bool {
	a.from, a.to = key, min(key+blockKeys, a.keys)
	return a.from < a.to
}

// pair prepares the p-th two vectors, which n queries from one on are.
func (s *Scratch) pair(h *Head, a *pairArgs, p, from, n int) {
	const pair = 2 * Lanes
	q := s.query[p*pair*h.Dims:]
	beside256(first(q), first(h.Q.From(from).Data), h.Dims, 4*h.Q.Stride)
	for l := range a.largest {
		a.largest[l] = float32(math.Inf(-1))
	}
	sums := s.sums[2*p*len(s.sums)/company:][:len(s.sums)*2/company]
	a.q, a.k, a.v, a.z = first(q), first(h.K.Data), first(h.V.Data), first(h.Z.From(from).Data)
	a.kStride, a.vStride, a.zStride = 4*h.K.Stride, 4*h.V.Stride, 4*h.Z.Stride
	a.dims, a.values, a.stored = h.Dims, h.Values, n
	a.scores, a.sums, a.live = &s.scores[2*p*len(s.scores)/company], first(sums), &s.live[0]
	a.all, a.keys = h.lanes(from, n, a.visible[:])
	if p == 0 && a.keys*(h.Dims+h.Values) >= beyondL2 { // the other pair finds them near
		a.far = 1
	}
}

func (a *pairArgs) score() {
	if vectors != avx512 {
		scores256(a)
		return
	}
	for a.dimTo = 0; ; {
		a.dim, a.dimTo = a.dimTo, min(a.dimTo+scoredDims, a.dims)
		scores512(a)
		if a.dimTo == a.dims {
			return
		}
	}
}

func (a *pairArgs) sum() {
	if vectors == avx512 {
		weigh512(a)
		sums512(a)
	} else {
		weigh256(a)
		sums256(a)
	}
}

func (a *pairArgs) divide() {
	if vectors == avx512 {
		divide512(a)
	} else {
		divide256(a)
	}
}
