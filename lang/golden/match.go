package golden

import (
	"fmt"
	"slices"
	"strings"

	"rasp/lang/diag"
)

// Match compares the faults that were found with those expected, and returns a
// sentence for each that is missing or unexpected.
func (c *Chunk) Match(found diag.List) []string {
	var mistakes []string
	rest := slices.Clone(found)
	for _, f := range c.Faults {
		i := slices.IndexFunc(rest, f.is)
		if i < 0 {
			mistakes = append(mistakes, fmt.Sprintf("%s:%d:%d: no %s %s: ..%s..%s", c.File, f.Line, f.Col, f.Kind, f.severity(), f.Message, f.hints()))
			continue
		}
		rest = slices.Delete(rest, i, i+1)
	}
	for _, d := range rest {
		mistakes = append(mistakes, "unexpected "+d.Render())
	}
	return mistakes
}

func (f *Fault) is(d *diag.Diagnostic) bool {
	for _, h := range f.Hints {
		if !strings.Contains(d.Hint, h) {
			return false
		}
	}
	return f.Line == d.Span.Line() && f.Col == d.Span.Col() &&
		f.Warning == (d.Severity == diag.Warning) && f.Says(d.Kind, d.Message)
}

func (f *Fault) severity() diag.Severity {
	if f.Warning {
		return diag.Warning
	}
	return diag.Error
}

func (f *Fault) hints() string {
	if f.Hints == nil {
		return ""
	}
	return fmt.Sprintf(" with the hints %q", f.Hints)
}

// Says reports whether a fault of this kind and message is the one expected,
// wherever it is.
func (f *Fault) Says(kind diag.Kind, message string) bool {
	return f.Kind == kind && strings.Contains(message, f.Message)
}
