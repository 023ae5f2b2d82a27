package syntax

import (
	"testing"

	"rasp/lang/diag"
)

// FuzzParse: whatever the text, Parse returns; every span lies within the text,
// a child's within its parent's; a faulty text has a diagnostic, and the text
// of each statement alone parses to the same tree.
func FuzzParse(f *testing.F) {
	for _, row := range faulty {
		f.Add(row.text)
	}
	f.Add("#rasp:vocab \"ab\"\ndef f(x) { y = [x for x in range(3)]; return {1: y}, -y[0]; }\n")
	f.Fuzz(func(t *testing.T, text string) {
		src := diag.NewSource("fuzz.rasp", text)
		file, diags := Parse(src)
		for _, d := range diags {
			checkSpan(t, d.Span, diag.Span{Source: src, End: len(text)})
			d.Render()
		}
		if file.Incomplete && diags.Err() == nil {
			t.Errorf("incomplete without a fault: %q", text)
		}
		end := 0
		for _, s := range file.Stmts {
			checkSpan(t, s.Span(), diag.Span{Source: src, Start: end, End: len(text)})
			end = s.Span().End
			checkChildren(t, s)
		}
		if len(diags) > 0 {
			return
		}
		for _, s := range file.Stmts {
			again, faults := Parse(diag.NewSource("again.rasp", s.Span().Text()))
			if len(faults) > 0 || dumpStmts(again.Stmts) != dumpStmt(s) {
				t.Errorf("%q alone parses differently: %v", s.Span().Text(), faults)
			}
		}
	})
}

func checkSpan(t *testing.T, inner, outer diag.Span) {
	t.Helper()
	if inner.Source != outer.Source || inner.Start < outer.Start || inner.Start > inner.End || inner.End > outer.End {
		t.Errorf("span %d-%d outside %d-%d", inner.Start, inner.End, outer.Start, outer.End)
	}
}

func checkChildren(t *testing.T, node any) {
	t.Helper()
	for _, child := range children(node) {
		checkSpan(t, spanOfNode(child), spanOfNode(node))
		checkChildren(t, child)
	}
}
