package syntax

import (
	"fmt"
	"unicode"

	"github.com/alecthomas/participle/v2/lexer"

	"rasp/lang/diag"
)

// Types of tokens. The grammar matches keywords and brackets by their text,
// everything else by its type.
const (
	nameToken       lexer.TokenType = iota + 1
	numberToken                     // an int or a float
	stringToken                     // with its quotes
	keywordToken                    // also s-op, full seq display, exit()
	fusedToken                      // select( aggregate( range( zip( len(
	operatorToken                   // between two operands: + - * / % ^ == <= >= < > and or in
	punctToken                      // brackets and separators; also !=, which only select( knows
	badOperandToken                 // not RASP, and reported; stands where an operand would
	badToken                        // not RASP, and reported
)

// keywords are the words that cannot be names, with their token types.
var keywords = map[string]lexer.TokenType{
	"and": operatorToken, "or": operatorToken, "in": operatorToken,
	"not": keywordToken, "if": keywordToken, "else": keywordToken, "round": keywordToken, "indicator": keywordToken,
	"def": keywordToken, "return": keywordToken, "for": keywordToken, "load": keywordToken, "draw": keywordToken,
	"set": keywordToken, "show": keywordToken, "example": keywordToken, "examples": keywordToken,
	"selector": keywordToken, "on": keywordToken, "off": keywordToken, "exit": keywordToken, "quit": keywordToken,
}

// fused are the names that become one token with a parenthesis right after.
var fused = map[string]bool{"select": true, "aggregate": true, "range": true, "zip": true, "len": true}

// endsOperand tells whether an expression, or a command, can end with t.
func endsOperand(t lexer.Token) bool {
	switch t.Type {
	case nameToken, numberToken, stringToken, badOperandToken:
		return true
	case punctToken:
		return t.Value == ")" || t.Value == "]" || t.Value == "}"
	}
	return endsCommand(t)
}

// endsCommand tells the last words of console commands.
func endsCommand(t lexer.Token) bool {
	return isKeyword(t, "on", "off", "exit", "quit", "exit()", "quit()")
}

// begins tells whether t, right after the end of an operand, can only be the
// start of something new: no statement has an operand followed by t. The for
// of a comprehension is the exception.
func begins(t lexer.Token) bool {
	switch t.Type {
	case nameToken, numberToken, stringToken, badOperandToken, fusedToken:
		return true
	case punctToken:
		return t.Value == "{"
	case keywordToken:
		switch t.Value {
		case "if", "else", "example", "on", "off":
			return false
		}
		return true
	}
	return false
}

// opens and closes tell brackets; a fused token opens one too.
func opens(t lexer.Token) bool {
	return t.Type == fusedToken || t.Type == punctToken && (t.Value == "(" || t.Value == "[" || t.Value == "{")
}

func closes(t lexer.Token) bool {
	return t.Type == punctToken && (t.Value == ")" || t.Value == "]" || t.Value == "}")
}

func isPunct(t lexer.Token, text string) bool { return t.Type == punctToken && t.Value == text }

func isKeyword(t lexer.Token, words ...string) bool {
	if t.Type != keywordToken {
		return false
	}
	for _, word := range words {
		if t.Value == word {
			return true
		}
	}
	return false
}

// startsCommand tells the first words of console commands.
func startsCommand(t lexer.Token) bool {
	return isKeyword(t, "set", "show", "s-op", "selector", "examples", "full seq display",
		"exit", "quit", "exit()", "quit()")
}

func isBad(t lexer.Token) bool { return t.Type == badToken || t.Type == badOperandToken }

func endOf(t lexer.Token) int { return t.Pos.Offset + len(t.Value) }

func spanOf(src *diag.Source, t lexer.Token) diag.Span {
	return diag.Span{Source: src, Start: t.Pos.Offset, End: endOf(t)}
}

// describe names a token for a message.
func describe(t lexer.Token) string {
	switch t.Type {
	case lexer.EOF:
		return "the end of the text"
	case nameToken:
		return fmt.Sprintf("the name %s", shorten(t.Value))
	case numberToken:
		return fmt.Sprintf("the number %s", shorten(t.Value))
	case stringToken:
		return fmt.Sprintf("the string %s", shorten(t.Value))
	}
	return `"` + t.Value + `"`
}

// shorten makes text fit for a message: control characters become blanks, and
// the middle of long text is cut out.
func shorten(text string) string {
	const longest, kept = 40, 16
	runes := []rune(text)
	for i, r := range runes {
		if unicode.IsControl(r) {
			runes[i] = ' '
		}
	}
	if len(runes) <= longest {
		return string(runes)
	}
	return string(runes[:kept]) + "..." + string(runes[len(runes)-kept:])
}
