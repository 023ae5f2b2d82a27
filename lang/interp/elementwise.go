package interp

import (
	"fmt"
	"slices"

	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// tokens reads the input as the base of the node says.
func tokens(s *step, input []value.Value) (position int, err error) {
	for i, v := range input {
		if s.sequence[i], err = Token(v, s.node.Base); err != nil {
			return i, err
		}
	}
	return 0, nil
}

// Token is a token of the input as a base reads it.
func Token(v value.Value, as graph.Base) (value.Value, error) {
	switch as {
	case graph.Str:
		return value.ToString(v), nil
	case graph.Bool:
		return value.ToBool(v), nil
	case graph.Int:
		return value.ToInt(v)
	case graph.Float:
		return value.ToFloat(v)
	}
	return v, nil
}

func (e *Evaluator) elementwise(s *step) (position int, err error) {
	switch {
	case s.node.Op == graph.Ternary:
		e.choose(s)
		return 0, nil
	case s.node.Op == graph.Binary && s.node.Fn < value.And && s.node.Fn != value.Pow:
		return e.binary(s)
	}
	var operands [8]value.Value
	args := operands[:]
	if len(s.args) > len(operands) { // of a Row
		args = make([]value.Value, len(s.args))
	}
	args = args[:len(s.args)]
	for i := range s.sequence {
		for j, a := range s.args {
			args[j] = e.steps[a].sequence[i]
		}
		if s.node.Op == graph.Binary && s.node.Fn == value.Pow {
			s.sequence[i], err = s.power(args[0], args[1])
		} else {
			s.sequence[i], err = Apply(s.node, args)
		}
		if err != nil {
			return i, err
		}
	}
	return 0, nil
}

// choose is what Apply does of a Ternary.
func (e *Evaluator) choose(s *step) {
	condition, yes, no := e.steps[s.args[0]].sequence, e.steps[s.args[1]].sequence, e.steps[s.args[2]].sequence
	for i := range s.sequence {
		if condition[i].Truthy() {
			s.sequence[i] = yes[i]
		} else {
			s.sequence[i] = no[i]
		}
	}
}

// binary is what Apply does of a Binary that is no and and no or.
func (e *Evaluator) binary(s *step) (position int, err error) {
	x, y := e.steps[s.args[0]].sequence, e.steps[s.args[1]].sequence
	for i := range s.sequence {
		if s.sequence[i], err = value.Binary(s.node.Fn, x[i], y[i]); err != nil {
			return i, err
		}
	}
	return 0, nil
}

// mostPowers is how many powers a step remembers.
const mostPowers = 1 << 10

// power remembers what it has computed: correctly rounded, a power of floats takes as long as
// a thousand sums.
func (s *step) power(x, y value.Value) (value.Value, error) {
	key := [2]value.Value{x, y}
	if z, ok := s.powers[key]; ok {
		return z, nil
	}
	z, err := value.Binary(value.Pow, x, y)
	if err != nil {
		return z, err
	}
	if s.powers == nil || len(s.powers) >= mostPowers {
		s.powers = map[[2]value.Value]value.Value{}
	}
	s.powers[key] = z
	return z, nil
}

// Apply computes one position of an elementwise node from the atoms of its
// operands there, by the rules of s-ops: and, or and not give bools. The error
// is a *value.Fault: of kind index for a list or string index out of range, of
// kind value for an absent key.
func Apply(n *graph.Node, args []value.Value) (value.Value, error) {
	switch n.Op {
	case graph.Unary:
		return value.Unary(n.Fn, args[0])
	case graph.Binary:
		switch n.Fn {
		case value.And:
			return value.OfBool(args[0].Truthy() && args[1].Truthy()), nil
		case value.Or:
			return value.OfBool(args[0].Truthy() || args[1].Truthy()), nil
		}
		return value.Binary(n.Fn, args[0], args[1])
	case graph.Ternary:
		if args[0].Truthy() {
			return args[1], nil
		}
		return args[2], nil
	case graph.In:
		return value.OfBool(n.Find(args[0]) >= 0), nil
	case graph.Lookup:
		return element(n, args[0])
	case graph.LookupKey:
		if i := n.Find(args[0]); i >= 0 {
			return n.List[i], nil
		}
		return value.Value{}, faultf(diag.Value, "%s is not a key of the dict", value.Describe(args[0]))
	case graph.Row:
		return value.OfInt(int64(n.Trie.Find(args))), nil
	case graph.Cell:
		return cell(n, args[0]), nil
	}
	return value.Value{}, faultf(diag.Type, "not an elementwise operation")
}

// cell is the element of a row, or the default.
func cell(n *graph.Node, row value.Value) value.Value {
	r, _ := row.Int64()
	if i, ok := slices.BinarySearch(n.Places, int32(r)); ok {
		return n.List[i]
	}
	return n.Value
}

// element is the element at an int or bool index, negative ones from the end.
func element(n *graph.Node, index value.Value) (value.Value, error) {
	what, elements := "list", "elements"
	if n.OfString {
		what, elements = "string", "characters"
	}
	if index.Kind() != value.Int && index.Kind() != value.Bool {
		return value.Value{}, faultf(diag.Type, "the index of a %s is an int, not %s", what, value.Describe(index))
	}
	length := int64(len(n.List))
	i, fits := index.Int64()
	if !fits || i >= length || i < -length {
		return value.Value{}, faultf(diag.Index, "index %s is out of range for a %s of %d %s", index, what, length, elements)
	}
	return n.List[(i+length)%length], nil
}

// faultf is a fault of a node: of values that it cannot compute with, or of an
// element that is not there.
func faultf(kind diag.Kind, format string, args ...any) error {
	class := diag.Refused
	if kind == diag.Type {
		class = diag.Failed
	}
	return &value.Fault{Kind: kind, Class: class, Message: fmt.Sprintf(format, args...)}
}
