package service

import (
	"cmp"
	"fmt"
	"strings"
	"unicode/utf8"

	"rasp/lang/diag"
	"rasp/lang/elab"
	"rasp/lang/element"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/rules"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// kindOf says of which kind a value is: an s-op of ints; "" if that is not known.
func kindOf(o rules.Operand) string {
	const storable = rules.Everything &^ rules.Application
	switch {
	case o.Kinds&storable == storable, o.Kinds == 0:
		return ""
	case o.Surely(rules.SOp) && o.Elems != element.Anything && o.Elems != 0:
		return "s-op of " + o.Elems.String()
	case o.Surely(rules.SOp):
		return "s-op"
	case !strings.Contains(o.Kinds.String(), " or "):
		return o.Kinds.Name()
	}
	return o.Kinds.String()
}

// nodeOf is the node of an s-op or a selector, nil for other values.
func nodeOf(v elab.Value) *graph.Node {
	switch v := v.(type) {
	case elab.SOp:
		return v.Node
	case elab.Selector:
		return v.Node
	}
	return nil
}

// valueOf is a value in a few words: of an s-op or selector what it is on the example; "" if
// there is nothing to say.
func (s *Snapshot) valueOf(v elab.Value) (text string) {
	n := nodeOf(v)
	if n == nil {
		return written(v)
	}
	err := s.evaluate(n, func(e *interp.Evaluator) {
		if n.IsSelector() {
			m := e.Matrix(n)
			text = fmt.Sprintf("%d of %d selected", selected(m), len(m)*len(m))
			return
		}
		text = value.FormatSequence(e.Sequence(n))
		if typ, err := value.TypeOf(e.Sequence(n)); err == nil {
			text = strings.TrimSuffix(text, " ("+typ+")")
		}
	})
	if err != nil && err != errNotShown && s.examples[0].given {
		return failed + diag.Visible(err.Error())
	}
	return text
}

const failed = "fails: "

func selected(m [][]bool) (count int) {
	for _, row := range m {
		for _, on := range row {
			if on {
				count++
			}
		}
	}
	return count
}

// written is a value that is there before the program has an input, as one writes it; "" of
// functions.
func written(v elab.Value) string {
	const longest = 200 // characters, from which on the rest is left out
	var b strings.Builder
	var write func(v elab.Value)
	write = func(v elab.Value) {
		switch v := v.(type) {
		case elab.Atom:
			if v.Kind() == value.String {
				b.WriteString(`"` + diag.Visible(v.Text()) + `"`)
			} else {
				b.WriteString(v.String())
			}
		case *elab.List:
			b.WriteByte('[')
			for i, x := range v.Elems {
				if i > 0 {
					b.WriteString(", ")
				}
				if b.Len() > longest {
					b.WriteString("..")
					break
				}
				write(x)
			}
			b.WriteByte(']')
		case *elab.Dict:
			b.WriteByte('{')
			for i, key := range v.Keys {
				if i > 0 {
					b.WriteString(", ")
				}
				if b.Len() > longest {
					b.WriteString("..")
					break
				}
				write(elab.Atom{Value: key})
				b.WriteString(": ")
				write(v.Values[i])
			}
			b.WriteByte('}')
		case elab.SOp, elab.Selector:
			b.WriteString(cmp.Or(nodeOf(v).Name, elab.KindOf(v)))
		default:
			b.WriteString(elab.KindOf(v))
		}
	}
	switch v.(type) {
	case elab.Atom, *elab.List, *elab.Dict:
		write(v)
	}
	return b.String()
}

// matrix is a selector on the example: a row for each query, a column for each key.
func (s *Snapshot) matrix(n *graph.Node) string {
	const widest = 32 // positions
	x := s.examples[0]
	if len(x.tokens) > widest {
		return ""
	}
	var b strings.Builder
	_ = s.evaluate(n, func(e *interp.Evaluator) {
		names, wide := make([]string, len(x.tokens)), 1
		for i, t := range x.tokens {
			names[i] = t.Short()
			wide = max(wide, utf8.RuneCountInString(names[i]))
		}
		line := func(head string, cells func(i int) string) {
			b.WriteString(strings.TrimRight(pad(head, wide)+" | "+join(len(names), func(i int) string { return pad(cells(i), wide) }), " ") + "\n")
		}
		line("", func(i int) string { return names[i] })
		for i, row := range e.Matrix(n) {
			line(names[i], func(j int) string {
				if row[j] {
					return "1"
				}
				return "."
			})
		}
	})
	return b.String()
}

func pad(text string, wide int) string {
	return strings.Repeat(" ", max(0, wide-utf8.RuneCountInString(text))) + text
}

func join(n int, text func(int) string) string {
	list := make([]string, n)
	for i := range list {
		list[i] = text(i)
	}
	return strings.Join(list, " ")
}

// shorten cuts text off after so many characters.
func shorten(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most-2]) + ".."
}

// known is what is known of the value of a node of the tree: what it was, if the program
// came by, else what the checker knows of the name.
func (s *Snapshot) known(n syntax.Node) rules.Operand {
	if o, ok := s.values[n]; ok {
		return s.program.Known(o.Value)
	}
	if at := s.names.At(n.Span().Start); at != nil && at.Span == n.Span() {
		return at.Can
	}
	return rules.Operand{}
}
