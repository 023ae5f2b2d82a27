package elab

import (
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
	bounds := make([]int64, len(args))
	for i, arg := range args {
		a, ok := arg.(Atom)
		if !ok || a.Kind() != value.Int && a.Kind() != value.Bool {
			return nil, f.errorf(x.Args[i].Span(), diag.Type, "range needs ints, not %s", aKindOf(arg))
		}
		if bounds[i], ok = a.Int64(); !ok {
			return nil, f.errorf(x.Args[i].Span(), diag.Limit, "%s is too large for range", value.Describe(a.Value))
		}
	}
	start, stop, step := int64(0), bounds[0], int64(1)
	if len(bounds) > 1 {
		start, stop = bounds[0], bounds[1]
	}
	if len(bounds) > 2 {
		step = bounds[2]
	}
	if step == 0 {
		return nil, f.errorf(x.Args[2].Span(), diag.Value, "the step of a range cannot be 0")
	}
	n := rangeLength(start, stop, step)
	if n > maxWork {
		return nil, f.errorf(x.Span(), diag.Limit, "a range of more than %d items", maxWork)
	}
	values := make([]Value, n)
	for i := range values {
		values[i] = Atom{value.OfInt(start + int64(i)*step)}
	}
	return f.list(values, x.Span())
}

// rangeLength is how many steps lead from start to before stop. The differences
// are taken modulo 2^64, where they do not overflow.
func rangeLength(start, stop, step int64) uint64 {
	switch {
	case step > 0 && start < stop:
		return (uint64(stop)-uint64(start)-1)/uint64(step) + 1
	case step < 0 && start > stop:
		return (uint64(start)-uint64(stop)-1)/-uint64(step) + 1
	}
	return 0
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
