package panel

import "math/bits"

// Position is the activations of a single position [features], and which of them are not 0:
// in a compiled model few are, and what is 0 costs nothing.
type Position struct {
	Values []float32
	live   []uint64 // bit f%64 of word f/64: feature f is not 0
}

// NewPosition makes a position of zeros.
func NewPosition(features int) Position {
	return Position{make([]float32, features), make([]uint64, words(features))}
}

// words is how many hold a bit of each of n things.
func words(n int) int { return (n + 63) / 64 }

// Panel is the position as a panel that is read, or written where Look is called then.
func (p *Position) Panel() Panel { return Panel{p.Values, 1} }

// Clear makes all features 0.
func (p *Position) Clear() {
	for w, word := range p.live {
		for ; word != 0; word &= word - 1 {
			p.Values[w*64+bits.TrailingZeros64(word)] = 0
		}
		p.live[w] = 0
	}
}

// Set makes a feature v.
func (p *Position) Set(feature int, v float32) {
	p.Values[feature] = v
	if bit := uint64(1) << (feature & 63); v != 0 {
		p.live[feature>>6] |= bit
	} else {
		p.live[feature>>6] &^= bit
	}
}

// Look sees which of the features from..to are 0, after the values were written as such.
func (p *Position) Look(from, to int) {
	for f := from; f < to; f++ {
		p.Set(f, p.Values[f])
	}
}

// Next is the first feature from one on that is not 0; to if there is none before that.
func (p *Position) Next(from, to int) int {
	for from < to {
		if word := p.live[from>>6] >> (from & 63); word != 0 {
			return min(from+bits.TrailingZeros64(word), to)
		}
		from = from&^63 + 64
	}
	return to
}
