package format

import (
	"slices"
	"strings"
	"unicode/utf8"

	"rasp/lang/diag"
	"rasp/lang/syntax"
)

// printer lays out one file.
type printer struct {
	src      *diag.Source
	width    int               // of a line, where that is possible
	comments []*syntax.Comment // that are not placed yet
	frozen   map[int]bool      // lines that keep their layout
	mode     mode              // of the expression at hand
	rows     []row             // the result
}

func (p *printer) file(stmts []syntax.Stmt) {
	for len(stmts) > 0 {
		n := p.sharing(stmts)
		whole := stmts[0].Span().To(stmts[n-1].Span())
		if p.isFrozen(whole) {
			p.asItIs(whole)
		} else {
			for _, s := range stmts[:n] {
				p.stmt(s, 0)
			}
		}
		stmts = stmts[n:]
	}
	p.lone(len(p.src.Text), 0)
}

// sharing is how many of the first statements each start on the line where the
// one before ends.
func (p *printer) sharing(stmts []syntax.Stmt) int {
	n := 1
	for n < len(stmts) && p.line(stmts[n].Span().Start) == p.line(stmts[n-1].Span().End) {
		n++
	}
	return n
}

// line is the number of the line of an offset.
func (p *printer) line(offset int) int {
	n, _ := p.src.Position(offset)
	return n
}

func (p *printer) isFrozen(s diag.Span) bool {
	for n := s.Line(); n <= p.line(s.End); n++ {
		if p.frozen[n] {
			return true
		}
	}
	return false
}

