// Package explain says in words what each layer of a plan does, and why it is there.
package explain

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"rasp/compiler/plan"
	"rasp/lang/diag"
	"rasp/runtime/model"
)

// Write says what each layer of the model does and why it is there: its
// heads, its neurons in groups that write the same number, and the step of the
// longest chain that the layer is needed for. Names are the user's, with the
// line of the program.
//
// depth is the longest chain of aggregates in the program.
func Write(w io.Writer, p *plan.Plan, depth int) error {
	e := explainer{plan: p, chain: longestChain(p)}
	e.heads, e.neurons = p.ByLayer()
	layers := p.Layers()
	e.line("%s for a program whose aggregates stand %d deep", diag.Count(layers, "layer"), depth)
	e.line("")
	e.embedding()
	for l := range layers {
		e.line("")
		e.layer(l + 1)
	}
	e.line("")
	e.readOuts()
	_, err := io.WriteString(w, e.text.String())
	return err
}

// link is a step of a chain: what at time when reads column from.
type link struct {
	when  int
	label model.Label
	from  *plan.Column
}

// longestChain follows the last column that an output reads back to the
// embedding: at each step the one that was there last. Without it the model
// would be shorter.
func longestChain(p *plan.Plan) []link {
	writers := map[*plan.Column]link{}
	latest := func(to *plan.Column, label model.Label, forms ...plan.Form) {
		l := link{when: to.When, label: label, from: plan.LastOf(forms...)}
		if old, ok := writers[to]; !ok || l.from != nil && (old.from == nil || l.from.When > old.from.When) {
			writers[to] = l
		}
	}
	for _, h := range p.Heads {
		forms := h.Forms()
		for _, v := range h.Values {
			latest(v.Out, h.Label, append(slices.Clone(forms), v.Value)...)
		}
	}
	for _, n := range p.Neurons {
		for _, o := range n.Outs {
			latest(o.Of, o.Of.Label, n.In)
		}
	}
	var last *plan.Column
	for _, o := range p.Outputs {
		if c := plan.LastOf(o.Logits...); c != nil && (last == nil || c.When > last.When) {
			last = c
		}
	}
	var chain []link
	for last != nil && last.When > 0 {
		l := writers[last]
		chain = append(chain, l)
		last = l.from
	}
	slices.Reverse(chain)
	return chain
}

// explainer writes the explanation of a plan.
type explainer struct {
	plan    *plan.Plan
	chain   []link
	heads   [][]*plan.Head
	neurons [][]*plan.Neuron
	text    strings.Builder
}

func (e *explainer) line(format string, args ...any) {
	fmt.Fprintf(&e.text, format, args...)
	e.text.WriteByte('\n')
}

// embedding lists the dimensions by what they are codes of.
func (e *explainer) embedding() {
	e.line("embedding")
	of := func(c *plan.Column) (string, bool) {
		switch {
		case len(c.Tokens) > 0:
			return "codes of the token", c.When == 0
		case len(c.Positions) > 0:
			return "codes of the position", c.When == 0
		}
		return what(c.Label), c.When == 0
	}
	for _, g := range grouped(e.plan.Columns, of) {
		dims := make([]int, len(g.of))
		for i, c := range g.of {
			dims[i] = c.Dim
		}
		e.line("  %s: dim %s", g.name, ranges(dims))
	}
}

func (e *explainer) layer(l int) {
	if len(e.heads[l-1]) == 0 {
		e.line("layer %d, for its MLP alone", l)
	} else {
		e.line("layer %d", l)
	}
	e.needed(l)
	for i, h := range e.heads[l-1] {
		e.line("  head %d: %s, d_head %d%s", i, what(h.Label), len(h.Dims)+1, e.apart(l, h))
		for _, v := range grouped(h.Values, func(v plan.Value) (string, bool) { return subject(e.plan, v.Out.Label), true }) {
			dims, labels := make([]int, len(v.of)), make([]model.Label, len(v.of))
			for j, x := range v.of {
				dims[j], labels[j] = x.Out.Dim, x.Out.Label
			}
			e.line("    brings %s: dim %s", named(e.plan, labels), ranges(dims))
		}
	}
	e.groups(l)
}

// apart tells a head from namesakes of its layer, which are over keys that a
// function of the program computed in several calls: by the dims that it reads.
func (e *explainer) apart(l int, h *plan.Head) string {
	namesakes := 0
	for _, other := range e.heads[l-1] {
		if other.Label == h.Label {
			namesakes++
		}
	}
	if namesakes < 2 {
		return ""
	}
	var dims []int
	for _, f := range h.Forms() {
		for _, t := range f.Terms {
			if t.Of.When > 0 {
				dims = append(dims, t.Of.Dim)
			}
		}
	}
	return ", reads dim " + ranges(dims)
}

