package syntax

import (
	"fmt"

	"github.com/alecthomas/participle/v2/lexer"
)

// What to write instead of what was found.

// noStatement says what RASP has for the statements of other languages, by
// their first word.
var noStatement = map[string]string{
	"if":       "there is no if statement: write x = a if c else b;",
	"else":     "there is no if statement: write x = a if c else b;",
	"elif":     "there is no if statement: write x = a if c else b;",
	"while":    "there is no while loop: write for i in range(n) { ... }",
	"import":   `programs are included by load "name";`,
	"function": "functions are written def name(a, b) { return ...; }",
	"func":     "functions are written def name(a, b) { return ...; }",
	"let":      "variables need no keyword: write x = ...;",
	"var":      "variables need no keyword: write x = ...;",
}

// digraphs are operators of other languages that RASP reads as two tokens.
var digraphs = map[string]string{
	"**": "the power is ^",
	"//": "comments start with #; / divides and gives a float",
	"=>": "write >=",
	"=<": "write <=",
	"<>": "write not (a == b)",
	"->": "a function ends with return ...;",
	"+=": "write x = x + ...;",
	"-=": "write x = x - ...;",
	"*=": "write x = x * ...;",
	"/=": "write x = x / ...;",
}

// hint advises on the faulty token, which next follows; "" if nothing is known.
func (c *context) hint(found, next lexer.Token) string {
	if text, ok := noStatement[c.head.Value]; ok && (c.first || c.previous == c.head) {
		return text
	}
	if text, ok := digraphs[c.previous.Value+found.Value]; ok && endOf(c.previous) == found.Pos.Offset {
		return text
	}
	for _, advise := range []func(found, next lexer.Token) string{c.onKeyword, c.onOperator, c.onSeparator, c.onEnd} {
		if text := advise(found, next); text != "" {
			return text
		}
	}
	return ""
}

func (c *context) onKeyword(found, next lexer.Token) string {
	switch {
	case isPunct(found, "=") && keywords[c.previous.Value] != 0:
		return fmt.Sprintf("%s is a keyword and cannot be a name", c.previous.Value)
	case startsCommand(c.head) && !c.first, c.needsBody():
		return ""
	case isKeyword(found, "s-op"):
		return "s-op is one token: write s - op for a difference"
	case isKeyword(found, "for") && c.bracket.loop:
		return "a comprehension has one for"
	case isKeyword(found, "for") && c.bracket.token.Value == "(":
		return "a comprehension stands in [ ] or { }"
	case isKeyword(found, "draw") && !c.first:
		return "draw is a statement: give the s-op a name and write draw(name);"
	case isKeyword(found, "def", "load", "return") && !c.first:
		return found.Value + " starts a statement of its own"
	case isKeyword(found, "round", "indicator", "not", "if", "else", "for"):
		return ""
	case keywords[found.Value] != 0 && (!c.first || isPunct(next, "=")):
		return fmt.Sprintf("%s is a keyword and cannot be a name", found.Value)
	}
	return ""
}

func (c *context) onOperator(found, _ lexer.Token) string {
	switch {
	case isPunct(found, "!="):
		return "write not (a == b); != stands only in select(a, b, !=)"
	case comparisons[found.Value] != 0 && c.bracket.callee.Value == "select":
		return "write select( without a blank before the parenthesis"
	case isPunct(found, "="):
		return c.onAssign()
	}
	return ""
}

func (c *context) onAssign() string {
	switch {
	case c.depth > 0 && isKeyword(c.head, "def"):
		return "parameters have no default values"
	case c.depth > 0 && c.bracket.isPostfix() && c.bracket.token.Value == "(":
		return "arguments have no names; to compare write =="
	case c.depth > 0:
		return "to compare write =="
	case c.bracket.assign:
		return "one assignment a statement: write b = 3; a = b; - to compare write =="
	}
	return "only names can be assigned; to compare write =="
}

func (c *context) onSeparator(found, _ lexer.Token) string {
	b := c.bracket
	switch {
	case isPunct(found, ",") && (c.depth == 0 || b.token.Value == "(" && !b.isPostfix() && !isKeyword(c.head, "draw")):
		return "a list is written [a, b]"
	case isPunct(found, ",") && b.token.Value == "{" && !b.colon:
		return "a dict is written {key: value}; a list [a, b]"
	case isPunct(found, ":") && b.token.Value == "[":
		return "there are no slices: write [a[i] for i in range(start, stop)]"
	}
	return ""
}

// needsBody tells that the head of a def or for may be complete.
func (c *context) needsBody() bool {
	return c.depth == 0 && (isKeyword(c.head, "def") && isPunct(c.previous, ")") ||
		isKeyword(c.head, "for") && c.bracket.in && endsOperand(c.previous))
}

// onEnd advises where something is left open.
func (c *context) onEnd(found, _ lexer.Token) string {
	b := c.bracket
	switch {
	case b.ifs > 0 && b.loop:
		return "a comprehension has no condition, and a ternary needs its else"
	case b.ifs > 0:
		return "a ternary is written a if c else b"
	case c.needsBody():
		return "a body stands between { and }"
	case c.depth > 0 && (found.EOF() || isPunct(found, ";") || found.Pos.Line > b.token.Pos.Line):
		return fmt.Sprintf(`the "%s" on line %d is not closed`, b.token.Value, b.token.Pos.Line)
	}
	return ""
}
