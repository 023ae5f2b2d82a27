package sums

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"

	"rasp/compiler/facts"
	"rasp/lang/value"
)

// The automaton that replays an addition (analysis/replay.go) reads, position by position,
// nothing or the value that the row selects there. Its states are the sums so far, as
// the interpreter has them, from the last position backwards made one where every
// continuation ends in the same variant, as far as variants matter.

// Bounds of an automaton: sums on the way, and states after each position.
const (
	maxScanned   = 1 << 17
	maxAutomaton = 1 << 10
)

// Scanned is what a row selects up to some position: its sum, and how many.
type Scanned struct {
	Reached
	Width int
}

// Mean is what the interpreter makes of the sum of a row that selects something.
func (x Scanned) Mean() float64 { return x.Sum.Float64() / float64(x.Width) }

// Automaton reads what a row selects at one position after the other.
type Automaton struct {
	Symbols []value.Value // what can be selected, ascending; symbol 0 stands for nothing, i+1 for symbols[i]
	// Next is, by position, the state after each state and symbol, row-major. It
	// begins in state 0; the last are labels.
	Next [][]int32

	summing *Summing
	ids     []int32 // of each symbol, one of the values that it stands for
}

// NewAutomaton reads what s adds up at so many positions, and tells the label of the sum;
// nil if it is too large, or would have to tell an int from an equal float.
func NewAutomaton(s *Summing, length int, label func(Scanned) int32) *Automaton {
	m := &Automaton{summing: s}
	order := make([]int32, len(s.Values))
	for id := range order {
		order[id] = int32(id)
	}
	slices.SortFunc(order, func(i, j int32) int { return facts.CompareValues(s.Values[i], s.Values[j]) })
	for i, id := range order {
		x := s.Values[id]
		switch {
		case i > 0 && x == m.Symbols[len(m.Symbols)-1]:
			continue
		case i > 0 && x.Kind() != s.Values[order[0]].Kind(): // sums of ints are exact, of floats not
			return nil
		}
		m.Symbols, m.ids = append(m.Symbols, x), append(m.ids, id)
	}
	levels := m.scan(length)
	if levels == nil {
		return nil
	}
	states := map[Scanned]int32{}
	for _, x := range levels[length] {
		states[x] = label(x)
	}
	for p := length - 1; p >= 0; p-- {
		var table []int32
		if states, table = m.merge(levels[p], states, m.at(p)); len(table) > maxAutomaton*(len(m.Symbols)+1) {
			return nil
		}
		m.Next = append(m.Next, table)
	}
	slices.Reverse(m.Next)
	return m
}

// at lists the symbols that can be selected at a position.
func (m *Automaton) at(p int) (symbols []int) {
	s := m.summing
	for _, id := range s.Places[min(p, len(s.Places)-1)] {
		i, _ := slices.BinarySearchFunc(m.Symbols, s.Values[id], facts.CompareValues)
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
	return Scanned{m.summing.Read(x.Reached, false, m.ids[symbol-1]), x.Width + 1}
}

// Begin is the sum of nothing.
func (m *Automaton) Begin() Scanned { return Scanned{Reached: Reached{Only: facts.None}} }

// scan lists the sums before each position and after the last; nil if they are too
// many.
func (m *Automaton) scan(length int) [][]Scanned {
	levels := [][]Scanned{{m.Begin()}}
	total := 0
	for p := range length {
		next := map[Scanned]bool{}
		for _, x := range levels[p] {
			next[x] = true
			for _, symbol := range m.at(p) {
				next[m.Read(x, symbol)] = true
			}
		}
		if total += len(next); total > maxScanned {
			return nil
		}
		levels = append(levels, slices.SortedFunc(maps.Keys(next), func(x, y Scanned) int {
			return cmp.Or(cmp.Compare(x.Width, y.Width), compare(x.Reached, y.Reached))
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
// defined, and completes it, so that the next one is compared with both; a row that is
// nowhere defined needs none.
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
