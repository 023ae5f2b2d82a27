package dataset

import (
	"math"
	"math/rand/v2"
	"slices"

	"rasp/lang/domain"
	"rasp/lang/elementary"
)

// Distribution says which inputs are drawn. An input is drawn once at most, so each rule is
// about those that are left.
type Distribution string

const (
	Uniform Distribution = "uniform" // each input is as likely as another: nearly all are long
	Lengths Distribution = "lengths" // each length is as likely, and in it each input
	All     Distribution = "all"     // in order, the shortest first
)

// Inputs draws inputs of a domain, each at most once.
type Inputs struct {
	domain  domain.Domain
	by      Distribution
	random  *rand.Rand
	lengths []*ofLength // that have inputs left
}

// ofLength is the inputs of a length.
type ofLength struct {
	length int
	taken  int
	count  int     // if it is exact
	log    float64 // natural logarithm of the count, if it is not
	order  *permutation
	seen   map[uint64]bool // fingerprints of those that were taken, if the count is not exact
}

// NewInputs prepares to draw inputs. With All, the counts of all lengths that are drawn must
// be exact.
func NewInputs(d domain.Domain, by Distribution, seed uint64) *Inputs {
	s := &Inputs{domain: d, by: by, random: rand.New(rand.NewPCG(seed, 0))}
	for _, n := range d.Lengths() {
		l := &ofLength{length: n}
		count, exact := d.CountOf(n)
		switch {
		case exact && by == All:
			l.count = count
		case exact:
			l.count, l.order = count, newPermutation(count, rand.New(rand.NewPCG(seed, uint64(n))))
		default:
			l.log, l.seen = d.LogCountOf(n), map[uint64]bool{}
		}
		s.lengths = append(s.lengths, l)
	}
	return s
}

// Next is token ids of an input, in room if that is large enough; false if all were drawn.
func (s *Inputs) Next(room []int) (ids []int, ok bool) {
	if len(s.lengths) == 0 {
		return nil, false
	}
	at := s.choose()
	l := s.lengths[at]
	ids = slices.Grow(room[:0], l.length)[:l.length]
	switch {
	case l.seen != nil:
		s.fresh(l, ids)
	case l.order == nil:
		s.domain.Fill(ids, l.taken)
	default:
		s.domain.Fill(ids, l.order.at(l.taken))
	}
	if l.taken++; l.seen == nil && l.taken == l.count {
		s.lengths = slices.Delete(s.lengths, at, at+1)
	}
	return ids, true
}

// fresh draws an input that was not drawn before: of so many one is found at once.
func (s *Inputs) fresh(l *ofLength, ids []int) {
	for {
		s.domain.Draw(s.random, ids)
		if f := fingerprint(ids); !l.seen[f] {
			l.seen[f] = true
			return
		}
	}
}

// choose draws a length.
func (s *Inputs) choose() int {
	switch s.by {
	case All:
		return 0
	case Lengths:
		return s.random.IntN(len(s.lengths))
	}
	most := math.Inf(-1)
	for _, l := range s.lengths {
		most = max(most, l.left())
	}
	total := 0.0
	for _, l := range s.lengths {
		total += elementary.Exp(l.left() - most)
	}
	rest := s.random.Float64() * total
	for i, l := range s.lengths {
		if rest -= elementary.Exp(l.left() - most); rest < 0 {
			return i
		}
	}
	return len(s.lengths) - 1 // rest was rounded up to total
}

// left is the natural logarithm of how many inputs are left.
func (l *ofLength) left() float64 {
	if l.seen != nil {
		return l.log
	}
	return elementary.Log(float64(l.count - l.taken))
}
