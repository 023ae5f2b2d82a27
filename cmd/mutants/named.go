package main

import (
	"fmt"
	"strings"
)

// named are changes written down by hand: each takes out one condition that a proof in the
// compiler rests on, and is rare enough in its effect that few programs meet it.
type named struct {
	name, file string // below compiler
	old, new   string // a piece of one function, which stands there once
}

var allNamed = []named{
	{"a tally's weight", "construct/count.go", "about := min(keys*(1<<40), ", "about := min(keys*(1<<8), "},
	{"at most one is two", "analysis/atmostone.go", "if possible > 1 {", "if possible > 2 {"},
	{"at most one by position is two", "analysis/atmostone.go", "return r.Most <= 1", "return r.Most <= 2"},
	{"a width of 0 forgotten", "analysis/means.go", "kinds = append(kinds, rowKind{facts.None, w, set})", "if w > 0 { kinds = append(kinds, rowKind{facts.None, w, set}) }"},
	{"a subset without the last position", "sums/sums.go", "for p, ids := range s.Places {\n\t\tfor w", "for p, ids := range s.Places[:len(s.Places)-1] {\n\t\tfor w"},
	{"the first row instead of any", "sums/sums.go", "range selected {\n\t\trow := ", "range selected[:1] {\n\t\trow := "},
	{"a weak order without \"later class before\"", "analysis/strictorder.go", "case rank[k] < rank[q] && r.Op != facts.True, rank[k] > rank[q] && r.Op != facts.False:", "case rank[k] < rank[q] && r.Op != facts.True:"},
	{"visibility in the inclusion of rows", "analysis/inclusion.go", "visible := [2]bool{!p.Domain.Causal || region <= isFirst, !p.Domain.Causal || region <= isSecond}", "visible := [2]bool{true, true}"},
	{"the last position of \"always\"", "facts/equal.go", "x <= last", "x <= last+1"},
	{"unique widths in causal mode", "analysis/analyse.go", "v.Unique = !a.Domain.Causal && a.strictOrder", "v.Unique = a.strictOrder"},
	{"uniform in causal mode", "analysis/uniform.go", "return !a.Domain.Causal && a.ignoresQuery", "return a.ignoresQuery"},
	{"signs in an \"any\"", "heads/any.go", "slices.Min(v.Units) >= 0 || slices.Max(v.Units) <= 0", "true"},
	{"an automaton's place overwritten", "sums/automaton.go", "fits = fits && (x == facts.None || old[i] == facts.None || x == old[i])", "fits = fits && (x == facts.None || old[i] == facts.None || x == old[i] || i > 1)"},
	{"enumeration without the longest inputs", "analysis/enumerate.go", "(domain.Inputs{Domain: a.Domain, First: count})", "(domain.Inputs{Domain: a.Domain, First: count * 9 / 10})"},
	{"the width of a fetched row", "facts/claim.go", "if slices.Contains(f.Table(v.Node.Args[1]).Values, v.Node.Value) {\n\t\t\treturn 0, false\n\t\t}", ""},
	{"\"selects first\" for some query", "analysis/means.go", "always = always && (row[first] == facts.Never || residuals[row[first]].Op == facts.True)", "always = row[first] != facts.Never && residuals[row[first]].Op == facts.True"},
	{"a sign on the wrong side", "analysis/comparison.go", "add(above)", "add(-above)"},
	{"nearly equal is 1e-3", "facts/table.go", "math.Abs(x-y) <= RoundingOf*size", "math.Abs(x-y) <= 1e-3*size"},
	{"the first cell of two alike tables", "table/partial.go", "alike = alike && (x == y || x != None && y != None && same(x, y))", "alike = alike && (base > 0 || x == y || x != None && y != None && same(x, y))"},
	{"a split of types", "rewrite/split.go", "if v.Kind() == value.String {", "if v.Kind() == value.String && len(texts) == 0 {"},
	{"an exclusion", "facts/conjuncts.go", "if slices.ContainsFunc(c.Allowed, func(row []int8) bool { return row[k] == 1 }) {\n\t\t\treturn false", "if c.Allowed[0][k] == 1 {\n\t\t\treturn false"},
	{"a clash of types", "lower/output.go", "if old, ok := kinds[x]; ok && old != kind {\n\t\t\treturn true", "if old, ok := kinds[x]; ok && old != kind {\n\t\t\treturn false"},
	{"a value that two positions share", "analysis/uniform.go", "case v.Unique && moving < 0:", "case moving < 0:"},
	{"two types of one value", "analysis/atmostone.go", "return value.Equal(values[s], values[t])", "return values[s].Kind() != values[t].Kind() || s == t"},
	{"keys that a causal query does not see", "analysis/selector.go", "g.Key.Example[k] > g.Query.Example[q]", "g.Key.Example[k] >= g.Query.Example[q]"},
	{"two separators are one", "analysis/form.go", "return most <= 1 }", "return most <= 2 }"},
	{"a token that is selected now and then", "analysis/form.go", "k.all[t] && all", "k.all[t] && (all || some)"},
	{"a place where no separator is", "analysis/form.go", "return some[t] && a.Token.At.Can(p, int(t))", "return some[t] && p > 0 && a.Token.At.Can(p, int(t))"},
	{"the latest of those up to any position", "analysis/latest.go", "return c.Fn == value.Le || c.Fn == value.Lt", "return true"},
	{"numbers by two orders", "analysis/latest.go", "!ordered || orders > 1", "!ordered"},
	{"numbers among more than are alike", "analysis/latest.go", "asked(e, rest) == nil", "asked(e, rest) == nil && len(rest) == 0"},
	{"the number of the row before", "analysis/latest.go", "first == 0 {", "first == 1 {"},
	{"a slope that is too steep", "construct/latest.go", "2*step < float64(length+1)", "8*step < float64(length+1)"},
	{"the least width of a row", "analysis/nonempty.go", "return r.Least >= 1", "return r.Least >= 0"},
}

// mutant finds the place of a change; an error if it is not there, or not once.
func (n named) mutant(packages []*pkg) (*Mutant, error) {
	for _, p := range packages {
		for _, s := range p.sources {
			if s.name != "compiler/"+n.file {
				continue
			}
			if c := strings.Count(s.text, n.old); c != 1 {
				return nil, fmt.Errorf("%q: %s has %d places like %s", n.name, n.file, c, oneLine(n.old))
			}
			from := strings.Index(s.text, n.old)
			to := from + len(n.old)
			for _, f := range s.functions {
				if p.offset(f.decl.Body.Lbrace) < from && to <= p.offset(f.decl.Body.Rbrace) {
					m := f.mutant(from, to, n.new)
					m.Name = n.name
					return m, nil
				}
			}
			return nil, fmt.Errorf("%q: the place in %s is in no function that can be woven", n.name, n.file)
		}
	}
	return nil, fmt.Errorf("%q: there is no file %s", n.name, n.file)
}
