package inside

import (
	"regexp"
	"slices"
	"strings"

	"rasp/lang/graph"
)

// Definition is what a name of the program stands for.
type Definition struct {
	Name string `json:"name"`
	Is   string `json:"is"` // the expression, in one line
	Line int    `json:"line"`
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

var word = regexp.MustCompile(`[\p{L}_][\p{L}\p{N}_]*`)

// where are the definitions of the names that a trace mentions, in the order of the
// program. What is held has its own beside it, and is followed, too.
func (x *Model) where(t *Trace) []Definition {
	named := map[string]*graph.Node{}
	for _, n := range graph.Reachable(x.known...) {
		if n.Name != "" && expression(n) != "" {
			named[n.Name] = n
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
		for _, name := range word.FindAllString(text, -1) {
			n := named[name]
			if n == nil || found[name] {
				continue
			}
			found[name] = true
			texts = append(texts, expression(n))
			if !shown[name] {
				list = append(list, Definition{name, expression(n), n.Span.Line()})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Definition) int { return a.Line - b.Line })
	return list
}
