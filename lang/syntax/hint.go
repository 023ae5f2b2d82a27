package syntax

import (
	"fmt"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"rasp/lang/spell"
)

// What to write instead of what was found.

// signatures are those of the calls that the grammar knows.
var signatures = map[string]string{
	"select(":    "write select(keys, queries, ==), or with !=, <, <=, > or >=",
	"aggregate(": "write aggregate(selector, values), or aggregate(selector, values, default)",
	"range(":     "write range(stop), range(start, stop) or range(start, stop, step)",
	"zip(":       "write zip(list, list)",
	"len(":       "write len(list)",
}

// hint advises on the faulty token, which next follows; "" if nothing is known.
func (c *context) hint(found, next lexer.Token) string {
	if text, ok := noStatement[c.head.Value]; ok && (c.first || c.previous == c.head || isPunct(found, "{") || !endsOperand(c.previous)) {
		return text
	}
	if isPunct(found, ";") || closes(found) {
		if pair := c.earlier.Value + c.previous.Value; pair == "++" || pair == "--" {
			return fmt.Sprintf("write x = x %s 1;", c.previous.Value)
		}
	}
	if c.first && found.Value+next.Value == "//" {
		return "comments start with #"
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
	case found.Type == stringToken && c.previous.Type == nameToken && strings.Contains("fFrRbBuU", c.previous.Value) && endOf(c.previous) == found.Pos.Offset:
		return "strings are plain: no letter stands before one"
	case found.Type == stringToken && c.previous.Type == stringToken:
		return "strings are joined by +"
	case isPunct(found, ":") && isKeyword(c.previous, "else"):
		return "a ternary is written a if c else b"
	case isKeyword(found, "not") && next.Type == operatorToken && next.Value == "in":
		return "write not (x in list)"
	case isKeyword(c.previous, "return") && isPunct(found, ";"):
		return "a function has one result: return ...;"
	case c.earlier.Type == nameToken && isPunct(c.previous, ")") && noStatement[c.earlier.Value] == noType:
		return "there are no casts: write round(x), or x * 1.0"
	case isKeyword(found, "if") && isPunct(c.previous, "="):
		return "write x = a if c else b;"
	case isPunct(found, "(") && isKeyword(c.previous, "for"):
		return "write for i in range(n) { ... }"
	case c.depth == 0 && c.previous == c.head && c.head.Type == nameToken && (found.Type == numberToken || found.Type == stringToken):
		return fmt.Sprintf("to bind a name write %s = %s;", shorten(c.head.Value), shorten(found.Value))
	case isKeyword(c.previous, "load") && found.Type == nameToken:
		return fmt.Sprintf(`write load "%s";`, found.Value)
	case isKeyword(c.previous, "load") && isPunct(found, "(") && next.Type == stringToken:
		return fmt.Sprintf(`write load %s;`, next.Value)
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
	case isKeyword(c.head, "set") && !c.first && found.Type != stringToken:
		return `write set example "hello"`
	case isPunct(found, "=") && keywords[c.previous.Value] != 0:
		return fmt.Sprintf("%s is a keyword and cannot be a name", c.previous.Value)
	case startsCommand(c.head) && !c.first, c.needsBody():
		return ""
	case isKeyword(found, "s-op"):
		return "s-op is one token: write s - op for a difference"
	case isKeyword(found, "for") && c.bracket.loop:
		return "a comprehension has one for"
	case isKeyword(found, "for") && (c.bracket.token.Value == "(" || c.depth == 0 && c.bracket.assign):
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
	case isPunct(found, ":") && c.depth > 0 && isKeyword(c.head, "def"):
		return "parameters have no types"
	case isPunct(found, ":") && c.depth == 0 && c.previous == c.head && c.head.Type == nameToken:
		return noType
	case found.Value == "*" && isKeyword(c.head, "def") && c.depth > 0:
		return "a function has as many parameters as it names"
	}
	return ""
}

func (c *context) onAssign() string {
	switch {
	case c.depth > 0 && isKeyword(c.head, "def"):
		return "parameters have no default values"
	case c.depth == 0 && isKeyword(c.head, "def"), c.depth == 0 && !c.bracket.assign && isPunct(c.previous, ")") && c.head.Type == nameToken:
		return noFunction
	case c.bracket.ifs > 0:
		return "to compare write =="
	case c.bracket.token.Value == "{" && !c.bracket.colon:
		return "a dict is written {key: value}"
	case c.namesArgument() && signatures[c.bracket.token.Value] != "":
		return "arguments have no names; " + signatures[c.bracket.token.Value]
	case c.depth > 0 && c.bracket.isPostfix() && c.bracket.token.Value == "(":
		return "arguments have no names; to compare write =="
	case c.depth > 0:
		return "to compare write =="
	case c.bracket.assign:
		return "one assignment a statement: write b = 3; a = b; - to compare write =="
	}
	return "only names can be assigned; to compare write =="
}

// namesArgument says that a name is all that stands before the =, as in f(a, default=0).
func (c *context) namesArgument() bool {
	return c.depth > 0 && c.previous.Type == nameToken && (isPunct(c.earlier, ",") || c.earlier == c.bracket.token)
}

func (c *context) onSeparator(found, _ lexer.Token) string {
	b := c.bracket
	switch {
	case isPunct(found, ",") && isKeyword(b.before, "round", "indicator"):
		return b.before.Value + " takes one value"
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
