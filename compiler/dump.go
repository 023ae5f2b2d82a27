package compiler

import (
	"fmt"
	"io"
	"strings"

	"rasp/lang/graph"
)

func (c *compilation) dumpValues(w io.Writer) {
	for _, n := range graph.Reachable(c.roots...) {
		fmt.Fprint(w, n.String())
		if r := c.analysis.table(n); r != nil {
			if r.unbounded {
				fmt.Fprint(w, "  : too many numbers to list")
			} else {
				fmt.Fprintf(w, "  : %d values over %s", len(r.values), variablesText(r.vars))
			}
		}
		fmt.Fprintln(w)
	}
}

func variablesText(vars []*variable) string {
	names := []string{}
	for _, v := range vars {
		switch v.kind {
		case tokenVariable:
			names = append(names, "token")
		case positionVariable:
			names = append(names, "position")
		case lengthVariable:
			names = append(names, "length")
		default:
			names = append(names, fmt.Sprintf("%%%d", v.node.ID))
		}
	}
	return "(" + strings.Join(names, ", ") + ")"
}

func (c *compilation) dumpPlan(w io.Writer) {
	for _, col := range c.plan.columns {
		fmt.Fprintf(w, "dim %d, time %d: %s %s\n", col.dim, col.when, col.label.Name, col.label.What)
	}
	for _, h := range c.plan.heads {
		fmt.Fprintf(w, "layer %d: %s %s: %d dimensions, %d values\n", h.layer, h.label.Name, h.label.What, len(h.dims)+1, len(h.values))
	}
	for _, n := range c.plan.neurons {
		fmt.Fprintf(w, "layer %d: neuron %s %s = relu(%s) -> %s\n", n.layer, n.label.Name, n.label.What, formText(n.in), formText(form{Terms: n.outs}))
	}
}

func formText(f form) string {
	var terms []string
	for _, t := range f.Terms {
		terms = append(terms, fmt.Sprintf("%g*d%d", t.Factor, t.Of.dim))
	}
	if f.Constant != 0 || len(terms) == 0 {
		terms = append(terms, fmt.Sprintf("%g", f.Constant))
	}
	return strings.Join(terms, " + ")
}

func (c *compilation) dumpModel(w io.Writer) {
	m := c.model
	fmt.Fprintf(w, "layers %d, heads %d, d_model %d, d_head %d, d_mlp %d\n", m.Layers, m.Heads, m.DModel, m.DHead, m.DMLP)
	fmt.Fprintln(w, m.Certificate.Claim)
}
