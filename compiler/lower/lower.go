// Package lower makes a plan of facts: the table of constructions (constructions.go),
// which is asked for whatever the outputs demand, the read-outs, and the logits of a
// prediction.
//
// In come facts, outputs and a policy; out comes a plan, with the decisions that led to
// it, or the fault of the program that cannot be planned.
//
// In reading order: constructions.go, lower.go, output.go, next.go, rows.go.
package lower

import (
	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/heads"
	"rasp/compiler/logits"
	"rasp/compiler/neurons"
	"rasp/compiler/plan"
	"rasp/lang/diag"
	"rasp/lang/graph"
)

// lowering plans what the outputs need. It offers what the table of constructions
// lists.
type lowering struct {
	*neurons.MLP
	rows    map[*graph.Node]*rowNeurons
	inOrder []*rowNeurons // those of rows, in the order in which they were asked for
}

func newLowering(f *facts.Facts, p demand.Policy) *lowering {
	l := &lowering{MLP: neurons.New(heads.New(demand.New(f, p))), rows: map[*graph.Node]*rowNeurons{}}
	l.OffersOf, l.Decoded = l.ask, l.fromTable
	return l
}

// ask has the constructions offer a function of a variable, the best first: the one
// that is there soonest, of several the first of the table. If none offers, the only one says
// why. After a fault there will be no plan, and nothing is looked for.
func (l *lowering) ask(v *facts.Variable, g []float64) []*demand.Offer {
	if l.Err != nil {
		return []*demand.Offer{{By: "none", When: demand.NotAtAll, Made: true}}
	}
	g = facts.Snapped(v, g)
	var offers []*demand.Offer
	for _, c := range constructions {
		if !c.reads(v.Source) {
			continue
		}
		var best *demand.Offer
		if len(offers) > 0 {
			best = offers[0]
		}
		o := c.ask(l, v, g, best)
		if o == nil {
			continue
		}
		o.By = c.name
		if best == nil || o.When < best.When {
			offers = append([]*demand.Offer{o}, offers...)
		} else {
			offers = append(offers, o)
		}
		if o.Final {
			break
		}
	}
	if len(offers) == 0 {
		return []*demand.Offer{{By: "none", When: demand.NotAtAll, Make: func() plan.Form { return l.Fail(l.refusal(v, g)) }}}
	}
	return offers
}

// fromTable is the offer of a function of a computed variable that reads no linear
// form of fractions, which is whole but for rounding.
func (l *lowering) fromTable(v *facts.Variable, g []float64) *demand.Offer {
	if o := l.Boxes(v, g, nil); o != nil && o.When < demand.NotAtAll {
		return o
	}
	if o := l.Coarse(v, g, nil); o != nil {
		return o
	}
	return &demand.Offer{When: demand.NotAtAll, Make: func() plan.Form { return l.Fail(l.refusal(v, g)) }}
}

// refusal says why a function of a variable cannot be computed.
func (l *lowering) refusal(v *facts.Variable, g []float64) *diag.Diagnostic {
	if v.Source == facts.Mean {
		return l.Inseparable(v, g)
	}
	if v.Source == facts.Compared {
		return diag.Errorf(v.Node.Span, diag.Limit, "%s compares numbers that can be very near to each other beside how far apart others are: float32 cannot tell them apart", graph.Describe(v.Node)).
			WithHint("compare smaller numbers")
	}
	return diag.Errorf(v.Node.Span, diag.Limit, "%s depends on too many combinations of values to compute it in one step", graph.Describe(v.Node)).
		WithHint("use a shorter #rasp:length or a smaller #rasp:vocab, or compute it in smaller steps")
}

// Result is a plan, and how it came about.
type Result struct {
	Plan      *plan.Plan
	Demands   *demand.Demands // what was decided, and why
	Imprecise *graph.Node     // a mean whose rounding the program asks for: then there is no plan
}

// Outputs plans what shows the outputs: the roots, or the logits of a prediction.
func Outputs(f *facts.Facts, outputs []graph.Output, roots []*graph.Node, s *logits.Scores, logits []*logits.Logit, p demand.Policy) (*Result, error) {
	l := newLowering(f, p)
	if s != nil {
		l.readNext(s, logits)
	} else {
		for i, o := range outputs {
			l.readOut(o, roots[i])
		}
	}
	l.Produce()
	l.emitRows()
	if l.Err != nil {
		return &Result{Imprecise: l.Rounding}, l.Err
	}
	l.Weigh()
	l.Order()
	return &Result{Plan: l.Plan, Demands: l.Demands}, nil
}
