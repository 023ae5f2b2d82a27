package form

import "math"

// Occurrences is how often tokens of a set occur in a word of one token or more: the least
// and the most that there is, 2 standing for twice or more often.
func (f *Form) Occurrences(in func(token int) bool) (least, most int) {
	const counts = 3
	inside, outside := make([]bool, len(f.members)), make([]bool, len(f.members))
	for c, members := range f.members {
		for _, t := range members {
			if in(t) {
				inside[c] = true
			} else {
				outside[c] = true
			}
		}
	}
	seen := make([]bool, counts*len(f.next))
	least, most = counts, 0
	work := []int{Start * counts}
	reach := func(state, count int) {
		if f.accept[state] {
			least, most = min(least, count), max(most, count)
		}
		if at := state*counts + count; !seen[at] {
			seen[at] = true
			work = append(work, at)
		}
	}
	for len(work) > 0 {
		state, count := work[len(work)-1]/counts, work[len(work)-1]%counts
		work = work[:len(work)-1]
		for c, t := range f.next[state] {
			if t == none {
				continue
			}
			if inside[c] {
				reach(int(t), min(count+1, counts-1))
			}
			if outside[c] {
				reach(int(t), count)
			}
		}
	}
	return least, most
}

// Shortest is the length of the shortest word of one token or more.
func (f *Form) Shortest() int {
	here := []int{Start}
	seen := make([]bool, len(f.next))
	for length := 1; ; length++ {
		var then []int
		for _, s := range here {
			for _, t := range f.next[s] {
				switch {
				case t == none || seen[t]:
				case f.accept[t]:
					return length
				default:
					seen[t] = true
					then = append(then, int(t))
				}
			}
		}
		here = then
	}
}

// Occurs reports that some word has the token.
func (f *Form) Occurs(token int) bool {
	for _, row := range f.next {
		if row[f.class[token]] != none {
			return true
		}
	}
	return false
}

// Possible tells which tokens words up to a length have where.
type Possible struct {
	*Form
	can     [][]bool    // [position][class]: in words of some length
	reached [][]bool    // [position][state]: before that position
	left    [][]float64 // logarithms of the counts of words from there on
}

// Possible looks at the words up to a length.
func (f *Form) Possible(longest int) *Possible {
	p := &Possible{Form: f, left: f.logarithms(longest)}
	here := make([]bool, len(f.next))
	here[Start] = true
	for range longest {
		p.reached = append(p.reached, here)
		then := make([]bool, len(f.next))
		p.from(here, func(_, to int) { then[to] = true })
		here = then
	}
	p.can = make([][]bool, longest)
	ends := make([]bool, len(f.next)) // a word that is short enough ends from there on
	for i := longest - 1; i >= 0; i-- {
		for s, x := range p.left[longest-1-i] {
			ends[s] = ends[s] || !math.IsInf(x, -1)
		}
		p.can[i] = make([]bool, len(f.members))
		p.from(p.reached[i], func(class, to int) { p.can[i][class] = p.can[i][class] || ends[to] })
	}
	return p
}

// from shows the ways from some states: the class of the token, and where it leads.
func (p *Possible) from(states []bool, visit func(class, to int)) {
	for s, row := range p.next {
		for c, t := range row {
			if states[s] && t != none {
				visit(c, int(t))
			}
		}
	}
}

// Can reports that some word has the token at the position.
func (p *Possible) Can(position, token int) bool { return p.can[position][p.class[token]] }

// Of marks the tokens that some word of a length has at a position.
func (p *Possible) Of(length, position int) []bool {
	can := make([]bool, len(p.members))
	p.from(p.reached[position], func(class, to int) {
		can[class] = can[class] || !math.IsInf(p.left[length-position-1][to], -1)
	})
	tokens := make([]bool, len(p.class))
	for t, c := range p.class {
		tokens[t] = can[c]
	}
	return tokens
}
