package form

import (
	"encoding/binary"
	"slices"
)

// minimise makes states one that the same words lead from, leaves out those from which no
// word can come, numbers them in the order in which words reach them, and makes tokens one
// class that lead to the same states everywhere. The automaton is complete.
func (f *Form) minimise() {
	f.number(f.partition())
	f.mergeClasses()
}

// partition finds the class of each state (Hopcroft 1971): a set of states splits all
// classes of which some states lead into it by a class of tokens, and others do not.
func (f *Form) partition() []int32 {
	n, classes := len(f.next), len(f.members)
	into := make([][]int32, n*classes) // [state, class]: states that lead there
	for s, row := range f.next {
		for c, t := range row {
			into[int(t)*classes+c] = append(into[int(t)*classes+c], int32(s))
		}
	}
	of := make([]int32, n)
	blocks := [][]int32{nil, nil}
	for s := range n {
		b := 0
		if f.accept[s] {
			b = 1
		}
		of[s] = int32(b)
		blocks[b] = append(blocks[b], int32(s))
	}
	work := []int{0, 1}
	waiting := map[int]bool{0: true, 1: true}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		waiting[b] = false
		splitter := slices.Clone(blocks[b])
		for c := range classes {
			hit := map[int32][]int32{}
			var order []int32
			for _, t := range splitter {
				for _, s := range into[int(t)*classes+c] {
					if hit[of[s]] == nil {
						order = append(order, of[s])
					}
					hit[of[s]] = append(hit[of[s]], s)
				}
			}
			for _, old := range order {
				part := hit[old]
				if len(part) == len(blocks[old]) {
					continue
				}
				made := len(blocks)
				blocks = append(blocks, part)
				for _, s := range part {
					of[s] = int32(made)
				}
				blocks[old] = slices.DeleteFunc(blocks[old], func(s int32) bool { return of[s] == int32(made) })
				add := made
				if !waiting[int(old)] && len(blocks[old]) < len(part) {
					add = int(old)
				}
				work, waiting[add] = append(work, add), true
			}
		}
	}
	return of
}

// alive tells by class of states whether a word can come from there.
func (f *Form) alive(of []int32) map[int32]bool {
	alive := map[int32]bool{}
	for s, word := range f.accept {
		if word {
			alive[of[s]] = true
		}
	}
	for more := true; more; {
		more = false
		for s, row := range f.next {
			if alive[of[s]] {
				continue
			}
			if slices.ContainsFunc(row, func(t int32) bool { return alive[of[t]] }) {
				alive[of[s]], more = true, true
			}
		}
	}
	return alive
}

// number makes the classes of states the states, the first one that of state 0.
func (f *Form) number(of []int32) {
	alive := f.alive(of)
	if !alive[of[0]] {
		f.next, f.accept = nil, nil
		return
	}
	place, order := map[int32]int32{of[0]: 0}, []int{0}
	var next [][]int32
	var accept []bool
	for at := 0; at < len(order); at++ {
		row := make([]int32, len(f.members))
		for c, t := range f.next[order[at]] {
			if !alive[of[t]] {
				row[c] = none
				continue
			}
			to, ok := place[of[t]]
			if !ok {
				to = int32(len(order))
				place[of[t]] = to
				order = append(order, int(t))
			}
			row[c] = to
		}
		next, accept = append(next, row), append(accept, f.accept[order[at]])
	}
	f.next, f.accept = next, accept
}

// mergeClasses makes classes of tokens one that lead to the same states.
func (f *Form) mergeClasses() {
	known := map[string]int32{}
	merged := make([]int32, len(f.members))
	var members [][]int
	next := make([][]int32, len(f.next))
	for c := range f.members {
		var key []byte
		for _, row := range f.next {
			key = binary.LittleEndian.AppendUint32(key, uint32(row[c]))
		}
		to, ok := known[string(key)]
		if !ok {
			to = int32(len(members))
			known[string(key)] = to
			members = append(members, nil)
			for s, row := range f.next {
				next[s] = append(next[s], row[c])
			}
		}
		merged[c] = to
		members[to] = append(members[to], f.members[c]...)
	}
	for t, c := range f.class {
		f.class[t] = merged[c]
	}
	for _, m := range members {
		slices.Sort(m)
	}
	f.next, f.members = next, members
}
