package graph

import "fmt"

// operands of each operation: how many at least and at most, and whether the first is a
// selector.
var operands = map[Op]struct {
	least, most int
	selector    bool
}{
	Tokens: {}, Indices: {}, Const: {},
	Unary: {least: 1, most: 1}, Binary: {least: 2, most: 2}, Ternary: {least: 3, most: 3},
	In: {least: 1, most: 1}, Lookup: {least: 1, most: 1}, LookupKey: {least: 1, most: 1},
	Row: {least: 1, most: 1 << 30}, Cell: {least: 1, most: 1},
	Aggregate: {least: 2, most: 3, selector: true},
	Width:     {least: 1, most: 1, selector: true}, Any: {least: 1, most: 1, selector: true},
	Select: {least: 2, most: 2},
	SelAnd: {least: 2, most: 2, selector: true}, SelOr: {least: 2, most: 2, selector: true}, SelNot: {least: 1, most: 1, selector: true},
	SelOnly: {least: 1, most: 1, selector: true},
}

// Check reports the first node below the roots that is not well formed: operands of the
// wrong number or kind, a look-up without its table, or an operand that does not come
// before its user.
func Check(roots ...*Node) error {
	for _, n := range Reachable(roots...) {
		want, ok := operands[n.Op]
		if !ok {
			return fmt.Errorf("%%%d: no operation %d", n.ID, n.Op)
		}
		if len(n.Args) < want.least || len(n.Args) > want.most {
			return fmt.Errorf("%v: %d operands", n, len(n.Args))
		}
		for i, arg := range n.Args {
			selector := want.selector && (i == 0 || n.Op == SelAnd || n.Op == SelOr)
			if arg.IsSelector() != selector {
				return fmt.Errorf("%v: operand %d is of the wrong kind", n, i)
			}
			if arg.ID >= n.ID {
				return fmt.Errorf("%v: operand %d does not come before it", n, i)
			}
		}
		if n.Op == Row && n.Trie == nil || n.Op == Cell && (len(n.Places) != len(n.List) || n.Args[0].Op != Row) {
			return fmt.Errorf("%v: a look-up without its table", n)
		}
	}
	return nil
}
