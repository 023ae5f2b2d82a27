package prove

import (
	"fmt"
	"slices"
	"strings"

	"rasp/lang/graph"
	"rasp/lang/value"
)

// programName stands for the text of the model in places; all other files are loaded ones
// or the library's.
const programName = "program in the model"

// place of a node: of one that a call of the library made, the call's.
func place(n *graph.Node) Place {
	if n == nil || n.Span.Source == nil {
		return Place{}
	}
	at := Place{Line: n.Span.Line(), Col: n.Span.Col()}
	if n.Span.Source.Name != programName {
		at.File = n.Span.Source.Name
	}
	return at
}

// String is the line, with the file where it is not the program's.
func (at Place) String() string {
	switch {
	case at.Line == 0:
		return ""
	case at.File != "":
		return fmt.Sprintf("%s, line %d", at.File, at.Line)
	}
	return fmt.Sprintf("line %d", at.Line)
}

// describe names a node by what the program calls it, or by its text. A selector that was
// made inside of a call has the text of the call, and is written out before it; so is what
// the witness adds, which has no text.
func describe(n *graph.Node) string {
	switch {
	case inside(n):
		return fmt.Sprintf("%s in %s", shortened(written(n, n, levelsWritten)), calling(n))
	case n.Name == "" && n.Span.Source == nil:
		return shortened(written(n, n, levelsWritten))
	}
	return graph.Describe(n)
}

// severalKeys is why an aggregate of strings or bools may fail.
const severalKeys = "several keys may be selected, and only numbers have a mean"

// doubt notes that a node of the program may have no value.
func (p *prover) doubt(n *graph.Node, why string) {
	p.failing = append(p.failing, fmt.Sprintf("%s (%s): %s", describe(n), place(n), why))
}

// shortened keeps names that are made of names from growing without end.
func shortened(text string) string {
	const longest = 240
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest-3]) + "..."
	}
	return text
}

// inside reports whether a selector is made within a call of which it has the text: that is
// no select then, or it is the text of an operand too.
func inside(n *graph.Node) bool {
	if n.Op == graph.Select && n.Span.Source != nil {
		rest, yes := strings.CutPrefix(n.Span.Text(), "select")
		return !yes || !strings.HasPrefix(strings.TrimSpace(rest), "(")
	}
	return n.IsSelector() && n.Span.Source != nil &&
		slices.ContainsFunc(n.Args, func(a *graph.Node) bool { return a.Span == n.Span })
}

// calling is the call that has made a node, of a long one the name alone.
func calling(n *graph.Node) string {
	const longest = 30
	text := strings.Join(strings.Fields(n.Span.Text()), " ")
	if at := strings.IndexByte(text, '('); at > 0 && len(text) > longest {
		return text[:at] + "(...)"
	}
	return text
}

// levelsWritten is how deep in each other expressions are written out; deeper ones, which a
// witness can share until there is no end of them, are left out.
const levelsWritten = 5

// written is what a node does, in the words of the language; what has a text other than
// the call's is described.
func written(n *graph.Node, call *graph.Node, nested int) string {
	arg := func(i int) string { return written(n.Args[i], call, nested-1) }
	operand := func(i int) string {
		a := n.Args[i]
		if a.Name == "" && (a.Op == graph.Binary || a.Op == graph.SelAnd || a.Op == graph.SelOr) {
			return "(" + arg(i) + ")"
		}
		return arg(i)
	}
	switch {
	case n.Name != "":
		return n.Name
	case n.Op == graph.Const:
		return n.Value.JSON()
	case n.Op == graph.Indices:
		return "indices"
	case n.Op == graph.Tokens:
		return "tokens"
	case n.Span != call.Span:
		return graph.Describe(n)
	case nested == 0:
		return "..."
	}
	switch n.Op {
	case graph.Select:
		return fmt.Sprintf("select(%s, %s, %s)", arg(0), arg(1), n.Fn)
	case graph.SelAnd:
		return operand(0) + " and " + operand(1)
	case graph.SelOr:
		return operand(0) + " or " + operand(1)
	case graph.SelNot:
		return "not " + operand(0)
	case graph.Aggregate:
		return fmt.Sprintf("aggregate(%s, %s)", arg(0), arg(1))
	case graph.Width:
		return fmt.Sprintf("selector_width(%s)", arg(0))
	case graph.Binary:
		return fmt.Sprintf("%s %s %s", operand(0), n.Fn, operand(1))
	}
	return "a value" // no short text is known
}

