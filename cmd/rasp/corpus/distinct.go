package corpus

import (
	"encoding/binary"
	"math"
	"slices"
)

// Distinct says which candidates do what one before does, and counts those that are none of
// the corpus.
type Distinct struct {
	again  []uint64 // a bit for each candidate
	Counts map[Reason]int
}

// seenAtOnce is how many fingerprints are in memory at a time, in 700 MB at most (4,000,000 take
// 200 MB, all else included). Of more candidates those are gone through whose fingerprints leave 0 when they are divided, then
// those that leave 1, and so on.
const seenAtOnce = 1 << 24

func newDistinct(candidates int) *Distinct {
	return &Distinct{again: make([]uint64, (candidates+63)/64), Counts: map[Reason]int{}}
}

// is reports that a candidate does what one before does.
func (d *Distinct) is(number int) bool { return d.again[number/64]>>(number%64)&1 != 0 }

// distinct reads what was found in all blocks. Of several programs that do the same the first
// stays. The error wraps fs.ErrNotExist if a block is missing.
func (c *Corpus) distinct(atOnce int) (*Distinct, error) {
	d := newDistinct(c.Candidates)
	rounds := (c.Candidates + atOnce - 1) / atOnce
	for round := range rounds {
		if err := c.distinctOf(d, round, rounds); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// distinctOf looks at the fingerprints of a round.
func (c *Corpus) distinctOf(d *Distinct, round, rounds int) error {
	p := pass{Distinct: d, seen: map[Fingerprint]struct{}{}, round: round, rounds: rounds}
	for block := range c.Blocks() {
		content, err := c.readFound(block)
		if err != nil {
			return err
		}
		p.take(content, math.MaxInt)
	}
	return nil
}

// pass goes through what was found, from the first candidate on, and looks at those whose
// fingerprints leave round when they are divided by rounds.
type pass struct {
	*Distinct
	seen          map[Fingerprint]struct{}
	number        int // of the next candidate
	round, rounds int
}

// take looks at the next candidates, until so many programs are told apart.
func (p *pass) take(content []byte, wanted int) {
	for record := range slices.Chunk(content, found) {
		if len(p.seen) >= wanted {
			return
		}
		switch f := Fingerprint(record[1:]); {
		case record[0] != 0:
			if p.round == 0 {
				p.Counts[reasons[record[0]]]++
			}
		case binary.LittleEndian.Uint64(f[:])%uint64(p.rounds) == uint64(p.round):
			if _, known := p.seen[f]; known {
				p.add(p.number)
			} else {
				p.seen[f] = struct{}{}
			}
		}
		p.number++
	}
}

// add notes that a candidate does what one before does.
func (d *Distinct) add(number int) {
	d.again[number/64] |= 1 << (number % 64)
	d.Counts[Duplicate]++
}
