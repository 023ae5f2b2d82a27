package heads

import (
	"fmt"

	"rasp/compiler/construct"
	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/linear"
	"rasp/compiler/plan"
	"rasp/lang/graph"
)

// How many keys a row selects, as the share that they have of a head's attention beside BOS
// (construct/share.go): a picture of the head shows it. Steps between neighbouring shares
// decode it in the MLP of the same layer, where a tally needs none; so what is made of
// several counts at once stands an MLP later than with tallies. The policy says whether that is
// wanted.

// Share reads functions of the width of a selector off the shares of its keys.
func (l *Attention) Share(v *facts.Variable, g []float64) *demand.Offer {
	switch {
	case l.Policy.Share == 0:
		return nil
	case !l.shares():
		return &demand.Offer{When: demand.NotAtAll, Why: l.noShares(), Make: func() plan.Form {
			sel := l.FullSelection()
			if v.Source != facts.Length {
				sel = l.Selection(v.Node.Args[0], nil)
			}
			return l.tooManyKeys(v.Node, sel).Get()
		}}
	}
	o := l.Count(v, g)
	if o != nil {
		o.Final = true
	}
	return o
}

// shares reports that counts are shares: the policy wants them, and float32 has them.
func (l *Attention) shares() bool {
	return l.Policy.Share > 0 && construct.Shares(l.Domain.Length, l.Policy.Share)
}

func (l *Attention) noShares() string {
	return fmt.Sprintf("float32 does not tell the shares of %d keys apart", l.Domain.Length)
}

// shareOfPart is how many keys a part selects, decoded; what it is decoded from is beside it.
func (l *Attention) shareOfPart(n *graph.Node, sel *demand.Selection, p *facts.Conjunct) *demand.Offer {
	if known := l.counted[p]; known != nil {
		return known
	}
	widths := facts.Range(l.Domain.Length)
	s := &demand.Share{Scalar: l.share(n, sel, p), Weight: l.Policy.Share}
	o := l.Steps(*s.Of(widths, 1, 0), widths)
	o.Share = s
	if l.Robust {
		o.Near = l.sumOfPart(n, sel, p, demand.ConstantOffer(1), 1, sel.Label("width of"))
	}
	l.counted[p] = o
	return o
}

// share is what the keys of a part have of the attention of its head.
func (l *Attention) share(n *graph.Node, sel *demand.Selection, p *facts.Conjunct) demand.Scalar {
	t := l.HeadWhen(p, 0, demand.SinkShare)
	grid := construct.Grid(construct.ShareGap(l.Domain.Length, l.Policy.Share))
	label, as := sel.Label("width of"), fmt.Sprintf(", w/(%g+w)", l.Policy.Share)
	return demand.Scalar{When: t, Grid: grid, Uneven: true, Label: label, As: as, Form: func() plan.Form {
		h := l.Head(p, t, demand.SinkShare, sel.Node)
		key := demand.BroughtKey{Head: h, What: "share"}
		c := l.Moved[key]
		if c == nil {
			c = l.NewColumn(t, label)
			c.Label.What += as
			l.Round(c, grid, 1)
			h.Bring(plan.Value{Kind: plan.Shares, Value: l.OnTokens(plan.Constant(1)), Out: c, For: demand.NumberOf(n)})
			l.Moved[key] = c
		}
		return linear.Of(c)
	}}
}
