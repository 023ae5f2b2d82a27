package format

import (
	"rasp/lang/syntax"
)

// Where a line may break. The console of the paper's interpreter adds lines to
// a statement until it is complete, and takes it for faulty where one ends
// inside a call, an index or behind a + or -, since what stands before these
// could be all of the expression: in a return, in draw, behind for and in brackets other
// than those of a call or an index it then finds that something else is missing
// than more text. Outside these it reads on, whatever follows; behind the first
// comma of a call it does not.
//
// (Found by breaking some hundred expressions at each token, one at a time.)

// mode tells what may break inside an expression.
type mode uint8

const (
	loose  mode = iota // all, but brackets are strict
	free               // all, brackets too
	strict             // all but calls, indices and what follows + or -
	flat               // nothing
)

// afterOperand is the mode of what makes an operand before it longer: arguments,
// an index, what follows + or -.
func (m mode) afterOperand() mode {
	if m == loose || m == free {
		return free
	}
	return flat
}

// afterComma is the mode of the arguments of a call behind the first.
func (m mode) afterComma() mode {
	if m == free {
		return strict
	}
	return m
}

// bracketed is the mode inside other brackets, and between if and else.
func (m mode) bracketed() mode {
	if m == loose {
		return strict
	}
	return m
}

// in builds a doc in another mode.
func (p *printer) in(m mode, build func() doc) doc {
	outer := p.mode
	p.mode = m
	d := build()
	p.mode = outer
	if m == flat && outer != flat {
		return unbroken{d}
	}
	return d
}

// above takes the comments in front of offset, to stand on lines of their own,
// if there can be such lines.
func (p *printer) above(offset int) []*syntax.Comment {
	if p.mode == flat {
		return nil
	}
	return p.before(offset)
}
