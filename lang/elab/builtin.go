package elab

import (
	"math/big"

	"rasp/lang/diag"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// builtin evaluates range(..), zip(..) and len(..).
func (f *frame) builtin(x *syntax.Builtin) (Value, error) {
	args, err := f.evalAll(x.Args)
	if err != nil {
		return nil, err
	}
	switch x.Name {
	case "range":
		return f.rangeOf(x, args)
	case "zip":
		return f.zip(x, args)
	}
	if len(args) != 1 {
		return nil, f.errorf(x.Span(), diag.Arity, "len needs 1 argument, found %d", len(args))
	}
	l, ok := args[0].(*List)
	if !ok {
		return nil, f.lenHint(f.errorf(x.Args[0].Span(), diag.Type, "len counts the elements of a list, not of %s", aKindOf(args[0])), args[0])
	}
	return Atom{value.OfInt(int64(len(l.Elems)))}, nil
}

// rangeOf is range(stop), range(start, stop) or range(start, stop, step).
func (f *frame) rangeOf(x *syntax.Builtin, args []Value) (Value, error) {
	if len(args) > 3 || len(args) == 0 {
		return nil, f.errorf(x.Span(), diag.Arity, "range needs 1 to 3 arguments, found %d", len(args)).
			WithHint("range(stop), range(start, stop), range(start, stop, step)")
	}
	bounds := []value.Value{value.OfInt(0), value.OfInt(0), value.OfInt(1)}
	for i, arg := range args {
		a, ok := arg.(Atom)
		if !ok || a.Kind() != value.Int && a.Kind() != value.Bool {
			return nil, f.errorf(x.Args[i].Span(), diag.Type, "range needs ints, not %s", aKindOf(arg))
		}
		place := i
		if len(args) == 1 { // the stop
			place = 1
		}
		bounds[place] = a.Value
	}
	n := rangeLength(bounds[0].Big(), bounds[1].Big(), bounds[2].Big())
	switch {
	case n == nil:
		return nil, f.errorf(x.Args[2].Span(), diag.Value, "the step of a range cannot be 0").WithClass(diag.Failed)
	case !n.IsInt64() || n.Int64() > maxWork:
		return nil, f.errorf(x.Span(), diag.Limit, "a range of more than %d items", maxWork)
	}
	return f.steps(bounds[0], bounds[2], int(n.Int64()), x.Span())
}

// rangeLength is how many steps lead from start to before stop; nil for a step
// of 0.
func rangeLength(start, stop, step *big.Int) *big.Int {
	if step.Sign() == 0 {
		return nil
	}
	n := new(big.Int).Sub(stop, start)
	if n.Sign() != step.Sign() {
		return new(big.Int)
	}
	n.Abs(n).Sub(n, big.NewInt(1))
	return n.Div(n, new(big.Int).Abs(step)).Add(n, big.NewInt(1))
}

// steps is the list of n ints from start on.
func (f *frame) steps(start, step value.Value, n int, span diag.Span) (Value, error) {
	if err := f.charge(n*workOnAtom(start), span); err != nil {
		return nil, err
	}
	values := make([]Value, n)
	next, err := value.Binary(value.Add, start, value.OfInt(0)) // of a bool: 0 or 1
	for i := range values {
		if err != nil {
			return nil, f.fault(span, err)
		}
		values[i] = Atom{next}
		next, err = value.Binary(value.Add, next, step)
	}
	return f.list(values, span)
}

// zip turns lists of one length into the list of their rows.
func (f *frame) zip(x *syntax.Builtin, args []Value) (Value, error) {
	if len(args) == 0 {
		return nil, f.errorf(x.Span(), diag.Arity, "zip needs at least 1 argument")
	}
	columns := make([]*List, len(args))
	for i, arg := range args {
		l, ok := arg.(*List)
		if !ok {
			return nil, f.errorf(x.Args[i].Span(), diag.Type, "zip needs lists, not %s", aKindOf(arg))
		}
		columns[i] = l
		if first := len(columns[0].Elems); len(l.Elems) != first {
			return nil, f.errorf(x.Args[i].Span(), diag.Value, "zip needs lists of one length: the first has %d, this one %d",
				first, len(l.Elems))
		}
	}
	return f.rows(columns, x.Span())
}

func (f *frame) rows(columns []*List, span diag.Span) (Value, error) {
	rows := make([]Value, len(columns[0].Elems))
	for i := range rows {
		row := make([]Value, len(columns))
		for j, column := range columns {
			row[j] = column.Elems[i]
		}
		var err error
		if rows[i], err = f.list(row, span); err != nil {
			return nil, err
		}
	}
	return f.list(rows, span)
}
