// Package service answers what an editor asks about a program: what is wrong with it, what
// stands at a place, what could be written there, what it computes on an example, which
// model it compiles to.
//
// In come a text, the files that it loads and positions in it; out go answers whose JSON is
// that of the Language Server Protocol. It is pure: no files, no clock, no output, and
// nothing here changes once it is made, so that a language server (rasp lsp), a server of
// pages and a page itself (js/wasm) can all call it. What takes long takes a context.
//
// In reading order:
//
//   - service.go: a Snapshot is a program at one moment; position.go: places in a text
//   - finding.go: faults and warnings; fix.go and action.go: what mends them
//   - example.go: the input of which values are shown; value.go: values in words
//   - hover.go, word.go (what is said of words), signature.go, complete.go
//   - names.go: definition, references; rename.go
//   - outline.go (symbols), fold.go, colour.go (semantic tokens), hint.go (inlay hints)
//   - layout.go: formatting; diff.go
//   - compiled.go: what the compiler makes of the program, where it computes what; lens.go;
//     command.go: run, draw, compile, verify
package service

import (
	"io/fs"
	"sync"

	"rasp/lang"
	"rasp/lang/check"
	"rasp/lang/diag"
	"rasp/lang/elab"
	"rasp/lang/graph"
	"rasp/lang/syntax"
)

// Steps is what a statement may take while somebody writes it: a fiftieth of what it may
// take in a command, which is some 10 ms.
const Steps = 200_000

// Snapshot is a program at one moment. It is safe for concurrent use.
type Snapshot struct {
	Name string
	*Text
	src      *diag.Source
	read     elab.Reader // of files as they were
	kept     *keptFiles
	program  *lang.Program
	faults   diag.List // all that is found
	names    *check.Table
	words    []syntax.Word
	values   map[syntax.Node]observed // of expressions and bound names, as the program runs
	outputs  []graph.Output           // what it is run and compiled for; none if that is not known
	examples []example

	mutex sync.Mutex // of evaluated
	ran   *evaluation
}

// keptFiles are those that a program loads, as they were when it was opened: a snapshot asks
// for none later.
type keptFiles struct {
	from  elab.Reader // nil once all have been read
	texts map[string]fileText
}

type fileText struct {
	text string
	err  error
}

func (k *keptFiles) read(path string) (string, error) {
	file, known := k.texts[path]
	switch {
	case known:
		return file.text, file.err
	case k.from == nil:
		return "", fs.ErrNotExist
	}
	file.text, file.err = k.from(path)
	k.texts[path] = file
	return file.text, file.err
}

// observed is the last value that an expression had, and how often it had one.
type observed struct {
	elab.Value
	times int
}

// Open reads a program. Files that it loads come from read, by the name p.rasp for load "p".
func Open(name, text string, read elab.Reader, e Encoding) *Snapshot {
	s := &Snapshot{Name: name, Text: NewText(text, e), values: map[syntax.Node]observed{}}
	kept := &keptFiles{from: read, texts: map[string]fileText{}}
	defer func() { kept.from = nil }()
	s.read, s.kept = kept.read, kept
	read = s.read
	var source *diag.Source
	parser := lang.Parser{Read: read, Steps: Steps, Evaluated: func(x syntax.Expr, v elab.Value) {
		from := x.Span().Source
		if source == nil && from.Name == name && from.Text == text {
			source = from
		}
		if _, isLiteral := x.(*syntax.Literal); from == source && !isLiteral {
			s.values[x] = observed{v, s.values[x].times + 1}
		}
	}}
	program, faults := parser.Parse(name, text)
	s.program, s.src = program, program.File.Source
	s.faults, s.names = check.Names(program, faults, read)
	s.words = syntax.Words(s.src)
	if outputs, fault := program.Outputs(nil, program.File.Directives.Vocab); fault == nil {
		s.outputs = outputs
	}
	s.examples = s.findExamples()
	return s
}

// Stale reports whether a file that the program loads has another text now.
func (s *Snapshot) Stale(read elab.Reader) bool {
	for path, kept := range s.kept.texts {
		text, err := read(path)
		if text != kept.text || (err == nil) != (kept.err == nil) {
			return true
		}
	}
	return false
}

// Loads reports whether the program loads other files.
func (s *Snapshot) Loads() bool {
	found := false
	s.program.File.WalkAll(func(n syntax.Node) {
		_, ok := n.(*syntax.Load)
		found = found || ok
	})
	return found
}

// wordAt is the place among the words of the one that holds the offset; of two that meet
// there, the one that is no punctuation, else the second. -1 for none.
func (s *Snapshot) wordAt(offset int) int {
	found := -1
	for i := s.wordsBefore(offset+1) - 1; i >= 0 && s.words[i].Span.End >= offset; i-- {
		isSign := s.words[i].Kind == syntax.PunctWord || s.words[i].Kind == syntax.OperatorWord
		if s.words[i].Span.End > offset && (found < 0 || !isSign) || s.words[i].Span.End == offset && !isSign {
			found = i
		}
	}
	return found
}

// wordsBefore is how many words start before the offset.
func (s *Snapshot) wordsBefore(offset int) int {
	low, high := 0, len(s.words)
	for low < high {
		middle := (low + high) / 2
		if s.words[middle].Span.Start < offset {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}

// statements visits the statements of the program, also those in bodies.
func (s *Snapshot) statements(visit func(syntax.Stmt)) {
	s.program.File.WalkAll(func(n syntax.Node) {
		if stmt, ok := n.(syntax.Stmt); ok {
			visit(stmt)
		}
	})
}

// WordAt is the name or keyword at a position, "" if there is none.
func (s *Snapshot) WordAt(p Position) string {
	if i := s.wordAt(s.Offset(p)); i >= 0 && s.words[i].Kind <= syntax.CallWord {
		return s.words[i].Text()
	}
	return ""
}
