package console

import (
	"slices"
	"strings"
)

// words that can be typed besides the names of entries and variables. The
// parenthesis belongs to those that have one.
var words = []string{
	"True", "False", "and", "or", "not", "if", "else", "in", "for", "def", "return",
	"select(", "aggregate(", "range(", "zip(", "len(", "lookup(", "round(", "indicator(", "draw(", "load",
	"set", "show", "example", "examples", "selector", "s-op", "on", "off", "full seq display", "help", "exit", "quit",
}

// Complete lists what the word that ends at byte pos of a line can become, in
// alphabetical order, and where that word starts. Inside a string there is
// nothing to complete.
func (c *Console) Complete(line string, pos int) (start int, candidates []string) {
	start = pos
	for start > 0 && isWord(line[start-1]) {
		start--
	}
	word := line[start:pos]
	if word == "" || strings.Count(line[:pos], `"`)%2 == 1 {
		return pos, nil
	}
	add := func(name string) {
		if strings.HasPrefix(name, word) {
			candidates = append(candidates, name)
		}
	}
	for _, name := range words {
		add(name)
	}
	for _, e := range slices.Concat(library(), base) {
		if strings.HasSuffix(e.signature, ")") {
			e.name += "("
		}
		add(e.name)
	}
	for _, b := range c.session.Bindings() {
		add(b.Name)
	}
	slices.Sort(candidates)
	return start, slices.Compact(candidates)
}

func isWord(b byte) bool {
	return b == '_' || '0' <= b && b <= '9' || 'a' <= b|0x20 && b|0x20 <= 'z'
}
