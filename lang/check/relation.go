package check

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"rasp/lang/element"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// group is comparisons whose outcomes depend on each other: those of positions,
// those of one s-op with constants, or those of one pair of s-ops.
type group struct {
	comparisons []*graph.Node
	places      bool
	of          *graph.Node // the s-op that is compared with constants, nil if there is none
}

// groups divides comparisons into groups that are treated as independent.
func (s *satisfier) groups(comparisons []*graph.Node) []*group {
	type pair struct{ key, query int } // identities, -1 for a constant
	var list []*group
	index := map[pair]*group{}
	for _, c := range comparisons {
		key, query := c.Args[0], c.Args[1]
		at, places, of := pair{s.ids[key], s.ids[query]}, false, (*graph.Node)(nil)
		switch {
		case isPlace(key) && isPlace(query):
			at, places = pair{-1, -1}, true
		case query.Op == graph.Const:
			at.query, of = -1, key
		case key.Op == graph.Const:
			at.key, of = -1, query
		}
		if index[at] == nil {
			index[at] = &group{places: places, of: of}
			list = append(list, index[at])
		}
		index[at].comparisons = append(index[at].comparisons, c)
	}
	return list
}

// outcomes of the comparisons of the group that can occur together.
func (g *group) outcomes(s *satisfier, bit map[*graph.Node]int) outcomes {
	var list outcomes
	add := func(holds func(c *graph.Node) bool) {
		s.tried++
		set := uint32(0)
		for _, c := range g.comparisons {
			if holds(c) {
				set |= 1 << bit[c]
			}
		}
		if !slices.Contains(list, set) {
			list = append(list, set)
		}
	}
	switch {
	case g.places:
		eachPair(g.comparisons, s.causal, func(key, query int) {
			add(func(c *graph.Node) bool { return compare(c.Fn, placeAt(c.Args[0], key), placeAt(c.Args[1], query)) })
		})
	case g.of != nil:
		for _, v := range g.values(s.elements(g.of)) {
			add(func(c *graph.Node) bool {
				if c.Args[1].Op == graph.Const {
					return compare(c.Fn, constantOr(c.Args[0], v), c.Args[1].Value)
				}
				return compare(c.Fn, c.Args[0].Value, v)
			})
		}
	default:
		key, query := s.elements(g.comparisons[0].Args[0]), s.elements(g.comparisons[0].Args[1])
		for _, pair := range ordersOf(key, query) {
			add(func(c *graph.Node) bool { return compare(c.Fn, pair[0], pair[1]) })
		}
	}
	return list
}

// constantOr is the value of a constant, or v for another s-op.
func constantOr(n *graph.Node, v value.Value) value.Value {
	if n.Op == graph.Const {
		return n.Value
	}
	return v
}

// compare is false, too, where the program fails.
func compare(fn value.Fn, a, b value.Value) bool {
	v, err := value.Binary(fn, a, b)
	return err == nil && v.Truthy()
}

// ordersOf has a pair for each way in which elements of two s-ops can stand to
// each other: below, equal, above, of kinds that do not compare.
func ordersOf(key, query element.Set) [][2]value.Value {
	low, high := value.OfInt(0), value.OfInt(1)
	text := value.OfString("")
	var list [][2]value.Value
	if bothCan(key, query, element.Numbers) || bothCan(key, query, element.Strings) {
		list = append(list, [2]value.Value{low, high}, [2]value.Value{low, low}, [2]value.Value{high, low})
	}
	mixed := key&element.Numbers != 0 && query&element.Strings != 0 || key&element.Strings != 0 && query&element.Numbers != 0
	if mixed || (key|query)&element.Floats != 0 { // which may be nan
		list = append(list, [2]value.Value{low, text})
	}
	return list
}

func bothCan(a, b, kinds element.Set) bool { return a&kinds != 0 && b&kinds != 0 }

// values are some that an s-op with these elements may have, in every order with
// the constants that it is compared with.
func (g *group) values(kinds element.Set) []value.Value {
	list := []value.Value{}
	if kinds&element.Bools != 0 {
		list = append(list, value.OfBool(false), value.OfBool(true))
	}
	if kinds&element.Ints != 0 {
		list = append(list, value.OfInt(0))
	}
	if kinds&element.Floats != 0 {
		list = append(list, value.OfFloat(0), value.OfFloat(math.NaN()))
	}
	if kinds&element.Strings != 0 {
		list = append(list, value.OfString(""))
	}
	for _, c := range g.comparisons {
		constant := constantOr(c.Args[1], c.Args[0].Value)
		switch {
		case constant.Kind() == value.String && kinds&element.Strings != 0:
			list = append(list, constant, value.OfString(constant.Text()+"\x00"))
		case constant.Kind() != value.String && kinds&(element.Ints|element.Floats) != 0:
			list = append(list, around(constant, kinds)...)
		}
	}
	return list
}

// around are numbers at, right below and right above a constant. Between two
// constants there is one of these, if there is any number.
func around(constant value.Value, kinds element.Set) []value.Value {
	steps := []value.Value{value.OfInt(-1), value.OfInt(0), value.OfInt(1)}
	if kinds&element.Floats != 0 || constant.Kind() == value.Float {
		steps = append(steps, value.OfFloat(1e-9), value.OfFloat(-1e-9), value.OfFloat(0.5), value.OfFloat(-0.5))
	}
	var list []value.Value
	for _, step := range steps {
		if v, err := value.Binary(value.Add, constant, step); err == nil {
			list = append(list, v)
		}
	}
	return list
}

// identify numbers the nodes of a graph so that those with the same number are
// equal on every input.
func identify(g *graph.Graph) map[*graph.Node]int {
	ids := make(map[*graph.Node]int, len(g.Nodes))
	seen := map[string]int{}
	for _, n := range g.Nodes {
		if len(n.List) > longest {
			ids[n] = n.ID
			continue
		}
		var b strings.Builder
		fmt.Fprint(&b, n.Op, n.Fn, n.Base, n.OfString, n.Value.Kind(), n.Value.JSON(), len(n.List))
		for _, v := range slices.Concat(n.List, n.Keys) {
			fmt.Fprint(&b, v.Kind(), v.JSON())
		}
		for _, a := range n.Args {
			fmt.Fprint(&b, " ", ids[a])
		}
		id, ok := seen[b.String()]
		if !ok {
			id = n.ID
			seen[b.String()] = id
		}
		ids[n] = id
	}
	return ids
}
