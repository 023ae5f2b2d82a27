package form

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The grammar, blanks between any two parts:
//
//	either  = both { "|" both }
//	both    = rule { "&" rule }
//	rule    = ["at most"] "one" item          the shorthands, where the rule ends behind the item
//	        | { part }
//	part    = "~" part | item { "*" | "+" | "?" | "{" m [ "," [ n ] ] "}" }
//	item    = "." | text | word | "[" ["^"] { text | word } "]" | "(" either ")"
//	text    a JSON string: one token
//	word    characters without a special one: one token, or one token a character

type operation uint8

const (
	opWord operation = iota // text
	opText                  // text, one token
	opAny
	opSet    // args: words and texts
	opCat    // args
	opEither // args
	opBoth   // args
	opNot    // args[0]
	opRepeat // args[0]; of a word that is no token, of its last character
	opOne    // args[0]: a word or a set; just one of its tokens, at most one if least is 0
)

// tree is an expression as it is written.
type tree struct {
	op          operation
	start, end  int
	text        string
	args        []*tree
	negated     bool // of a set
	least, most int  // of a repetition, and of one; most -1: any number
}

const special = " \t\"[](){}|*+?&~."

type parser struct {
	text  string
	at    int
	depth int
}

func parse(text string) (t *tree, err error) {
	if len(text) > maxText {
		return nil, errorf(0, len(text), "", "the expression has more than %d bytes", maxText)
	}
	if !utf8.ValidString(text) {
		return nil, errorf(0, len(text), "", "the expression is not UTF-8")
	}
	p := &parser{text: text}
	defer caught(&err)
	if p.peek() == 0 {
		return nil, errorf(0, len(text), `write an expression like [01]+ "=" [01]+, or one "="`, "the form of the inputs is missing")
	}
	t = p.either()
	if p.peek() != 0 {
		p.fail(p.at, p.at+1, "", "%q closes nothing", p.text[p.at])
	}
	return t, nil
}

// fail ends the parse.
func (p *parser) fail(start, end int, hint, format string, args ...any) {
	panic(errorf(start, min(end, len(p.text)), hint, format, args...))
}

// peek is the next byte that is no blank, 0 at the end.
func (p *parser) peek() byte {
	for p.at < len(p.text) && (p.text[p.at] == ' ' || p.text[p.at] == '\t') {
		p.at++
	}
	if p.at == len(p.text) {
		return 0
	}
	return p.text[p.at]
}

func (p *parser) either() *tree { return p.list(opEither, '|', p.both) }
func (p *parser) both() *tree   { return p.list(opBoth, '&', p.rule) }

func (p *parser) list(op operation, separator byte, part func() *tree) *tree {
	t := &tree{op: op, args: []*tree{part()}}
	for p.peek() == separator {
		p.at++
		t.args = append(t.args, part())
	}
	if len(t.args) == 1 {
		return t.args[0]
	}
	t.start, t.end = t.args[0].start, p.at
	return t
}

func (p *parser) rule() *tree {
	if t := p.shorthand(); t != nil {
		return t
	}
	t := &tree{op: opCat, start: p.at}
	for !strings.ContainsRune("\x00|&)", rune(p.peek())) {
		t.args = append(t.args, p.part())
	}
	t.end = p.at
	return t
}

// shorthand reads one of them; nil, and nothing read, if here is none.
func (p *parser) shorthand() *tree {
	p.peek()
	start := p.at
	t := &tree{op: opOne, start: start, least: 1, most: 1}
	if p.keyword("at") {
		if t.least = 0; !p.keyword("most") {
			p.at = start
			return nil
		}
	}
	if p.keyword("one") && strings.ContainsRune(special, rune(p.peek())) == (p.peek() == '"' || p.peek() == '[') && p.peek() != 0 {
		t.args = []*tree{p.item()}
		if t.end = p.at; strings.ContainsRune("\x00|&)", rune(p.peek())) {
			return t
		}
	}
	p.at = start
	return nil
}

// keyword reads a word; false, and nothing read, if it is not the next.
func (p *parser) keyword(word string) bool {
	p.peek()
	rest := p.text[p.at:]
	if !strings.HasPrefix(rest, word) || len(rest) == len(word) || !strings.ContainsRune(" \t\"[", rune(rest[len(word)])) {
		return false
	}
	p.at += len(word)
	return true
}

