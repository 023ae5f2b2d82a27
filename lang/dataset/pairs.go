package dataset

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"rasp/lang/domain"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// Pairs says what the inputs of a pair differ in.
type Pairs struct {
	// Value is the s-op on an input, valid until the next call; an *interp.Fault if the
	// program fails on it.
	Value    func(input []value.Value) ([]value.Value, error)
	Position int // at which the s-op must differ; -1: at any

	tried int // changed inputs since the last that was found
}

// found is an input that belongs to another; its ids are nil if there is none.
type found struct {
	ids            []int
	position       int
	clean, corrupt value.Value
	changed        []int
}

// Limits of a search.
const (
	mostChanges = 1 << 17 // ways to change so many tokens; if there are more, none is looked for
	mostTried   = 1 << 22 // changed inputs in a row of which none will do
)

// find looks for an input of the same length on which the s-op differs, and that differs in
// as few tokens as possible: all ways to change one token are tried, then two, and so on, in
// an order drawn by r. It gives up where there are more than mostChanges.
func (p *Pairs) find(ctx context.Context, d domain.Domain, r *rand.Rand, ids []int) (f found, err error) {
	if p.Position >= len(ids) {
		return f, nil
	}
	room := make([]value.Value, 0, len(ids))
	values, err := p.Value(d.Values(ids, room))
	if err != nil {
		return f, unlessFault(err)
	}
	clean := append([]value.Value(nil), values...)
	for distance := 1; distance <= len(ids); distance++ {
		changes, few := newChanges(len(ids), distance, len(d.Vocab))
		if !few {
			return f, nil
		}
		order := newPermutation(changes.count, r)
		for k := range changes.count {
			if err := ctx.Err(); err != nil {
				return f, err
			}
			other, places := changes.apply(order.at(k), ids)
			if !d.Has(other) {
				continue
			}
			if p.tried++; p.tried > mostTried {
				return f, fmt.Errorf("%w among %d changed inputs in a row", ErrNone, mostTried)
			}
			values, err := p.Value(d.Values(other, room))
			if err != nil {
				if err = unlessFault(err); err != nil {
					return f, err
				}
				continue
			}
			if at := p.differ(clean, values); at >= 0 {
				p.tried = 0
				return found{other, at, clean[at], values[at], places}, nil
			}
		}
	}
	return f, nil
}

// unlessFault is an error that is no fault of the program.
func unlessFault(err error) error {
	var fault *interp.Fault
	if errors.As(err, &fault) {
		return nil
	}
	return err
}

// differ is the first position that was asked for at which two sequences differ, -1 for
// none.
func (p *Pairs) differ(a, b []value.Value) int {
	for i := range a {
		if (p.Position < 0 || p.Position == i) && a[i] != b[i] && a[i].JSON() != b[i].JSON() { // NaN is not itself
			return i
		}
	}
	return -1
}

// changes are the ways to change so many tokens of an input: first the positions, of which
// the combinations are numbered, then what each token becomes.
type changes struct {
	length, distance, others int // others: what a token can become
	each                     int // ways to change the tokens at given positions
	count                    int
}

// newChanges counts; few is false if there are more than mostChanges.
func newChanges(length, distance, vocab int) (c changes, few bool) {
	c = changes{length: length, distance: distance, others: vocab - 1, each: 1}
	if c.others == 0 {
		return c, true
	}
	for range distance {
		if c.others > mostChanges/c.each {
			return c, false
		}
		c.each *= c.others
	}
	combinations := choose(length, distance)
	if combinations > mostChanges/c.each {
		return c, false
	}
	c.count = c.each * combinations
	return c, true
}

// choose is n over k, or more than mostChanges.
func choose(n, k int) int {
	c := 1
	for i := range min(k, n-k) {
		if c = c * (n - i) / (i + 1); c > mostChanges {
			return c
		}
	}
	return c
}

// apply makes change number k of an input, and tells the positions.
func (c changes) apply(k int, ids []int) (changed, places []int) {
	changed = append([]int(nil), ids...)
	which, what := k/c.each, k%c.each
	for at, left := 0, c.distance; left > 0; at++ { // the combinations that have at come first
		if with := choose(c.length-at-1, left-1); which >= with {
			which -= with
			continue
		}
		to := what % c.others
		what /= c.others
		if to >= changed[at] {
			to++
		}
		changed[at] = to
		places = append(places, at)
		left--
	}
	return changed, places
}
