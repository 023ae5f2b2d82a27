package syntax

import (
	"rasp/lang/value"
)

// Precedence levels, from the loosest. All are left-associative, the ternary
// too: a if p else b if q else c is (a if p else b) if q else c.
const (
	levelIn = iota + 1
	levelTernary
	levelLogic // and, or: one level
	levelCompare
	levelSum
	levelRemainder // %, looser than * and /
	levelProduct
	levelPower
)

var operators = map[string]struct {
	level int
	fn    value.Fn // none for in
}{
	"in":  {level: levelIn},
	"and": {levelLogic, value.And}, "or": {levelLogic, value.Or},
	"==": {levelCompare, value.Eq}, "<=": {levelCompare, value.Le}, ">=": {levelCompare, value.Ge},
	"<": {levelCompare, value.Lt}, ">": {levelCompare, value.Gt},
	"+": {levelSum, value.Add}, "-": {levelSum, value.Sub},
	"%": {levelRemainder, value.Mod},
	"*": {levelProduct, value.Mul}, "/": {levelProduct, value.Div},
	"^": {levelPower, value.Pow},
}

// unaries bind tighter than every operator between two operands.
var unaries = map[string]value.Fn{
	"-": value.Neg, "+": value.Pos, "not": value.Not, "round": value.Round, "indicator": value.Indicator,
}

// comparisons are the third argument of select.
var comparisons = map[string]value.Fn{
	"==": value.Eq, "!=": value.Ne, "<": value.Lt, "<=": value.Le, ">": value.Gt, ">=": value.Ge,
}

func (t *tailRule) level() int {
	if t.If != nil {
		return levelTernary
	}
	return operators[t.Op.Value].level
}

// expr gives the tree of a flat expression: operands wait on one stack,
// operators on another until a looser or equal one comes.
func (p *parser) expr(r *exprRule) Expr {
	if r.Lone != nil {
		return p.data(r.Lone.Tokens)
	}
	first := p.operand(r.Head)
	if len(r.Tail) == 0 {
		return first
	}
	operands := []Expr{first}
	var waiting []*tailRule
	for _, tail := range r.Tail {
		for len(waiting) > 0 && waiting[len(waiting)-1].level() >= tail.level() {
			operands, waiting = p.join(operands, waiting)
		}
		operands, waiting = append(operands, p.operand(tail.Operand)), append(waiting, tail)
	}
	for len(waiting) > 0 {
		operands, waiting = p.join(operands, waiting)
	}
	return operands[0]
}

// join replaces the last two operands by the last operator applied to them.
func (p *parser) join(operands []Expr, waiting []*tailRule) ([]Expr, []*tailRule) {
	last := len(operands) - 1
	operands[last-1] = p.binary(operands[last-1], waiting[last-1], operands[last])
	return operands[:last], waiting[:last-1]
}

func (p *parser) binary(left Expr, op *tailRule, right Expr) Expr {
	at := At{left.Span().To(right.Span())}
	switch {
	case op.If != nil:
		return &Cond{at, left, p.expr(op.If), right}
	case op.Op.Value == "in":
		return &In{at, left, right}
	}
	return &Binary{at, operators[op.Op.Value].fn, left, right, spanOf(p.src, *op.Op)}
}
