package syntax

import (
	"fmt"

	"github.com/alecthomas/participle/v2/lexer"
)

// Where statements end. Only tokens are looked at, not the grammar, so that a
// fault in one statement leaves the others alone, and each token is looked at
// a bounded number of times.

// opensBody tells whether the { at i opens the body of a def or for: it does
// after an operand, where a dict cannot stand. After an else it may be a dict,
// or the body that some language has there.
func opensBody(tokens []lexer.Token, i int) bool {
	if !isPunct(tokens[i], "{") || i == 0 {
		return false
	}
	return endsOperand(tokens[i-1]) || isKeyword(tokens[i-1], "else") &&
		(isKeyword(tokens[i+1], "return", "for", "def") || tokens[i+1].Type == nameToken && isPunct(tokens[i+2], "="))
}

// startsLine tells whether token i is the first of its line.
func (p *parser) startsLine(i int) bool {
	return i == 0 || p.tokens[i].Pos.Line > p.tokens[i-1].Pos.Line
}

// startsStatement tells whether token i, first of its line, can only be the
// start of a statement, whatever stands before.
func (p *parser) startsStatement(i int) bool {
	return isKeyword(p.tokens[i], "load", "draw", "return", "set", "show") || startsStatementAt(p.tokens, i)
}

// startsStatementAt is that for what stands in programs and, but for a return, in bodies.
func startsStatementAt(tokens []lexer.Token, i int) bool {
	return isKeyword(tokens[i], "def") || tokens[i].Type == nameToken && isPunct(tokens[i+1], "=")
}

// statementEnd is the index of the first token after the statement that starts
// at i: its ;, the { of its body, the start of the next statement if a ; is
// missing, or limit.
func (p *parser) statementEnd(i, limit int) int {
	depth := 0
	onlyNames := true // so far: the left side of an assignment, which may span lines
	for j := i; j < limit; j++ {
		t := p.tokens[j]
		if j > i {
			ended := endsOperand(p.tokens[j-1])
			switch {
			case isPunct(t, ";"), isPunct(t, "}") && depth == 0,
				ended && begins(t) && !(depth > 0 && isKeyword(t, "for")),
				endsCommand(p.tokens[j-1]), isKeyword(p.tokens[i], "show") && isKeyword(p.tokens[j-1], "example"):
				return j
			case p.startsLine(j) && !onlyNames && p.startsStatement(j),
				p.startsLine(j) && depth == 0 && isKeyword(t, "for"),
				p.startsLine(j) && depth == 0 && ended && isKeyword(p.tokens[i], "set"):
				return j
			}
		}
		switch {
		case opens(t):
			depth++
		case closes(t):
			depth = max(depth-1, 0)
		}
		onlyNames = onlyNames && (t.Type == nameToken || isPunct(t, ","))
	}
	return limit
}

// bodyBrace looks for the { of a body on the line of token i, for a def or for
// whose head is faulty; false if there is none.
func (p *parser) bodyBrace(i, limit int) (int, bool) {
	for j := i; j < limit && !isPunct(p.tokens[j], ";") && (j == i || !p.startsLine(j)); j++ {
		if opensBody(p.tokens, j) {
			return j, true
		}
	}
	return 0, false
}

// resume is where parsing goes on after a faulty statement that ends before
// token i. On a new line that is i itself; on the same line the rest of the
// statement, with any body, is skipped.
func (p *parser) resume(i, limit int) int {
	if i < limit && p.startsLine(i) && !isPunct(p.tokens[i], ";") && !isPunct(p.tokens[i], "}") {
		return i
	}
	for j := i; j < limit; j++ {
		switch t := p.tokens[j]; {
		case isPunct(t, ";"):
			return j + 1
		case j == i && isPunct(t, "}"): // a stray one
			if j+1 < limit && isPunct(p.tokens[j+1], ";") {
				j++
			}
			return j + 1
		case j > i && p.startsLine(j) && p.startsStatement(j):
			return j
		case isPunct(t, "{") && p.match[j] > 0 && p.match[j] < limit:
			body := opensBody(p.tokens, j)
			j = p.match[j]
			if body && !isKeyword(p.tokens[j+1], "else") {
				return j + 1
			}
		}
	}
	return limit
}

const (
	// maxNesting bounds brackets, and bodies, inside each other, so that deep
	// input ends in a fault and not in the end of the stack.
	maxNesting = 500
	// maxHeight bounds the tree of an expression for those who walk it: a sum
	// of n terms is n high, since it nests to the left.
	maxHeight = 20000
)

// level is what stands at one level of brackets since the last comma.
type level struct {
	operations int // each may add one to the height of the tree
	ifs        int // without their else: in between it is as deep as in a bracket
}

// tooDeep finds the token in [i, end) that exceeds maxNesting or maxHeight.
func (p *parser) tooDeep(i, end int) (int, string) {
	levels := []level{{}}
	nesting, height := 0, 0
	for j := i; j < end; j++ {
		t := p.tokens[j]
		top := &levels[len(levels)-1]
		switch {
		case opens(t):
			top.operations++
			height++
			nesting++
			levels = append(levels, level{})
		case closes(t) && len(levels) > 1:
			height -= top.operations
			nesting -= 1 + top.ifs
			levels = levels[:len(levels)-1]
		case isKeyword(t, "if"):
			top.ifs++
			nesting++
			top.operations++
			height++
		case isKeyword(t, "else") && top.ifs > 0:
			top.ifs--
			nesting--
		case t.Type == operatorToken, isKeyword(t, "not"):
			top.operations++
			height++
		case isPunct(t, ","), isPunct(t, ":"):
			height -= top.operations
			top.operations = 0
		}
		if nesting > maxNesting {
			return j, fmt.Sprintf("nested more than %d levels deep", maxNesting)
		}
		if height > maxHeight {
			return j, fmt.Sprintf("more than %d operations in one expression", maxHeight)
		}
	}
	return 0, ""
}
