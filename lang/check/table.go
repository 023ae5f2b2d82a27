package check

import (
	"cmp"
	"slices"

	"rasp/lang/diag"
	"rasp/lang/pattern"
	"rasp/lang/rules"
	"rasp/lang/syntax"
)

// Table says who binds and reads which names of a program.
type Table struct {
	Occurrences []Occurrence // in the order of the text
	scopes      []*scope
	base        *scope
	variables   map[*variable]*Variable
}

// Role of a variable.
type Role string

// The roles.
const (
	Local     Role = "variable"
	Parameter Role = "parameter"
	Iterator  Role = "iterator" // of a loop or a comprehension
	Defined   Role = "function"
	Loaded    Role = "loaded"     // by another file
	Language  Role = "predefined" // by the language or the library
	Lost      Role = "lost"       // in a statement with a syntax fault
)

// Variable is what a name stands for. Assigning a name of the same scope again gives the
// variable another value and is none of its own.
type Variable struct {
	Name  string
	Role  Role
	Where diag.Span       // of the name where it is first bound, in another file if it is loaded; zero if nobody knows
	Def   *syntax.FuncDef // what it is surely bound to, nil for others
	Can   rules.Operand   // what is known of all values that it has
	Top   bool            // it is one of the program's own top level
}

// Occurrence is a place where a name stands.
type Occurrence struct {
	Span      diag.Span
	Binds     bool
	Variables []*Variable   // that it may mean, the innermost first; none if it is undefined
	Can       rules.Operand // what is known of the value there
}

// occurrence is that while the program is walked through.
type occurrence struct {
	span  diag.Span
	binds bool
	of    []*variable
	v     *shape
}

func (c *checker) note(span diag.Span, binds bool, v *shape, of ...*variable) {
	c.occurrences = append(c.occurrences, occurrence{span, binds, of, v})
}

// definition is where a variable is first bound, nil if that is nowhere to be seen.
func (v *variable) definition() *syntax.Ident {
	if v.where == nil {
		return v.origin
	}
	return v.where
}

