// Package syntax turns RASP text into a syntax tree.
//
// What comes in is a diag.Source; what goes out is a File (ast.go) with the
// statements that could be read, and a diagnostic for every fault that could be
// found. The package knows nothing of what programs mean.
//
// In running order: scan.go cuts the text into tokens (foreign.go: what is no
// token); layout.go pairs braces, also those of a def that is being typed; split.go
// finds where each statement ends, by tokens alone; grammar.go
// parses one statement; build.go makes its tree, with the levels of
// precedence.go; parse.go walks over the statements and body.go over the bodies
// of def and for. A faulty statement is reported by explain.go, with the words
// of context.go, hint.go and habits.go, and left out. directive.go and vocab.go read the
// #rasp: comments. lost.go and names.go tell what a faulty file may have bound, and
// which names statements bind. For editors words.go has the words of a text, whether or
// not it parses, and node.go what stands around a place.
package syntax

import (
	"slices"
	"sort"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"rasp/lang/diag"
)

// Parse reads a whole file. The File is never nil: it has the statements
// without faults. The diagnostics are in the order of the text; warnings among
// them concern directives only.
func Parse(src *diag.Source) (*File, diag.List) {
	s := scan(src)
	p := &parser{src: src, tokens: s.tokens, braces: matchBraces(src.Text, s.tokens), comments: s.comments, diags: s.diags}
	file := &File{Source: src, Comments: s.comments}
	file.Stmts, _ = p.statements(0, len(p.tokens)-1, place{})
	file.Incomplete, file.Partial = p.incomplete, p.partial
	p.directives(&file.Directives)
	sort.SliceStable(p.diags, func(i, j int) bool { return p.diags[i].Span.Start < p.diags[j].Span.Start })
	return file, slices.CompactFunc(p.diags, func(a, b *diag.Diagnostic) bool { return a.Span.Start == b.Span.Start })
}

type parser struct {
	src    *diag.Source
	tokens []lexer.Token // the last one is EOF
	braces
	comments   []*Comment
	depth      int // of bodies inside each other
	diags      diag.List
	incomplete bool
	partial    []*FuncDef
	headless   int // defs and fors without {, whose bodies follow as if they were none
}

// place is where statements stand.
type place struct {
	kind     string // "" for the file, "def" or "for"
	unclosed bool   // the body's } is missing
}

// returned is a return statement. It lives only until its function is built.
type returned struct {
	At
	values []Expr
}

func (*returned) stmt() {}

// statements parses the tokens from i up to limit, which is EOF or the } of the
// body, and returns the index of the token after the last one. A body without }
// ends after its return.
func (p *parser) statements(i, limit int, in place) ([]Stmt, int) {
	var list []Stmt
	for i < limit {
		var s Stmt
		if s, i = p.statement(i, limit, in); s == nil {
			continue
		}
		list = append(list, s)
		if _, ok := s.(*returned); ok && in.unclosed {
			break
		}
	}
	return list, i
}

// statement parses the statement at i and returns it, nil if it is faulty, and
// the index of the token after it.
func (p *parser) statement(i, limit int, in place) (Stmt, int) {
	first := p.tokens[i]
	if isPunct(first, ";") || isPunct(first, "}") {
		return nil, p.stray(i, limit)
	}
	end := p.statementEnd(i, limit)
	rule := p.parseRule(i, end)
	if isKeyword(first, "def", "for") {
		if brace, ok := p.bodyBrace(end, limit); ok {
			if rule != nil && brace != end {
				p.unexpected(i, end)
				rule = nil
			}
			return p.compound(rule, i, brace, limit)
		}
	}
	switch {
	case isKeyword(first, "def", "for"):
		if rule != nil {
			p.unexpected(i, end)
		}
		next := p.resume(end, limit)
		if !isPunct(p.tokens[next-1], ";") {
			p.headless++
		}
		return nil, next
	case rule == nil:
		return nil, p.resume(end, limit)
	case startsCommand(first):
		return p.command(rule, i, end, in)
	case isPunct(p.tokens[end], ";"):
		return p.simple(rule, i, end, in), end + 1
	}
	return p.unfinished(rule, i, end, limit, in)
}

