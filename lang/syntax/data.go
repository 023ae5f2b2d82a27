package syntax

import (
	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"rasp/lang/value"
)

// Tables, such as the counts of a language model, are lists and dicts of
// millions of names and literals. The other rules of the grammar would do for
// them too, but take 20 times as long for a list of negative numbers, and 5
// times the memory (BenchmarkList).

// loneRule is a name, a string, or a number with or without a sign, that is the
// whole expression.
type loneRule struct{ Tokens []lexer.Token }

// Parse takes the tokens if nothing is applied to them.
func (r *loneRule) Parse(tokens *lexer.PeekingLexer) (err error) {
	r.Tokens, err = match(tokens, func() bool { return passData(tokens, 0) && !continues(*tokens.Peek()) })
	return err
}

// tableRule is a list or dict of data: names, strings, numbers with or without a
// sign, and tables.
type tableRule struct{ Tokens []lexer.Token }

// maxTableNesting bounds how often a token is looked at in vain: a bracket that
// holds something else is tried at each level.
const maxTableNesting = 4

func (r *tableRule) Parse(tokens *lexer.PeekingLexer) (err error) {
	r.Tokens, err = match(tokens, func() bool { return opens(*tokens.Peek()) && passData(tokens, maxTableNesting) })
	return err
}

// match gives the tokens that pass moves behind; none if it fails.
func match(tokens *lexer.PeekingLexer, pass func() bool) ([]lexer.Token, error) {
	start := tokens.MakeCheckpoint()
	if !pass() {
		tokens.LoadCheckpoint(start)
		return nil, participle.NextMatch
	}
	return tokens.Range(start.RawCursor(), tokens.RawCursor()), nil
}

// passData moves behind a piece of data; false if there is none.
func passData(tokens *lexer.PeekingLexer, nesting int) bool {
	switch t := *tokens.Next(); {
	case isAtom(t):
		return true
	case isSign(t):
		return tokens.Next().Type == numberToken
	case nesting == 0:
		return false
	case isPunct(t, "["):
		return passItems(tokens, "]", func() bool { return passData(tokens, nesting-1) })
	case isPunct(t, "{"):
		return passItems(tokens, "}", func() bool {
			return passData(tokens, 0) && isPunct(*tokens.Next(), ":") && passData(tokens, nesting-1)
		})
	}
	return false
}

// passItems moves behind the items of a list or dict and its closing bracket.
func passItems(tokens *lexer.PeekingLexer, closing string, item func() bool) bool {
	if isPunct(*tokens.Peek(), closing) {
		tokens.Next()
		return true
	}
	for item() {
		if t := *tokens.Next(); !isPunct(t, ",") {
			return isPunct(t, closing)
		}
	}
	return false
}

func isAtom(t lexer.Token) bool {
	return t.Type == nameToken || t.Type == numberToken || t.Type == stringToken
}

func isSign(t lexer.Token) bool {
	return t.Type == operatorToken && (t.Value == "-" || t.Value == "+")
}

// continues tells whether t, after an operand, is part of the same expression.
func continues(t lexer.Token) bool {
	return t.Type == operatorToken || isKeyword(t, "if") || isPunct(t, "[") || isPunct(t, "(")
}

// data makes the tree of the tokens that passData moved behind.
func (p *parser) data(tokens []lexer.Token) Expr {
	b := dataBuilder{parser: p, rest: tokens, literals: make([]Literal, 0, len(tokens)/2+1)}
	return b.next()
}

// dataBuilder makes trees. Literals come from one slice, which is long enough:
// at most every other token is one.
type dataBuilder struct {
	*parser
	rest     []lexer.Token
	literals []Literal
}

func (b *dataBuilder) take() lexer.Token {
	t := b.rest[0]
	b.rest = b.rest[1:]
	return t
}

func (b *dataBuilder) next() Expr {
	switch t := b.take(); {
	case t.Type == nameToken:
		return b.ident(t)
	case isSign(t):
		x := b.literal(b.take())
		return &Unary{At{spanOf(b.src, t).To(x.Span())}, unaries[t.Value], x}
	case isPunct(t, "["):
		return b.list(t)
	case isPunct(t, "{"):
		return b.dict(t)
	default:
		return b.literal(t)
	}
}

func (b *dataBuilder) literal(t lexer.Token) Expr {
	b.literals = append(b.literals, Literal{At{spanOf(b.src, t)}, b.valueOf(t)})
	return &b.literals[len(b.literals)-1]
}

func (b *dataBuilder) list(open lexer.Token) Expr {
	l := &List{Elems: []Expr{}}
	end := b.items("]", func() { l.Elems = append(l.Elems, b.next()) })
	l.Where = spanOf(b.src, open).To(spanOf(b.src, end))
	return l
}

func (b *dataBuilder) dict(open lexer.Token) Expr {
	d := &Dict{Keys: []Expr{}, Values: []Expr{}}
	end := b.items("}", func() {
		d.Keys = append(d.Keys, b.next())
		b.take() // the :
		d.Values = append(d.Values, b.next())
	})
	d.Where = spanOf(b.src, open).To(spanOf(b.src, end))
	return d
}

// items calls item for each and returns the closing bracket.
func (b *dataBuilder) items(closing string, item func()) lexer.Token {
	if isPunct(b.rest[0], closing) {
		return b.take()
	}
	for {
		item()
		if t := b.take(); !isPunct(t, ",") {
			return t
		}
	}
}

// valueOf a number or string token.
func (p *parser) valueOf(t lexer.Token) value.Value {
	switch {
	case t.Type == stringToken:
		return value.OfString(unquote(t))
	case isFloat(t):
		return p.float(t)
	}
	return p.integer(t)
}
