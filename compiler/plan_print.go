package compiler

import (
	"fmt"
	"io"
	"strings"
)

// print writes the columns in the order of time, then what each layer has.
func (p *plan) print(w io.Writer) error {
	out := printer{to: w}
	for _, c := range p.columns {
		out.line("%s  dim %d: %s", timeText(c.when), c.dim, labelText(c.label.Name, c.label.What))
	}
	for _, h := range p.heads {
		out.line("layer %d head: %s", h.layer, labelText(h.label.Name, h.label.What))
		out.line("  score %g for a selected key, BOS %g", h.base, h.sink)
		for _, d := range h.dims {
			out.line("  query %s, key %s", formText(d.query), formText(d.key))
		}
		for _, v := range h.values {
			out.line("  %s %s, BOS %g -> d%d", v.kind, formText(v.value), v.bos, v.out.dim)
		}
	}
	for _, n := range p.neurons {
		out.line("layer %d neuron: relu(%s) -> %s  # %s", n.layer, formText(n.in), formText(form{Terms: n.outs}), labelText(n.label.Name, n.label.What))
	}
	for _, o := range p.outputs {
		for i, f := range o.logits {
			class := ""
			if i < len(o.classes) {
				class = " of " + string(o.classes[i])
			}
			out.line("output %s: logit%s = %s", o.name, class, formText(f))
		}
	}
	return out.err
}

// printer keeps the first error.
type printer struct {
	to  io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.to, format+"\n", args...)
	}
}

// timeText names a half layer.
func timeText(t int) string {
	switch {
	case t == 0:
		return "embedding"
	case t%2 == 1:
		return fmt.Sprintf("layer %d attention", (t+1)/2)
	}
	return fmt.Sprintf("layer %d MLP", t/2)
}

func labelText(name, what string) string {
	if name == "" || strings.Contains(what, name) {
		return what
	}
	return name + ": " + what
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

// String names what a head does with a value.
func (b bringing) String() string {
	return [...]string{"copies", "averages", "any of", "adds up"}[b]
}
