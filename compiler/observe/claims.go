package observe

import (
	"cmp"
	"maps"
	"slices"

	"rasp/compiler/facts"
	"rasp/lang/value"
)

// claimsInOrder lists the claims by node, so that the first that fails is always the same.
func claimsInOrder(f *facts.Facts) []facts.Claim {
	return slices.SortedFunc(maps.Keys(f.Claims), func(x, y facts.Claim) int {
		return cmp.Or(cmp.Compare(x.Node.ID, y.Node.ID), cmp.Compare(x.Says, y.Says))
	})
}

// checkClaims holds what is concluded of nodes against their values and rows.
func (o *observer) checkClaims() {
	for _, c := range o.claims {
		if o.foundFault != nil {
			return
		}
		if c.Says == facts.OneValue {
			o.checkOneValue(c)
		} else if s := o.tables[c.Node]; s != nil {
			o.checkSOp(c, s.values)
		} else if o.bySelector[c.Node] != nil {
			o.checkSelector(c)
		}
	}
	for _, c := range o.Inclusions {
		o.checkInclusion(c)
	}
}

func (o *observer) checkSOp(c facts.Claim, values []value.Value) {
	same := firstOther
	if c.Says == facts.Different {
		same = firstEqual
	} else if c.Says != facts.Uniform {
		return
	}
	if q, p := same(values); p > 0 {
		o.contradict(c, "at the positions %d and %d it is %v and %v", q, p, values[q], values[p])
	}
}

// firstOther is the first position that has not the value of the first, which is q; 0 if there
// is none.
func firstOther(values []value.Value) (q, p int) {
	return 0, max(0, slices.IndexFunc(values, func(x value.Value) bool { return x != values[0] }))
}

// firstEqual is the first position p that has a value equal to one before, the first of which
// is at q; 0 if there is none. nan equals nothing.
func firstEqual(values []value.Value) (q, p int) {
	first := make(map[value.Value]int, len(values))
	for p, x := range values {
		if q, ok := first[value.Key(x)]; ok && value.Equal(x, x) {
			return q, p
		}
		first[value.Key(x)] = p
	}
	return 0, 0
}

// checkOneValue compares the values at the keys of each row of an aggregate.
func (o *observer) checkOneValue(c facts.Claim) {
	operand := o.tables[c.Node.Args[1]]
	for p := range o.input {
		keys := o.selectedBy(c.Node.Args[0], p)
		for _, j := range keys {
			if operand.ids[keys[0]] != operand.ids[j] {
				o.contradict(c, "the row of position %d selects %v at position %d and %v at position %d", p, operand.values[keys[0]], keys[0], operand.values[j], j)
				return
			}
		}
	}
}

// contradict reports a claim with its rule.
func (o *observer) contradict(c facts.Claim, format string, args ...any) {
	o.report(c.Node, format+"; it is said to have %q by the rule %q", append(args, c.Says.String(), o.Claims[c])...)
}

func (o *observer) checkSelector(c facts.Claim) {
	m := o.matrix(c.Node)
	widths := o.widths(c.Node)
	for p, row := range m {
		width := widths[p]
		switch c.Says {
		case facts.AtMostOne:
			if width > 1 {
				o.contradict(c, "the row of position %d selects %d keys", p, width)
			}
		case facts.Nonempty:
			if width == 0 {
				o.contradict(c, "the row of position %d selects nothing", p)
			}
		case facts.First:
			if !row[0] {
				o.contradict(c, "the row of position %d does not select position 0", p)
			}
		case facts.Alike:
			if !slices.Equal(row, m[0]) {
				o.contradict(c, "the rows of the positions 0 and %d are not the same", p)
			}
		case facts.Order:
			o.checkOrder(c, m, widths, p)
		}
	}
}

// checkOrder looks whether a position stands before or after each other one, and whether
// its rank is its own: a relation of n things that all pairs have one way, with the
// ranks 0 to n-1, is an order.
func (o *observer) checkOrder(c facts.Claim, m [][]bool, widths []int, p int) {
	if m[p][p] {
		o.contradict(c, "position %d comes before itself", p)
	}
	for q := range p {
		if m[p][q] == m[q][p] {
			o.contradict(c, "the positions %d and %d come before each other, or neither does", q, p)
		}
		if widths[p] == widths[q] {
			o.contradict(c, "as many positions come before %d as before %d", q, p)
		}
	}
}

// counts are how many keys each row selects.
func counts(m [][]bool) []int {
	widths := make([]int, len(m))
	for p, row := range m {
		for _, selected := range row {
			if selected {
				widths[p]++
			}
		}
	}
	return widths
}

// checkInclusion compares the rows of two positions, of which something is known from
// the states that are there.
func (o *observer) checkInclusion(c *facts.Inclusion) {
	if len(c.Known) == 0 || o.bySelector[c.Selector] == nil {
		return
	}
	widths := o.widths(c.Selector)
	for q, y := range widths {
		for p, x := range widths[:q] {
			if x != y { // nothing speaks against that
				continue
			}
			known := c.Known[c.Key(func(v *facts.Variable, later bool) int32 {
				if later {
					return o.state(v, q)
				}
				return o.state(v, p)
			})]
			if known.Differ || known.Some && x == 0 {
				o.report(c.Selector, "the rows of the positions %d and %d select %d and %d keys, which is said to be impossible by the inclusion of rows", p, q, x, y)
				return
			}
		}
	}
}
