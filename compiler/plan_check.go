package compiler

import (
	"fmt"
	"math"

	"rasp/runtime/model"
)

// check reports what makes a plan none: a column that is written at another time than it
// says, or by heads and neurons both, what reads it before that, a neuron that writes
// to the embedding, a part without a label, a number that is none.
func (p *plan) check() error {
	known, written := map[*column]bool{}, map[*column]int{}
	for i, c := range p.columns {
		if known[c] || c.label.What == "" {
			return fmt.Errorf("dim %d is there twice, or has no label", i)
		}
		known[c] = true
	}
	write := func(c *column, when int, label model.Label) error {
		if before, ok := written[c]; !known[c] || c.when != when || ok && before != when {
			return fmt.Errorf("%s writes dim %d at the wrong time", label.What, c.dim)
		}
		written[c] = when
		return nil
	}
	for _, h := range p.heads {
		for _, v := range h.values {
			if err := write(v.out, 2*h.layer-1, h.label); err != nil {
				return err
			}
		}
	}
	for _, n := range p.neurons {
		for _, o := range n.outs {
			if err := write(o.Of, 2*n.layer, n.label); err != nil {
				return err
			}
		}
	}
	for _, c := range p.columns {
		if _, ok := written[c]; !ok && c.when > 0 {
			return fmt.Errorf("nothing writes dim %d, %s", c.dim, c.label.What)
		}
	}
	if label, late := p.outOfOrder(); late {
		return fmt.Errorf("%s %s reads what is written later", label.Name, label.What)
	}
	return p.checkForms(known)
}

// checkForms reports a form that reads a column that is not there, or whose numbers are
// not finite.
func (p *plan) checkForms(known map[*column]bool) error {
	check := func(f form, label model.Label) error {
		for _, t := range f.Terms {
			if !known[t.Of] || math.IsNaN(t.Factor) || math.IsInf(t.Factor, 0) {
				return fmt.Errorf("%s reads %s", label.What, formText(f))
			}
		}
		return nil
	}
	for _, h := range p.heads {
		forms := h.forms()
		for _, v := range h.values {
			forms = append(forms, v.value)
		}
		for _, f := range forms {
			if err := check(f, h.label); err != nil {
				return err
			}
		}
	}
	for _, n := range p.neurons {
		if err := check(n.in, n.label); err != nil {
			return err
		}
	}
	for _, o := range p.outputs {
		for _, f := range o.logits {
			if err := check(f, model.Label{What: "output " + o.name}); err != nil {
				return err
			}
		}
	}
	return nil
}
