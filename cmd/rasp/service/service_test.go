package service

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang"
	"rasp/lang/check"
	"rasp/lang/diag"
	"rasp/lang/format"
	"rasp/lang/golden"
	"rasp/lang/graph"
	"rasp/lang/predict"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// noFiles is for programs that load none.
func noFiles(string) (string, error) { return "", os.ErrNotExist }

func opened(text string) *Snapshot { return Open("a.rasp", text, noFiles, UTF16) }

// marked takes the first | out of a text and says where it was.
func marked(t *testing.T, text string) (string, Position) {
	t.Helper()
	before, after, ok := strings.Cut(text, "|")
	require.True(t, ok, "no | in %s", text)
	return before + after, NewText(before+after, UTF16).Position(len(before))
}

// chunks are the golden programs and the ready-made ones, with those that only the checker
// finds fault with.
func chunks(t *testing.T) (list []*golden.Chunk) {
	t.Helper()
	root, err := filepath.Abs("../../..")
	require.NoError(t, err)
	files, err := golden.Files(root)
	require.NoError(t, err)
	more, err := filepath.Glob(filepath.Join(root, "testdata/check/*.rasp"))
	require.NoError(t, err)
	require.NotEmpty(t, more)
	t.Chdir(filepath.Join(root, "testdata")) // from where some load others
	for _, path := range append(append(files, more...), filepath.Join(root, "stdlib/library.rasp")) {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		found, err := golden.Read(path, string(text))
		require.NoError(t, err)
		list = append(list, found...)
	}
	return list
}

// TestFindings: what the checker finds is there, at the same place, counted in another way.
func TestFindings(t *testing.T) {
	found, wider, stopped := 0, 0, 0
	for _, c := range chunks(t) {
		program, faults := lang.ParseWith(c.File, c.Text, lang.ReadFile)
		faults = check.Program(program, faults, lang.ReadFile)
		findings := Open(c.File, c.Text, lang.ReadFile, UTF16).Findings()
		if slices.ContainsFunc(findings, func(f Finding) bool { return f.Severity == Information }) {
			stopped++
			continue // fewer steps are allowed while writing
		}
		require.Len(t, findings, len(faults), "%s:%d", c.File, c.Line)
		for i, d := range faults {
			f := findings[i]
			assert.Equal(t, d.Severity == diag.Warning, f.Severity == Warning)
			assert.Equal(t, d.Kind, f.Code)
			assert.Contains(t, f.Message, diag.Visible(d.Message))
			if d.Span.Source != program.File.Source {
				continue
			}
			found++
			start, end := inUTF16(d.Span.Source, d.Span.Start), inUTF16(d.Span.Source, d.Span.End)
			if start == end {
				wider++
				assert.NotEqual(t, f.Range.Start, f.Range.End, "%s", d)
				assert.True(t, f.Range.Start == start || f.Range.End == start, "%s", d)
				continue
			}
			assert.Equal(t, Range{start, end}, f.Range, "%s", d)
		}
	}
	assert.Greater(t, found, 700)
	assert.Positive(t, wider)
	assert.Less(t, stopped, 10)
}

// inUTF16 is a place as editors count, by the letter.
func inUTF16(src *diag.Source, offset int) Position {
	before := src.Text[:offset]
	line := before[strings.LastIndexByte(before, '\n')+1:]
	return Position{strings.Count(before, "\n"), len(utf16.Encode([]rune(line)))}
}

// meaning is what the outputs of a program are on the inputs of its examples; "" if there is
// nothing to run.
func meaning(t *testing.T, c *golden.Chunk, text string) string {
	t.Helper()
	program, faults := lang.ParseWith(c.File, text, lang.ReadFile)
	if faults.Err() != nil || len(c.Cases) == 0 {
		return ""
	}
	vocab := program.File.Directives.Vocab
	outputs, fault := program.Outputs(nil, vocab)
	if fault != nil {
		return ""
	}
	return results(outputs, vocab, program.File.Directives.Causal, c.Cases)
}

