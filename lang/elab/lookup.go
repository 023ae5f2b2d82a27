package elab

import (
	"rasp/lang/diag"
	"rasp/lang/element"
	"rasp/lang/graph"
	"rasp/lang/rules"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// lookupRows is lookup(table, s1, .., sk, default). The table is of dicts inside
// each other, k deep; at each position the elements of s1 to sk lead through
// them, and what they lead to is the result there, or the default where a key is
// missing on the way. If dicts stand at the end, the result is a dict as well: for
// each key that occurs in one of them, or in the default, the s-op that takes it
// from the dict of its position.
//
// The keys become a Row, one for the whole look-up, and each s-op of the result a
// Cell of it: sequences of keys that do not occur in the table take no room.
func (f *frame) lookupRows(x *syntax.Call, args []Value) (Value, error) {
	if err := f.refuse(rules.LookupArguments(len(args)), x); err != nil {
		return nil, err
	}
	if err := f.take(rules.LookupTable, args[0], x.Args[0]); err != nil {
		return nil, err
	}
	last := len(args) - 1
	l := &lookup{frame: f, call: x, trie: graph.NewTrie(last - 1)}
	row := &graph.Node{Op: graph.Row, Trie: l.trie}
	for i, arg := range args[1:last] {
		n, err := f.broadcast(arg, x.Args[i+1])
		if err != nil {
			return nil, err
		}
		row.Args = append(row.Args, n)
	}
	if err := l.walk(args[0].(*Dict), nil); err != nil {
		return nil, err
	}
	if err := f.charge(len(l.trie.Rows), x.Span()); err != nil {
		return nil, err
	}
	n, err := f.node(row, element.Ints, x.Span())
	if err != nil {
		return nil, err
	}
	return l.result(n, args[last])
}

// lookup is a look-up in the making.
type lookup struct {
	*frame
	call  *syntax.Call
	trie  *graph.Trie
	atoms cells // of a table whose rows end in atoms
	dicts *Dict // of a table whose rows end in dicts: *cells by key; nil if none does
}

// cells are the elements of some rows, in ascending order.
type cells struct {
	rows  []int32
	list  []value.Value
	kinds element.Set
}

func (c *cells) add(row int, v value.Value) {
	c.rows, c.list = append(c.rows, int32(row)), append(c.list, v)
	c.kinds |= element.Of(v.Kind())
}

func (*cells) elab() {}

// walk goes through the table below the keys path.
func (l *lookup) walk(d *Dict, path []value.Value) error {
	for i, key := range d.Keys {
		at := append(path[:len(path):len(path)], key)
		v := d.Values[i]
		inner, isDict := v.(*Dict)
		switch {
		case len(at) < len(l.trie.Keys) && !isDict:
			return l.misfit(at, v, "the table must be of dicts %d deep, for as many s-ops; it has %s below %s", len(l.trie.Keys))
		case len(at) < len(l.trie.Keys):
			if err := l.walk(inner, at); err != nil {
				return err
			}
		case isDict:
			if err := l.addDict(at, inner); err != nil {
				return err
			}
		default:
			if err := l.addAtom(at, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// misfit is the fault of what stands in the table below some keys.
func (l *lookup) misfit(path []value.Value, v Value, format string, args ...any) *diag.Diagnostic {
	text := ""
	for i, key := range path {
		if i > 0 {
			text += ", "
		}
		text += key.JSON()
	}
	return l.errorf(l.call.Args[0].Span(), diag.Type, format, append(args, kindOf(v), text)...)
}

func (l *lookup) addAtom(path []value.Value, v Value) error {
	a, ok := v.(Atom)
	switch {
	case !ok:
		return l.misfit(path, v, "after %d keys the table must have atoms, or dicts of atoms; it has %s below %s", len(path))
	case l.dicts != nil:
		return l.misfit(path, v, "some rows of the table end in dicts; it has %s below %s")
	}
	l.atoms.add(l.trie.Add(path), a.Value)
	return nil
}

func (l *lookup) addDict(path []value.Value, d *Dict) error {
	if l.atoms.rows != nil {
		return l.misfit(path, d, "some rows of the table end in atoms; it has %s below %s")
	}
	if l.dicts == nil {
		l.dicts = newDict()
	}
	if err := l.charge(len(d.Keys), l.call.Span()); err != nil {
		return err
	}
	row := l.trie.Add(path)
	for i, key := range d.Keys {
		a, ok := d.Values[i].(Atom)
		if !ok {
			return l.misfit(append(path[:len(path):len(path)], key), d.Values[i],
				"the dicts at the end of a table hold atoms; it has %s below %s").
				WithHint("an s-op more goes with a table that is one deeper")
		}
		c, ok := l.dicts.Get(key)
		if !ok {
			c = &cells{}
			l.dicts.set(key, c)
		}
		c.(*cells).add(row, a.Value)
	}
	return nil
}

// result makes the cells of a row.
func (l *lookup) result(row *graph.Node, def Value) (Value, error) {
	last := l.call.Args[len(l.call.Args)-1]
	if err := l.take(rules.LookupDefault, def, last); err != nil {
		return nil, err
	}
	where := last.Span()
	defaults, isDict := def.(*Dict)
	atom, isAtom := def.(Atom)
	switch {
	case isDict && l.atoms.rows != nil:
		return nil, l.errorf(where, diag.Type, "the table ends in atoms, so the default must be an atom, not a dict")
	case isAtom && l.dicts == nil:
		return l.cell(row, &l.atoms, atom.Value)
	case l.dicts == nil:
		l.dicts = newDict()
	}
	result := newDict()
	if isDict {
		for i, key := range defaults.Keys {
			d, ok := defaults.Values[i].(Atom)
			if !ok {
				return nil, l.errorf(where, diag.Type, "the default of %s is %s, not an atom", value.Describe(key), kindOf(defaults.Values[i]))
			}
			if err := l.put(result, row, key, d.Value); err != nil {
				return nil, err
			}
		}
	}
	for _, key := range l.dicts.Keys {
		if _, done := result.Get(key); done {
			continue
		}
		if isDict {
			return nil, l.errorf(where, diag.Value, "the table has %s, for which the default has no entry", value.Describe(key)).
				WithHint("add it to the default, or give one atom as the default of all")
		}
		if err := l.put(result, row, key, atom.Value); err != nil {
			return nil, err
		}
	}
	return result.finish(l.call.Span())
}

// put adds the s-op of a key to the result.
func (l *lookup) put(result *Dict, row *graph.Node, key, def value.Value) error {
	c, ok := l.dicts.Get(key)
	if !ok {
		c = &cells{}
	}
	v, err := l.cell(row, c.(*cells), def)
	if err == nil {
		result.set(key, v)
	}
	return err
}

func (l *lookup) cell(row *graph.Node, c *cells, def value.Value) (Value, error) {
	if len(c.rows) == 0 {
		n, err := l.constant(def, l.call.Span())
		return SOp{n}, err
	}
	n := &graph.Node{Op: graph.Cell, Args: []*graph.Node{row}, List: c.list, Places: c.rows, Value: def}
	return l.sop(n, c.kinds|element.Of(def.Kind()), l.call.Span())
}
