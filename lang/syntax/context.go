package syntax

import (
	"github.com/alecthomas/participle/v2/lexer"
)

// context is what surrounds a faulty token.
type context struct {
	head     lexer.Token // the statement's first token
	previous lexer.Token // the token before the faulty one
	earlier  lexer.Token // the one before that, if there is one
	first    bool        // the faulty token is the first; there is no previous
	depth    int         // open brackets
	bracket  *openBracket
}

// openBracket is the innermost open bracket, or the statement if none is open,
// and what it holds up to the faulty token.
type openBracket struct {
	token  lexer.Token
	before lexer.Token // the token right before
	callee lexer.Token // the same, if it is an operand: of a call or an index
	commas int
	colon  bool // after the : of a dict entry
	ifs    int  // ternaries without their else
	loop   bool // after for
	in     bool // after the in of that for
	assign bool // after =
}

// contextOf looks through the statement that starts at i, up to token at.
func (p *parser) contextOf(i, at int) *context {
	stack := []*openBracket{{}}
	for j := i; j < at; j++ {
		switch t := p.tokens[j]; {
		case opens(t):
			b := &openBracket{token: t}
			if j > i {
				b.before = p.tokens[j-1]
			}
			if endsOperand(b.before) {
				b.callee = b.before
			}
			stack = append(stack, b)
		case closes(t) && len(stack) > 1:
			stack = stack[:len(stack)-1]
		default:
			stack[len(stack)-1].note(t)
		}
	}
	c := &context{head: p.tokens[i], first: at == i, depth: len(stack) - 1, bracket: stack[len(stack)-1]}
	if !c.first {
		c.previous = p.tokens[at-1]
	}
	if at > i+1 {
		c.earlier = p.tokens[at-2]
	}
	return c
}

func (b *openBracket) note(t lexer.Token) {
	switch {
	case isPunct(t, ","):
		b.commas++
		b.colon = false
	case isPunct(t, ":"):
		b.colon = true
	case isPunct(t, "="):
		b.assign = true
	case isKeyword(t, "if"):
		b.ifs++
	case isKeyword(t, "else"):
		b.ifs = max(b.ifs-1, 0)
	case isKeyword(t, "for"):
		b.loop = true
	case isIn(t) && b.loop:
		b.in = true
	}
}

func isIn(t lexer.Token) bool { return t.Type == operatorToken && t.Value == "in" }

// expected says what could stand at the faulty token.
func (c *context) expected() string {
	switch {
	case c.first:
		return "a statement"
	case !endsOperand(c.previous):
		return c.operand()
	case c.bracket.ifs > 0:
		return `"else"`
	case c.bracket.loop && !c.bracket.in:
		return `"," or "in"`
	case c.depth == 0:
		return c.endOfStatement()
	}
	return c.endOfPart()
}

// operand says what is expected after a token that does not end an operand.
func (c *context) operand() string {
	switch previous := c.previous; {
	case isKeyword(previous, "def"):
		return "the function's name"
	case isKeyword(c.head, "def"):
		return "a parameter's name"
	case c.bracket.loop && !c.bracket.in:
		return "a name"
	case c.depth == 0 && c.head.Type == nameToken && isPunct(previous, ",") && !c.bracket.assign:
		return "a name"
	case isKeyword(previous, "load"):
		return "a file name in double quotes"
	case isKeyword(previous, "draw", "round", "indicator"):
		return `"("`
	case isKeyword(previous, "examples", "full seq display"):
		return `"on" or "off"`
	case isKeyword(previous, "set", "show"), isKeyword(c.head, "set", "show") && isKeyword(previous, "s-op", "selector"):
		return `"example"`
	case isKeyword(previous, "s-op", "selector"):
		return `"examples"`
	case c.bracket.token.Value == "select(" && c.bracket.commas == 2 && isPunct(previous, ","):
		return `"==", "!=", "<", "<=", ">" or ">="`
	}
	return "an expression after " + describe(c.previous)
}

// endOfStatement says what is expected after an operand outside all brackets.
func (c *context) endOfStatement() string {
	switch {
	case isKeyword(c.head, "def") && c.previous.Type == nameToken:
		return `"("`
	case isKeyword(c.head, "def", "for"):
		return `"{"`
	case isKeyword(c.head, "load", "draw"):
		return `";"`
	case startsCommand(c.head):
		return "the end of the command"
	case c.bracket.commas > 0 && !c.bracket.assign && c.head.Type == nameToken:
		return `"," or "="`
	}
	return `an operator or ";"`
}

// endOfPart says what is expected after an operand inside a bracket.
func (c *context) endOfPart() string {
	b := c.bracket
	switch closing := `"` + closer(b.token) + `"`; {
	case b.token.Value == "{" && !b.colon:
		return `":"`
	case b.token.Value == "select(" && b.commas < 2, b.token.Value == "aggregate(" && b.commas < 1:
		return `","`
	case c.takesMore():
		return `"," or ` + closing
	default:
		return closing
	}
}

func closer(open lexer.Token) string {
	switch open.Value {
	case "[":
		return "]"
	case "{":
		return "}"
	}
	return ")"
}

// takesMore tells whether a comma may follow in the bracket.
func (c *context) takesMore() bool {
	b := c.bracket
	switch b.token.Value {
	case "(":
		return b.isPostfix() || isKeyword(c.head, "draw") && c.depth == 1 && b.commas == 0
	case "[":
		return !b.isPostfix() && !b.loop
	case "{":
		return !b.loop
	case "aggregate(":
		return b.commas < 2
	}
	return b.token.Value == "range(" || b.token.Value == "zip("
}

// isPostfix tells a call or an index from brackets that start an operand.
func (b *openBracket) isPostfix() bool { return b.callee.Value != "" }