func results(outputs []graph.Output, vocab []value.Value, causal bool, cases []*golden.Case) string {
	var b strings.Builder
	e := predict.New(outputs, vocab, causal)
	for _, k := range cases {
		found, err := e.Run(k.Input)
		if err != nil {
			b.WriteString("fails\n")
			continue
		}
		for _, r := range found {
			switch {
			case r.Matrix != nil:
				b.WriteString(golden.Matrix(r.Matrix))
			case r.Next != nil:
				for _, row := range r.Next {
					b.WriteString(value.OfInt(int64(predict.MostLikely(row))).String() + " ")
				}
			default:
				b.WriteString(golden.Sequence(r.Sequence))
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

// TestFormat: a program that is laid out means the same, as a whole and by its statements.
func TestFormat(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	whole, parts := 0, 0
	for i, c := range chunks(t) {
		if testing.Short() && i%4 > 0 {
			continue
		}
		loose := loosened(r, c.Text)
		s := Open(c.File, loose, lang.ReadFile, UTF16)
		edits, err := s.Format()
		if err != nil {
			assert.Error(t, s.faults.Err())
			continue
		}
		whole += len(edits)
		text := s.Apply(edits)
		want, _ := format.Source(diag.NewSource(c.File, loose))
		assert.Equal(t, want, text, "%s:%d", c.File, c.Line)
		before := meaning(t, c, c.Text)
		assert.Equal(t, before, meaning(t, c, text), "%s:%d", c.File, c.Line)
		if len(s.program.File.Stmts) == 0 {
			continue
		}
		stmt := s.program.File.Stmts[r.IntN(len(s.program.File.Stmts))]
		part, err := s.FormatRange(s.Range(stmt.Span()))
		require.NoError(t, err)
		parts += len(part)
		require.Subset(t, edits, part)
		assert.Equal(t, before, meaning(t, c, s.Apply(part)), "%s:%d", c.File, c.Line)
	}
	assert.Greater(t, whole, 100)
	assert.Greater(t, parts, 20)
}

// loosened is a program with more blanks between its words.
func loosened(r *rand.Rand, text string) string {
	var b strings.Builder
	last := 0
	for _, w := range syntax.Words(diag.NewSource("a.rasp", text)) {
		gap := text[last:w.Span.Start]
		b.WriteString(gap)
		if strings.HasSuffix(gap, " ") && !isComment(w) {
			b.WriteString(strings.Repeat(" ", r.IntN(3)))
		}
		b.WriteString(w.Text())
		last = w.Span.End
	}
	return b.String() + text[last:]
}

// TestRename: each name of each program can have a new one, and the program means the same;
// or there is a reason why not.
func TestRename(t *testing.T) {
	renamed, refused := 0, map[string]int{}
	for i, c := range chunks(t) {
		s := Open(c.File, c.Text, lang.ReadFile, UTF16)
		if s.faults.Err() != nil || testing.Short() && i%4 > 0 {
			continue
		}
		before := meaning(t, c, c.Text)
		done := map[Range]bool{}
		for _, o := range s.names.Occurrences {
			p := s.Position(o.Span.Start)
			if done[s.Range(o.Span)] {
				continue
			}
			for _, h := range s.Highlights(p) {
				done[h.Range] = true
			}
			edits, err := Project{}.Rename(s, p, "fresh_name")
			if err != nil {
				refused[reason(o.Span.Text(), err.Error())]++
				continue
			}
			require.Subset(t, []string{c.File, "load/greetings.rasp", "../testdata/load/greetings.rasp"}, keysOf(edits))
			text := s.Apply(edits[c.File])
			if len(edits) == 1 {
				renamed++
				require.Equal(t, before, meaning(t, c, text), "%s:%d: %s", c.File, c.Line, o.Span.Text())
			}
		}
	}
	assert.Greater(t, renamed, 300)
	assert.Subset(t, []string{"of the language", "bound by nothing", "only"}, keysOf(refused), "%v", refused)
	assert.LessOrEqual(t, refused["only"], 1)
}

// reason is why a name cannot be renamed, as far as that is right.
func reason(name, text string) string {
	switch {
	case strings.HasSuffix(text, "is a name of the language or the library"):
		return "of the language"
	case strings.HasPrefix(text, "there is no name here that the program binds"):
		return "bound by nothing" // a warning
	case name == "only" && strings.Contains(text, " is taken: "):
		return "only" // the function of that name means more than its definition
	}
	return text
}

func keysOf[V any](m map[string]V) (keys []string) {
	for k := range m {
		keys = append(keys, k)
	}
	return keys
}

// TestFixes: a fix mends what it is for, and brings no other fault; each kind of fix occurs.
func TestFixes(t *testing.T) {
	used := map[string]int{}
	for _, c := range chunks(t) {
		s := Open(c.File, c.Text, lang.ReadFile, UTF16)
		for _, d := range s.faults {
			f, ok := s.fixOf(d)
			if !ok {
				continue
			}
			for _, known := range fixers {
				if known.hint().MatchString(d.Hint) {
					used[known.hint().String()]++
				}
			}
			after := Open(c.File, s.Apply([]Edit{{s.Range(f.at), f.text}}), lang.ReadFile, UTF16)
			same := func(x *diag.Diagnostic) bool {
				return x.Span.Start == d.Span.Start && x.Message == d.Message && x.Hint == d.Hint
			}
			more := errorsOf(after.faults) > errorsOf(s.faults)
			if d.Kind == diag.Syntax { // what could not be read may have other faults
				more = syntaxErrors(after.faults) > syntaxErrors(s.faults)
			}
			if slices.ContainsFunc(after.faults, same) || more {
				t.Errorf("%s%s\ngives\n%s", d.Render(), f.title, after.faults.Error())
			}
		}
	}
	for _, f := range fixers {
		if used[f.hint().String()] == 0 {
			t.Errorf("no program has the hint %s", f.hint())
		}
	}
	t.Log(used)
}

// TestRespelledDirective: the whole word is replaced, whatever it is made of.
func TestRespelledDirective(t *testing.T) {
	for _, wrong := range []string{"max_length", "max_seq_len", "seq_len", "lenght"} {
		s := Open("a.rasp", "#rasp:"+wrong+" 8\nx = tokens;\n", lang.ReadFile, UTF16)
		actions := Project{}.Actions(s, Range{Position{0, 0}, Position{0, 0}})
		if assert.Len(t, actions, 1, wrong) {
			assert.Equal(t, "#rasp:length 8\nx = tokens;\n", s.Apply(actions[0].Edits["a.rasp"]))
		}
	}
}

// TestWideRange: a selection of a whole program does not try a new name for each finding in it.
func TestWideRange(t *testing.T) {
	var b strings.Builder
	for i := range 10 {
		fmt.Fprintf(&b, "def f%d(unused) { return 1; }\n", i)
	}
	s := Open("a.rasp", b.String(), lang.ReadFile, UTF16)
	assert.Len(t, Project{}.Actions(s, Range{Position{0, 0}, Position{10, 0}}), mostRenames)
	assert.Len(t, Project{}.Actions(s, Range{Position{9, 8}, Position{9, 8}}), 1, "the last")
}

func syntaxErrors(list diag.List) (count int) {
	for _, d := range list {
		if d.Kind == diag.Syntax && d.Severity != diag.Warning {
			count++
		}
	}
	return count
}
