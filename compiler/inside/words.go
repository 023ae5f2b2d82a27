package inside

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"rasp/lang/diag"
	"rasp/lang/elab"
	"rasp/lang/graph"
	"rasp/lang/syntax"
)

// Definition is what a name of the program stands for.
type Definition struct {
	Name string `json:"name"`
	Text
}

// Text is what a program says of an s-op or a selector, in one line.
type Text struct {
	Is   string `json:"is,omitempty"` // the expression that the program gives the name to
	In   string `json:"in,omitempty"` // where there is none: the call in which it is computed
	Line int    `json:"line,omitempty"`
	File string `json:"file,omitempty"` // of the line, if that is not of the program itself
}

// longest is how much is shown of an expression.
const longest = 120

// expression is the text of a node, in one line.
func expression(n *graph.Node) string {
	text := []rune(strings.Join(strings.Fields(n.Span.Text()), " "))
	if len(text) > longest {
		return string(text[:longest-3]) + "..."
	}
	return string(text)
}

// text is what the program says of a node. Nodes that a function of the library makes have
// its call for their text, and of nodes that are computed alike one is left, which has the
// text of one of them and may have the name of another: so only an assignment of that text
// to that name says what it is.
func (x *Model) text(n *graph.Node) Text {
	t := Text{In: expression(n), Line: n.Span.Line()}
	switch s := n.Span.Source; {
	case s == nil || s.Text == x.Source:
	case s == elab.Library().Source:
		t.File = "the library"
	default:
		t.File = s.Name
	}
	if slices.Contains(x.assignments(n.Span.Source)[n.Span], n.Name) && !slices.Contains(word().FindAllString(n.Span.Text(), -1), n.Name) && !x.isStep(n) {
		t.Is, t.In = t.In, ""
	}
	return t
}

// assignments are the names that a file gives to the expression at each span.
func (x *Model) assignments(source *diag.Source) map[diag.Span][]string {
	if known, ok := x.assigned[source]; ok || source == nil {
		return known
	}
	file, _ := syntax.Parse(source) // the program has no faults that matter: it has nodes
	found := map[diag.Span][]string{}
	for _, s := range file.Stmts {
		if a, ok := s.(*syntax.Assign); ok && len(a.Names) == 1 && len(a.Values) == 1 {
			span := syntax.Unparen(a.Values[0]).Span()
			found[span] = append(found[span], a.Names[0].Name)
		}
	}
	x.assigned[source] = found
	return found
}

// isStep reports that a node is a step on the way to the value of its expression: something
// else in it is made of the node.
func (x *Model) isStep(n *graph.Node) bool {
	same := slices.DeleteFunc(slices.Clone(x.spans()[n.Span]), func(m *graph.Node) bool { return m == n })
	return len(same) > 0 && slices.ContainsFunc(same, func(m *graph.Node) bool { return slices.Contains(graph.Reachable(m), n) })
}

// spans are the nodes of each expression.
func (x *Model) spans() map[diag.Span][]*graph.Node {
	if x.bySpan == nil {
		x.bySpan = map[diag.Span][]*graph.Node{}
		for _, n := range graph.Reachable(x.known...) {
			x.bySpan[n.Span] = append(x.bySpan[n.Span], n)
		}
	}
	return x.bySpan
}

// word is compiled where it is wanted: it takes as long as the start of most packages together.
var word = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[\p{L}_][\p{L}\p{N}_]*`) })

// where are the definitions of the names that a trace mentions, in the order of the
// program. What is held has its own beside it, and is followed, too. A name that is given
// twice has two.
func (x *Model) where(t *Trace) []Definition {
	named := map[string][]*graph.Node{}
	for _, n := range graph.Reachable(x.known...) {
		if n.Name != "" && expression(n) != "" {
			named[n.Name] = append(named[n.Name], n)
		}
	}
	shown := map[string]bool{}
	var texts []string
	for _, l := range append([]LayerTrace{{Held: t.Given}}, t.Layers...) {
		for _, h := range l.Heads {
			texts = append(texts, h.Selector, h.SOp)
		}
		for _, h := range l.Held {
			shown[h.SOp] = true
			texts = append(texts, h.SOp, h.Is)
		}
		for _, n := range l.Neurons {
			texts = append(texts, n.Name)
		}
	}
	list := []Definition{}
	found := map[string]bool{}
	for len(texts) > 0 {
		text := texts[0]
		texts = texts[1:]
		for _, name := range word().FindAllString(text, -1) {
			if found[name] {
				continue
			}
			found[name] = true
			for _, n := range named[name] {
				d := Definition{name, x.text(n)}
				texts = append(texts, d.Is)
				if !shown[name] && !slices.Contains(list, d) {
					list = append(list, d)
				}
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Definition) int { return a.Line - b.Line })
	return list
}
