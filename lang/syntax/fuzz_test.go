package syntax

import (
	"strings"
	"testing"

	"github.com/alecthomas/participle/v2/lexer"

	"rasp/lang/diag"
	"rasp/runtime/bounded"
)

// FuzzScan: tokens and comments are pieces of the text, in its order, and with
// the blanks between them they are the whole text. Bytes that are not UTF-8 may
// be part of a token; each text that is no token is a fault.
func FuzzScan(f *testing.F) {
	for _, row := range faulty {
		f.Add(row.text)
	}
	f.Add("\ufeffx = full seq display on # s-op\r\n1.5e3 \"a\\\" 'b' \u00e9t\u00e9 select (a) select(a, b, !=) \x00 \xff")
	f.Fuzz(func(t *testing.T, text string) {
		bounded.Work(t)
		s := scan(diag.NewSource("fuzz.rasp", text))
		var rest []diag.Span
		bad := 0
		for _, token := range s.tokens {
			rest = append(rest, spanOf(s.src, token))
			if isBad(token) {
				bad++
			}
		}
		if last := s.tokens[len(s.tokens)-1]; last.Type != lexer.EOF || endOf(last) != len(text) {
			t.Errorf("the last token is %v", last)
		}
		for _, comment := range s.comments {
			blank := strings.Repeat(" ", len(comment.Where.Text()))
			text = text[:comment.Where.Start] + blank + text[comment.Where.End:]
		}
		end := 0
		for _, span := range rest {
			if between := text[end:span.Start]; strings.Trim(strings.TrimPrefix(between, "\ufeff"), " \t\r\n") != "" {
				t.Errorf("%q is in no token", between)
			}
			end = span.End
		}
		if bad > 0 && len(s.diags) == 0 {
			t.Errorf("%d bad tokens and no fault", bad)
		}
	})
}

// FuzzParse: whatever the text, Parse returns; every span lies within the text,
// a child's within its parent's; a faulty text has a diagnostic, and the text
// of each statement alone parses to the same tree.
func FuzzParse(f *testing.F) {
	for _, row := range faulty {
		f.Add(row.text)
	}
	f.Add("#rasp:vocab \"ab\"\ndef f(x) { y = [x for x in range(3)]; return {1: y}, -y[0]; }\n")
	f.Fuzz(func(t *testing.T, text string) {
		bounded.Work(t)
		src := diag.NewSource("fuzz.rasp", text)
		file, diags := Parse(src)
		for _, d := range diags {
			checkSpan(t, d.Span, diag.Span{Source: src, End: len(text)})
			bounded.Words(t, d.Render(), text)
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

func checkChildren(t *testing.T, node Node) {
	t.Helper()
	for _, child := range Children(node) {
		checkSpan(t, child.Span(), node.Span())
		checkChildren(t, child)
	}
}
