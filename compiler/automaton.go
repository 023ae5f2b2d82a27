package compiler

import (
	"cmp"
	"encoding/binary"
	"maps"
	"math"
	"slices"

	"rasp/lang/graph"
	"rasp/lang/value"
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

// automaton of a mean, nil if it is too large.
func (a *analysis) automaton(n *graph.Node, v *variable, r *replay) *automaton {
	s := a.summing(n.Args[1], v.units)
	m := &automaton{symbols: slices.Compact(slices.Sorted(slices.Values(s.values)))}
	levels := m.scan(s, a.domain.Length)
	if levels == nil {
		return nil
	}
	last := levels[len(levels)-1]
	states := map[scanned]int32{}
	sums := map[scanned]sum{}
	for x, list := range r.variants {
		for _, y := range list {
			sums[scanned{y, x.width}] = x
		}
	}
	for _, x := range last {
		mean := x.sum
		if x.width > 1 {
			mean /= float64(x.width)
		}
		group := sums[scanned{mean, x.width}]
		states[x] = none
		if label := r.label[group]; label != nil {
			states[x] = label[slices.Index(r.variants[group], mean)]
		}
	}
	for p := a.domain.Length - 1; p >= 0; p-- {
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
			state, table = place(row, table)
			known[string(key)] = state
		}
		states[x] = state
	}
	return states, table
}

// place finds a row of a table that agrees with another one wherever both are
// defined, and completes it; a row that is nowhere defined needs none.
func place(row, table []int32) (state int32, _ []int32) {
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

// nodes writes the automaton as s-ops; the last is the label of the variant. What is
// a state is noted.
func (m *automaton) nodes(s *sharer, n *graph.Node, states map[*graph.Node]bool) *graph.Node {
	node := func(op graph.Op, fn value.Fn, args ...*graph.Node) *graph.Node {
		return s.intern(&graph.Node{Op: op, Fn: fn, Args: args, Span: n.Span})
	}
	number := func(x int) *graph.Node {
		return s.intern(&graph.Node{Op: graph.Const, Value: value.OfInt(int64(x)), Span: n.Span})
	}
	selector, values, indices := s.copies[n.Args[0]], s.copies[n.Args[1]], node(graph.Indices, 0)
	nothing := value.OfInt(int64(math.Ceil(m.symbols[len(m.symbols)-1])) + 1)
	keys := []value.Value{nothing}
	for _, x := range m.symbols {
		keys = append(keys, value.OfFloat(x))
	}
	state := number(0)
	for p, table := range m.next {
		here := node(graph.SelAnd, 0, selector, node(graph.Select, value.Eq, indices, number(p)))
		brought := s.intern(&graph.Node{Op: graph.Aggregate, Args: []*graph.Node{here, values}, Value: nothing, Span: n.Span})
		row := &graph.Node{Op: graph.Row, Args: []*graph.Node{state, brought}, Trie: graph.NewTrie(2), Span: n.Span}
		cell := &graph.Node{Op: graph.Cell, Value: value.OfInt(int64(mostOften(table))), Span: n.Span}
		for i, next := range table {
			if to := value.OfInt(int64(next)); next != none && to != cell.Value {
				cell.Places = append(cell.Places, int32(row.Trie.Add([]value.Value{value.OfInt(int64(i / len(keys))), keys[i%len(keys)]})))
				cell.List = append(cell.List, to)
			}
		}
		if len(cell.List) == 0 {
			state = s.intern(&graph.Node{Op: graph.Const, Value: cell.Value, Span: n.Span})
			continue
		}
		cell.Args = []*graph.Node{s.intern(row)}
		state = s.intern(cell)
		states[state] = true
	}
	return state
}

// mostOften is the state to which a table leads most often.
func mostOften(table []int32) int32 {
	times, best := map[int32]int{}, int32(0)
	for _, x := range table {
		if times[x]++; x != none && (times[x] > times[best] || times[x] == times[best] && x < best) {
			best = x
		}
	}
	return best
}
