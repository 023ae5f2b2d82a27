package suite

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"

	"rasp/lang/dataset"
	"rasp/lang/domain"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// Kinds of pairs: what is changed from the clean input to the corrupt one.
const (
	oneToken    = "one"    // one token
	everyToken  = "all"    // all tokens; of a form, another input of the length
	otherLength = "length" // the length, and so what is there
)

// pair is a line of the pairs.
type pair struct {
	Change        string            `json:"change"`
	Clean         values            `json:"clean"`
	Corrupt       values            `json:"corrupt"`
	CleanOutput   map[string]values `json:"clean_output"`
	CorruptOutput map[string]values `json:"corrupt_output"`
}

// writePairs writes pairs of each kind. Without any of the first two a model is unfit: its
// outputs are the same on all inputs of a length.
func (b *compiled) writePairs(ctx context.Context, o *Options, file string) error {
	lines, err := newLines(file)
	if err != nil {
		return err
	}
	for _, change := range []string{oneToken, everyToken, otherLength} {
		err = errors.Join(err, b.pairs(ctx, o, change, func(clean, corrupt *dataset.Labelled) error {
			b.item.Pairs[change]++
			return lines.write(pair{change, valuesOf(clean.Input), valuesOf(corrupt.Input), b.outputs(clean.Labels), b.outputs(corrupt.Labels)})
		}))
	}
	if err = errors.Join(err, lines.close()); err != nil {
		return err
	}
	if b.item.Pairs[oneToken]+b.item.Pairs[everyToken] == 0 {
		return &unfit{"no two inputs of a length with different outputs were found"}
	}
	return nil
}

// tries is how many pairs are looked at for each that is wanted.
const tries = 100

// pairs shows so many pairs of a kind as are wanted, none twice; fewer where luck does not find
// them. Inputs are drawn at random from the longest; where too few of these differ in an
// output, they have the shapes of package domain.
func (b *compiled) pairs(ctx context.Context, o *Options, change string, show func(clean, corrupt *dataset.Labelled) error) error {
	seen := map[string]bool{}
	for x, y := range b.drawn(o, change) {
		if err := ctx.Err(); err != nil || len(seen) == o.Pairs {
			return err
		}
		key := fmt.Sprint(x, y)
		if seen[key] {
			continue
		}
		clean, corrupt, err := b.differing(x, y)
		if err != nil {
			return err
		}
		if clean == nil {
			continue
		}
		seen[key] = true
		if err := show(clean, corrupt); err != nil {
			return err
		}
	}
	return nil
}

// drawn are pairs to look at, as token ids.
func (b *compiled) drawn(o *Options, change string) iter.Seq2[[]int, []int] {
	d, seed := b.labelled.Domain, o.Seed+streamOf(b.item.Name, change)
	random := rand.New(rand.NewPCG(seed, 0))
	return func(yield func(x, y []int) bool) {
		for range tries * o.Pairs {
			if x, y := draw(d, random, change); y != nil && !yield(x, y) {
				return
			}
		}
		if change == otherLength {
			return
		}
		for x, y := range d.Pairs(tries*o.Pairs, seed) {
			if (distance(x, y) == 1) == (change == oneToken) && !yield(x, y) {
				return
			}
		}
	}
}

// draw draws a pair of inputs; y is nil if there is none of the kind.
func draw(d domain.Domain, r *rand.Rand, change string) (x, y []int) {
	lengths := d.Lengths()
	x = make([]int, lengths[len(lengths)-1])
	d.Draw(r, x)
	y = slices.Clone(x)
	switch {
	case len(d.Vocab) == 1 && change != otherLength:
		return x, nil
	case change == oneToken:
		at := r.IntN(len(y))
		y[at] = another(r, len(d.Vocab), y[at])
	case change == otherLength && len(lengths) > 1:
		y = make([]int, lengths[r.IntN(len(lengths)-1)])
		d.Draw(r, y)
	case change == otherLength:
		return x, nil
	case d.Form != nil:
		d.Draw(r, y)
	default:
		for i := range y {
			y[i] = another(r, len(d.Vocab), y[i])
		}
	}
	if !d.Has(y) {
		return x, nil
	}
	return x, y
}

// another is a token id that is not this one.
func another(r *rand.Rand, vocab, id int) int { return (id + 1 + r.IntN(vocab-1)) % vocab }

// distance is at how many positions two inputs of a length differ.
func distance(x, y []int) (n int) {
	for i := range x {
		if x[i] != y[i] {
			n++
		}
	}
	return n
}

// differing are two inputs with their labels; nil if the program fails on one, or the outputs
// are equal wherever both have one.
func (b *compiled) differing(x, y []int) (clean, corrupt *dataset.Labelled, err error) {
	if clean, err = b.label(x); clean == nil || err != nil {
		return nil, nil, err
	}
	if corrupt, err = b.label(y); corrupt == nil || err != nil || !differ(clean.Labels, corrupt.Labels) {
		return nil, nil, err
	}
	return clean, corrupt, nil
}

// streamOf is the stream of random numbers for something.
func streamOf(names ...string) uint64 {
	h := sha256.New()
	for _, name := range names {
		h.Write([]byte(name))
		h.Write([]byte{0})
	}
	return binary.LittleEndian.Uint64(h.Sum(nil))
}

// label is an input with its labels, nil if the program fails on it.
func (b *compiled) label(ids []int) (*dataset.Labelled, error) {
	l := &dataset.Labelled{Input: b.labelled.Values(ids, nil)}
	var fault *interp.Fault
	var err error
	if l.Labels, err = b.labelled.Labels(l.Input); errors.As(err, &fault) {
		return nil, nil
	}
	return l, err
}

// differ reports that an output differs at a position that both inputs have.
func differ(a, b [][]value.Value) bool {
	for o := range a {
		for i := range min(len(a[o]), len(b[o])) {
			if a[o][i].JSON() != b[o][i].JSON() {
				return true
			}
		}
	}
	return false
}
