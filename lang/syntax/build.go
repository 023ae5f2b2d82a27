package syntax

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"rasp/lang/diag"
	"rasp/lang/value"
)

// What the grammar parsed becomes the tree of ast.go. The one thing that can
// fail here is a number that is too large: it is reported and the statement
// dropped.

// build makes a simple statement or a command; nil if it is faulty.
func (p *parser) build(r *statementRule, span diag.Span) Stmt {
	faults := len(p.diags)
	s := p.stmt(r, At{span})
	if len(p.diags) > faults {
		return nil
	}
	return s
}

func (p *parser) stmt(r *statementRule, at At) Stmt {
	switch {
	case r.Assign != nil:
		return &Assign{at, p.names(r.Assign.Names), p.exprs(r.Assign.Values)}
	case r.Draw != nil:
		return &Draw{at, p.expr(r.Draw.X), p.optional(r.Draw.Input)}
	case r.Load != nil:
		return &Load{at, unquote(*r.Load)}
	case r.Return != nil:
		return &returned{at, p.exprs(r.Return)}
	case r.Command != nil:
		return p.commandOf(r.Command, at)
	}
	return &ExprStmt{at, p.expr(r.Expr)}
}

func (p *parser) commandOf(r *commandRule, at At) Stmt {
	switch {
	case r.Set != nil:
		return &Command{At: at, Verb: "set", Target: r.Set.Target, Value: p.expr(r.Set.Value)}
	case r.Show != nil:
		return &Command{At: at, Verb: "show", Target: r.Show.Target}
	case r.Switch != "":
		return &Command{At: at, Verb: "examples", Target: r.Target, On: r.Switch == "on"}
	case r.Full != "":
		return &Command{At: at, Verb: "full seq display", On: r.Full == "on"}
	}
	return &Command{At: at, Verb: "exit"}
}

func (p *parser) name(r nameRule) *Ident { return p.ident(r.Token) }

func (p *parser) names(rules []nameRule) []*Ident {
	var names []*Ident
	for _, r := range rules {
		names = append(names, p.name(r))
	}
	return names
}

func (p *parser) exprs(rules []*exprRule) []Expr {
	list := make([]Expr, len(rules))
	for i, r := range rules {
		list[i] = p.expr(r)
	}
	return list
}

func (p *parser) optional(r *exprRule) Expr {
	if r == nil {
		return nil
	}
	return p.expr(r)
}

func (p *parser) operand(r *operandRule) Expr {
	var x Expr
	switch {
	case r.Atom:
		x = p.atom(r.Tokens[0])
	case r.Prefix != nil:
		return p.prefixed(r.Prefix)
	case r.Table != nil:
		x = p.data(r.Table.Tokens)
	default:
		x = p.primary(r.X)
	}
	for _, suffix := range r.Suffix {
		x = p.suffix(x, suffix)
	}
	return x
}

// prefixed applies the operators from the innermost.
func (p *parser) prefixed(r *prefixRule) Expr {
	x := p.operand(r.X)
	for i := len(r.Ops) - 1; i >= 0; i-- {
		x = &Unary{At{spanOf(p.src, r.Ops[i]).To(x.Span())}, unaries[r.Ops[i].Value], x}
	}
	return x
}

func (p *parser) suffix(x Expr, r *suffixRule) Expr {
	at := At{x.Span().To(p.spanOfAll(r.Tokens))}
	if r.Index != nil {
		return &Index{at, x, p.expr(r.Index)}
	}
	return &Call{at, x, p.exprs(r.Args)}
}

func (p *parser) primary(r *primaryRule) Expr {
	at := At{p.spanOfAll(r.Tokens)}
	switch {
	case r.Paren != nil:
		return &Paren{at, p.expr(r.Paren)}
	case r.List != nil:
		return p.list(r.List, at)
	case r.Dict != nil:
		return p.dict(r.Dict, at)
	case r.Measure != nil:
		return &Unary{at, unaries[r.Tokens[0].Value], p.expr(r.Measure)}
	case r.Select != nil:
		return &Select{at, p.expr(r.Select.Key), p.expr(r.Select.Query), comparisons[r.Select.Op.Value]}
	case r.Aggregate != nil:
		return &Aggregate{at, p.expr(r.Aggregate.Selector), p.expr(r.Aggregate.Values), p.optional(r.Aggregate.Default)}
	}
	word := r.Tokens[0].Value
	return &Builtin{at, word[:len(word)-1], p.exprs(r.Builtin)}
}

func (p *parser) list(r *listRule, at At) Expr {
	if r.Comp != nil {
		return &ListComp{at, p.expr(r.Elems[0]), p.names(r.Comp.Names), p.expr(r.Comp.In)}
	}
	return &List{at, append(p.exprs(r.Elems), p.exprs(r.More)...)}
}

func (p *parser) dict(r *dictRule, at At) Expr {
	if r.Comp != nil {
		entry := r.Entries[0]
		return &DictComp{at, p.expr(entry.Key), p.expr(entry.Value), p.names(r.Comp.Names), p.expr(r.Comp.In)}
	}
	entries := append(r.Entries, r.More...)
	d := &Dict{at, make([]Expr, len(entries)), make([]Expr, len(entries))}
	for i, entry := range entries {
		d.Keys[i], d.Values[i] = p.expr(entry.Key), p.expr(entry.Value)
	}
	return d
}

func (p *parser) atom(t lexer.Token) Expr {
	if t.Type == nameToken {
		return p.ident(t)
	}
	return &Literal{At{spanOf(p.src, t)}, p.valueOf(t)}
}

func (p *parser) ident(t lexer.Token) *Ident { return &Ident{At{spanOf(p.src, t)}, t.Value} }

// integer reads an int of any size that the arithmetic of the language allows.
func (p *parser) integer(t lexer.Token) value.Value {
	if i, err := strconv.ParseInt(t.Value, 10, 64); err == nil {
		return value.OfInt(i)
	}
	const bitsPerDigit = 3 // at least: log2(10) is 3.3
	i := new(big.Int)
	if len(t.Value) <= value.MaxBits/bitsPerDigit {
		i.SetString(t.Value, 10)
	}
	if len(t.Value) > value.MaxBits/bitsPerDigit || i.BitLen() > value.MaxBits {
		p.report(diag.Errorf(spanOf(p.src, t), diag.Limit, "an int of more than %d bits", value.MaxBits))
	}
	return value.OfBig(i)
}

// isFloat tells the numbers with a point.
func isFloat(t lexer.Token) bool { return strings.Contains(t.Value, ".") }

func (p *parser) float(t lexer.Token) value.Value {
	f, _ := strconv.ParseFloat(t.Value, 64) // the token has the right form; too large gives +Inf
	if math.IsInf(f, 0) {
		p.report(diag.Errorf(spanOf(p.src, t), diag.Value, "the number %s is too large for a float", shorten(t.Value)))
	}
	return value.OfFloat(f)
}

// unquote takes the quotes off a string token; the language has no escapes.
func unquote(t lexer.Token) string { return t.Value[1 : len(t.Value)-1] }

func (p *parser) spanOfAll(tokens []lexer.Token) diag.Span {
	return spanOf(p.src, tokens[0]).To(spanOf(p.src, tokens[len(tokens)-1]))
}