// needed says which steps of the longest chain are taken in layer l.
func (e *explainer) needed(l int) {
	for _, step := range e.chain {
		switch {
		case step.when != 2*l-1 && (step.when != 2*l || step.from != nil && step.from.When == 2*l-1):
		case step.when == 2*l && (step.from == nil || step.from.When == 0):
			e.line("  needed because %s is not a sum of what token and position say by themselves", what(step.label))
		case step.from == nil || step.from.When == 0:
			e.line("  needed to look at other positions: %s", what(step.label))
		case step.when == 2*l-1:
			e.line("  needed because %s reads %s, written in layer %d", what(step.label), what(step.from.Label), (step.from.When+1)/2)
		default:
			e.line("  needed because the MLP of layer %d wrote %s, and what is computed from that takes another", (step.from.When+1)/2, what(step.from.Label))
		}
	}
}

// groups lists the neurons of a layer by what they write.
func (e *explainer) groups(l int) {
	place := map[*plan.Neuron]int{}
	for i, n := range e.neurons[l-1] {
		place[n] = i
	}
	for _, g := range grouped(e.neurons[l-1], func(n *plan.Neuron) (string, bool) { return subjectsOf(e.plan, n), true }) {
		places, reads := make([]int, len(g.of)), plan.Form{}
		var dims []int
		var written []model.Label
		for i, n := range g.of {
			places[i] = place[n]
			reads.Terms = append(reads.Terms, n.In.Terms...)
			for _, o := range n.Outs {
				dims, written = append(dims, o.Of.Dim), append(written, o.Of.Label)
			}
		}
		noun := "neurons"
		if len(places) == 1 {
			noun = "neuron"
		}
		e.line("  %s %s: write %s: dim %s", noun, ranges(places), named(e.plan, written), ranges(dims))
		e.line("    from %s", readBy(e.plan, reads))
	}
}

func (e *explainer) readOuts() {
	for _, o := range e.plan.Outputs {
		all := plan.Form{}
		for _, f := range o.Logits {
			all.Terms = append(all.Terms, f.Terms...)
		}
		from := readBy(e.plan, all)
		if from == "" {
			from = "nothing: it is constant"
		}
		e.line("read-out %s: %s", o.Name, diag.Count(len(o.Logits), "logit"))
		e.line("    from %s", from)
	}
}

// subject is what a label is about, whichever function of it.
func subject(p *plan.Plan, l model.Label) string {
	if about, ok := p.Subjects[l.What]; ok {
		l.What = about
	}
	return what(l)
}

// subjectsOf names what a neuron writes.
func subjectsOf(p *plan.Plan, n *plan.Neuron) string {
	var names []string
	for _, o := range n.Outs {
		if name := subject(p, o.Of.Label); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// readBy names what a form reads.
func readBy(p *plan.Plan, f plan.Form) string {
	labels := make([]model.Label, len(f.Terms))
	for i, t := range f.Terms {
		labels[i] = t.Of.Label
	}
	return named(p, labels)
}

// named lists labels, those about one thing together: the function if it is one,
// the thing if there are several.
func named(p *plan.Plan, labels []model.Label) string {
	var names []string
	for _, g := range grouped(labels, func(l model.Label) (string, bool) { return subject(p, l), true }) {
		name, first := g.name, what(g.of[0])
		if !slices.ContainsFunc(g.of, func(l model.Label) bool { return what(l) != first }) {
			name = first
		}
		names = append(names, name)
	}
	return some(names)
}

// some joins names, only the first few of many.
func some(names []string) string {
	const most = 4
	if len(names) > most+1 {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}

// what is a label in words: the user's name first, if the text lacks it, and
// the line.
func what(l model.Label) string {
	text := plan.LabelText(l.Name, l.What)
	if l.Line > 0 {
		text += fmt.Sprintf(" (line %d)", l.Line)
	}
	return text
}

// namesakes are what has one name.
type namesakes[T any] struct {
	name string
	of   []T
}

// grouped sorts items by name, in the order in which the names come up.
func grouped[T any](items []T, name func(T) (string, bool)) []*namesakes[T] {
	var list []*namesakes[T]
	known := map[string]*namesakes[T]{}
	for _, x := range items {
		key, ok := name(x)
		if !ok {
			continue
		}
		g := known[key]
		if g == nil {
			g = &namesakes[T]{name: key}
			known[key] = g
			list = append(list, g)
		}
		g.of = append(g.of, x)
	}
	return list
}

// ranges writes numbers as 1-3,5.
func ranges(numbers []int) string {
	numbers = slices.Compact(slices.Sorted(slices.Values(numbers)))
	var parts []string
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		part := fmt.Sprint(numbers[i])
		if j > i {
			part += fmt.Sprintf("-%d", numbers[j])
		}
		parts = append(parts, part)
		i = j + 1
	}
	return strings.Join(parts, ",")
}
