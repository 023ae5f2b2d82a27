package compiler

import (
	"fmt"
	"io"
	"strings"
)

// print writes what is known, node by node: of an s-op its values and the variables that
// it is a function of, of a selector the heads that it takes.
func (f *facts) print(w io.Writer) error {
	for _, n := range f.nodes {
		text := n.String()
		switch {
		case n.IsSelector():
			if s := f.selectors[n]; s != nil {
				text += "  : " + s.text()
			}
		case f.table(n) != nil:
			text += "  : " + f.table(n).text()
			if lin := f.linear(n); lin != nil {
				text += ", linear"
			}
			if v := f.source(n); v != nil && v.unique {
				text += ", no value twice"
			}
		}
		if _, err := fmt.Fprintln(w, text); err != nil {
			return err
		}
	}
	return nil
}

// shown is how many values are listed.
const shown = 8

func (r *relation) text() string {
	if r.unbounded {
		return "too many numbers to list"
	}
	list := make([]string, 0, shown)
	for _, v := range r.values[:min(shown, len(r.values))] {
		list = append(list, v.JSON())
	}
	if len(r.values) > shown {
		list = append(list, "...")
	}
	return fmt.Sprintf("%d values over (%s): %s", len(r.values), namesOfVariables(r.vars), strings.Join(list, " "))
}

func namesOfVariables(vars []*variable) string {
	names := []string{}
	for _, v := range vars {
		name := map[variableKind]string{tokenVariable: "token", positionVariable: "position", lengthVariable: "length"}[v.kind]
		if name == "" {
			name = fmt.Sprintf("%%%d", v.node.ID)
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// text says how many heads a selector takes, and what they compare.
func (s *selector) text() string {
	if s.err != nil {
		return "not split up: " + s.err.Error()
	}
	conditions := 0
	for _, p := range s.parts {
		conditions += len(p.conditions)
	}
	return fmt.Sprintf("%d heads, %d conditions", len(s.parts), conditions)
}

// check reports a table that is not one: cells of other sizes than its variables, or that
// name values that it has not, values out of order, or a node without facts.
func (f *facts) check() error {
	for _, n := range f.nodes {
		if n.IsSelector() {
			continue
		}
		r := f.table(n)
		switch {
		case r == nil:
			return fmt.Errorf("%v has no table", n)
		case r.unbounded:
			if len(r.vars)+len(r.cells)+len(r.values) > 0 {
				return fmt.Errorf("%v is unbounded and has a table", n)
			}
			continue
		}
		if err := r.check(); err != nil {
			return fmt.Errorf("%v: %w", n, err)
		}
		if len(r.vars) > 1 && f.computed[n] == nil {
			return fmt.Errorf("%v depends on several variables and is none itself", n)
		}
	}
	return f.checkSelectors()
}

func (r *relation) check() error {
	size := 1
	for i, v := range r.vars {
		if size *= v.size; i > 0 && r.vars[i-1].id >= v.id {
			return fmt.Errorf("variables out of order")
		}
	}
	if size != len(r.cells) {
		return fmt.Errorf("%d cells for %d states", len(r.cells), size)
	}
	for _, id := range r.cells {
		if id < none || int(id) >= len(r.values) {
			return fmt.Errorf("a cell has value %d of %d", id, len(r.values))
		}
	}
	for i := 1; i < len(r.values); i++ {
		if compareValues(r.values[i-1], r.values[i]) >= 0 {
			return fmt.Errorf("values %v and %v out of order", r.values[i-1], r.values[i])
		}
	}
	return nil
}

// checkSelectors reports a selector whose conditions are no tables over its classes.
func (f *facts) checkSelectors() error {
	for n, s := range f.selectors {
		for _, p := range s.parts {
			for _, c := range p.conditions {
				if len(c.allowed) != len(c.query.size) || len(c.allowed) > 0 && len(c.allowed[0]) != len(c.key.size) {
					return fmt.Errorf("%v: a condition has another size than its classes", n)
				}
			}
		}
	}
	return nil
}
