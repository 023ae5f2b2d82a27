// Package check finds the faults that running a program does not meet: in
// functions that nothing calls, in branches that nothing takes, in loops over
// nothing. And it warns of what is allowed and likely a mistake.
//
// What comes in is an elaborated program (rasp/lang) with the faults that were
// found on the way; what goes out is the list of all of them, those and these,
// in the order of the text.
//
// The program is run once more, on shapes (shape.go) instead of values: what
// kinds of value an expression can give, of which elements an s-op can be. Each
// branch is taken, each loop and each function body is gone through once, with
// parameters of which nothing is known. An operation that no value of the shapes
// survives is an error; one that some values survive is none. So a program that
// runs without a fault has no errors but in places that it never reaches. Which
// values survive, and what is said if none does, is up to package rules, which
// the elaborator asks as well.
//
// In reading order:
//
//   - shape.go: what is known of a value; scope.go: of a name
//   - walk.go: statements; expr.go, operator.go, index.go, container.go, call.go:
//     expressions; load.go: other files; lost.go: statements with syntax errors
//   - fault.go: reporting; merge.go: no fault twice
//   - output.go: the names of #rasp:output
//   - unused.go, shadow.go: warnings about names
//   - table.go: who binds and reads which names, for editors
//   - never.go, relation.go, position.go: warnings about selectors that select
//     nothing; always.go, occurs.go, member.go: about comparisons; mean.go: about means of strings
//
// All of it takes time linear in the text, but for the warnings about selectors
// and means, which have a budget.
package check

import (
	"slices"

	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/elab"
	"rasp/lang/syntax"
)

// Program checks a program that lang.Parse returned with these faults, and adds
// its own findings to them: errors, and warnings. Files that it loads come from
// read.
func Program(p *lang.Program, faults diag.List, read elab.Reader) diag.List {
	list, _ := Names(p, faults, read)
	return list
}

// Names is Program with who binds and reads which names.
func Names(p *lang.Program, faults diag.List, read elab.Reader) (diag.List, *Table) {
	c := &checker{program: p, faulty: startsOf(p.File.Source, faults), read: read,
		selectors: map[diag.Span]bool{}, comparisons: map[diag.Span]bool{}, sought: map[diag.Span]bool{}, files: map[string]*file{}, lostNames: map[string]bool{}, warned: map[diag.Span]bool{}}
	c.base = c.language()
	c.top = c.ownScope(c.base, diag.Span{Source: p.File.Source, End: len(p.File.Source.Text)})
	if faults.Err() != nil {
		c.lose(p.File, c.top)
	}
	w := &walker{checker: c, scope: c.top, sink: &c.faults}
	for _, stmt := range p.File.Stmts {
		if syntax.IsExit(stmt) {
			break
		}
		c.steps = 0
		w.ran = c.faultless(stmt.Span())
		w.exec(stmt)
	}
	for len(c.bodies) > 0 {
		body := c.bodies[0]
		c.bodies = c.bodies[1:]
		c.checkBody(body)
	}
	c.unused()
	c.never()
	c.always()
	c.means()
	c.faults = append(c.faults, c.outputs()...)
	if _, fault := p.Domain(); fault != nil {
		c.faults = append(c.faults, fault)
	}
	return merge(p.File.Source, faults, c.faults, c.warnings), c.table()
}

// checker is the state of a check.
type checker struct {
	program *lang.Program
	faulty  []int // where the known errors of the program start, in ascending order
	read    elab.Reader
	base    *scope // what every file starts with
	top     *scope // of the program
	library bool   // the library is being read

	faults   diag.List
	warnings diag.List
	warned   map[diag.Span]bool // where a name may mislead

	bodies      []*funct           // to be checked
	scopes      []*scope           // of the program itself, not of trials or other files
	occurrences []occurrence       // of names, in the program itself
	selectors   map[diag.Span]bool // where the program makes selectors
	comparisons map[diag.Span]bool // where it compares
	sought      map[diag.Span]bool // where it looks for a value in an s-op or a table
	files       map[string]*file   // that were loaded, by path
	lostNames   map[string]bool    // names in faulty statements
	steps       int                // of trials, see maxSteps
	compared    int                // names, to find misspelt ones
}

// ownScope is a new scope of the program itself, for what stands at span.
func (c *checker) ownScope(parent *scope, span diag.Span) *scope {
	s := newScope(parent)
	s.span = span
	c.scopes = append(c.scopes, s)
	return s
}

// startsOf are the offsets at which errors start, in ascending order.
func startsOf(source *diag.Source, faults diag.List) (starts []int) {
	for _, d := range faults {
		if d.Span.Source == source && d.Severity != diag.Warning {
			starts = append(starts, d.Span.Start)
		}
	}
	slices.Sort(starts)
	return starts
}

// faultless reports whether running what stands at span met no fault there.
func (c *checker) faultless(span diag.Span) bool {
	i, found := slices.BinarySearch(c.faulty, span.Start)
	return !found && (i == len(c.faulty) || c.faulty[i] >= span.End)
}

// poisoned reports whether a top-level name has no value, because of a fault or
// because the statement never ran.
func (c *checker) poisoned(name string) bool {
	_, ok := c.program.Lookup(name)
	return !ok
}
