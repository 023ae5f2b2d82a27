package facts

import (
	"fmt"
	"io"
	"strings"

	"rasp/lang/diag"
)

// Print writes what is known, node by node: of an s-op its values and the variables that
// it is a function of, of a selector the heads that it takes; under it, what else is
// claimed of it, and by which rule.
func (f *Facts) Print(w io.Writer) error {
	for _, n := range f.Nodes {
		text := n.String()
		switch {
		case n.IsSelector():
			if s := f.Selectors[n]; s != nil {
				text += "  : " + s.text()
			}
		case f.Table(n) != nil:
			text += "  : " + f.Table(n).text()
			if lin := f.Linear(n); lin != nil {
				text += ", linear"
			}
			if v := f.Source(n); v != nil && v.Unique {
				text += ", no value twice"
			}
		}
		for says := range properties {
			if rule := f.Claims[Claim{says, n}]; rule != "" {
				text += fmt.Sprintf("\n      %v: %s", says, rule)
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

func (r *Table) text() string {
	if r.Unbounded {
		return "too many numbers to list"
	}
	list := make([]string, 0, shown)
	for _, v := range r.Values[:min(shown, len(r.Values))] {
		list = append(list, v.JSON())
	}
	if len(r.Values) > shown {
		list = append(list, "...")
	}
	return fmt.Sprintf("%s over (%s): %s", diag.Count(len(r.Values), "value"), namesOfVariables(r.Vars), strings.Join(list, " "))
}

func namesOfVariables(vars []*Variable) string {
	names := []string{}
	for _, v := range vars {
		name := map[Source]string{Token: "token", Position: "position", Length: "length"}[v.Source]
		if name == "" {
			name = fmt.Sprintf("%%%d", v.Node.ID)
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// text says how many heads a selector takes, and what they compare.
func (s *Selector) text() string {
	if s.Err != nil {
		return "not split up: " + s.Err.Error()
	}
	conditions := 0
	for _, p := range s.Conjuncts {
		conditions += len(p.Conditions)
	}
	text := diag.Count(len(s.Conjuncts), "head") + ", " + diag.Count(conditions, "condition")
	if s.Pick != Every {
		text += ", " + s.Pick.String() + " key"
	}
	return text
}

// Check reports a table that is not one: cells of other sizes than its variables, or that
// name values that it has not, values out of order, or a node without facts.
func (f *Facts) Check() error {
	for _, n := range f.Nodes {
		if n.IsSelector() {
			continue
		}
		r := f.Table(n)
		switch {
		case r == nil:
			return fmt.Errorf("%v has no table", n)
		case r.Unbounded:
			if len(r.Vars)+len(r.Cells)+len(r.Values) > 0 {
				return fmt.Errorf("%v is unbounded and has a table", n)
			}
			continue
		}
		if err := r.check(); err != nil {
			return fmt.Errorf("%v: %w", n, err)
		}
		if len(r.Vars) > 1 && f.Computed[n] == nil {
			return fmt.Errorf("%v depends on several variables and is none itself", n)
		}
	}
	return f.checkSelectors()
}

func (r *Table) check() error {
	size := 1
	for i, v := range r.Vars {
		if size *= v.Size; i > 0 && r.Vars[i-1].Id >= v.Id {
			return fmt.Errorf("variables out of order")
		}
	}
	if size != len(r.Cells) {
		return fmt.Errorf("%d cells for %d states", len(r.Cells), size)
	}
	for _, id := range r.Cells {
		if id < None || int(id) >= len(r.Values) {
			return fmt.Errorf("a cell has value %d of %d", id, len(r.Values))
		}
	}
	for i := 1; i < len(r.Values); i++ {
		if CompareValues(r.Values[i-1], r.Values[i]) >= 0 {
			return fmt.Errorf("values %v and %v out of order", r.Values[i-1], r.Values[i])
		}
	}
	return nil
}

// checkSelectors reports a selector whose conditions are no tables over its classes.
func (f *Facts) checkSelectors() error {
	for n, s := range f.Selectors {
		for _, p := range s.Conjuncts {
			for _, c := range p.Conditions {
				if c.Equal == nil && (len(c.Allowed) != len(c.Query.Size) || len(c.Allowed) > 0 && len(c.Allowed[0]) != len(c.Key.Size)) || c.Equal != nil && (len(c.Equal.Query) != len(c.Query.Size) || len(c.Equal.Key) != len(c.Key.Size)) {
					return fmt.Errorf("%v: a condition has another size than its classes", n)
				}
			}
		}
	}
	return nil
}
