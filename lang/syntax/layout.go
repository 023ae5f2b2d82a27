package syntax

import (
	"strings"

	"github.com/alecthomas/participle/v2/lexer"
)

// Which braces belong together. Where they balance, braces alone say it. While somebody
// types a def they do not, and then the layout says more: a body is indented, so that a
// statement that starts no further right than its def or for stands behind it.

// braces maps the index of each { to that of its }, 0 if it has none. ends has, for bodies
// without }, the index of the token before which the layout ends them.
type braces struct {
	match []int
	ends  map[int]int
}

// matchBraces pairs the braces of a text.
func matchBraces(text string, tokens []lexer.Token) braces {
	paired, balanced := pairBraces(tokens)
	if balanced {
		return braces{match: paired}
	}
	l := layout{tokens: tokens, columns: columnsOf(text, tokens), paired: paired, braces: braces{make([]int, len(tokens)), map[int]int{}}}
	for i := range tokens {
		l.token(i)
	}
	return l.braces
}

// pairBraces takes braces as they come, and says whether all bodies have theirs. A ; never
// stands inside a dict, so a dict open at a ; is taken for unclosed.
func pairBraces(tokens []lexer.Token) (match []int, balanced bool) {
	match, balanced = make([]int, len(tokens)), true
	var open []int
	for i, t := range tokens {
		switch {
		case isPunct(t, "{"):
			open = append(open, i)
		case isPunct(t, "}") && len(open) > 0:
			match[open[len(open)-1]] = i
			open = open[:len(open)-1]
		case isPunct(t, "}"):
			balanced = false
		case isPunct(t, ";"):
			for len(open) > 0 && !opensBody(tokens, open[len(open)-1]) {
				open = open[:len(open)-1]
			}
		}
	}
	return match, balanced && len(open) == 0
}

// layout pairs braces that do not balance.
type layout struct {
	braces
	tokens  []lexer.Token
	columns []int
	paired  []int // by braces alone
	open    []openBrace
}

// openBrace is a { that waits for its }.
type openBrace struct {
	at       int
	body     bool
	column   int  // of the line on which the def or for stands
	indented bool // what its body begins with stands further right, on a line of its own
}

func (l *layout) token(i int) {
	t := l.tokens[i]
	if i == 0 || t.Pos.Line > l.tokens[i-1].Pos.Line {
		l.line(i)
	}
	switch {
	case isPunct(t, "{"):
		b := openBrace{at: i, body: opensBody(l.tokens, i)}
		if b.body {
			b.column = l.columns[l.head(i)]
		}
		l.open = append(l.open, b)
	case isPunct(t, "}") && len(l.open) > 0 && !l.early(i):
		l.match[l.top().at] = i
		l.open = l.open[:len(l.open)-1]
	case isPunct(t, ";"):
		for len(l.open) > 0 && !l.top().body {
			l.open = l.open[:len(l.open)-1]
		}
	}
}

func (l *layout) top() *openBrace { return &l.open[len(l.open)-1] }

// line looks at the first token of a line: a statement that stands no further right than
// the head of an open body whose lines did, or that has no } at all, ends it, with all that
// is open inside.
func (l *layout) line(i int) {
	column := l.columns[i]
	for k := range min(len(l.open), maxNesting) {
		b := &l.open[k]
		switch {
		case !b.body:
		case column > b.column:
			b.indented = true
		case (b.indented || l.paired[b.at] == 0) && startsStatementAt(l.tokens, i):
			for _, inside := range l.open[k:] {
				if inside.body {
					l.ends[inside.at] = i
				}
			}
			l.open = l.open[:k]
			return
		}
	}
}

// early tells whether the } at i, which would close a body, has more of that body behind it:
// a line that starts further right than the body's head.
func (l *layout) early(i int) bool {
	b, next := l.top(), i+1
	return b.body && b.indented && next < len(l.tokens) && l.tokens[next].Pos.Line > l.tokens[i].Pos.Line &&
		!isPunct(l.tokens[next], "}") && !l.tokens[next].EOF() && l.columns[next] > b.column
}

// head is the def or for that starts a line and whose body opens at i, or what starts the
// line of i.
func (l *layout) head(i int) int {
	first := i
	for j := i - 1; j >= 0 && !isPunct(l.tokens[j], ";") && !isPunct(l.tokens[j], "}") && !isPunct(l.tokens[j], "{"); j-- {
		first = j
		if isKeyword(l.tokens[j], "def", "for") {
			break
		}
	}
	return first
}

// columnsOf tokens: how many bytes stand before each on its line.
func columnsOf(text string, tokens []lexer.Token) []int {
	columns, line, start := make([]int, len(tokens)), 0, 0
	for i, t := range tokens {
		if t.Pos.Line > line {
			line, start = t.Pos.Line, strings.LastIndexByte(text[:t.Pos.Offset], '\n')+1
		}
		columns[i] = t.Pos.Offset - start
	}
	return columns
}
