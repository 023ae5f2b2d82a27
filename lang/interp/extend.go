package interp

import (
	"rasp/lang/graph"
	"rasp/lang/value"
)

// Extend evaluates one more node on the input of the last Run, with what it
// depends on and has no result yet. A node that fails, and all that would have
// come after it, is left out again. The error is a *Fault.
func (e *Evaluator) Extend(input []value.Value, root *graph.Node) error {
	from, bytes := len(e.steps), e.bytes
	e.plan(e.missing(root))
	err := e.run(from, input)
	if err == nil {
		return nil
	}
	for _, s := range e.steps[from:] {
		delete(e.slot, s.node)
	}
	e.steps, e.bytes = e.steps[:from], bytes
	return err
}

// missing lists the nodes without a step that root depends on, operands before
// users, root last.
func (e *Evaluator) missing(root *graph.Node) []*graph.Node {
	return graph.ReachableBut(func(n *graph.Node) bool { _, known := e.slot[n]; return known }, root)
}
