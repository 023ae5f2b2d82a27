package plan

import (
	"fmt"
	"io"
	"strings"
)

// Print writes the columns in the order of time, then what each layer has.
func (p *Plan) Print(w io.Writer) error {
	out := printer{to: w}
	for _, c := range p.Columns {
		out.line("%s  dim %d: %s", TimeText(c.When), c.Dim, LabelText(c.Label.Name, c.Label.What))
	}
	for _, h := range p.Heads {
		out.line("layer %d head: %s", h.Layer, LabelText(h.Label.Name, h.Label.What))
		out.line("  score %g for a selected key, BOS %g", h.Base, h.Sink)
		for _, d := range h.Dims {
			out.line("  query %s, key %s", FormText(d.Query), FormText(d.Key))
		}
		for _, v := range h.Values {
			out.line("  %s %s, BOS %g -> d%d", v.Kind, FormText(v.Value), v.Bos, v.Out.Dim)
		}
	}
	for _, n := range p.Neurons {
		out.line("layer %d neuron: relu(%s) -> %s  # %s", n.Layer, FormText(n.In), FormText(Form{Terms: n.Outs}), LabelText(n.Label.Name, n.Label.What))
	}
	for _, o := range p.Outputs {
		for i, f := range o.Logits {
			class := ""
			if i < len(o.Classes) {
				class = " of " + string(o.Classes[i])
			}
			out.line("output %s: logit%s = %s", o.Name, class, FormText(f))
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

// TimeText names a half layer.
func TimeText(t int) string {
	switch {
	case t == 0:
		return "embedding"
	case t%2 == 1:
		return fmt.Sprintf("layer %d attention", (t+1)/2)
	}
	return fmt.Sprintf("layer %d MLP", t/2)
}

func LabelText(name, what string) string {
	if name == "" || strings.Contains(what, name) {
		return what
	}
	return name + ": " + what
}

func FormText(f Form) string {
	var terms []string
	for _, t := range f.Terms {
		terms = append(terms, fmt.Sprintf("%g*d%d", t.Factor, t.Of.Dim))
	}
	if f.Constant != 0 || len(terms) == 0 {
		terms = append(terms, fmt.Sprintf("%g", f.Constant))
	}
	return strings.Join(terms, " + ")
}

// String names what a head does with a value.
func (b Bringing) String() string {
	return [...]string{"copies", "averages", "any of", "adds up", "counts", "adds up"}[b]
}
