package elab

import (
	"errors"
	"fmt"
	"strings"

	"rasp/lang/diag"
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
	case SOp, Selector:
		return f.apply(x, fun, args)
	}
	return nil, f.errorf(x.Fun.Span(), diag.Type, "%s cannot be called", aKindOf(v)).WithClass(diag.NotCallable)
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
	if len(args) != len(fun.Def.Params) {
		return nil, f.errorf(x.Span(), diag.Arity, "%s needs %s, found %d",
			fun.Name(), plural(len(fun.Def.Params), "argument"), len(args)).WithHint("%s", signature(fun))
	}
	if f.calls >= maxCalls {
		return nil, f.errorf(x.Span(), diag.Limit, "more than %d calls inside each other", maxCalls).
			WithHint("a recursive function needs a condition on atoms that stops it")
	}
	if err := f.charge(callWork, x.Span()); err != nil {
		return nil, err
	}
	inner := &frame{Session: f.Session, scope: newScope(fun.scope), creator: fun.Creator + "'", function: fun, site: f.site}
	if fun.library && f.top != nil {
		inner.site = f.at(x.Span())
	}
	f.called[fun.Def] = true
	f.calls++
	v, err := inner.run(args)
	f.calls--
	if n := nodeOf(v); n != nil {
		f.tell(func(c Console) { c.Returned(n, fun, args) })
	}
	return v, f.calledFrom(x, fun, err)
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

// calledFrom adds to a fault inside fun where it was called, if nothing more
// useful is hinted at.
func (f *frame) calledFrom(x *syntax.Call, fun *Function, err error) error {
	var d *diag.Diagnostic
	if !errors.As(err, &d) || d.Hint != "" {
		return err
	}
	if fun.library {
		return d.WithHint("this is inside the library function %s", signature(fun))
	}
	return d.WithHint("%s was called at line %d", fun.Name(), f.at(x.Span()).Line())
}

// signature of a function, as its def begins.
func signature(fun *Function) string {
	return fun.Name() + "(" + strings.Join(fun.Params(), ", ") + ")"
}

// apply is s(input).
func (f *frame) apply(x *syntax.Call, of Value, args []Value) (Value, error) {
	if len(args) != 1 {
		return nil, f.errorf(x.Span(), diag.Arity, "%s is applied to one input, found %s", aKindOf(of), plural(len(args), "argument"))
	}
	input, err := f.input(args[0], x.Args[0])
	if err != nil {
		return nil, err
	}
	return &Application{Of: nodeOf(of), Input: input}, nil
}

// input reads the value of x as an input.
func (f *frame) input(v Value, x syntax.Expr) ([]value.Value, error) {
	input, err := Input(v)
	if err != nil {
		return nil, f.fault(x.Span(), err)
	}
	return input, nil
}

// Input reads v as an input: the atoms of a list, the characters of a string,
// the keys of a dict; at least one. The error is a *value.Fault.
func Input(v Value) ([]value.Value, error) {
	elems, ok := parts(v)
	if !ok {
		return nil, &value.Fault{Kind: diag.Type, Message: "an input is a list, string or dict, not " + aKindOf(v)}
	}
	if len(elems) == 0 {
		return nil, &value.Fault{Kind: diag.Value, Message: "an input has at least one element"}
	}
	input := make([]value.Value, len(elems))
	for i, elem := range elems {
		a, ok := elem.(Atom)
		if !ok {
			return nil, &value.Fault{Kind: diag.Type, Message: fmt.Sprintf("an input holds atoms; element %d is %s", i, aKindOf(elem))}
		}
		input[i] = a.Value
	}
	return input, nil
}
