package facts

import (
	"slices"

	"rasp/lang/graph"
)

// Claim is a statement about a node that holds on every input of the domain and that its
// values do not tell. Claims are what the analysis concludes and later passes build on,
// so each stands here with the rule it was concluded by, and is held against the
// interpreter (package observe).
type Claim struct {
	Says Property
	Node *graph.Node
}

// Property is what a claim says of its node.
type Property uint8

const (
	AtMostOne Property = iota // of a selector: no row selects two keys
	Nonempty                  // of a selector: every row selects a key
	First                     // of a selector: every row selects position 0
	Order                     // of a selector: read as "key before query", it is a strict order of the positions
	Alike                     // of a selector: all rows are the same
	Uniform                   // of an s-op: its value is the same at all positions
	Different                 // of an s-op: its value is another one at each position
	OneValue                  // of an aggregate: all keys that a row selects have the same value
	properties
)

func (p Property) String() string {
	return [properties]string{"one key at most", "a key at least", "the first position always", "a strict order",
		"all rows alike", "the same everywhere", "no value twice", "keys of one value"}[p]
}

// Inclusion is what is concluded of the rows of a selector at two positions of an input,
// from the states of some variables there: an aggregate or a width over it is not the
// same at both.
type Inclusion struct {
	Selector *graph.Node
	Vars     []*Variable
	Known    map[string]RowPair // by states, see Key
}

// RowPair is what is known of two rows: they are of different width, or one of the two
// positions is selected in one of them.
type RowPair struct{ Differ, Some bool }

// Key of the states of the variables at an earlier and at a later position.
func (c *Inclusion) Key(state func(v *Variable, later bool) int32) string {
	key := make([]byte, 0, 8*len(c.Vars))
	for _, v := range c.Vars {
		for _, later := range []bool{false, true} {
			s := state(v, later)
			key = append(key, byte(s), byte(s>>8), byte(s>>16), byte(s>>24))
		}
	}
	return string(key)
}

// RowWidth is how many keys the row selects that brought a variable into a state, if
// that follows from the state.
func (f *Facts) RowWidth(v *Variable, state int32) (width int, ok bool) {
	switch v.Source {
	case Width:
		return int(state), true
	case Any:
		return 0, state == 0
	case Mean:
		return v.Sums[state].Width, true
	case Fetched:
		if slices.Contains(f.Table(v.Node.Args[1]).Values, v.Node.Value) {
			return 0, false
		}
		if v.Table.Values[state] == v.Node.Value {
			return 0, true
		}
		return 1, true
	}
	return 0, false
}
