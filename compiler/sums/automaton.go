package sums

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"

	"rasp/compiler/facts"
)

// The automaton that replays an addition (see replay.go) reads, position by position,
// nothing or the value that the row selects there. Its states are the sums so far, as
// float64 rounds them, from the last position backwards made one where every
// continuation ends in the same variant, as far as variants matter.

// Bounds of an automaton: sums on the way, and states after each position.
const (
	maxScanned   = 1 << 17
	maxAutomaton = 1 << 10
)

// Scanned is the sum of what a row selects up to some position.
type Scanned struct {
	Sum   float64
	Width int
}

// Automaton reads what a row selects at one position after the other.
type Automaton struct {
	Symbols []float64 // what can be selected, ascending; symbol 0 stands for nothing, i+1 for symbols[i]
	// Next is, by position, the state after each state and symbol, row-major. It
	// begins in state 0; the last are labels.
	Next [][]int32
}

// NewAutomaton reads what s adds up at so many positions, and tells the label of the sum,
// by its mean and width; nil if it is too large.
func NewAutomaton(s *Summing, length int, label func(mean float64, width int) int32) *Automaton {
	m := &Automaton{Symbols: slices.Compact(slices.Sorted(slices.Values(s.Values)))}
	levels := m.scan(s, length)
	if levels == nil {
		return nil
	}
	states := map[Scanned]int32{}
	for _, x := range levels[length] {
		mean := x.Sum
		if x.Width > 1 {
			mean /= float64(x.Width)
		}
		states[x] = label(mean, x.Width)
	}
	for p := length - 1; p >= 0; p-- {
		var table []int32
		if states, table = m.merge(levels[p], states, m.at(s, p)); len(table) > maxAutomaton*(len(m.Symbols)+1) {
			return nil
		}
		m.Next = append(m.Next, table)
	}
	slices.Reverse(m.Next)
	return m
}

// at lists the symbols that can be selected at a position.
func (m *Automaton) at(s *Summing, p int) (symbols []int) {
	for _, id := range s.Places[min(p, len(s.Places)-1)] {
		i, _ := slices.BinarySearch(m.Symbols, s.Values[id])
		symbols = append(symbols, i+1)
	}
	slices.Sort(symbols)
	return slices.Compact(symbols)
}

// Read is the sum after one more symbol.
func (m *Automaton) Read(x Scanned, symbol int) Scanned {
	if symbol == 0 {
		return x
	}
	return Scanned{x.Sum + m.Symbols[symbol-1], x.Width + 1}
}

// scan lists the sums before each position and after the last; nil if they are too
// many.
func (m *Automaton) scan(s *Summing, length int) [][]Scanned {
	levels := [][]Scanned{{{}}}
	total := 0
	for p := range length {
		next := map[Scanned]bool{}
		for _, x := range levels[p] {
			next[x] = true
			for _, symbol := range m.at(s, p) {
				next[m.Read(x, symbol)] = true
			}
		}
		if total += len(next); total > maxScanned {
			return nil
		}
		levels = append(levels, slices.SortedFunc(maps.Keys(next), func(x, y Scanned) int {
			return cmp.Or(cmp.Compare(x.Width, y.Width), cmp.Compare(x.Sum, y.Sum))
		}))
	}
	return levels
}

// merge makes one state of those sums from which every continuation ends alike, as
// far as it matters: the states of a level from those of the next, and the table
// that leads there.
func (m *Automaton) merge(level []Scanned, next map[Scanned]int32, symbols []int) (states map[Scanned]int32, table []int32) {
	states = map[Scanned]int32{}
	known, width := map[string]int32{}, len(m.Symbols)+1
	for _, x := range level {
		row := slices.Repeat([]int32{facts.None}, width)
		row[0] = next[x]
		for _, symbol := range symbols {
			row[symbol] = next[m.Read(x, symbol)]
		}
		key := make([]byte, 0, 4*width)
		for _, state := range row {
			key = binary.LittleEndian.AppendUint32(key, uint32(state))
		}
		state, ok := known[string(key)]
		if !ok {
			state, table = placeRow(row, table)
			known[string(key)] = state
		}
		states[x] = state
	}
	return states, table
}

// placeRow finds a row of a table that agrees with another one wherever both are
// defined, and completes it; a row that is nowhere defined needs none.
func placeRow(row, table []int32) (state int32, _ []int32) {
	if !slices.ContainsFunc(row, func(x int32) bool { return x != facts.None }) {
		return facts.None, table
	}
	width := len(row)
	for at := 0; at <= len(table); at += width {
		if at == len(table) {
			return int32(at / width), append(table, row...)
		}
		old := table[at : at+width]
		fits := true
		for i, x := range row {
			fits = fits && (x == facts.None || old[i] == facts.None || x == old[i])
		}
		if fits {
			for i, x := range row {
				if x != facts.None {
					old[i] = x
				}
			}
			return int32(at / width), table
		}
	}
	return facts.None, table
}
