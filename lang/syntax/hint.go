package syntax

import (
	"fmt"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"rasp/lang/spell"
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
	"fn":       "functions are written def name(a, b) { return ...; }",
	"let":      "variables need no keyword: write x = ...;",
	"var":      "variables need no keyword: write x = ...;",
	"const":    "variables need no keyword: write x = ...;",
	"int":      "variables have no type: write x = ...;",
	"float":    "variables have no type: write x = ...;",
	"string":   "variables have no type: write x = ...;",
	"auto":     "variables have no type: write x = ...;",
	"from":     `programs are included by load "name";`,
	"print":    "an output is a name: write x = ...; and rasp run shows it",
	"assert":   "there is no assert: #rasp:inputs says which inputs there are",
	"class":    "there are no classes: functions are written def name(a, b) { return ...; }",
	"try":      "there are no exceptions: a program has a value or a fault",
}

// noOperator says what RASP has for words that stand between two operands, or before one, in
// other languages.
var noOperator = map[string]string{
	"lambda": "functions are written def name(a, b) { return ...; }",
	"is":     "write a == b, or not (a == b)",
	"eq":     "write a == b",
	"xor":    "write a == not b",
	"mod":    "write a % b",
	"div":    "write (a - a % b) / b",
	"then":   "write x = a if c else b;",
}

// signatures are those of the calls that the grammar knows.
var signatures = map[string]string{
	"select(":    "write select(keys, queries, ==), or with !=, <, <=, > or >=",
	"aggregate(": "write aggregate(selector, values), or aggregate(selector, values, default)",
	"range(":     "write range(stop), range(start, stop) or range(start, stop, step)",
	"zip(":       "write zip(list, list)",
	"len(":       "write len(list)",
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
	":=": "write x = ...;",
}

// hint advises on the faulty token, which next follows; "" if nothing is known.
func (c *context) hint(found, next lexer.Token) string {
	if text, ok := noStatement[c.head.Value]; ok && (c.first || c.previous == c.head) {
		return text
	}
	for _, pair := range [][2]lexer.Token{{c.previous, found}, {found, next}} {
		if text, ok := digraphs[pair[0].Value+pair[1].Value]; ok && endOf(pair[0]) == pair[1].Pos.Offset {
			return text
		}
	}
	for _, advise := range []func(found, next lexer.Token) string{c.onWord, c.onKeyword, c.onOperator, c.onSeparator, c.onCall, c.onEnd} {
		if text := advise(found, next); text != "" {
			return text
		}
	}
	return ""
}

// onWord knows words of other languages.
func (c *context) onWord(found, next lexer.Token) string {
	for _, t := range []lexer.Token{found, c.previous} {
		if text, ok := noOperator[t.Value]; ok && t.Type == nameToken && !c.first {
			return text
		}
	}
	switch {
	case isKeyword(found, "not") && next.Type == operatorToken && next.Value == "in":
		return "write not (x in list)"
	case isKeyword(found, "if") && isPunct(c.previous, "="):
		return "write x = a if c else b;"
	case isPunct(found, "(") && isKeyword(c.previous, "for"):
		return "write for i in range(n) { ... }"
	case c.depth == 0 && c.previous == c.head && c.head.Type == nameToken && (found.Type == numberToken || found.Type == stringToken):
		return fmt.Sprintf("to bind a name write %s = %s;", shorten(c.head.Value), shorten(found.Value))
	case isKeyword(c.previous, "load") && found.Type == nameToken:
		return fmt.Sprintf(`write load "%s";`, found.Value)
	}
	return ""
}

// onCall knows what the calls of the grammar take, and what was meant by one that is not
// written so.
func (c *context) onCall(found, _ lexer.Token) string {
	b := c.bracket
	switch {
	case b.token.Value == "select(" && b.commas == 2 && comparisons[unquoted(found)] != 0:
		return "a comparison stands without quotes: " + unquoted(found)
	case comparisons[found.Value] != 0 && !endsOperand(c.previous) && spell.Nearest(b.callee.Value, []string{"select"}) != "":
		return "did you mean select(..)?"
	case comparisons[found.Value] != 0 && !endsOperand(c.previous) && b.isPostfix():
		return "only select(keys, queries, ==) takes a comparison"
	case found.EOF() || isPunct(found, ";"):
		return ""
	}
	if text, ok := signatures[c.previous.Value+"("]; ok && c.previous.Type == nameToken {
		return text
	}
	return signatures[b.token.Value]
}

func unquoted(t lexer.Token) string { return strings.Trim(t.Value, `"`) }

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
