package syntax

import (
	"github.com/alecthomas/participle/v2/lexer"

	"rasp/lang/diag"
)

// The words for syntax faults. The grammar says at which token it stopped;
// what may stand there follows from the token before and from the bracket
// around it.

// unexpected reports that the statement that starts at i cannot go on with
// token at.
func (p *parser) unexpected(i, at int) {
	p.noteEnd(at)
	c := p.contextOf(i, at)
	found := p.tokens[at]
	if isPunct(c.previous, ",") && (closes(found) || isPunct(found, ";") || isPunct(found, "=") || isIn(found)) {
		d := diag.Errorf(spanOf(p.src, c.previous), diag.Syntax, "comma before %s", describe(found)).
			WithHint("remove the comma, or add what should follow it")
		if isPunct(found, "=") && c.bracket.token.Value == "select(" {
			d.WithHint("to compare write ==")
		}
		p.report(d)
		return
	}
	d := diag.Errorf(p.pointAt(i, at), diag.Syntax, "expected %s, found %s", c.expected(), describe(found))
	if hint := c.hint(found, p.after(at)); hint != "" {
		d.WithHint("%s", hint)
	}
	p.report(d)
}

// unterminated reports that the statement before token end lacks its ;.
func (p *parser) unterminated(end int) {
	p.noteEnd(end)
	p.report(diag.Errorf(p.pastToken(end-1), diag.Syntax, `expected ";" at the end of the statement, found %s`, describe(p.tokens[end])).
		WithHint("statements end with a semicolon"))
}

// endsHere tells whether a line, a body or the text ends before token i.
func (p *parser) endsHere(i int) bool {
	return p.startsLine(i) || isPunct(p.tokens[i], "}") || p.tokens[i].EOF()
}

// stray reports a ; or } that belongs to nothing and returns where to go on:
// after all the semicolons that follow.
func (p *parser) stray(i, limit int) int {
	if isPunct(p.tokens[i], "}") && p.headless > 0 {
		p.headless--
		return i + 1
	}
	d := diag.Errorf(spanOf(p.src, p.tokens[i]), diag.Syntax, "expected a statement, found %s", describe(p.tokens[i]))
	p.report(d)
	switch {
	case isPunct(p.tokens[i], "}"):
		d.WithHint(`this "}" closes nothing`)
	case i > 0 && isPunct(p.tokens[i-1], "}"):
		d.WithHint("no semicolon follows the } of a def or for")
	default:
		d.WithHint("remove the semicolon")
	}
	for i++; i < limit && isPunct(p.tokens[i], ";"); i++ {
	}
	return i
}

// noteEnd marks the file as incomplete if its first fault is at the end.
func (p *parser) noteEnd(at int) {
	if len(p.diags) == 0 && p.tokens[at].EOF() {
		p.incomplete = true
	}
}

// pointAt is where to point for a fault at token at: the token itself, or, if it
// is on a later line, the end of the statement before it.
func (p *parser) pointAt(i, at int) diag.Span {
	if at > i && (p.tokens[at].EOF() || p.startsLine(at)) {
		return p.pastToken(at - 1)
	}
	return spanOf(p.src, p.tokens[at])
}

// pastToken is the empty span right after token i.
func (p *parser) pastToken(i int) diag.Span {
	end := endOf(p.tokens[i])
	return diag.Span{Source: p.src, Start: end, End: end}
}

func (p *parser) after(i int) lexer.Token { return p.tokens[min(i+1, len(p.tokens)-1)] }