// unfinished handles a simple statement of tokens [i, end) that parses but has
// no ; after it. If another statement seems to start there it is kept.
func (p *parser) unfinished(rule *statementRule, i, end, limit int, in place) (Stmt, int) {
	if noStatement[p.tokens[i].Value] != "" && end == i+1 && p.startsStatement(end) && !p.startsLine(end) {
		p.unexpected(i, end)
		return nil, end // what follows stands alone: of let x = 1; the rest
	}
	if !p.startsStatement(end) && !p.endsHere(end) {
		p.unexpected(i, end)
		return nil, p.resume(end, limit)
	}
	p.unterminated(end)
	s := p.simple(rule, i, end-1, in)
	if p.startsStatement(end) {
		return s, end
	}
	return s, p.resume(end, limit)
}

// parseRule parses tokens [i, end) by the grammar; nil if they are faulty, which
// is reported.
func (p *parser) parseRule(i, end int) *statementRule {
	for _, t := range p.tokens[i:end] {
		if isBad(t) {
			return nil
		}
	}
	if at, fault := p.tooDeep(i, end); fault != "" {
		p.report(diag.Errorf(spanOf(p.src, p.tokens[at]), diag.Limit, "%s", fault).
			WithHint("give parts of it names: part = ...;"))
		return nil
	}
	peeker, err := lexer.Upgrade(&tokenList{p.tokens[i:end], lexer.EOFToken(p.tokens[end].Pos)})
	if err != nil {
		return nil // cannot happen: tokenList has no errors
	}
	rule, err := grammar().ParseFromLexer(peeker)
	if err == nil {
		return rule
	}
	p.grammarError(i, end, err)
	return nil
}

// grammarError reports why tokens [i, end) do not parse.
func (p *parser) grammarError(i, end int, err error) {
	at := end
	if fault, ok := err.(participle.Error); ok {
		at = i + sort.Search(end-i, func(k int) bool { return p.tokens[i+k].Pos.Offset >= fault.Position().Offset })
	}
	if _, ok := err.(*participle.UnexpectedTokenError); ok {
		p.unexpected(i, at)
		return
	}
	p.report(diag.Errorf(spanOf(p.src, p.tokens[at]), diag.Limit, "more than %d parts in a row", participle.MaxIterations))
}

// simple builds a statement of tokens i to last.
func (p *parser) simple(rule *statementRule, i, last int, in place) Stmt {
	s := p.build(rule, p.between(i, last))
	if r, ok := s.(*returned); ok && in.kind != "def" {
		if p.headless > 0 {
			return nil
		}
		p.report(diag.Errorf(r.Where, diag.Syntax, "return outside a function").
			WithHint("return stands once in a def, as its last statement"))
		return nil
	}
	return s
}

// command builds a console command of tokens [i, end).
func (p *parser) command(rule *statementRule, i, end int, in place) (Stmt, int) {
	if in.kind != "" {
		p.report(diag.Errorf(spanOf(p.src, p.tokens[i]), diag.Syntax, "console command %q inside a %s", p.tokens[i].Value, in.kind).
			WithHint("commands stand at the top level of a file or on the console"))
	}
	s, next := p.build(rule, p.between(i, end-1)), end
	if isPunct(p.tokens[end], ";") {
		p.report(diag.Errorf(spanOf(p.src, p.tokens[end]), diag.Syntax, `found ";" after a console command`).
			WithHint("commands take no semicolon"))
		next++
	}
	return s, next
}

// between is the span of tokens i to last.
func (p *parser) between(i, last int) diag.Span {
	return diag.Span{Source: p.src, Start: p.tokens[i].Pos.Offset, End: endOf(p.tokens[last])}
}

func (p *parser) report(d *diag.Diagnostic) { p.diags = append(p.diags, d) }
