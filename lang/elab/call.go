package elab

import (
	"errors"

	"rasp/lang/diag"
	"rasp/lang/rules"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// call evaluates the function, then its arguments from left to right, then the
// body; or it applies an s-op or selector to an input.
func (f *frame) call(x *syntax.Call) (Value, error) {
	v, args, err := f.callee(x)
	if err != nil {
		return nil, err
	}
	switch fun := v.(type) {
	case *Function:
		return f.invoke(x, fun, args)
	case Native:
		return f.lookupRows(x, args)
	}
	if err := f.take(rules.Called, v, x.Fun); err != nil {
		return nil, err
	}
	return f.apply(x, v, args)
}

// callee evaluates what is called, then the arguments. At a console a single
// argument comes first: an s-op that is applied to an input is tested on that.
func (f *frame) callee(x *syntax.Call) (Value, []Value, error) {
	if f.Console == nil || len(x.Args) != 1 {
		v, err := f.eval(x.Fun)
		if err != nil {
			return nil, nil, err
		}
		args, err := f.evalAll(x.Args)
		return v, args, err
	}
	arg, err := f.eval(x.Args[0])
	if err != nil {
		return nil, nil, err
	}
	v, err := f.on(arg).eval(x.Fun)
	if _, ok := arg.(*Application); !ok {
		f.scope.out = arg
	}
	return v, []Value{arg}, err
}

// invoke runs the body of a function in a scope under the one it was made in.
func (f *frame) invoke(x *syntax.Call, fun *Function, args []Value) (Value, error) {
	if err := f.refuse(rules.Arguments(fun.Def, len(args)), x); err != nil {
		return nil, err
	}
	if f.calls >= maxCalls {
		return nil, f.errorf(x.Span(), diag.Limit, "more than %d calls inside each other", maxCalls).
			WithHint("a recursive function needs a condition on atoms that stops it")
	}
	if err := f.charge(callWork, x.Span()); err != nil {
		return nil, err
	}
	inner := &frame{Session: f.Session, scope: newScope(fun.scope), creator: fun.Creator + "'", function: fun, Place: f.Place}
	if fun.library && f.top != nil {
		inner.Site = f.At(x.Span())
	}
	f.called[fun.Def] = true
	f.calls++
	v, err := inner.run(args)
	f.calls--
	if err == nil && rules.IsOnly(fun.Def) {
		v, err = f.only(x, v)
	}
	if n := nodeOf(v); n != nil {
		f.tell(func(c Console) { c.Returned(n, fun, args) })
	}
	var d *diag.Diagnostic
	if errors.As(err, &d) && !f.InLibrary() {
		rules.CalledFrom(d, fun.Def, fun.library, f.given(args), f.At(x.Span()))
	}
	return v, err
}

// given is what is known of arguments.
func (f *frame) given(args []Value) []rules.Operand {
	list := make([]rules.Operand, len(args))
	for i, v := range args {
		list[i] = f.Known(v)
	}
	return list
}

// run binds the parameters and executes the body.
func (f *frame) run(args []Value) (Value, error) {
	def := f.function.Def
	for i, param := range def.Params {
		if err := f.bind(param, args[i]); err != nil {
			return nil, err
		}
	}
	for _, stmt := range def.Body {
		if _, err := f.exec(stmt); err != nil {
			return nil, err
		}
	}
	return f.evalTogether(def.Results, def.Span())
}

// apply is s(input).
func (f *frame) apply(x *syntax.Call, of Value, args []Value) (Value, error) {
	if err := f.refuse(rules.Inputs(f.Known(of), len(args)), x); err != nil {
		return nil, err
	}
	input, err := f.input(args[0], x.Args[0])
	if err != nil {
		return nil, err
	}
	return &Application{Of: nodeOf(of), Input: input}, nil
}

// input reads the value of x as an input.
func (f *frame) input(v Value, x syntax.Expr) ([]value.Value, error) {
	input, fault := Input(v)
	return input, f.refuse(fault, x)
}

// Input reads v as an input: the atoms of a list, the characters of a string,
// the keys of a dict; at least one.
func Input(v Value) ([]value.Value, *rules.Fault) {
	elems, ok := parts(v)
	if !ok {
		return nil, rules.Input.Take(rules.Operand{Kinds: kindOf(v)})
	}
	input := make([]value.Value, len(elems))
	for i, elem := range elems {
		a, ok := elem.(Atom)
		if !ok {
			return nil, rules.InputElement(i, rules.Operand{Kinds: kindOf(elem)})
		}
		input[i] = a.Value
	}
	return input, rules.InputLength(len(elems))
}
