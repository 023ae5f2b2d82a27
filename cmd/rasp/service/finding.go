package service

import (
	"fmt"
	"path/filepath"
	"strings"

	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/elab"
	"rasp/lang/syntax"
)

// Severity of a finding, as the protocol numbers them.
type Severity int

// The severities in use.
const (
	Error       Severity = 1
	Warning     Severity = 2
	Information Severity = 3
)

// unnecessary is the tag of what could be left out; editors fade it.
const unnecessary = 1

// Finding is a fault, or a likely mistake.
type Finding struct {
	Range    Range     `json:"range"`
	Severity Severity  `json:"severity"`
	Code     diag.Kind `json:"code"`
	Source   string    `json:"source"`
	Message  string    `json:"message"`
	Tags     []int     `json:"tags,omitempty"`
	Related  []Related `json:"relatedInformation,omitempty"`
}

// Related is a place that belongs to a finding.
type Related struct {
	Location Location `json:"location"`
	Message  string   `json:"message"`
}

// Findings are all that rasp check finds, in the order of the text. What is wrong in a file
// that is loaded stands at the load.
func (s *Snapshot) Findings() []Finding {
	list := make([]Finding, len(s.faults))
	for i, d := range s.faults {
		list[i] = s.finding(d)
	}
	return list
}

func (s *Snapshot) finding(d *diag.Diagnostic) Finding {
	f := Finding{Range: s.Range(s.place(d)), Severity: Error, Code: d.Kind, Source: "rasp", Message: diag.Visible(d.Message)}
	if d.Hint != "" {
		f.Message += "\nhint: " + diag.Visible(d.Hint)
	}
	switch {
	case elab.IsOver(d, Steps):
		f.Severity = Information
		f.Message = fmt.Sprintf("not checked while you write: %s; rasp check goes on", d.Message)
	case d.Severity == diag.Warning:
		f.Severity = Warning
	}
	if d.Kind == diag.Unused {
		f.Tags = []int{unnecessary}
	}
	if from := d.Span.Source; from != nil && from != s.src {
		at := NewText(from.Text, s.encoding).Range(d.Span.Widened())
		f.Related = []Related{{Location{from.Name, at}, f.Message}}
		f.Message = d.Span.String() + ": " + f.Message
	}
	return f
}

// place is where a finding is shown: the fault itself, or what loads its file. A fault of no
// place is one of the program as a whole, and shown on its first line.
func (s *Snapshot) place(d *diag.Diagnostic) diag.Span {
	switch d.Span.Source {
	case s.src:
		return d.Span.Widened()
	case nil:
		return diag.Span{Source: s.src}.Widened()
	}
	if load := s.loadOf(d.Span.Source.Name); load != nil {
		return load.Span()
	}
	return diag.Span{Source: s.src}.Widened()
}

// loadOf is the statement that loads a file, itself or through others.
func (s *Snapshot) loadOf(name string) (found *syntax.Load) {
	s.statements(func(stmt syntax.Stmt) {
		if load, ok := stmt.(*syntax.Load); ok && (found == nil || load.Span().Start < found.Span().Start) && s.leads(load.Path, name, map[string]bool{}) {
			found = load
		}
	})
	return found
}

// leads reports whether loading path loads a file of that name.
func (s *Snapshot) leads(path, name string, seen map[string]bool) bool {
	file := path + ".rasp"
	if filepath.Clean(file) == filepath.Clean(name) {
		return true
	}
	if seen[file] {
		return false
	}
	seen[file] = true
	text, err := s.read(file)
	if err != nil || !strings.Contains(text, "load") {
		return false
	}
	tree, _ := syntax.Parse(diag.NewSource(file, text))
	found := false
	tree.WalkAll(func(n syntax.Node) {
		if load, ok := n.(*syntax.Load); ok && !found {
			found = s.leads(load.Path, name, seen)
		}
	})
	return found
}

// parseWhole parses the program anew, with all the steps that a command has: for what takes
// long, and so that nobody else has the graph.
func (s *Snapshot) parseWhole() (*lang.Program, error) {
	program, faults := lang.ParseWith(s.Name, s.text, s.read)
	return program, faults.Err()
}