// header says of which inputs and outputs the proof is, and in which arithmetic.
func (p *prover) header() string {
	direction, names := "bidirectional", make([]string, len(p.outputs))
	if p.causal {
		direction = "causal"
	}
	for i, o := range p.outputs {
		names[i] = o.Name
	}
	return fmt.Sprintf("inputs of 1 to %d tokens from a vocabulary of %d, %s attention, float32; outputs of the program: %s", p.n, len(p.vocab), direction, strings.Join(names, ", "))
}

func (f *selector) describe() string {
	switch {
	case f.text != "":
		return f.text
	case f.node != nil:
		return describe(f.node)
	}
	return "a selector"
}

// partText names the keys of a selector that are in some states.
func (p *prover) partText(f *selector, s *space, in func(int32) bool) string {
	var inside, outside []int32
	for i := range int32(s.n) {
		if in(i) {
			inside = append(inside, i)
		} else {
			outside = append(outside, i)
		}
	}
	const listed = 3
	names := p.names(s.vars)
	if len(s.vars) > 1 {
		names = "(" + names + ")"
	}
	switch {
	case len(inside) <= min(len(outside), listed):
		return shortened(fmt.Sprintf("%s where %s is %s", f.describe(), names, p.states(s, inside)))
	case len(outside) <= listed:
		return shortened(fmt.Sprintf("%s where %s is not %s", f.describe(), names, p.states(s, outside)))
	}
	return shortened(fmt.Sprintf("%s where %s is one of %d states of %d", f.describe(), names, len(inside), s.n))
}

// states lists states.
func (p *prover) states(s *space, list []int32) string {
	texts := make([]string, len(list))
	for k, i := range list {
		var row []string
		for c, v := range s.vars {
			row = append(row, p.stateText(v, s.row(int(i))[c]))
		}
		if texts[k] = strings.Join(row, ", "); len(row) > 1 {
			texts[k] = "(" + texts[k] + ")"
		}
	}
	return strings.Join(texts, " or ")
}

// stateText is what a variable is, by the number of its state.
func (p *prover) stateText(v int, x int32) string {
	switch y := p.vars[v]; y.kind {
	case token:
		return p.vocab[x].JSON()
	case some:
		return value.OfBool(x > 0).JSON()
	case derived:
		return p.values[y.values[x]].JSON()
	case total:
		return fmt.Sprint(y.sums[x])
	case fetched:
		if x == 0 {
			return "none"
		}
		return p.stateText(y.from, x-1)
	}
	return fmt.Sprint(x)
}

// name of a variable, for the reader.
func (p *prover) name(v int) string {
	x := p.vars[v]
	switch x.kind {
	case token, position, length:
		return [...]string{"token", "position", "length"}[x.kind]
	case derived:
		return describe(x.node)
	case fetched:
		return fmt.Sprintf("%s at the key of %s", p.name(x.from), x.of.describe())
	case some:
		return fmt.Sprintf("whether %s selects a key", x.of.describe())
	case total:
		return shortened(fmt.Sprintf("sum over %s of a number by %s", x.of.describe(), p.names(x.sum.space.vars)))
	}
	return "width of " + x.of.describe()
}

func (p *prover) names(vars []int) string {
	var list []string
	for _, v := range vars {
		list = append(list, p.name(v))
	}
	return strings.Join(list, ", ")
}
