package heads

import (
	"math"

	"rasp/compiler/construct"
	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/compiler/plan"
	"rasp/lang/graph"
	"rasp/runtime/model"
)

// Count reads functions of the width of a selector: the tally of 1 (see
// construct.TallyWeight). The width itself comes out of the head; any other
// function of it is told by steps, in the MLP of the same layer.
func (l *Attention) Count(v *facts.Variable, g []float64) *demand.Offer {
	if v.Source == facts.Length {
		f := append([]float64{math.NaN()}, g...) // state 0 is length 1
		return l.countOf(nil, l.FullSelection(), f)
	}
	sel := l.Selection(v.Node.Args[0], nil)
	sel.Counter = v.Node
	return l.countOf(v.Node, sel, g)
}

// countOf reads, for n, the function f of the width, given for the widths 0..n.
func (l *Attention) countOf(n *graph.Node, sel *demand.Selection, f []float64) *demand.Offer {
	key := selectionFunction{sel, facts.FunctionKey(f)}
	r := l.counts[key]
	if r == nil {
		w := l.width(n, sel)
		r = l.OfNumber(w, f, w.Numbers)
		if asked := l.countAny(n, sel, f); asked != nil {
			l.Plan.Asked = true
			if l.Policy.Asked {
				r = asked
			}
		}
		l.counts[key] = r
	}
	return r
}

// countAny reads a function that asks only whether the row selects more than it
// always does, nil if it asks for more.
func (l *Attention) countAny(n *graph.Node, sel *demand.Selection, f []float64) *demand.Offer {
	parts, always := l.uncertain(sel)
	if len(parts) != 1 || always >= len(f) {
		return nil
	}
	no, yes := f[always], math.NaN()
	for _, x := range f[always+1:] {
		if !math.IsNaN(x) && !math.IsNaN(yes) && x != yes {
			return nil
		}
		if !math.IsNaN(x) {
			yes = x
		}
	}
	if math.IsNaN(no) || math.IsNaN(yes) {
		return nil
	}
	return l.anyOf(n, &demand.Selection{Parts: parts, Node: sel.Node, Only: sel.Only}, no, yes)
}

// width is the width of a selector, the sum of those of its parts; n asks for it, nil if
// it is the length.
func (l *Attention) width(n *graph.Node, sel *demand.Selection) *demand.Number {
	if sel.Width == nil {
		sel.Width = l.tally(n, sel, nil, 1, sel.Label("width of"))
		sel.Width.Numbers = facts.Range(l.Domain.Length)
	}
	return sel.Width
}

// tally is the sum of a whole number of a size at most (nil: of ones) over the keys that a
// selector selects, for n: a head for each part.
func (l *Attention) tally(n *graph.Node, sel *demand.Selection, value *demand.Offer, size float64, label model.Label) *demand.Number {
	c := &demand.Number{Label: label}
	parts, always := sel.Parts, 0
	ofPart := func(p *facts.Conjunct) *demand.Offer { return l.tallyOfPart(n, sel, p, value, label) }
	if l.Robust {
		ofPart = func(p *facts.Conjunct) *demand.Offer {
			s := l.sumOfPart(n, sel, p, value, size, label)
			return &demand.Offer{When: s.When, Make: s.Form, Near: s}
		}
	}
	if value == nil {
		parts, always = l.uncertain(sel)
		ofPart = func(p *facts.Conjunct) *demand.Offer { return l.onesOfPart(n, sel, p, label) }
	}
	c.Constant = float64(always)
	c.Cost = demand.Cost{Heads: len(parts), Columns: len(parts)}
	for _, p := range parts {
		c.Terms = append(c.Terms, linear.Term[*demand.Offer]{Of: ofPart(p), Factor: 1})
	}
	return c
}

// onesOfPart is how many keys a part selects: a share, or where that is not wanted or float32
// has too little room for it, a tally of 1.
func (l *Attention) onesOfPart(n *graph.Node, sel *demand.Selection, p *facts.Conjunct, label model.Label) *demand.Offer {
	if l.shares() && p.Pick == facts.Every {
		return l.shareOfPart(n, sel, p)
	}
	return l.tallyOfPart(n, sel, p, demand.ConstantOffer(1), label)
}

func (l *Attention) tallyOfPart(n *graph.Node, sel *demand.Selection, p *facts.Conjunct, value *demand.Offer, label model.Label) *demand.Offer {
	if p.Pick != facts.Every {
		return l.copyOfPart(n, sel, p, value, label)
	}
	t := l.HeadWhen(p, value.When, demand.SinkTally)
	return &demand.Offer{When: t, Make: func() plan.Form {
		h, v := l.Head(p, t, demand.SinkTally, sel.Node), value.Get()
		key := demand.BroughtKey{Head: h, What: plan.Key(v)}
		c := l.Moved[key]
		if c == nil {
			c = l.NewColumn(t, label)
			h.Bring(plan.Value{Kind: plan.AddsUp, Value: v, Bos: construct.TallyOffset, Out: c, For: demand.NumberOf(n)})
			l.Moved[key] = c
		}
		return linear.Of(c)
	}}
}

// copyOfPart is the sum over a part that picks one key: its number, 0 where there is none.
func (l *Attention) copyOfPart(n *graph.Node, sel *demand.Selection, p *facts.Conjunct, value *demand.Offer, label model.Label) *demand.Offer {
	t := l.HeadWhen(p, value.When, demand.SinkDefault)
	return &demand.Offer{When: t, Make: func() plan.Form {
		c := l.NewColumn(t, label)
		l.Head(p, t, demand.SinkDefault, sel.Node).Bring(plan.Value{Kind: plan.Copies, Value: value.Get(), Out: c, For: demand.NumberOf(n)})
		return linear.Of(c)
	}}
}

// uncertain lists the parts whose width must be counted. A part that selects
// position 0 and nothing else always has the width 1.
func (l *Attention) uncertain(sel *demand.Selection) (parts []*facts.Conjunct, always int) {
	for _, p := range sel.Parts {
		if len(p.Conditions) == 1 && l.isFirst(p.Conditions[0]) {
			always++
		} else {
			parts = append(parts, p)
		}
	}
	return parts, always
}

// isFirst reports that a condition allows position 0 alone, to every query.
func (l *Attention) isFirst(c *facts.Condition) bool {
	if c.Key.Variable != l.Position || c.Equal != nil {
		return false
	}
	for _, row := range c.Allowed {
		for k, allowed := range row {
			first := c.Key.Class[0] == int32(k)
			if allowed == 1 && (!first || c.Key.Size[k] != 1) || allowed == 0 && first {
				return false
			}
		}
	}
	return true
}

// CountOfMean reads a function of a mean that asks for the width of the row alone.
func (l *Attention) CountOfMean(v *facts.Variable, g []float64) *demand.Offer {
	f, ok := by(v, g, func(s facts.Sum) int { return s.Width })
	if !ok {
		return nil
	}
	return l.countOf(v.Node, l.Selection(v.Node.Args[0], nil), upTo(f, l.Domain.Length))
}
