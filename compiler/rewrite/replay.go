package rewrite

import (
	"math"

	"rasp/compiler/facts"
	"rasp/compiler/sums"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// ReplayMean gives the mean n a third operand: the variant that an automaton finds.
func ReplayMean(p *Program, n *graph.Node, m *sums.Automaton, r *facts.Replay) *Program {
	var mean *graph.Node
	q := p.rewritten(func(s *sharer, old *graph.Node) *graph.Node {
		if old != n {
			return nil
		}
		copied := *n
		copied.Args = append(s.mapped(n.Args), statesOf(m, s, n))
		mean = s.intern(&copied)
		return mean
	})
	q.Replays[mean] = r
	return q
}

// statesOf writes an automaton as s-ops; the last is the label of the variant. What is
// a state is noted.
func statesOf(m *sums.Automaton, s *sharer, n *graph.Node) *graph.Node {
	selector, values, indices := s.copies[n.Args[0]], s.copies[n.Args[1]], s.node(n, graph.Indices, 0)
	nothing := value.OfInt(int64(math.Ceil(m.Symbols[len(m.Symbols)-1].Float64())) + 1)
	keys := append([]value.Value{nothing}, m.Symbols...)
	state := s.constant(n, value.OfInt(0))
	for p, table := range m.Next {
		here := s.node(n, graph.SelAnd, 0, selector, s.node(n, graph.Select, value.Eq, indices, s.constant(n, value.OfInt(int64(p)))))
		brought := s.aggregate(n, here, values, nothing)
		row := &graph.Node{Op: graph.Row, Args: []*graph.Node{state, brought}, Trie: graph.NewTrie(2), Span: n.Span}
		cell := &graph.Node{Op: graph.Cell, Value: value.OfInt(int64(mostOften(table))), Span: n.Span}
		for i, next := range table {
			if to := value.OfInt(int64(next)); next != facts.None && to != cell.Value {
				cell.Places = append(cell.Places, int32(row.Trie.Add([]value.Value{value.OfInt(int64(i / len(keys))), keys[i%len(keys)]})))
				cell.List = append(cell.List, to)
			}
		}
		if len(cell.List) == 0 {
			state = s.constant(n, cell.Value)
			continue
		}
		cell.Args = []*graph.Node{s.intern(row)}
		state = s.intern(cell)
		s.states[state] = true
	}
	return state
}

// mostOften is the state to which a table leads most often.
func mostOften(table []int32) int32 {
	times, best := map[int32]int{}, int32(0)
	for _, x := range table {
		if times[x]++; x != facts.None && (times[x] > times[best] || times[x] == times[best] && x < best) {
			best = x
		}
	}
	return best
}
