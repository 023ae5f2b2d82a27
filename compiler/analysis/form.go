package analysis

import (
	"slices"

	"rasp/compiler/facts"
	"rasp/compiler/keys"
	"rasp/lang/graph"
)

// What the form of the inputs says of rows. A selector that asks of its keys which tokens
// they are selects no more keys than an input has such tokens; and it selects one at least
// if it asks nothing else, and each input has such a token. How often an input has tokens
// of a set follows from the automaton of the form, beside a counter (form.Occurrences). In
// causal mode a row sees a beginning of the input, which is an input, too.

// keyTokens are the tokens that a key can have: some that a query selects it with, and
// those that it is sure to be selected with.
type keyTokens struct{ some, all []bool }

// byTokens lists them for each query of a group; nil if its keys are no function of tokens.
func (a *Analysis) byTokens(g *facts.Group, f *facts.Formula) (rows []keyTokens) {
	token := a.tokenOf(g.Key.Variable)
	if token == nil {
		return nil
	}
	residuals := g.Residuals(f)
	tokens := make([][]int, len(g.Key.Size)) // of each class
	for state, c := range g.Key.Class {
		if c != facts.None {
			token(state, func(t int) { tokens[c] = append(tokens[c], t) })
		}
	}
	for c, list := range tokens {
		slices.Sort(list)
		tokens[c] = slices.Compact(list)
	}
	for q, row := range g.Holds {
		if q > 0 && slices.Equal(row, g.Holds[q-1]) {
			rows = append(rows, rows[q-1])
			continue
		}
		k := keyTokens{make([]bool, a.Token.Size), slices.Repeat([]bool{true}, a.Token.Size)}
		for c, list := range tokens {
			some := row[c] != facts.Never && residuals[row[c]].Op != facts.False
			all := row[c] != facts.Never && residuals[row[c]].Op == facts.True
			for _, t := range list {
				k.some[t], k.all[t] = k.some[t] || some, k.all[t] && all
			}
		}
		rows = append(rows, k)
	}
	return rows
}

// tokenOf shows the tokens at positions where a variable is in a state; nil if it is no
// function of the token and of others.
func (a *Analysis) tokenOf(v *facts.Variable) func(state int, visit func(token int)) {
	switch {
	case v == nil:
		return nil
	case v == a.Token:
		return func(state int, visit func(int)) { visit(state) }
	case v.Source != facts.Computed || !slices.Contains(v.Table.Vars, a.Token):
		return nil
	}
	tokens := make([][]int, v.Size)
	var pairs keys.Numbering // of values and tokens
	for cell, id := range v.Table.Cells {
		if id == facts.None {
			continue
		}
		t := a.at(v.Table, a.Token, cell)
		if _, isNew := pairs.Of(uint64(id)<<32 | uint64(t)); isNew {
			tokens[id] = append(tokens[id], t)
		}
	}
	return func(state int, visit func(int)) {
		for _, t := range tokens[state] {
			visit(t)
		}
	}
}

// at is the state of a variable in a cell of a table over it.
func (a *Analysis) at(r *facts.Table, v *facts.Variable, cell int) int {
	i := slices.Index(r.Vars, v)
	for _, w := range r.Vars[i+1:] {
		cell /= w.Size
	}
	return cell % v.Size
}

// atMostOneOfForm reports that no input has two tokens that a query selects.
func (a *Analysis) atMostOneOfForm(s *facts.Selector) bool {
	if a.Domain.Form == nil {
		return false
	}
	return slices.ContainsFunc(s.Groups, func(g *facts.Group) bool {
		rows := a.byTokens(g, s.Root)
		return rows != nil && a.allOccur(rows, func(k keyTokens, least, most int) bool { return most <= 1 }, func(k keyTokens) []bool { return k.some })
	})
}

// nonemptyOfForm reports that each input has a token that each query selects.
func (a *Analysis) nonemptyOfForm(s *facts.Selector) bool {
	if a.Domain.Form == nil {
		return false
	}
	return slices.ContainsFunc(s.Groups, func(g *facts.Group) bool {
		rows := a.byTokens(g, s.Root)
		return rows != nil && a.allOccur(rows, func(k keyTokens, least, most int) bool { return least >= 1 }, func(k keyTokens) []bool { return k.all })
	})
}

// allOccur reports that tokens of a set of each row occur as often as is asked.
func (a *Analysis) allOccur(rows []keyTokens, enough func(k keyTokens, least, most int) bool, of func(keyTokens) []bool) bool {
	known := map[string]bool{}
	for _, k := range rows {
		tokens := of(k)
		key := make([]byte, len(tokens))
		for t, ok := range tokens {
			if ok {
				key[t] = 1
			}
		}
		if known[string(key)] {
			continue
		}
		known[string(key)] = true
		least, most := a.Domain.Form.Occurrences(func(t int) bool { return tokens[t] })
		if !enough(k, least, most) {
			return false
		}
	}
	return true
}

// brought are the values that a row can bring: of those of keys that some query selects,
// as far as they follow from the token and the position there.
func (a *Analysis) brought(sel *graph.Node, val *facts.Table) []bool {
	can := make([]bool, len(val.Values))
	some := a.selectedTokens(sel)
	token, position := slices.Contains(val.Vars, a.Token), slices.Contains(val.Vars, a.Position)
	if some == nil || !token && !position {
		return slices.Repeat([]bool{true}, len(val.Values))
	}
	for cell, id := range val.Cells {
		if id == facts.None || can[id] {
			continue
		}
		can[id] = true
		switch {
		case token && !some[a.at(val, a.Token, cell)]:
			can[id] = false
		case token && position:
			can[id] = a.Token.At.Can(a.at(val, a.Position, cell), a.at(val, a.Token, cell))
		case position:
			p := a.at(val, a.Position, cell)
			can[id] = slices.ContainsFunc(facts.Range32(a.Token.Size), func(t int32) bool { return some[t] && a.Token.At.Can(p, int(t)) })
		}
	}
	return can
}

// selectedTokens are the tokens of keys that some query selects; nil if a selector does not
// ask for tokens.
func (a *Analysis) selectedTokens(sel *graph.Node) (some []bool) {
	s, err := a.selectorOf(sel)
	if err != nil || a.Domain.Form == nil {
		return nil
	}
	for _, g := range s.Groups {
		rows := a.byTokens(g, s.Root)
		if rows == nil {
			continue
		}
		here := make([]bool, a.Token.Size)
		for _, k := range rows {
			for t, ok := range k.some {
				here[t] = here[t] || ok && (some == nil || some[t])
			}
		}
		some = here
	}
	return some
}

// widthOfForm leaves out the widths that no row has.
func (a *Analysis) widthOfForm(sel *graph.Node, r *facts.Table) *facts.Table {
	if a.Domain.Form == nil {
		return r
	}
	least, most := 0, a.Domain.Length
	if a.isNonempty(sel) {
		least = 1
	}
	if a.atMostOne(sel) {
		most = 1
	}
	b := facts.NewBuilder(r.Vars, len(r.Cells))
	for state, id := range r.Cells {
		if least <= state && state <= most {
			b.Set(state, r.Values[id])
		}
	}
	return b.Table()
}
