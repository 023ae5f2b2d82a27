package compiler

import (
	"rasp/lang/diag"
	"rasp/lang/graph"
)

// lowering plans what the outputs need. It offers what the table of constructions
// lists.
type lowering struct {
	*mlp
	contexts map[*graph.Node]*context
	inOrder  []*context // the contexts, in the order in which they were asked for
}

func newLowering(f *facts, p policy) *lowering {
	l := &lowering{mlp: newMLP(newAttention(newDemands(f, p))), contexts: map[*graph.Node]*context{}}
	l.offersOf, l.decoded = l.ask, l.fromTable
	return l
}

// ask has the constructions offer a function of a variable, the best first: the one
// that is there soonest, of several the first of the table. If none offers, the only one says
// why.
func (l *lowering) ask(v *variable, g []float64) []*offer {
	if v.kind == meanVariable {
		g = snapped(g)
	}
	var offers []*offer
	for _, c := range constructions {
		if !c.reads(v.kind) {
			continue
		}
		var best *offer
		if len(offers) > 0 {
			best = offers[0]
		}
		o := c.ask(l, v, g, best)
		if o == nil {
			continue
		}
		o.by = c.name
		if best == nil || o.before(best) {
			offers = append([]*offer{o}, offers...)
		} else {
			offers = append(offers, o)
		}
		if o.final {
			break
		}
	}
	if len(offers) == 0 {
		return []*offer{{by: "none", when: notAtAll, make: func() form { return l.fail(l.refusal(v, g)) }}}
	}
	return offers
}

// before reports that an offer is better than one of a construction before it.
func (o *offer) before(best *offer) bool {
	return o.when < best.when
}

// fromTable is the offer of a function of a computed variable that reads no linear
// form of fractions, which is whole but for rounding.
func (l *lowering) fromTable(v *variable, g []float64) *offer {
	if o := l.boxes(v, g, nil); o != nil && o.when < notAtAll {
		return o
	}
	if o := l.coarse(v, g, nil); o != nil {
		return o
	}
	return &offer{when: notAtAll, make: func() form { return l.fail(l.refusal(v, g)) }}
}

// refusal says why a function of a variable cannot be computed.
func (l *lowering) refusal(v *variable, g []float64) *diag.Diagnostic {
	if v.kind == meanVariable {
		return l.inseparable(v, g)
	}
	return diag.Errorf(v.node.Span, diag.Limit, "%s depends on too many combinations of values to compute it in one step", graph.Describe(v.node)).
		WithHint("use a shorter #rasp:length or a smaller #rasp:vocab, or compute it in smaller steps")
}

// lowered is a plan, and how it came about.
type lowered struct {
	plan      *plan
	demands   *demands    // what was decided, and why
	imprecise *graph.Node // a mean whose rounding the program asks for: then there is no plan
}

// lowerOutputs plans what shows the outputs: the roots, or the logits of a prediction.
func lowerOutputs(f *facts, outputs []graph.Output, roots []*graph.Node, s *scores, logits []*logit, p policy) (*lowered, error) {
	l := newLowering(f, p)
	if s != nil {
		l.readNext(s, logits)
	} else {
		for i, o := range outputs {
			l.readOut(o, roots[i])
		}
	}
	l.produce()
	l.emitContexts()
	if l.err != nil {
		return &lowered{imprecise: l.rounding}, l.err
	}
	l.order()
	return &lowered{plan: l.plan, demands: l.demands}, nil
}
