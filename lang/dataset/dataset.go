// Package dataset makes data sets of a program: inputs of its domain with their labels, or
// pairs of inputs that differ in little but in what an s-op is.
//
// In come a domain, what labels an input, and how inputs are drawn; out come examples, one
// after the other, and the part of the data set that each belongs to. The same choices and
// seed give the same examples, none of them twice; those that come first are the same, but
// for their parts, however many are asked for. Memory grows neither with the domain nor, but
// for what is said below, with the examples. The package writes no files.
//
//	dataset.go      examples: what is drawn, labelled and counted
//	inputs.go       inputs, each at most once
//	permutation.go  numbers in an order that looks random
//	pairs.go        for an input the nearest one with another value
//	split.go        parts that share no input
//
// Two things are remembered, in a few bytes for each example: inputs of a length of which
// there are more than 10^18, as far as they were drawn, and the inputs of pairs that are
// split.
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

// Most is how many examples there may be of which something is remembered.
const Most = 1 << 24

// Labels are what a program, or its model, gives on an input: of each output the values at
// all positions, which the caller may keep. An *interp.Fault says that the program fails on
// it: then it is left out. Other errors end the data set.
type Labels func(input []value.Value) ([][]value.Value, error)

// Set is a data set.
type Set struct {
	domain.Domain
	Distribution Distribution
	Count        int // of the examples; 0: all inputs, where the distribution is All
	Seed         uint64
	Labels       Labels
	Pairs        *Pairs    // nil: each example is one input
	Parts        []float64 // shares of the parts, which add up to 1; none: there is one part
}

// Example is an input with its labels or, where it has a Corrupt one, a pair of such.
type Example struct {
	Labelled
	Corrupt *Labelled // as long as the input
	Part    int       // that the example belongs to

	// Of a pair: the first position that was asked for at which the s-op differs, what it is
	// there on both, and the positions at which the tokens differ.
	Position            int
	Clean, CorruptValue value.Value
	Changed             []int
}

// Labelled is an input with the values of each output at all positions.
type Labelled struct {
	Input  []value.Value
	Labels [][]value.Value
}

// Report is what a data set came to.
type Report struct {
	Examples int
	Failed   int // inputs, drawn or changed, on which the program fails
	Unpaired int // inputs for which no other was found
	Torn     int // pairs left out, since their inputs belong to two parts
}

// ShortError is the error for a domain with too few inputs.
type ShortError struct{ Report }

func (e *ShortError) Error() string {
	return fmt.Sprintf("there are no more than %d such examples", e.Examples)
}

// ErrNone is the error for inputs of which none will do, after many were tried.
var ErrNone = errors.New("none was found")

// patience is how many inputs in a row may be of no use, for a program may fail on nearly
// all.
const patience = 100_000

// Each shows the examples in their order. The error is that of show, of the labels or of
// ctx, a *ShortError if there are fewer than asked for, or wraps ErrNone.
func (s *Set) Each(ctx context.Context, show func(Example) error) (r Report, err error) {
	inputs := NewInputs(s.Domain, s.Distribution, s.Seed)
	parts := newParts(s.Parts, s.total(), s.Pairs != nil, rand.New(rand.NewPCG(s.Seed, streamOfParts)))
	random := rand.New(rand.NewPCG(s.Seed, streamOfPairs))
	var ids []int
	for idle := 0; s.Count == 0 || r.Examples < s.Count; {
		if err := ctx.Err(); err != nil {
			return r, err
		}
		var ok bool
		if ids, ok = inputs.Next(ids); !ok {
			if s.Count == 0 {
				return r, nil
			}
			return r, &ShortError{r}
		}
		x, fits, err := s.example(ctx, random, parts, ids, &r)
		switch {
		case err != nil:
			return r, err
		case !fits:
			if idle++; idle == patience {
				return r, fmt.Errorf("%w among %d inputs in a row", ErrNone, idle)
			}
			continue
		}
		idle = 0
		r.Examples++
		if err := show(x); err != nil {
			return r, err
		}
	}
	return r, nil
}

// The streams of random numbers beside those of the inputs.
const (
	streamOfParts = 1 << 32
	streamOfPairs = streamOfParts + 1
)

// total is how many examples there will be, if none is left out.
func (s *Set) total() int {
	if s.Count > 0 {
		return s.Count
	}
	count, _ := s.Domain.Count()
	return count
}

// example made of an input; fits says that there is one.
func (s *Set) example(ctx context.Context, r *rand.Rand, parts *parts, ids []int, report *Report) (x Example, fits bool, err error) {
	if x.Labelled, fits, err = s.labelled(ids, report); !fits {
		return x, false, err
	}
	var corrupt []int
	if s.Pairs != nil {
		f, err := s.Pairs.find(ctx, s.Domain, r, ids)
		switch {
		case err != nil:
			return x, false, err
		case f.ids == nil:
			report.Unpaired++
			return x, false, nil
		}
		other, fits, err := s.labelled(f.ids, report)
		if !fits {
			return x, false, err
		}
		corrupt, x.Corrupt, x.Position, x.Clean, x.CorruptValue, x.Changed = f.ids, &other, f.position, f.clean, f.corrupt, f.changed
	}
	if x.Part, fits = parts.of(ids, corrupt); !fits {
		report.Torn++
	}
	return x, fits, nil
}

// labelled is an input with its labels, if the program does not fail on it.
func (s *Set) labelled(ids []int, report *Report) (l Labelled, fits bool, err error) {
	l.Input = s.Values(ids, make([]value.Value, 0, len(ids)))
	var fault *interp.Fault
	switch l.Labels, err = s.Labels(l.Input); {
	case errors.As(err, &fault):
		report.Failed++
		return l, false, nil
	case err != nil:
		return l, false, err
	}
	return l, true, nil
}
