package compiler

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang/diag"
)

// failing programs, where they fail, and on which input.
var failing = []struct{ name, program, message string }{
	{"division by zero", "#rasp:vocab 0..2\n#rasp:length 4\nx = 1;\ny = 6 / tokens_int;\nz = y + x;",
		`test.rasp:4:5: value error: the program fails on the input [0]: `},
	{"only longer inputs", "#rasp:vocab \"ab\"\n#rasp:length 4\nx = 1 / (length - 3);",
		`test.rasp:3:5: value error: the program fails on the input ["a", "a", "a"]: `},
	{"mean of strings", "#rasp:vocab \"ab\"\n#rasp:length 4\nx = aggregate(full_s, tokens);",
		`test.rasp:3:5: type error: the program fails on the input ["a", "a"]: `},
	{"mean of booleans", "#rasp:vocab \"ab\"\n#rasp:length 4\nx = aggregate(select(tokens, \"b\", ==), tokens == \"a\");",
		`test.rasp:3:5: type error: the program fails on the input ["b", "b"]: `},
	{"not a number", "#rasp:vocab \"1x\"\n#rasp:length 4\nx = tokens_int;",
		`value error: the program fails on the input ["x"]: `},
	{"types that mix", "#rasp:vocab \"ab\"\n#rasp:length 4\nx = \"a\" if indices == 1 else 2;",
		`test.rasp:3:5: type error: the program fails on the input ["a", "a"]: `},
	{"index", "#rasp:vocab 0..3\n#rasp:length 4\nx = [5, 6, 7][tokens_int];",
		`test.rasp:3:5: index error: the program fails on the input [3]: `},
	{"a default of another type", "#rasp:vocab \"ab\"\n#rasp:length 4\nx = aggregate(select(indices, indices + 1, ==), tokens);",
		`test.rasp:3:5: type error: the program fails on the input ["a", "a"]: `},
}

func TestFailingProgramsAreRefused(t *testing.T) {
	for _, test := range failing {
		t.Run(test.name, func(t *testing.T) {
			c := compilationOf(t, test.program)
			_, err := c.run()
			require.ErrorContains(t, err, test.message)
			var d *diag.Diagnostic
			require.ErrorAs(t, err, &d)
			assert.Contains(t, d.Hint, "--partial")
		})
	}
}

func TestFailingProgramsArePartial(t *testing.T) {
	for _, test := range failing {
		t.Run(test.name, func(t *testing.T) {
			c := compilationOf(t, test.program)
			c.options.Partial = true
			m, err := c.run()
			require.NoError(t, err)
			require.NotNil(t, m)
			require.Len(t, c.report.Warnings, 1)
			w := c.report.Warnings[0]
			assert.Equal(t, diag.Warning, w.Severity)
			assert.Contains(t, w.Error(), "the program fails on the input")
			assert.NoError(t, c.report.Warnings.Err(), "warnings alone are no error")
		})
	}
}

// TestDoubtsAreNoFaults: value sets are larger than what occurs, so that a
// program may seem to fail, and does not.
func TestDoubtsAreNoFaults(t *testing.T) {
	for name, program := range map[string]string{
		"a width is never 0 where a row selects itself": "x = 6 / selector_width(select(tokens, tokens, ==));",
		"all rows are empty or none is":                 "x = aggregate(select(indices, 1, ==), tokens);",
		"the sum of both is positive":                   "x = 1 / (selector_width(select(tokens, tokens, ==)) + selector_width(select(tokens, tokens, !=)));",
	} {
		t.Run(name, func(t *testing.T) {
			c := compilationOf(t, "#rasp:vocab \"abc\"\n#rasp:length 5\n"+program)
			_, err := c.run()
			require.NoError(t, err)
			assert.Empty(t, c.report.Warnings)
			assert.NotEmpty(t, c.analysis.Doubts)
		})
	}
}
