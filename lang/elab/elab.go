// Package elab runs a program at compile time. What comes in is the syntax tree,
// one statement after the other; what goes out is a graph of s-ops and selectors
// (rasp/lang/graph), and the names that the program bound to them.
//
// Functions, loops, comprehensions, lists and dicts are gone after that: they
// are how a program writes its graph down. Atoms are computed at once; an
// operation with an s-op in it becomes a node, with the atoms beside it as
// constants. The package knows no input: it never runs an s-op (rasp/lang/interp
// does), and nothing of weights.
//
// In reading order:
//
//   - value.go: what an expression can evaluate to; compare.go: == and < of it
//   - scope.go: names; frame.go: where the elaborator stands, and its errors
//   - stmt.go: statements; bind.go: names and loops; load.go: files and the
//     library; poison.go: how one fault does not cause others
//   - expr.go: expressions; operator.go, attend.go (select and aggregate),
//     index.go, in.go, call.go, builtin.go: each kind of them
//   - node.go: making nodes
//   - budget.go: limits; console.go: what a console is asked and told
//
// What an operation takes, and what is said where it is given something else, is
// up to package rules.
//
// A fault abandons its top-level statement and the next one goes on, so that a
// run reports all of them. A type fault of an s-op is reported only if the
// operation fails on every input.
package elab

import (
	"errors"
	"math"

	"rasp/lang/diag"
	"rasp/lang/element"
	"rasp/lang/graph"
	"rasp/lang/syntax"
)

// Reader returns the text of a file that a load names, p.rasp for load "p".
type Reader func(path string) (string, error)

// Session is the state of a program between two statements. It is not safe for
// concurrent use.
type Session struct {
	// Interactive sessions keep the old value of a name when the statement
	// that would have bound it fails, as the reference does. Others poison the
	// name: what depends on it fails silently.
	Interactive bool
	// Console is the other side of an interactive session, nil if nobody is
	// there.
	Console Console
	// Evaluated, if not nil, is told of each expression that has a value, and of each name
	// that is bound, with that value.
	Evaluated func(x syntax.Expr, v Value)

	graph    *graph.Graph
	elements []element.Set // of the nodes of graph
	full     *graph.Node   // the selector of "atom in s", nil before the first use
	read     Reader

	base    *Scope          // what every file starts with
	library map[string]bool // names of base that come from the library
	top     *Scope          // the names of the program

	diags   diag.List
	called  map[*syntax.FuncDef]bool
	loading []string // paths of the files being loaded, outermost first
	order   int      // bindings made so far
	budget  int      // of work for a top-level statement, see budget.go
	left    int      // of the work that all statements may take
	work    int
	calls   int // inside each other
	nest    int // expressions inside each other
}

// New starts a program: the library is there and nothing else.
func New(read Reader) *Session {
	s := &Session{graph: &graph.Graph{}, read: read, budget: maxWork, left: math.MaxInt,
		library: map[string]bool{}, called: map[*syntax.FuncDef]bool{}}
	s.base = s.builtins()
	s.loadLibrary()
	s.top = newScope(s.base)
	return s
}

// Limit lets each statement take so many steps instead of what it may take by itself, and
// all statements a few times as many.
func (s *Session) Limit(steps int) { s.budget = steps }

// Result is what a statement did. It is empty after a fault.
type Result struct {
	Bound []Bound   // an assignment or definition: the names it bound, in order
	Value Value     // an expression or draw: its value, else nil
	Name  string    // an expression that is a bare name: that name
	Span  diag.Span // of an expression or draw
}

// Bound is a name with its value and the place where it was bound.
type Bound struct {
	Name  string
	Value Value
	Span  diag.Span
}

// Exec runs a top-level statement. The list has the fault of the statement and,
// unless there is a Console, which was told them, those of files that it loaded.
// Without a Console its commands do nothing.
func (s *Session) Exec(stmt syntax.Stmt) (Result, diag.List) {
	s.work, s.calls, s.nest = 0, 0, 0
	s.diags = nil
	f := &frame{Session: s, scope: s.top, creator: "console"}
	result, _ := f.execTop(stmt)
	return result, s.diags
}

// Run executes the statements of a file, up to its exit if it has one. The
// faults that Parse found are merged into the list, in the order of the text.
func (s *Session) Run(file *syntax.File, faults diag.List) ([]Result, diag.List) {
	var results []Result
	var list diag.List
	s.left = maxFile * s.budget
	f := &frame{Session: s, scope: s.top}
	f.lose(file, faults)
	faults = eachStatement(file, faults, func(before diag.List, stmt syntax.Stmt) bool {
		result, more := s.Exec(stmt)
		list = append(append(list, before...), more...)
		results = append(results, result)
		return s.left > 0
	})
	return results, append(list, faults...)
}

// execTop runs a statement that stands in no other, and reports its fault.
func (f *frame) execTop(stmt syntax.Stmt) (Result, *diag.Diagnostic) {
	result, err := f.exec(stmt)
	if err == nil {
		return result, nil
	}
	var d *diag.Diagnostic
	if errors.As(err, &d) {
		f.diags = append(f.diags, d)
	}
	f.poison(stmt)
	return Result{}, d
}

// Graph has every node that was made so far.
func (s *Session) Graph() *graph.Graph { return s.graph }

// Elements are the kinds that the elements of an s-op of the graph can have.
func (s *Session) Elements(n *graph.Node) element.Set { return s.elements[n.ID] }

// Predefined are the names of the language, without those of the library.
func (s *Session) Predefined() (list []Bound) {
	for _, name := range s.base.names() {
		if !s.library[name] {
			list = append(list, Bound{Name: name, Value: s.base.vars[name].value})
		}
	}
	return list
}

// Called reports whether the body of a function was ever run.
func (s *Session) Called(def *syntax.FuncDef) bool { return s.called[def] }

// Lookup is the value of a name as a top-level statement would see it.
func (s *Session) Lookup(name string) (Value, bool) {
	v, _ := s.top.lookup(name)
	if v == nil || v.value == (poison{}) {
		return nil, false
	}
	return v.value, true
}

// Bindings are the top-level names of the program, in the order of their last
// binding, without those that a fault left without a value.
func (s *Session) Bindings() []Bound {
	var list []Bound
	for _, name := range s.top.names() {
		if v := s.top.vars[name]; v.value != (poison{}) {
			list = append(list, Bound{name, v.value, v.span})
		}
	}
	return list
}
