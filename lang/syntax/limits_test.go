package syntax

import (
	"strings"
	"testing"

	"rasp/lang/diag"
)

// What is long but flat parses.
func TestLarge(t *testing.T) {
	for name, text := range map[string]string{
		"list":       "x = [" + strings.Repeat("1, ", 100000) + "1];",
		"dict":       "x = {" + strings.Repeat(`"a": 1, `, 100000) + "1: 1};",
		"sum":        "x = 1" + strings.Repeat(" + 1", 10000) + ";",
		"sums":       "x = [" + strings.Repeat("1 + 1 + 1, ", 10000) + "1];",
		"statements": strings.Repeat("x = a + 1;\n", 10000),
		"parens":     "x = " + strings.Repeat("(", maxNesting) + "1" + strings.Repeat(")", maxNesting) + ";",
		"bodies":     strings.Repeat("for x in l {", maxNesting) + "x;" + strings.Repeat("}", maxNesting),
		"digits":     "x = " + strings.Repeat("1", 10000) + ";",
		"names":      strings.Repeat("a, ", 10000) + "a = x;",
	} {
		if _, diags := Parse(diag.NewSource(name, text)); len(diags) > 0 {
			t.Errorf("%s: %s", name, diags[0])
		}
	}
}

// What is deep is a fault, reported once, and the next statement is kept.
func TestDeep(t *testing.T) {
	const n = 100000
	for name, text := range map[string]string{
		"parens":     "x = " + strings.Repeat("(", n) + "1" + strings.Repeat(")", n) + ";",
		"unclosed":   "x = " + strings.Repeat("(", n) + ";",
		"lists":      strings.Repeat("[", n) + ";",
		"dicts":      strings.Repeat("{", n) + ";",
		"calls":      "x = f" + strings.Repeat("(1)", n) + ";",
		"signs":      "x = " + strings.Repeat("-", n) + "1;",
		"sum":        "x = 1" + strings.Repeat("+1", n) + ";",
		"sum nested": strings.Repeat("(1"+strings.Repeat("+1", 100), 400) + strings.Repeat(")", 400) + ";",
		"ternaries":  "x = " + strings.Repeat("1 if ", n) + "1;",
		"digits":     "x = " + strings.Repeat("1", n) + ";",
		"bodies":     strings.Repeat("for x in l {", n) + strings.Repeat("}", n),
	} {
		file, diags := Parse(diag.NewSource(name, text+"\ny = 2;"))
		if len(diags) != 1 || diags[0].Kind != diag.Limit {
			t.Errorf("%s: %d faults, want one of kind limit", name, len(diags))
		}
		equal(t, name, dumpStmt(file.Stmts[len(file.Stmts)-1]), "y = 2;")
	}
}

// Faults on every line, and text that is no program, take no longer.
func TestManyFaults(t *testing.T) {
	const n = 5000
	for name, text := range map[string]string{
		"no semicolons": strings.Repeat("x = a\n", n),
		"open brackets": strings.Repeat("x = (a\n", n),
		"open dicts":    strings.Repeat("x = {\n", n),
		"no operators":  strings.Repeat("a b;\n", n),
	} {
		if _, diags := Parse(diag.NewSource(name, text)); len(diags) != n {
			t.Errorf("%s: %d faults, want %d", name, len(diags), n)
		}
	}
	for name, text := range map[string]string{
		"NUL":      strings.Repeat("\x00", n),
		"not text": strings.Repeat("\xff", n),
		"at":       strings.Repeat("@", n),
		"closing":  "x;" + strings.Repeat(";", n),
		"one line": strings.Repeat("a ", n),
	} {
		if _, diags := Parse(diag.NewSource(name, text)); len(diags) != 1 {
			t.Errorf("%s: %d faults, want 1", name, len(diags))
		}
	}
}

func TestFloatTooLarge(t *testing.T) {
	_, diags := Parse(diag.NewSource("test.rasp", "x = "+strings.Repeat("9", 400)+".0;"))
	if len(diags) != 1 || diags[0].Kind != diag.Value {
		t.Errorf("got %v", diags)
	}
}