// asItIs copies statements, with the blanks before them and the comments
// between.
func (p *printer) asItIs(s diag.Span) {
	p.lone(s.Start, 0)
	r := row{blank: p.blankBefore(s.Start)}
	start := strings.LastIndexAny(p.src.Text[:s.Start], "\r\n") + 1
	lines := strings.Split(strings.TrimPrefix(p.src.Text[start:s.End], "\ufeff"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t\r")
	}
	r.code = strings.Join(lines, "\n")
	p.before(s.End)
	if c := p.behind(s.End, len(p.src.Text), ""); c != nil {
		r.comment = textOf(c)
	}
	p.rows = append(p.rows, r)
}

// lone writes the comments in front of offset, each on a line of its own.
func (p *printer) lone(offset, depth int) {
	for _, c := range p.before(offset) {
		p.comment(c, depth)
	}
}

// stmt writes a statement, the comments before it, and the one behind it.
func (p *printer) stmt(s syntax.Stmt, depth int) {
	span := s.Span()
	p.lone(span.Start, depth)
	switch s := s.(type) {
	case *syntax.FuncDef:
		p.funcDef(s, depth)
	case *syntax.For:
		p.forLoop(s, depth)
	default:
		p.write(p.simple(s), span, depth, depth)
	}
}

// write writes a statement that was built, or what of it stands on lines of its
// own, with the comment behind it. Comments within that found no place go to the
// lines below, at the depth left.
func (p *printer) write(d doc, span diag.Span, depth, left int) {
	r := row{blank: p.blankBefore(span.Start), indent: depth * indentation}
	r.code = layout(d, r.indent, p.width)
	comments := slices.Clip(p.before(span.End))
	if c := p.behind(span.End, len(p.src.Text), ""); c != nil {
		comments = append(comments, c)
	}
	if len(comments) > 0 {
		r.comment = textOf(comments[0])
		comments = comments[1:]
	}
	p.rows = append(p.rows, r)
	for _, c := range comments {
		p.comment(c, left)
	}
}

// simple is the doc of a statement without a body.
func (p *printer) simple(s syntax.Stmt) doc {
	switch s := s.(type) {
	case *syntax.Assign:
		return cat{text(namesOf(s.Names) + " ="), p.values(s.Values), text(";")}
	case *syntax.Draw:
		args := []syntax.Expr{s.X}
		if s.Input != nil {
			args = append(args, s.Input)
		}
		closing := strings.LastIndexByte(s.Where.Text(), ')')
		return cat{p.bracket("draw(", p.items(args), ")", s.Where.Start+closing), text(";")}
	case *syntax.Load:
		return text(`load "` + s.Path + `";`)
	case *syntax.ExprStmt:
		return cat{p.expr(s.X), text(";")}
	case *syntax.Command:
		return p.command(s)
	}
	return text(s.Span().Text())
}

// command stays on one line: it has no end but that of its line. The comments
// within go behind it.
func (p *printer) command(s *syntax.Command) doc {
	if s.Verb != "set" {
		return text(strings.Join(strings.Fields(s.Where.Text()), " "))
	}
	words := []string{"set", "example"}
	if s.Target != "" {
		words = []string{"set", s.Target, "example"}
	}
	without := &printer{src: p.src}
	return text(strings.Join(words, " ") + " " + oneLine(without.expr(s.Value)))
}

// values are the expressions after = or return, with a blank before them.
func (p *printer) values(list []syntax.Expr) doc {
	var parts cat
	for i, x := range list {
		comments := p.above(firstToken(x))
		parts = append(parts, ownLines(comments)...)
		switch {
		case len(comments) > 0:
			parts = append(parts, line{hard: true})
		case i == 0:
			parts = append(parts, text(" "))
		default:
			parts = append(parts, line{})
		}
		parts = append(parts, p.expr(x))
		if i < len(list)-1 {
			parts = append(parts, text(","))
		}
	}
	if len(list) == 1 && !startsBroken(parts) {
		return parts
	}
	return grouped(nest{parts})
}

// startsBroken tells whether values start on a line of their own.
func startsBroken(parts cat) bool {
	first, isLine := parts[0].(line)
	return isLine && first.hard
}

func (p *printer) returned(results []syntax.Expr) doc {
	values := p.in(strict, func() doc { return p.values(results) })
	return cat{text("return"), values, text(";")}
}

func (p *printer) funcDef(s *syntax.FuncDef, depth int) {
	var params []item
	for _, name := range s.Params {
		params = append(params, p.items([]syntax.Expr{name})...)
	}
	open := p.skip(s.Name.Where.End)
	if len(s.Params) > 0 {
		open = s.Params[len(s.Params)-1].Where.End
	} else {
		open++
	}
	closing := p.skip(open)
	header := cat{text("def " + s.Name.Name), p.bracket("(", params, ")", closing), text(" {")}
	p.body(header, p.skip(closing+1), s.Where, s.Body, s.Results, depth)
}

func (p *printer) forLoop(s *syntax.For, depth int) {
	list := p.in(strict, func() doc { return p.expr(s.In) })
	header := cat{text("for " + namesOf(s.Names) + " in "), list, text(" {")}
	p.body(header, p.skip(s.In.Span().End), s.Where, s.Body, nil, depth)
}

// body writes a def or for whose { is at brace. Results are those of the return
// of a def.
func (p *printer) body(header doc, brace int, span diag.Span, stmts []syntax.Stmt, results []syntax.Expr, depth int) {
	if p.onOneLine(header, brace, span, stmts, results, depth) {
		return
	}
	first := len(p.rows) + 1 // below the header; comments of the header may come there
	p.write(header, diag.Span{Source: p.src, Start: span.Start, End: brace + 1}, depth, depth+1)
	closing := span.End - 1
	if len(stmts) == 0 && results == nil && p.rows[first-1].comment == "" {
		// Other interpreters want something here, and blank comments that have
		// a line of their own.
		p.rows[first-1].comment = textOf(p.take())
	}
	for _, s := range stmts {
		p.stmt(s, depth+1)
	}
	if results != nil {
		last := brace + 1
		if len(stmts) > 0 {
			last = stmts[len(stmts)-1].Span().End
		}
		start := p.skip(last)
		p.lone(start, depth+1)
		d := p.returned(results)
		end := p.skip(results[len(results)-1].Span().End) + 1
		p.write(d, diag.Span{Source: p.src, Start: start, End: end}, depth+1, depth+1)
	}
	p.lone(closing, depth+1)
	if first < len(p.rows) {
		p.rows[first].blank = false
	}
	p.write(text("}"), diag.Span{Source: p.src, Start: closing, End: span.End}, depth, depth)
	p.rows[len(p.rows)-1].blank = false
}

// onOneLine writes a def or for on one line if it was, and has one statement.
func (p *printer) onOneLine(header doc, brace int, span diag.Span, stmts []syntax.Stmt, results []syntax.Expr, depth int) bool {
	lines := strings.Contains(p.src.Text[brace:span.End], "\n")
	if lines || p.next() != nil && p.next().Where.Start < brace || len(stmts) > 1 || len(stmts) == 1 && results != nil {
		return false
	}
	var statement doc
	switch {
	case results != nil:
		statement = p.returned(results)
	case len(stmts) == 0, hasBody(stmts[0]):
		return false
	default:
		statement = p.simple(stmts[0])
	}
	whole := oneLine(cat{header, text(" "), statement, text(" }")})
	if depth*indentation+utf8.RuneCountInString(whole) > p.width {
		return false
	}
	p.write(text(whole), span, depth, depth)
	return true
}

func hasBody(s syntax.Stmt) bool {
	switch s.(type) {
	case *syntax.FuncDef, *syntax.For:
		return true
	}
	return false
}

func namesOf(names []*syntax.Ident) string {
	texts := make([]string, len(names))
	for i, n := range names {
		texts[i] = n.Name
	}
	return strings.Join(texts, ", ")
}
