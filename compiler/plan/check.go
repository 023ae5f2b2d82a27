package plan

import (
	"fmt"
	"math"

	"rasp/runtime/model"
)

// Check reports what makes a plan none: a column that is written at another time than it
// says, or by heads and neurons both, what reads it before that, a neuron that writes
// to the embedding, a part without a label, a number that is none.
func (p *Plan) Check() error {
	known, written := map[*Column]bool{}, map[*Column]int{}
	for i, c := range p.Columns {
		if known[c] || c.Label.What == "" {
			return fmt.Errorf("dim %d is there twice, or has no label", i)
		}
		known[c] = true
	}
	write := func(c *Column, when int, label model.Label) error {
		if before, ok := written[c]; !known[c] || c.When != when || ok && before != when {
			return fmt.Errorf("%s writes dim %d at the wrong time", label.What, c.Dim)
		}
		written[c] = when
		return nil
	}
	for _, h := range p.Heads {
		for _, v := range h.Values {
			if err := write(v.Out, 2*h.Layer-1, h.Label); err != nil {
				return err
			}
		}
	}
	for _, n := range p.Neurons {
		for _, o := range n.Outs {
			if err := write(o.Of, 2*n.Layer, n.Label); err != nil {
				return err
			}
		}
	}
	for _, c := range p.Columns {
		if _, ok := written[c]; !ok && c.When > 0 {
			return fmt.Errorf("nothing writes dim %d, %s", c.Dim, c.Label.What)
		}
	}
	if label, late := p.outOfOrder(); late {
		return fmt.Errorf("%s %s reads what is written later", label.Name, label.What)
	}
	return p.checkForms(known)
}

// checkForms reports a form that reads a column that is not there, or whose numbers are
// not finite.
func (p *Plan) checkForms(known map[*Column]bool) error {
	check := func(f Form, label model.Label) error {
		for _, t := range f.Terms {
			if !known[t.Of] || math.IsNaN(t.Factor) || math.IsInf(t.Factor, 0) {
				return fmt.Errorf("%s reads %s", label.What, FormText(f))
			}
		}
		return nil
	}
	for _, h := range p.Heads {
		forms := h.Forms()
		for _, v := range h.Values {
			forms = append(forms, v.Value)
		}
		for _, f := range forms {
			if err := check(f, h.Label); err != nil {
				return err
			}
		}
	}
	for _, n := range p.Neurons {
		if err := check(n.In, n.Label); err != nil {
			return err
		}
	}
	for _, o := range p.Outputs {
		for _, f := range o.Logits {
			if err := check(f, model.Label{What: "output " + o.Name}); err != nil {
				return err
			}
		}
	}
	return nil
}
