package compiler

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"
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

// scanned is the sum of what a row selects up to some position.
type scanned struct {
	sum   float64
	width int
}

// automaton reads what a row selects at one position after the other.
type automaton struct {
	symbols []float64 // what can be selected, ascending; symbol 0 stands for nothing, i+1 for symbols[i]
	// next is, by position, the state after each state and symbol, row-major. It
	// begins in state 0; the last are labels.
	next [][]int32
}

// newAutomaton reads what s adds up at so many positions, and tells the label of the sum,
// by its mean and width; nil if it is too large.
func newAutomaton(s *summing, length int, label func(mean float64, width int) int32) *automaton {
	m := &automaton{symbols: slices.Compact(slices.Sorted(slices.Values(s.values)))}
	levels := m.scan(s, length)
	if levels == nil {
		return nil
	}
	states := map[scanned]int32{}
	for _, x := range levels[length] {
		mean := x.sum
		if x.width > 1 {
			mean /= float64(x.width)
		}
		states[x] = label(mean, x.width)
	}
	for p := length - 1; p >= 0; p-- {
		var table []int32
		if states, table = m.merge(levels[p], states, m.at(s, p)); len(table) > maxAutomaton*(len(m.symbols)+1) {
			return nil
		}
		m.next = append(m.next, table)
	}
	slices.Reverse(m.next)
	return m
}

// at lists the symbols that can be selected at a position.
func (m *automaton) at(s *summing, p int) (symbols []int) {
	for _, id := range s.places[min(p, len(s.places)-1)] {
		i, _ := slices.BinarySearch(m.symbols, s.values[id])
		symbols = append(symbols, i+1)
	}
	slices.Sort(symbols)
	return slices.Compact(symbols)
}

// read is the sum after one more symbol.
func (m *automaton) read(x scanned, symbol int) scanned {
	if symbol == 0 {
		return x
	}
	return scanned{x.sum + m.symbols[symbol-1], x.width + 1}
}

// scan lists the sums before each position and after the last; nil if they are too
// many.
func (m *automaton) scan(s *summing, length int) [][]scanned {
	levels := [][]scanned{{{}}}
	total := 0
	for p := range length {
		next := map[scanned]bool{}
		for _, x := range levels[p] {
			next[x] = true
			for _, symbol := range m.at(s, p) {
				next[m.read(x, symbol)] = true
			}
		}
		if total += len(next); total > maxScanned {
			return nil
		}
		levels = append(levels, slices.SortedFunc(maps.Keys(next), func(x, y scanned) int {
			return cmp.Or(cmp.Compare(x.width, y.width), cmp.Compare(x.sum, y.sum))
		}))
	}
	return levels
}

// merge makes one state of those sums from which every continuation ends alike, as
// far as it matters: the states of a level from those of the next, and the table
// that leads there.
func (m *automaton) merge(level []scanned, next map[scanned]int32, symbols []int) (states map[scanned]int32, table []int32) {
	states = map[scanned]int32{}
	known, width := map[string]int32{}, len(m.symbols)+1
	for _, x := range level {
		row := slices.Repeat([]int32{none}, width)
		row[0] = next[x]
		for _, symbol := range symbols {
			row[symbol] = next[m.read(x, symbol)]
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
	if !slices.ContainsFunc(row, func(x int32) bool { return x != none }) {
		return none, table
	}
	width := len(row)
	for at := 0; at <= len(table); at += width {
		if at == len(table) {
			return int32(at / width), append(table, row...)
		}
		old := table[at : at+width]
		fits := true
		for i, x := range row {
			fits = fits && (x == none || old[i] == none || x == old[i])
		}
		if fits {
			for i, x := range row {
				if x != none {
					old[i] = x
				}
			}
			return int32(at / width), table
		}
	}
	return none, table
}
