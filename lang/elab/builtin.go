package elab

import (
	"math/big"

	"rasp/lang/diag"
	"rasp/lang/rules"
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
	if err := f.refuse(rules.LenArguments(len(args)), x); err != nil {
		return nil, err
	}
	if err := f.take(rules.LenList, args[0], x.Args[0]); err != nil {
		return nil, err
	}
	return Atom{value.OfInt(int64(len(args[0].(*List).Elems)))}, nil
}

// rangeOf is range(stop), range(start, stop) or range(start, stop, step).
func (f *frame) rangeOf(x *syntax.Builtin, args []Value) (Value, error) {
	if err := f.refuse(rules.RangeArguments(len(args)), x); err != nil {
		return nil, err
	}
	bounds := []value.Value{value.OfInt(0), value.OfInt(0), value.OfInt(1)}
	for i, arg := range args {
		if err := f.take(rules.RangeBound, arg, x.Args[i]); err != nil {
			return nil, err
		}
		place := i
		if len(args) == 1 { // the stop
			place = 1
		}
		bounds[place] = arg.(Atom).Value
	}
	if err := f.refuse(rules.RangeStep(rules.OfAtom(bounds[2])), x.Args[len(args)-1]); err != nil {
		return nil, err
	}
	n := rangeLength(bounds[0].Big(), bounds[1].Big(), bounds[2].Big())
	if !n.IsInt64() || n.Int64() > maxWork {
		return nil, f.errorf(x.Span(), diag.Limit, "a range of more than %d items", maxWork)
	}
	return f.steps(x, bounds[0], bounds[2], int(n.Int64()))
}

// rangeLength is how many steps lead from start to before stop. The step is
// not 0.
func rangeLength(start, stop, step *big.Int) *big.Int {
	n := new(big.Int).Sub(stop, start)
	if n.Sign() != step.Sign() {
		return new(big.Int)
	}
	n.Abs(n).Sub(n, big.NewInt(1))
	return n.Div(n, new(big.Int).Abs(step)).Add(n, big.NewInt(1))
}

// steps is the list of n ints from start on.
func (f *frame) steps(x *syntax.Builtin, start, step value.Value, n int) (Value, error) {
	if err := f.charge(n*workOnAtom(start), x.Span()); err != nil {
		return nil, err
	}
	values := make([]Value, n)
	next, err := value.Binary(value.Add, start, value.OfInt(0)) // of a bool: 0 or 1
	for i := range values {
		if err != nil {
			return nil, f.refuse(rules.Atomic(err), x)
		}
		values[i] = Atom{next}
		next, err = value.Binary(value.Add, next, step)
	}
	return f.list(values, x.Span())
}

// zip turns lists of one length into the list of their rows.
func (f *frame) zip(x *syntax.Builtin, args []Value) (Value, error) {
	columns := make([]*List, len(args))
	for i, arg := range args {
		if err := f.take(rules.ZipList, arg, x.Args[i]); err != nil {
			return nil, err
		}
		columns[i] = arg.(*List)
		if err := f.refuse(rules.ZipLength(len(columns[0].Elems), len(columns[i].Elems)), x.Args[i]); err != nil {
			return nil, err
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
