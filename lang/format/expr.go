package format

import (
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// expr is the doc of an expression. It takes the comments within; those before
// its first token must have been taken.
func (p *printer) expr(x syntax.Expr) doc { return p.operation(x, true) }

// inner is expr for what stands alone in brackets, whose lines are indented
// already.
func (p *printer) inner(x syntax.Expr) doc { return p.operation(x, false) }

// operation is a chain of operators of one level, or an operand. Where it does
// not fit on a line, each operator starts one.
func (p *printer) operation(x syntax.Expr, indent bool) doc {
	first, links := chainOf(x)
	if len(links) == 0 {
		return p.operand(x)
	}
	head := p.expr(first)
	var rest cat
	for _, l := range links {
		rest = append(rest, ownLines(p.above(firstToken(l.operand)))...)
		operand := p.in(l.mode(p.mode), func() doc { return p.expr(l.operand) })
		rest = append(rest, line{}, text(l.word+" "), operand)
	}
	if indent {
		return grouped(head, nest{rest})
	}
	return grouped(head, rest)
}

// link is an operator of a chain, or if or else, and the operand behind it.
type link struct {
	word    string
	operand syntax.Expr
}

// mode of the operand, if that of the chain is m.
func (l link) mode(m mode) mode {
	switch l.word {
	case "+", "-":
		return m.afterOperand()
	case "if":
		return m.bracketed()
	}
	return m
}

// chainOf is the first operand of x and what of the same level follows it.
func chainOf(x syntax.Expr) (first syntax.Expr, links []link) {
	top := levelOf(x)
	if top == 0 {
		return x, nil
	}
	for levelOf(x) == top {
		switch o := x.(type) {
		case *syntax.Binary:
			links = append(links, link{o.Op.Text(), o.R})
			x = o.L
		case *syntax.In:
			links = append(links, link{"in", o.Set})
			x = o.X
		case *syntax.Cond:
			links = append(links, link{"else", o.Else}, link{"if", o.If})
			x = o.Then
		}
	}
	for i, j := 0, len(links)-1; i < j; i, j = i+1, j-1 {
		links[i], links[j] = links[j], links[i]
	}
	return x, links
}

// levelOf tells operators of different levels apart; it is 0 for operands.
func levelOf(x syntax.Expr) int {
	switch x := x.(type) {
	case *syntax.In:
		return 1
	case *syntax.Cond:
		return 2
	case *syntax.Binary:
		switch x.Fn {
		case value.And, value.Or:
			return 3
		case value.Eq, value.Le, value.Ge, value.Lt, value.Gt:
			return 4
		case value.Add, value.Sub:
			return 5
		case value.Mod:
			return 6
		case value.Mul, value.Div:
			return 7
		case value.Pow:
			return 8
		}
	}
	return 0
}

// operand is an expression without an operator between operands.
func (p *printer) operand(x syntax.Expr) doc {
	closing := x.Span().End - 1
	switch x := x.(type) {
	case *syntax.Unary:
		return p.unary(x)
	case *syntax.Paren:
		return p.bracket("(", p.alone(x.X), ")", closing)
	case *syntax.Index:
		of := p.operand(x.X)
		return cat{of, p.suffix("[", p.alone(x.Index), "]", closing)}
	case *syntax.Call:
		return p.call(x)
	case *syntax.List:
		return p.bracket("[", p.items(x.Elems), "]", closing)
	case *syntax.Dict:
		return p.bracket("{", p.entries(x), "}", closing)
	case *syntax.ListComp:
		build := func() doc { return p.expr(x.Elem) }
		return p.comprehension("[", x.Elem, build, x.Names, x.In, "]", closing)
	case *syntax.DictComp:
		build := func() doc { return p.entry(x.Key, x.Value) }
		return p.comprehension("{", x.Key, build, x.Names, x.In, "}", closing)
	case *syntax.Select:
		items := p.items([]syntax.Expr{x.Key, x.Query})
		comparison := item{first: closing, end: closing, build: func() doc { return text(x.Fn.String()) }}
		return p.bracket("select(", append(items, comparison), ")", closing)
	case *syntax.Aggregate:
		args := []syntax.Expr{x.Selector, x.Values}
		if x.Default != nil {
			args = append(args, x.Default)
		}
		return p.bracket("aggregate(", p.items(args), ")", closing)
	case *syntax.Builtin:
		return p.bracket(x.Name+"(", p.items(x.Args), ")", closing)
	}
	return text(x.Span().Text()) // a name or literal
}

func (p *printer) unary(x *syntax.Unary) doc {
	switch x.Fn {
	case value.Round, value.Indicator:
		return p.bracket(x.Fn.String()+"(", p.alone(x.X), ")", x.Where.End-1)
	case value.Not:
		return cat{text("not "), p.operand(x.X)}
	}
	return cat{text(x.Fn.String()), p.operand(x.X)}
}

// call has a blank before the parenthesis only where the two would become
// another token.
func (p *printer) call(x *syntax.Call) doc {
	open := "("
	if name, ok := x.Fun.(*syntax.Ident); ok {
		switch name.Name {
		case "select", "aggregate", "range", "zip", "len":
			open = " ("
		}
	}
	of := p.operand(x.Fun)
	return cat{of, p.suffix(open, p.items(x.Args), ")", x.Where.End-1)}
}

// suffix are the brackets of a call or an index.
func (p *printer) suffix(open string, items []item, shut string, closing int) doc {
	mode := p.mode.afterOperand()
	for i := range items {
		if build := items[i].build; i > 0 {
			items[i].build = func() doc { return p.in(mode.afterComma(), build) }
		}
	}
	return p.in(mode, func() doc { return p.bracket(open, items, shut, closing) })
}

func (p *printer) entry(key, of syntax.Expr) doc {
	return cat{p.expr(key), text(": "), p.expr(of)}
}

func (p *printer) comprehension(open string, elem syntax.Expr, build func() doc, names []*syntax.Ident, in syntax.Expr, shut string, closing int) doc {
	mode := p.mode.bracketed()
	parts := cat(ownLines(p.above(firstToken(elem))))
	parts = append(parts, line{soft: true}, p.in(mode, build))
	parts = append(parts, ownLines(p.above(firstToken(in)))...)
	parts = append(parts, line{}, text("for "+namesOf(names)+" in "), p.in(mode, func() doc { return p.expr(in) }))
	parts = append(parts, ownLines(p.above(closing))...)
	return grouped(text(open), nest{parts}, line{soft: true}, text(shut))
}

// firstToken is where the first token of x stands that is no sign or not: the
// comments before it go before x.
func firstToken(x syntax.Expr) int {
	for {
		switch o := x.(type) {
		case *syntax.Binary:
			x = o.L
		case *syntax.In:
			x = o.X
		case *syntax.Cond:
			x = o.Then
		case *syntax.Call:
			x = o.Fun
		case *syntax.Index:
			x = o.X
		case *syntax.Unary:
			if o.Fn == value.Round || o.Fn == value.Indicator {
				return o.Where.Start
			}
			x = o.X
		default:
			return x.Span().Start
		}
	}
}
