//go:build !noasm

package panel

import "math"

// attendTogether is attend for n queries, company vectors at most. They take the keys and
// the values a block at a time: what one vector has fetched from a cache far away, the
// others find near. Scores are those of two vectors at once, all other sums those of
// attend512 for a vector alone. It returns of how many queries.
func attendTogether(h *Head, s *Scratch, from, n int) int {
	const pair = 2 * Lanes
	if rest := n % pair; rest <= Lanes { // a vector is better alone than with an empty one
		n -= rest
	}
	var pairs [company / 2]scoresArgs
	var parts [company]attendArgs
	used := (n + pair - 1) / pair
	for p := range used {
		first, has := from+p*pair, min(n-p*pair, pair)
		seen := s.pair(h, &pairs[p], p, first, has)
		s.part(h, &parts[2*p], 2*p, first, int(pairs[p].visible[Lanes-1]), Lanes)
		s.part(h, &parts[2*p+1], 2*p+1, first+Lanes, seen, has-Lanes)
	}
	keys := parts[2*used-1].keys
	for key := 0; key < keys; key += blockKeys {
		for p := range pairs[:used] {
			block := &pairs[p]
			block.from, block.to = key, min(key+blockKeys, parts[2*p+1].keys)
			scores512(block)
		}
	}
	for p := range used {
		copy(parts[2*p].largest[:], pairs[p].largest[:])
		copy(parts[2*p+1].largest[:], pairs[p].largest[Lanes:])
	}
	for key := 0; key < keys; key += blockKeys {
		for i := range parts[:2*used] {
			block := &parts[i]
			if key < block.keys {
				block.from, block.to = key, min(key+blockKeys, block.keys)
				attend512(block)
			}
		}
	}
	return n
}

// pair prepares the scores of the p-th two vectors, which n queries from one on are. It
// returns how many keys some of them sees.
func (s *Scratch) pair(h *Head, a *scoresArgs, p, from, n int) (keys int) {
	q := s.query[p*2*Lanes*h.Dims:]
	for d := range h.Dims {
		*(*[2 * Lanes]float32)(q[d*2*Lanes:]) = *(*[2 * Lanes]float32)(h.Q.Data[d*h.Q.Stride+from:])
	}
	for l := range a.largest {
		a.largest[l] = float32(math.Inf(-1))
	}
	a.q, a.k, a.kStride, a.dims = first(q), first(h.K.Data), 4*h.K.Stride, h.Dims
	apart := len(s.scores) / company
	a.scores, a.second = &s.scores[2*p*apart], 4*apart
	a.all, keys = h.lanes(from, n, a.visible[:])
	return keys
}

// part prepares what follows the scores for the i-th vector: n queries from one on, which
// see so many keys.
func (s *Scratch) part(h *Head, a *attendArgs, i, from, keys, n int) {
	*a = h.args(s, from)
	a.dims, a.keys, a.stored = -1, keys, n
	a.scores = &s.scores[i*len(s.scores)/company]
	a.sums = first(s.sums[i*len(s.sums)/company:])
}