func (p *parser) part() *tree {
	if p.peek() != '~' {
		return p.repeated(p.item())
	}
	start := p.at
	p.at++
	p.enter(start)
	defer p.leave()
	if c := p.peek(); strings.ContainsRune("\x00|&)", rune(c)) {
		p.fail(start, start+1, "~ stands before what an input is not", "~ without anything behind it")
	}
	arg := p.part()
	return &tree{op: opNot, start: start, end: p.at, args: []*tree{arg}}
}

func (p *parser) enter(start int) {
	if p.depth++; p.depth > maxNesting {
		p.fail(start, start+1, "", "brackets are nested more than %d deep", maxNesting)
	}
}

func (p *parser) leave() { p.depth-- }

func (p *parser) repeated(t *tree) *tree {
	for n := 0; ; n++ {
		least, most := 0, -1
		switch p.peek() {
		case '*':
			p.at++
		case '+':
			p.at, least = p.at+1, 1
		case '?':
			p.at, most = p.at+1, 1
		case '{':
			least, most = p.bounds()
		default:
			return t
		}
		if n == maxNesting {
			p.fail(t.start, p.at, "", "more than %d repetitions of a repetition", maxNesting)
		}
		t = &tree{op: opRepeat, start: t.start, end: p.at, args: []*tree{t}, least: least, most: most}
	}
}

// bounds reads {m}, {m,} or {m,n}.
func (p *parser) bounds() (least, most int) {
	start := p.at
	length := strings.IndexByte(p.text[start:], '}')
	if length < 0 {
		p.fail(start, start+1, "", "{ is not closed")
	}
	p.at += length + 1
	low, high, two := strings.Cut(p.text[start+1:p.at-1], ",")
	number := func(text string) int {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || n < 0 {
			p.fail(start, p.at, "write {3}, {2,} or {2,5}", "expected how often at least and at most, found %s", p.text[start:p.at])
		}
		if n > maxRepeat {
			p.fail(start, p.at, "", "a repetition of more than %d times", maxRepeat)
		}
		return n
	}
	least = number(low)
	switch {
	case !two:
		most = least
	case strings.TrimSpace(high) == "":
		most = -1
	default:
		most = number(high)
	}
	if most >= 0 && least > most {
		p.fail(start, p.at, "", "%s: at least more than at most", p.text[start:p.at])
	}
	return least, most
}

func (p *parser) item() *tree {
	start := p.at
	switch c := p.peek(); c {
	case '.':
		p.at++
		return &tree{op: opAny, start: start, end: p.at}
	case '"':
		return p.quoted()
	case '[':
		return p.set()
	case '(':
		start = p.at
		p.at++
		p.enter(start)
		defer p.leave()
		t := p.either()
		if p.peek() != ')' {
			p.fail(start, start+1, "", "( is not closed")
		}
		p.at++
		return t
	case '*', '+', '?', '{':
		p.fail(p.at, p.at+1, `a token that is written with a special character is quoted: "+"`, "%q repeats nothing", c)
	case ']', '}', ')':
		p.fail(p.at, p.at+1, "", "%q closes nothing", c)
	}
	return p.word(special)
}

// quoted reads a token as a JSON string.
func (p *parser) quoted() *tree {
	start := p.at
	for end := start + 1; end < len(p.text); end++ {
		switch p.text[end] {
		case '\\':
			end++
		case '"':
			p.at = end + 1
			var text string
			if err := json.Unmarshal([]byte(p.text[start:p.at]), &text); err != nil {
				p.fail(start, p.at, "", "%s is not a string", p.text[start:p.at])
			}
			return &tree{op: opText, start: start, end: p.at, text: text}
		}
	}
	p.fail(start, len(p.text), "", "the quote is not closed")
	return nil
}

// word reads characters up to one of those that end it.
func (p *parser) word(until string) *tree {
	p.peek()
	length := strings.IndexAny(p.text[p.at:], until)
	if length < 0 {
		length = len(p.text) - p.at
	}
	t := &tree{op: opWord, start: p.at, end: p.at + length, text: p.text[p.at : p.at+length]}
	p.at = t.end
	return t
}

func (p *parser) set() *tree {
	t := &tree{op: opSet, start: p.at}
	p.at++
	if p.peek() == '^' {
		p.at++
		t.negated = true
	}
	for {
		switch p.peek() {
		case 0:
			p.fail(t.start, t.start+1, "", "[ is not closed")
		case ']':
			p.at++
			if t.end = p.at; len(t.args) == 0 {
				p.fail(t.start, t.end, ". is any token", "a set of no token")
			}
			return t
		case '"':
			t.args = append(t.args, p.quoted())
		default:
			t.args = append(t.args, p.word(" \t\"]"))
		}
	}
}
