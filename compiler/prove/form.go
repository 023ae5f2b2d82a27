package prove

import "rasp/lang/graph"

// The form of the inputs is an axiom: the theorem is about inputs that are of it (in a
// causal model, about what such inputs can begin with). Its automaton says which tokens
// can stand where, and how often some occur (package form of runtime).

// ofForm notes what the form says.
//
// Lemma form. If no input has two tokens of a set, a position with one of them is the only
// one: a fact of singles. If every input has one, some position is in the class of these
// states; in a causal model that is so of what a query sees, which is an input itself.
func (p *prover) ofForm() {
	f := p.form
	if f == nil {
		return
	}
	tokens := p.space([]int{varToken})
	left := map[int]bool{}
	for t := range p.vocab {
		left[t] = f.Occurs(t)
		in := func(u int) bool { return u == t }
		if least, _ := f.Occurrences(in); least > 0 {
			p.present = append(p.present, labels{tokens, p.marked(tokens, in), ""})
		}
	}
	for range p.vocab {
		set := map[int]bool{}
		for t := range p.vocab {
			if !left[t] {
				continue
			}
			if _, most := f.Occurrences(func(u int) bool { return u == t || set[u] }); most <= 1 {
				set[t], left[t] = true, false
			}
		}
		if len(set) == 0 {
			break
		}
		in := func(u int) bool { return set[u] }
		p.single(labels{tokens, p.marked(tokens, in), "no input of the form has two of these tokens"})
	}
	p.possible = f.Possible(p.n)
	p.obligation(Obligation{Kind: "lemma", How: ByProof, Text: "inputs are " + f.Described() + ", which says how often tokens occur, and where"}, (*graph.Node)(nil))
}

// marked gives the states of some tokens the label 0.
func (p *prover) marked(tokens *space, in func(token int) bool) []int32 {
	of := make([]int32, tokens.n)
	for i := range of {
		of[i] = -1
		if in(int(tokens.row(i)[0])) {
			of[i] = 0
		}
	}
	return of
}

// mostLengths is up to which length it is told which tokens stand where in inputs of each.
const mostLengths = 128

// placed is which tokens can stand where, and where in inputs of a length; nil without a
// form, or where that would be too large.
func (p *prover) placed(byLength bool) *relation {
	at := &p.anyLength
	vars := []int{varToken, varPosition}
	if byLength {
		at, vars = &p.eachLength, append(vars, varLength)
	}
	if *at != nil || p.possible == nil || byLength && p.n > mostLengths {
		return *at
	}
	r := p.relation(vars)
	if r == nil {
		return nil
	}
	for i := range p.n {
		for t := range p.vocab {
			if !byLength && p.possible.Can(i, t) {
				r.set(uint64(t)*r.stride[0] + uint64(i)*r.stride[1])
			}
		}
		for n := i + 1; byLength && n <= p.n; n++ {
			for t, can := range p.possible.Of(n, i) {
				if can {
					r.set(uint64(t)*r.stride[0] + uint64(i)*r.stride[1] + uint64(n)*r.stride[2])
				}
			}
		}
	}
	*at = r
	return r
}
