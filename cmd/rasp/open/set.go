package open

import (
	"slices"

	"rasp/compiler/inside"
	"rasp/compiler/rewrite"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// InterpretedWith runs the outputs of a program in which s-ops are given values at
// positions. S-ops that are written alike are one, as they are in a model.
func InterpretedWith(program *lang.Program, outputs []graph.Output, d domain.Domain, set []inside.Setting) (Runner, error) {
	var nodes []*graph.Node
	for _, s := range set {
		found, fault := program.Outputs([]string{s.SOp}, d.Vocab)
		if fault != nil {
			return nil, fault
		}
		n := found[0].Node
		if n == nil || n.IsSelector() {
			return nil, Faultf(diag.Type, "", "--set: %s is no s-op", s.SOp)
		}
		nodes = append(nodes, n)
	}
	roots := graph.Roots(outputs)
	shared := rewrite.Share(rewrite.Of(append(slices.Clone(roots), nodes...))).Roots
	fixed := map[*graph.Node]map[int]value.Value{}
	for i, s := range set {
		n := shared[len(roots)+i]
		if fixed[n] == nil {
			fixed[n] = map[int]value.Value{}
		}
		fixed[n][s.Position] = s.Value.Atom()
	}
	r := Interpreted(withRoots(outputs, shared), d).(interpreted)
	r.evaluator.Fix(fixed)
	r.set = set
	return r, nil
}

// within is the fault of a setting at a position that an input of so many tokens does not
// have.
func within(set []inside.Setting, length int) error {
	for _, s := range set {
		if s.Position >= length {
			return Faultf(diag.Domain, "", "--set %s@%d: the input has the positions 0 to %d", s.SOp, s.Position, length-1)
		}
	}
	return nil
}

// withRoots are outputs that are made of other nodes, one for each of theirs.
func withRoots(outputs []graph.Output, roots []*graph.Node) []graph.Output {
	list := slices.Clone(outputs)
	for i, o := range outputs {
		n := len(o.Roots())
		own := roots[:n]
		roots = roots[n:]
		if o.Next == nil {
			list[i].Node = own[0]
			continue
		}
		next := *o.Next
		if next.Token != nil {
			next.Token = own[0]
		} else {
			next.Scores = own
		}
		list[i].Next = &next
	}
	return list
}
