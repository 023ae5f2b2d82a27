package elab

import (
	"fmt"

	"rasp/lang/diag"
	"rasp/lang/value"
)

// Budgets, so that no program hangs or fills the memory. The reference has none
// but the limits of its host: it stops at about 100 nested calls.
const (
	maxCalls = 1_000      // calls inside each other
	maxNest  = 100_000    // expressions inside each other
	maxDepth = 1_000      // lists inside each other
	maxWork  = 10_000_000 // items made, compared or looped over, for one top-level statement
	maxFile  = 5          // times maxWork, for all statements of a program
	maxNodes = 4_000_000  // nodes of the graph

	callWork      = 20    // items that a call counts as
	loadWork      = 1_000 // items that reading a file counts as
	bytesPerItem  = 32    // of a string
	digitsPerItem = 4     // of a long int, which is slow to read
)

// charge counts n items of work.
func (f *frame) charge(n int, span diag.Span) error {
	switch {
	case n > f.budget-f.work:
		f.work = f.budget
		return f.errorf(span, diag.Limit, tooMany, f.budget)
	case n > f.left:
		f.work, f.left = f.budget, 0
		return f.errorf(span, diag.Limit, tooManyInAll, maxFile*f.budget)
	}
	f.work += n
	f.left -= n
	return f.interrupted(span)
}

const (
	tooMany      = "this takes more than %d steps"
	tooManyInAll = "the program takes more than %d steps in all"
)

// IsOver reports whether a fault is that of a program which takes more than the steps that
// Limit allows.
func IsOver(d *diag.Diagnostic, steps int) bool {
	return d.Kind == diag.Limit && (d.Message == fmt.Sprintf(tooMany, steps) || d.Message == fmt.Sprintf(tooManyInAll, maxFile*steps))
}

// exhausted reports whether the budget of the statement is spent.
func (s *Session) exhausted() bool { return s.work >= s.budget }

// workOn is what an operation on two values counts as: comparing lists stops at
// the end of the smaller one, and long atoms are read in full.
func workOn(a, b Value) int {
	x, okX := a.(Atom)
	y, okY := b.(Atom)
	if okX && okY {
		return workOnAtom(x.Value) + workOnAtom(y.Value)
	}
	return min(sizeOf(a), sizeOf(b))
}

func workOnAtom(v value.Value) int {
	if v.Kind() == value.Int {
		return len(v.Text()) / digitsPerItem
	}
	return len(v.Text()) / bytesPerItem
}

func sizeOf(v Value) int {
	switch v := v.(type) {
	case *List:
		return v.size
	case *Dict:
		return v.size
	}
	return 0
}
