package diag

import (
	"strings"
	"testing"
)

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}

// find is the span of the first occurrence of part in text.
func find(text, part string) Span {
	start := strings.Index(text, part)
	return Span{NewSource("a.rasp", text), start, start + len(part)}
}

func TestPosition(t *testing.T) {
	const text = "ab\né日x\r\n\n\tz"
	s := NewSource("a.rasp", text)
	for _, row := range []struct{ offset, line, col int }{
		{-1, 1, 1}, {0, 1, 1}, {2, 1, 3}, {3, 2, 1}, {5, 2, 2}, {8, 2, 3}, {10, 2, 5},
		{11, 3, 1}, {12, 4, 1}, {13, 4, 2}, {14, 4, 3}, {99, 4, 3},
	} {
		line, col := s.Position(row.offset)
		if line != row.line || col != row.col {
			t.Errorf("Position(%d) = %d:%d, want %d:%d", row.offset, line, col, row.line, row.col)
		}
	}
	for n, want := range []string{"", "ab", "é日x", "", "\tz", ""} {
		equal(t, "line", s.Line(n), want)
	}
	line, col := NewSource("empty", "").Position(0)
	equal(t, "empty", [2]int{line, col}, [2]int{1, 1})
}

func TestSpan(t *testing.T) {
	const text = "x = 1;\ny = é + z;"
	x, z := find(text, "x"), find(text, "z")
	z.Source = x.Source
	equal(t, "text", z.Text(), "z")
	equal(t, "string", z.String(), "a.rasp:2:9")
	equal(t, "line", z.Line(), 2)
	equal(t, "column", z.Col(), 9)
	equal(t, "to", x.To(z).Text(), text[:len(text)-1])
	equal(t, "to itself", x.To(x), x)
	equal(t, "from nowhere", Span{}.To(x), x)
	equal(t, "to another source", x.To(find(text, "z")), x)
	equal(t, "none", Span{}.String(), "-")
	equal(t, "none", Span{}.Text(), "")
	equal(t, "none", Span{}.Line()+Span{}.Col(), 0)
}

func TestRender(t *testing.T) {
	for _, row := range []struct{ name, text, part, want string }{
		{"plain", "x = a + b;\n", "a + b", `
    1 | x = a + b;
      |     ^~~~~
`}, {"second line", "x;\ny z;\n", "z", `
    2 | y z;
      |   ^
`}, {"nothing", "", "", `
    1 | 
      | ^
`}, {"end of text", "x = 1\n", "\n", `
    1 | x = 1
      |      ^
`}, {"tabs", "\tx\t= a;", "a", `
    1 |  x = a;
      |      ^
`}, {"columns are characters", `x = "é日" + "ß";`, `"ß"`, `
    1 | x = "é日" + "ß";
      |            ^~~
`}, {"several lines", "x = [1,\n2];\n", "[1,\n2]", `
    1 | x = [1,
      |     ^~~
`}, {"carriage returns", "a;\r\nb\r\nc;\r\n", "b\r\nc", `
    2 | b
      | ^
`}, {"control characters", "a \x1b[31m\x00 b", "b", `
    1 | a  [31m  b
      |          ^
`}, {"not UTF-8", "a \xff b", "b", `
    1 | a ` + "\ufffd" + ` b
      |     ^
`}} {
		d := Errorf(find(row.text, row.part), Syntax, "no")
		head, rest, _ := strings.Cut(d.Render(), "\n")
		equal(t, row.name, "\n"+rest, row.want)
		equal(t, row.name, head, d.Error())
	}
}

func TestRenderHint(t *testing.T) {
	d := Errorf(find("a;\n  b;", "b"), Undefined, "no %s", "b").WithHint("use %s", "a")
	equal(t, "hint", d.Render(), `a.rasp:2:3: undefined error: no b
    2 |   b;
      |   ^
      = hint: use a
`)
	d = &Diagnostic{Kind: Domain, Severity: Warning, Message: "no vocabulary"}
	equal(t, "no source", d.Render(), "-: domain warning: no vocabulary\n")
	equal(t, "no severity", (&Diagnostic{Kind: Type, Message: "no"}).Error(), "-: type error: no")
}

// Of a long line the part around the caret is shown.
func TestRenderLongLine(t *testing.T) {
	for _, before := range []int{0, 1, 79, 80, 81, 160, 500, 1000} {
		for _, after := range []int{0, 1, 100, 1000} {
			text := strings.Repeat("é", before) + "x" + strings.Repeat("-", after)
			d := Errorf(find(text, "x"), Syntax, "no")
			lines := strings.Split(d.Render(), "\n")
			source, marks := []rune(lines[1]), []rune(lines[2])
			if len(source) > 180 {
				t.Errorf("%d+%d: %d characters", before, after, len(source))
			}
			equal(t, "mark", string(marks[len(marks)-1]), "^")
			equal(t, "marked", string(source[len(marks)-1]), "x")
		}
	}
	text := strings.Repeat("a", 1000)
	d := Errorf(find(text, text), Syntax, "no")
	lines := strings.Split(d.Render(), "\n")
	if len(lines[2]) > len(lines[1]) {
		t.Errorf("the mark is longer than the line:\n%s", d.Render())
	}
}

func TestList(t *testing.T) {
	warning := &Diagnostic{Kind: Domain, Severity: Warning, Message: "w"}
	fault := Errorf(Span{}, Value, "f")
	if err := (List{}).Err(); err != nil {
		t.Error(err)
	}
	if err := (List{warning}).Err(); err != nil {
		t.Error(err)
	}
	equal(t, "error", List{warning, fault}.Err().Error(), "-: domain warning: w\n-: value error: f")
}

func TestWidened(t *testing.T) {
	const text = "é b\nc"
	src := NewSource("a.rasp", text)
	for _, row := range []struct {
		start, end int
		want       string
	}{{0, 2, "é"}, {0, 0, "é"}, {2, 2, " "}, {4, 4, "b"}, {5, 5, "c"}, {6, 6, "c"}} {
		equal(t, "widened", Span{src, row.start, row.end}.Widened().Text(), row.want)
	}
	equal(t, "of nothing", Span{NewSource("a.rasp", ""), 0, 0}.Widened().Text(), "")
	equal(t, "of no source", Span{}.Widened(), Span{})
}