// table makes the table of what was noted.
func (c *checker) table() *Table {
	c.noteOutputs()
	partial := map[*variable]*syntax.FuncDef{}
	for _, def := range c.program.File.Partial {
		if v := c.partial(def); v != nil {
			partial[v] = def
		}
	}
	t := &Table{scopes: c.scopes, base: c.base, variables: map[*variable]*Variable{}}
	for _, s := range append(slices.Clip(c.scopes), c.base) {
		for _, v := range s.order {
			t.variables[v] = c.exported(v, s)
		}
	}
	for v, def := range partial {
		x := t.variables[v]
		x.Role, x.Where, x.Def, x.Can = Defined, def.Name.Span(), def, rules.Operand{Kinds: rules.Function}
	}
	for _, o := range c.occurrences {
		x := Occurrence{Span: o.span, Binds: o.binds}
		if o.v != nil {
			x.Can = o.v.Operand
		}
		for _, v := range o.of {
			x.Variables = append(x.Variables, t.variables[v])
		}
		t.Occurrences = append(t.Occurrences, x)
	}
	slices.SortStableFunc(t.Occurrences, func(a, b Occurrence) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	return t
}

// partial notes the names in a function that lacks its return, and gives the variable that it
// would be, nil if the name is bound otherwise. What is wrong there, nobody asks.
func (c *checker) partial(def *syntax.FuncDef) *variable {
	v := c.top.vars[def.Name.Name]
	if v == nil || v.role != borrowed || v.origin != nil {
		return nil
	}
	c.note(def.Name.Span(), true, nil, v)
	f := &funct{def: def, scope: c.top}
	w := &walker{checker: c, scope: c.ownScope(c.top, def.Span()), fun: f, sink: new(diag.List)}
	w.scope.fun = f
	for _, param := range def.Params {
		w.bind(param, parameter, unknown)
	}
	w.execAll(def.Body)
	return v
}

func (c *checker) exported(v *variable, s *scope) *Variable {
	x := &Variable{Name: v.name, Top: s == c.top, Role: map[role]Role{local: Local, parameter: Parameter, iterator: Iterator, counter: Iterator, defined: Defined}[v.role]}
	if at := v.definition(); at != nil {
		x.Where = at.Span()
	}
	switch {
	case s == c.base:
		x.Role = Language
	case v.origin != nil && v.where == nil:
		x.Role = Loaded
	case v.role == borrowed:
		x.Role = Lost
	}
	if v.ever != nil {
		x.Can = v.ever.Operand
		if v.ever.fun != nil && v.ever.Surely(rules.Function) {
			x.Def = v.ever.fun.def
		}
	}
	return x
}

var word = pattern.Of(`[A-Za-z_][A-Za-z0-9_]*`)

// noteOutputs notes the names in #rasp:output.
func (c *checker) noteOutputs() {
	where, ok := c.program.File.Directives.Where["output"]
	if !ok {
		return
	}
	for _, at := range word().FindAllStringIndex(where.Text(), -1) {
		name := where.Text()[at[0]:at[1]]
		if v := c.top.vars[name]; v != nil && slices.Contains(c.program.File.Directives.Outputs, name) {
			c.note(diag.Span{Source: where.Source, Start: where.Start + at[0], End: where.Start + at[1]}, false, v.now, v)
		}
	}
}

// At is the occurrence at an offset, nil if no name stands there. A name that ends at the
// offset is one.
func (t *Table) At(offset int) *Occurrence {
	i, _ := slices.BinarySearchFunc(t.Occurrences, offset, func(o Occurrence, at int) int { return cmp.Compare(o.Span.End, at) })
	var found *Occurrence
	for ; i < len(t.Occurrences) && t.Occurrences[i].Span.Start <= offset; i++ {
		if offset <= t.Occurrences[i].Span.End {
			found = &t.Occurrences[i]
		}
	}
	return found
}

// Same are the occurrences that have to have one name with that of an occurrence: those of
// the variables that it may mean, of all that these may be, and so on.
func (t *Table) Same(o *Occurrence) (all []*Occurrence, variables []*Variable) {
	meant := map[*Variable]bool{}
	for _, v := range o.Variables {
		meant[v] = true
	}
	for grown := len(meant) > 0; grown; {
		grown = false
		for _, o := range t.Occurrences {
			if slices.ContainsFunc(o.Variables, func(v *Variable) bool { return meant[v] }) {
				for _, v := range o.Variables {
					grown = grown || !meant[v]
					meant[v] = true
				}
			}
		}
	}
	for i := range t.Occurrences {
		o := &t.Occurrences[i]
		if slices.ContainsFunc(o.Variables, func(v *Variable) bool { return meant[v] }) {
			all = append(all, o)
			for _, v := range o.Variables {
				if !slices.Contains(variables, v) {
					variables = append(variables, v)
				}
			}
		}
	}
	return all, variables
}

// InSight are the variables whose names can be read at an offset, innermost first, each name
// once; without those of the program that are bound further down, unless a function reads
// them, which may be called later.
func (t *Table) InSight(offset int) (list []*Variable) {
	seen := map[string]bool{}
	var in *scope
	for _, s := range t.scopes {
		if s.span.Start <= offset && offset <= s.span.End && (in == nil || s.span.End-s.span.Start <= in.span.End-in.span.Start) {
			in = s
		}
	}
	inFunction := false
	for s := in; s != nil; s = s.parent {
		for _, v := range s.order {
			below := s != t.base && v.where != nil && v.where.Span().Start >= offset && !inFunction && v.role != iterator && v.role != counter
			if x := t.variables[v]; x != nil && !seen[v.name] && !below {
				seen[v.name] = true
				list = append(list, x)
			}
		}
		inFunction = inFunction || s.fun != nil
	}
	return list
}
