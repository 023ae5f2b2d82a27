package demand

import (
	"fmt"
	"slices"

	"rasp/compiler/facts"
	"rasp/compiler/plan"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// An offer for a function g of a variable is a form that equals g. Where it reads one
// column, x = a c + b, the column is the function (g - b)/a of the variable, whichever
// construction made it: so what a column holds is known by what an offer is.

// noteCode notes what the column holds that an offer makes, when it makes it, of the function
// that has a key.
func (l *Demands) noteCode(v *facts.Variable, key string, o *Offer) {
	if o.Made || o.Make == nil {
		l.NoteForm(v, facts.FunctionWithKey(key, v.Size), o.Form)
		return
	}
	makeForm := o.Make
	o.Make = func() plan.Form {
		f := makeForm()
		l.NoteForm(v, facts.FunctionWithKey(key, v.Size), f)
		return f
	}
}

// NoteForm notes what the only column of a form holds that equals the function g of v.
func (l *Demands) NoteForm(v *facts.Variable, g []float64, f plan.Form) {
	if len(f.Terms) > 1 && v.Source == facts.Width {
		l.noteJoint(v, g, f)
	}
	if len(f.Terms) != 1 || f.Terms[0].Factor == 0 {
		return
	}
	c, factor := f.Terms[0].Of, f.Terms[0].Factor
	code := plan.Code{Of: subjects[v.Source], Node: NumberOf(v.Node), Values: l.statesOf(v)}
	code.Holds = plan.NewFunction(g).Map(func(x float64) float64 { return (x - f.Constant) / factor })
	same := func(d plan.Code) bool { return d.Of == code.Of && d.Node == code.Node }
	if !slices.ContainsFunc(c.Codes, same) {
		c.Codes = append(c.Codes, code)
	}
}

// noteJoint notes that the width of a selector is the sum of those of its parts.
func (l *Demands) noteJoint(v *facts.Variable, g []float64, f plan.Form) {
	j := &plan.Joint{Code: plan.Code{Node: NumberOf(v.Node), Values: l.statesOf(v), Holds: plan.NewFunction(g)}, Form: f}
	for _, t := range f.Terms {
		if t.Of.Joint != nil || len(t.Of.Codes) > 0 || t.Factor == 0 {
			return
		}
	}
	for _, t := range f.Terms {
		t.Of.Joint = j
	}
}

// subjects of variables; all others are values of s-ops.
var subjects = map[facts.Source]plan.Subject{facts.Token: plan.OfToken, facts.Position: plan.OfPosition, facts.Length: plan.OfLength}

// statesOf lists the value of the s-op in each state of a variable, as the interpreter has
// it; a mean may be in several that are one value.
func (l *Demands) statesOf(v *facts.Variable) []model.Token {
	if known, ok := l.states[v]; ok {
		return known
	}
	list := make([]model.Token, v.Size)
	for s := range list {
		list[s] = l.stateValue(v, s)
	}
	l.states[v] = list
	return list
}

func (l *Demands) stateValue(v *facts.Variable, s int) model.Token {
	switch v.Source {
	case facts.Mean:
		if r := l.Table(v.Node); r != nil && len(r.Vars) == 1 && r.Vars[0] == v {
			if r.Cells[s] == facts.None {
				return ""
			}
			return model.Token(r.Values[r.Cells[s]].JSON())
		}
		return model.Token(v.Values[s].JSON())
	case facts.Any, facts.Compared:
		return model.Token(value.OfBool(s == 1).JSON())
	case facts.Row:
		return model.Token(fmt.Sprint(s - 1))
	}
	return model.Token(l.stateText(v, s))
}
