// Package observe holds facts against the interpreter: it runs the rewritten graph on
// inputs that are chosen for what the facts say of them, and finds the first fact that
// does not hold there.
//
// A certificate says that weights compute what the plan means, and a plan is made of
// facts; so a wrong fact is a wrong model with a certificate. What is looked at is no
// proof of a fact. It is evidence where a fact is most likely wrong: where a table has a
// value that few tokens give it, where two tokens are one class on one side of a selector
// alone, at the largest and the least sums.
//
// In come facts and roots, out goes nothing, or a *Violation. The number of inputs
// follows from the size of the graph and of its tables, never from a clock.
//
//	observe.go    the run, and the first fact that fails
//	states.go     which state each variable is in at each position
//	sops.go       tables, linear forms, differences, comparisons
//	quotients.go  fractions of whole numbers
//	selectors.go  atoms, conjuncts, rows by position
//	kept.go       what is said of pairs of classes, found once for many pairs of positions
//	claims.go     what is concluded of nodes
//	inputs.go     which inputs
package observe

import (
	"errors"
	"fmt"
	"slices"

	"rasp/compiler/facts"
	"rasp/lang/diag"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// Violation is a fact that does not hold on an input.
type Violation struct {
	Node  *graph.Node
	Says  string // what the fact says, and what is there
	Input []value.Value
}

func (v *Violation) Error() string {
	where := ""
	if v.Node.Span.Source != nil {
		where = fmt.Sprintf(" in line %d", v.Node.Span.Line())
	}
	on := ""
	if v.Input != nil {
		on = " on the input " + domain.Text(v.Input)
	}
	return fmt.Sprintf("%s%s (%v)%s: %s", graph.Describe(v.Node), where, v.Node, on, v.Says)
}

// Outcome counts what was looked at.
type Outcome struct {
	Inputs, Failed int // inputs, and those on which the program fails, of which facts say nothing
	Claims         int
}

// observer is a graph, its facts and a run of it.
type observer struct {
	*facts.Facts
	long       domain.Domain // of the inputs that are looked at
	run        *interp.Evaluator
	ids        []int              // of the tokens
	input      []value.Value      // the same as values
	row        []int              // see selectedBy
	room       []int32            // see classes
	said       kept[int32, bool]  // of the atom that is looked at: which keys it selects
	allowed    kept[string, int8] // of the selector that is looked at: how many conjuncts allow a key
	once       []int8             // see allowing
	variables  []*facts.Variable
	index      map[*facts.Variable]int
	states     [][]int32 // by variable and position
	sops       []*sop
	tables     map[*graph.Node]*sop
	selectors  []*selector
	bySelector map[*graph.Node]*selector
	claims     []facts.Claim
	rounded    map[*graph.Node]bool // replayed, or computed from such: equal up to rounding
	doubtful   map[*graph.Node]bool
	foundFault *Violation
}

// Facts are held against the interpreter.
func Facts(f *facts.Facts, roots []*graph.Node) (Outcome, error) {
	o := newObserver(f, roots)
	out := Outcome{Claims: len(f.Claims)}
	o.checkSums()
	for ids := range o.inputs() {
		if o.foundFault != nil {
			break
		}
		out.Inputs++
		if !o.look(ids) {
			out.Failed++
		}
	}
	if o.foundFault != nil {
		return out, o.foundFault
	}
	return out, nil
}

func newObserver(f *facts.Facts, roots []*graph.Node) *observer {
	o := &observer{Facts: f, long: f.Domain.Shorter(longest), run: interp.New(f.Domain.Causal, slices.Concat(roots, f.Made)...), index: map[*facts.Variable]int{},
		bySelector: map[*graph.Node]*selector{}, claims: claimsInOrder(f),
		tables: map[*graph.Node]*sop{}, rounded: map[*graph.Node]bool{}, doubtful: map[*graph.Node]bool{}}
	for _, d := range f.Doubts {
		o.doubtful[d.Node] = true
	}
	for _, v := range []*facts.Variable{f.Token, f.Position, f.Length} {
		if v != nil {
			o.addVariable(v)
		}
	}
	made := f.Made
	for _, n := range f.Nodes {
		if n.IsSelector() {
			o.addSelector(n)
			continue
		}
		if r := f.Tables[n]; r != nil && len(r.Vars) == 1 && slices.Contains(made, r.Vars[0].Node) {
			made = o.addMade(made, r.Vars[0].Node)
		}
		o.addSOp(n)
	}
	o.addMade(made, nil)
	o.addDifferences()
	return o
}

// addMade adds s-ops that were made, up to one of them, and returns the others: what a table
// is over comes before the table.
func (o *observer) addMade(list []*graph.Node, last *graph.Node) []*graph.Node {
	for i, n := range list {
		if o.addSOp(n); n == last {
			return list[i+1:]
		}
	}
	return nil
}

// look runs an input and looks at all facts; false if the program fails there.
func (o *observer) look(ids []int) bool {
	o.ids, o.input = ids, o.Domain.Values(ids, o.input)
	if err := o.run.Run(o.input); err != nil {
		o.checkDoubt(err)
		return false
	}
	o.resize()
	o.room = o.room[:0]
	for _, s := range o.selectors {
		s.isRead = false
	}
	for _, s := range o.sops {
		if !o.observe(s) {
			return true
		}
	}
	for _, s := range o.selectors {
		if !o.observeSelector(s) {
			return true
		}
	}
	o.checkClaims()
	return true
}

// allDoubts is how many doubts are listed at most: beyond that any node may fail.
const allDoubts = 100

// checkDoubt reports a program that fails where no doubt was.
func (o *observer) checkDoubt(err error) {
	var f *interp.Fault
	if errors.As(err, &f) && f.Node != nil && f.Kind != diag.Limit && len(o.Doubts) < allDoubts && !o.doubtful[f.Node] {
		o.report(f.Node, "it fails at position %d (%s), of which there was no doubt", f.Position, f.Message)
	}
}

// report keeps the first fact that does not hold; it is false, for those who return
// whether all is well.
func (o *observer) report(n *graph.Node, format string, args ...any) bool {
	if o.foundFault == nil {
		o.foundFault = &Violation{Node: n, Says: fmt.Sprintf(format, args...)}
		if o.input != nil {
			o.foundFault.Input = append([]value.Value(nil), o.input...)
		}
	}
	return false
}
