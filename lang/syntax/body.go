package syntax

import (
	"slices"
	"sort"

	"rasp/lang/diag"
)

// compound parses a def or for whose first token is i and whose body opens at
// brace. Its rule is nil if the head is faulty; the body is parsed all the same,
// for its faults.
func (p *parser) compound(rule *statementRule, i, brace, limit int) (Stmt, int) {
	closing := p.match[brace]
	in := place{kind: p.tokens[i].Value, unclosed: closing == 0}
	if p.depth >= maxNesting {
		p.report(diag.Errorf(spanOf(p.src, p.tokens[brace]), diag.Limit, "nested more than %d levels deep", maxNesting))
		if in.unclosed {
			return nil, limit
		}
		return nil, closing + 1
	}
	faults := len(p.diags)
	p.depth++
	body, next := p.body(brace, closing, limit, in)
	p.depth--
	span := p.between(i, next-1)
	clean := len(p.diags) == faults && !slices.ContainsFunc(p.tokens[brace:next], isBad)
	if in.kind == "def" {
		return p.function(rule, body, span, clean), next
	}
	if clean && len(body) == 0 && !p.commentIn(p.between(brace, next-1)) {
		p.report(diag.Errorf(spanOf(p.src, p.tokens[brace]), diag.Syntax, "the body of the loop is empty").
			WithHint("a loop has at least one statement or comment between { and }"))
	}
	return p.loop(rule, body, span), next
}

// body parses what stands between the braces and returns it with the index of
// the token after it.
func (p *parser) body(brace, closing, limit int, in place) ([]Stmt, int) {
	if !in.unclosed {
		list, _ := p.statements(brace+1, closing, in)
		return list, closing + 1
	}
	if end, ok := p.ends[brace]; ok {
		limit = min(limit, end)
	}
	list, next := p.statements(brace+1, limit, in)
	p.noteEnd(len(p.tokens) - 1)
	p.report(diag.Errorf(spanOf(p.src, p.tokens[brace]), diag.Syntax, `the body of this %s is never closed: expected "}"`, in.kind).
		WithHint("each { needs its }"))
	return list, next
}

// function builds a def; nil if it is faulty. The body ends with a returned.
func (p *parser) function(rule *statementRule, body []Stmt, span diag.Span, clean bool) Stmt {
	var results []Expr
	var kept []Stmt
	for i, s := range body {
		r, ok := s.(*returned)
		switch {
		case !ok:
			kept = append(kept, s)
		case i == len(body)-1:
			results = r.values
		default:
			p.report(diag.Errorf(r.Where, diag.Syntax, "return before the end of the function").
				WithHint("return is the last statement; to choose a result write return a if c else b;"))
			clean = false
		}
	}
	if results == nil && clean {
		end := diag.Span{Source: p.src, Start: span.End - 1, End: span.End}
		p.report(diag.Errorf(end, diag.Syntax, `expected "return", found "}"`).
			WithHint("the last statement of a function is return ...;"))
	}
	if rule == nil {
		return nil
	}
	f := &FuncDef{At{span}, p.name(rule.Def.Name), p.names(rule.Def.Params), kept, results}
	if results != nil {
		return f
	}
	if p.depth == 0 {
		p.partial = append(p.partial, f)
	}
	return nil
}

// loop builds a for; nil if it is faulty.
func (p *parser) loop(rule *statementRule, body []Stmt, span diag.Span) Stmt {
	if rule == nil {
		return nil
	}
	faults := len(p.diags)
	in := p.expr(rule.For.In)
	if len(p.diags) > faults {
		return nil
	}
	return &For{At{span}, p.names(rule.For.Names), in, body}
}

func (p *parser) commentIn(span diag.Span) bool {
	i := sort.Search(len(p.comments), func(i int) bool { return p.comments[i].Where.Start >= span.Start })
	return i < len(p.comments) && p.comments[i].Where.Start < span.End
}
