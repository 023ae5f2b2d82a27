package elab

import (
	"rasp/lang/diag"
	"rasp/lang/rules"
	"rasp/lang/syntax"
)

// exec runs a statement in the scope of f.
func (f *frame) exec(stmt syntax.Stmt) (Result, error) {
	switch stmt := stmt.(type) {
	case *syntax.ExprStmt:
		return f.execExpr(stmt)
	case *syntax.Assign:
		return f.assign(stmt)
	case *syntax.FuncDef:
		return f.define(stmt)
	case *syntax.For:
		return Result{}, f.loop(stmt)
	case *syntax.Load:
		return Result{}, f.load(stmt)
	case *syntax.Draw:
		return f.draw(stmt)
	case *syntax.Command:
		return Result{}, f.command(stmt)
	}
	return Result{}, nil
}

func (f *frame) execExpr(stmt *syntax.ExprStmt) (Result, error) {
	v, err := f.eval(stmt.X)
	if err != nil {
		return Result{}, err
	}
	result := Result{Value: v, Span: stmt.X.Span()}
	if name, ok := syntax.Unparen(stmt.X).(*syntax.Ident); ok {
		result.Name = name.Name
	}
	return result, nil
}

func (f *frame) assign(stmt *syntax.Assign) (Result, error) {
	v, err := f.evalTogether(stmt.Values, stmt.Span())
	if err != nil {
		return Result{}, err
	}
	values := []Value{v}
	if len(stmt.Names) > 1 {
		var fault *diag.Diagnostic
		if values, fault = f.unpack(v, stmt.Names, syntax.Across(stmt.Values)); fault != nil {
			return Result{}, fault
		}
	}
	var result Result
	for i, name := range stmt.Names {
		if err := f.bind(name, values[i]); err != nil {
			return Result{}, err
		}
		if n := nodeOf(values[i]); n != nil {
			if n.Name == "" {
				n.Name = name.Name
			}
			f.tell(func(c Console) { c.Named(n, name.Name) })
		}
		result.Bound = append(result.Bound, Bound{name.Name, values[i], name.Span()})
	}
	return result, nil
}

// evalTogether is the value of one expression, or the list of several.
func (f *frame) evalTogether(xs []syntax.Expr, span diag.Span) (Value, error) {
	if len(xs) == 1 {
		return f.eval(xs[0])
	}
	values, err := f.evalAll(xs)
	if err != nil {
		return nil, err
	}
	return f.list(values, span)
}

func (f *frame) define(stmt *syntax.FuncDef) (Result, error) {
	fun := &Function{Def: stmt, Creator: f.creator, scope: f.scope, library: f.top == nil}
	if rules.IsOnly(stmt) && !reserved[stmt.Name.Name] { // files for other interpreters have it
		f.set(stmt.Name.Name, fun, stmt.Name.Span())
	} else if err := f.bind(stmt.Name, fun); err != nil {
		return Result{}, err
	}
	return Result{Bound: []Bound{{stmt.Name.Name, fun, stmt.Name.Span()}}}, nil
}

// loop runs a for: it opens no scope, so its names stay.
func (f *frame) loop(stmt *syntax.For) error {
	items, err := f.iterate(stmt.In)
	if err != nil {
		return err
	}
	for _, item := range items {
		if err := f.charge(1, stmt.Span()); err != nil {
			return err
		}
		if err := f.bindItem(stmt.Names, item, stmt.In); err != nil {
			return err
		}
		for _, inner := range stmt.Body {
			if _, err := f.exec(inner); err != nil {
				return err
			}
		}
	}
	return nil
}

// draw makes an application; only an s-op can be drawn.
func (f *frame) draw(stmt *syntax.Draw) (Result, error) {
	a := &Application{Draw: true}
	inner := f
	if stmt.Input != nil {
		v, err := f.eval(stmt.Input)
		if err != nil {
			return Result{}, err
		}
		if a.Input, err = f.input(v, stmt.Input); err != nil {
			return Result{}, err
		}
		inner = f.on(v)
	}
	v, err := inner.eval(stmt.X)
	if err != nil {
		return Result{}, err
	}
	if err := f.take(rules.Drawn, v, stmt.X); err != nil {
		return Result{}, err
	}
	a.Of = nodeOf(v)
	return Result{Value: a, Span: stmt.Span()}, nil
}
