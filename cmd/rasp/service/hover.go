package service

import (
	"fmt"
	"strings"

	"rasp/lang/check"
	"rasp/lang/rules"
	"rasp/lang/syntax"
)

// Markup is text in Markdown.
type Markup struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

func markdown(parts ...string) Markup {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return Markup{"markdown", strings.Join(kept, "\n\n")}
}

func code(text string) string {
	if text == "" {
		return ""
	}
	return "```rasp\n" + strings.TrimRight(text, "\n") + "\n```"
}

// Hover is what is said of a place.
type Hover struct {
	Contents Markup `json:"contents"`
	Range    Range  `json:"range"`
}

// Hover says what stands at a position: its kind, its value on the example, its
// documentation and, where c (which may be nil) is a model, what computes it there. It is nil
// where there is nothing to say.
func (s *Snapshot) Hover(p Position, c *Compiled) *Hover {
	offset := s.Offset(p)
	i := s.wordAt(offset)
	if i < 0 {
		return nil
	}
	w := s.words[i]
	var contents Markup
	switch w.Kind {
	case syntax.NameWord:
		contents = s.hoverName(w, c)
	case syntax.KeywordWord, syntax.CallWord:
		known, ok := reference()[w.Text()]
		if !ok {
			return nil
		}
		contents = markdown(code(known.Signature), known.Doc, s.valueAt(w, c))
	case syntax.OperatorWord, syntax.PunctWord:
		contents = markdown(s.valueAt(w, c))
	case syntax.DirectiveWord:
		contents = hoverDirective(w.Text())
	}
	if contents.Value == "" {
		return nil
	}
	return &Hover{contents, s.Range(w.Span)}
}

func hoverDirective(text string) Markup {
	name := strings.TrimPrefix(text, "#rasp:")
	if end := strings.IndexAny(name, " \t"); end >= 0 {
		name = name[:end]
	}
	d, ok := directiveWords[name]
	if !ok {
		return Markup{}
	}
	return markdown(code(strings.TrimSpace("#rasp:"+name+" "+d.takes)), d.doc)
}

// hoverName is about a name.
func (s *Snapshot) hoverName(w syntax.Word, c *Compiled) Markup {
	o := s.names.At(w.Span.Start)
	if o == nil || len(o.Variables) == 0 {
		return Markup{}
	}
	v := o.Variables[0]
	head := v.Name
	if signature := signatureOf(v); strings.Contains(signature, "(") {
		head = signature
	} else if kind := kindOf(s.knownAt(w)); kind != "" {
		head += ": " + kind
	}
	return markdown(code(head), role(s, v), docOf(v), s.valueAt(w, c))
}

// role says where a name comes from, if it is not plain.
func role(s *Snapshot, v *check.Variable) string {
	switch {
	case v.Role == check.Parameter, v.Role == check.Iterator:
		return "A " + string(v.Role) + "."
	case v.Role == check.Loaded && v.Where.Source != nil:
		return fmt.Sprintf("Of %s, line %d.", v.Where.Source.Name, v.Where.Line())
	}
	return ""
}

// nodeAt is the node that a word is the head of: the name, or the expression of which it is
// the operator or the call.
func (s *Snapshot) nodeAt(w syntax.Word) syntax.Node {
	path := s.program.File.Around(w.Span.Start)
	for i := len(path) - 1; i >= 0; i-- {
		switch n := path[i].(type) {
		case *syntax.Ident:
			if n.Span() == w.Span {
				return n
			}
		case *syntax.Binary:
			if n.Op == w.Span {
				return n
			}
		case *syntax.Select, *syntax.Aggregate, *syntax.Builtin:
			if n.Span().Start == w.Span.Start {
				return n
			}
		case *syntax.Unary:
			if n.Span().Start == w.Span.Start {
				return n
			}
		case *syntax.Cond:
			if w.Is("if", "else") {
				return n
			}
		case *syntax.In:
			if w.Is("in") {
				return n
			}
		}
	}
	return nil
}

// knownAt is what is known of the value of a word.
func (s *Snapshot) knownAt(w syntax.Word) (o rules.Operand) {
	if n := s.nodeAt(w); n != nil {
		return s.known(n)
	}
	return o
}

// valueAt says what a word is on the example, and what computes it in a model.
func (s *Snapshot) valueAt(w syntax.Word, c *Compiled) string {
	n := s.nodeAt(w)
	if n == nil {
		return ""
	}
	o, ok := s.values[n]
	if !ok {
		return ""
	}
	var parts []string
	if text := s.valueOf(o.Value); text != "" {
		parts = append(parts, s.onExample(o, shorten(text, longestShown)))
	}
	node := nodeOf(o.Value)
	if node != nil && node.IsSelector() {
		if m := s.matrix(node); m != "" {
			parts = append(parts, "```text\n"+m+"```\nA row is a query, a column a key.")
		}
	}
	if where := c.where(node); where != "" {
		parts = append(parts, where)
	}
	return strings.Join(parts, "\n\n")
}

const longestShown = 300 // characters of a value

func (s *Snapshot) onExample(o observed, text string) string {
	times := ""
	if o.times > 1 {
		times = fmt.Sprintf(", the last of %d times", o.times)
	}
	switch {
	case strings.HasPrefix(text, failed):
		return fmt.Sprintf("On `%s`%s it %s", s.examples[0].shown, times, text)
	case nodeOf(o.Value) == nil:
		return fmt.Sprintf("Value%s: `%s`", times, text)
	}
	return fmt.Sprintf("On `%s`%s: `%s`", s.examples[0].shown, times, text)
}
