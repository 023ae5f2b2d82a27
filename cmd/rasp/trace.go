package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/compiler/inside"
	"rasp/lang/diag"
	"rasp/lang/spell"
	"rasp/lang/value"
	"rasp/runtime/model"
)

type traceFlags struct {
	layer    int
	head     string
	position int
	name     string
	json     bool
	domain   domainFlags
}

func traceCommand() *cobra.Command {
	var f traceFlags
	cmd := &cobra.Command{
		Use:   "trace FILE INPUT",
		Short: "Show what a model does on an input, head by head, in the names of the program",
		Long: `Show what a model does on an input, head by head, in the names of the program.

FILE is a compiled model (.safetensors), a program (.rasp) or the name of a
ready-made program (rasp list); these are compiled in memory. For each layer: of
each head what each position attends to, BOS left out unless the head counts
beside it, and of each s-op what the model holds, and what the program says where that is not the same. A ~ stands
where the model does not tell the value from some others.`,
		Example: `  rasp trace sort cabbage
  rasp trace model.safetensors abcab --layer 0 --head 0.1 --position 3`,
		Args: func(cmd *cobra.Command, args []string) error {
			if err := files("FILE", 2)(cmd, args); err != nil || len(args) == 2 {
				return err
			}
			return usagef("an INPUT is text, such as hello, or a JSON list", "the INPUT is missing")
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0], args[1]) },
	}
	cmd.Flags().IntVar(&f.layer, "layer", -1, "only this layer, from 0")
	cmd.Flags().StringVar(&f.head, "head", "", "only this head: LAYER.HEAD, from 0")
	cmd.Flags().IntVar(&f.position, "position", -1, "only this position, from 0")
	cmd.Flags().StringVar(&f.name, "name", "", "only what has this in its name")
	cmd.Flags().BoolVar(&f.json, "json", false, "print one JSON object, with scores and all numbers")
	f.domain.register(cmd)
	return cmd
}

func (f *traceFlags) run(cmd *cobra.Command, file, text string) error {
	x, input, err := openInside(cmd, &f.domain, file, text)
	if err != nil {
		return err
	}
	if err := f.check(cmd, x, len(input)); err != nil {
		return err
	}
	t, err := f.traced(x, input)
	if err != nil {
		return err
	}
	f.filter(t)
	if f.json {
		return writeJSON(cmd.OutOrStdout(), t)
	}
	p := tracePrinter{traceFlags: f, trace: t, color: wantsColor(cmd.OutOrStdout())}
	p.print()
	if !p.color {
		return writeText(cmd.OutOrStdout(), p.String())
	}
	_, err = io.WriteString(cmd.OutOrStdout(), ownStyles.Replace(diag.VisibleLines(p.String())))
	return err
}

// check reports what flags ask for that the model or the input does not have.
func (f *traceFlags) check(cmd *cobra.Command, x *inside.Model, length int) error {
	given := cmd.Flags().Changed
	layers, positions := diag.Count(x.Layers, "layer"), diag.Count(length, "token")
	switch {
	case given("layer") && (f.layer < 0 || f.layer >= x.Layers):
		return usagef("", "--layer: the model has %s, counted from 0, and no %d", layers, f.layer)
	case given("position") && (f.position < 0 || f.position >= length):
		return usagef("", "--position: the input has %s, counted from 0, and no %d", positions, f.position)
	case given("head"):
		l, _, ok := x.Head(f.head)
		if !ok {
			return usagef("a head is LAYER.HEAD, such as 0.0", "--head: the model has %s of %s, counted from 0, and no %s", layers, diag.Count(x.Heads, "head"), f.head)
		}
		if given("layer") && l != f.layer {
			return usagef("", "--head %s is not in --layer %d", f.head, f.layer)
		}
	}
	if f.name != "" && !slices.ContainsFunc(x.PartNames(), func(name string) bool { return strings.Contains(name, f.name) }) {
		hint := "rasp info --json has all names"
		if near := spell.Nearest(f.name, x.PartNames()); near != "" {
			hint = "did you mean " + near + "?"
		}
		return usagef(hint, "--name: nothing in the model has %q in its name", f.name)
	}
	return nil
}

// traced is the trace that is asked for.
func (f *traceFlags) traced(x *inside.Model, input []value.Value) (*inside.Trace, error) {
	if f.position >= 0 {
		return x.TraceAt(input, f.position)
	}
	return x.Trace(input)
}

// openInside makes a FILE a model beside its program, and reads an input for it.
func openInside(cmd *cobra.Command, d *domainFlags, file, text string) (*inside.Model, []value.Value, error) {
	m, err := d.model(cmd, file, "")
	if err != nil {
		return nil, nil, err
	}
	x, err := inside.New(m)
	if err != nil {
		return nil, nil, err
	}
	input, err := open.InputOf(m, text)
	return x, input, err
}

// filter leaves what the flags ask for.
func (f *traceFlags) filter(t *inside.Trace) {
	named := func(names ...string) bool {
		return f.name == "" || slices.ContainsFunc(names, func(n string) bool { return strings.Contains(n, f.name) })
	}
	ofSOp := func(h inside.Holding) bool { return !named(append(h.Dims, h.SOp)...) }
	if f.layer >= 0 || f.head != "" {
		t.Given = []inside.Holding{}
		t.Layers = slices.DeleteFunc(t.Layers, func(l inside.LayerTrace) bool {
			return f.layer >= 0 && l.Layer != f.layer || f.head != "" && !strings.HasPrefix(f.head, fmt.Sprintf("%d.", l.Layer))
		})
	}
	t.Given = slices.DeleteFunc(t.Given, ofSOp)
	for i := range t.Layers {
		l := &t.Layers[i]
		l.Heads = slices.DeleteFunc(l.Heads, func(h inside.HeadTrace) bool {
			return !named(append(h.Brings, h.Name, h.SOp)...) || f.head != "" && f.head != fmt.Sprintf("%d.%d", l.Layer, h.Head)
		})
		l.Neurons = slices.DeleteFunc(l.Neurons, func(n inside.NeuronTrace) bool {
			return !named(append(n.Writes, n.Name)...) || f.head != "" || f.position >= 0 && n.Active[f.position] == 0
		})
		l.Held = slices.DeleteFunc(l.Held, func(h inside.Holding) bool { return ofSOp(h) || f.head != "" })
	}
}

// tracePrinter writes a trace for people.
type tracePrinter struct {
	*traceFlags
	trace *inside.Trace
	color bool
	strings.Builder
}

// ownStyles undoes, for the styles of a trace, that control characters are shown and not
// obeyed.
var ownStyles = strings.NewReplacer(
	diag.Visible(bold), bold, diag.Visible(dim), dim, diag.Visible(red), red, diag.Visible(plain), plain)

func (p *tracePrinter) in(style, text string) string {
	if !p.color {
		return text
	}
	return style + text + plain
}

func (p *tracePrinter) line(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

func (p *tracePrinter) print() {
	if p.trace.Fault != "" {
		p.line("the program fails on this input: %s", p.trace.Fault)
	}
	p.holdings(p.trace.Given)
	for _, l := range p.trace.Layers {
		p.line("%s", p.in(bold, fmt.Sprintf("layer %d", l.Layer)))
		split := false
		for _, h := range l.Heads {
			p.head(l.Layer, h)
			split = split || h.Parts > 1
		}
		if split {
			p.line("  %s", p.in(dim, "a head selects by conditions that all hold; where one of several is enough, each part of what they select has a head"))
		}
		p.neurons(l.Neurons)
		p.holdings(l.Held)
	}
	for _, o := range p.trace.Outputs {
		text := p.row(o.Model)
		if len(o.Differ) > 0 {
			text += p.in(red, "   program: "+p.row(o.Program))
		}
		p.line("%s %s = %s", p.in(bold, "output"), o.Name, text)
	}
	p.where()
}

// where shows what names of the program mean.
func (p *tracePrinter) where() {
	width := 0
	for _, d := range p.trace.Where {
		width = max(width, len([]rune(d.Name)))
	}
	for i, d := range p.trace.Where {
		begin := "where"
		if i > 0 {
			begin = "     "
		}
		is := "= " + d.Is
		if d.Is == "" {
			is = "in " + d.In
		}
		p.line("%s %-*s %s%s", begin, width, d.Name, is, p.in(dim, "   ("+lineText(d.Text)+")"))
	}
}

// lineText is the line of a text, and in what file.
func lineText(t inside.Text) string {
	if t.File == "" {
		return fmt.Sprintf("line %d", t.Line)
	}
	return fmt.Sprintf("line %d of %s", t.Line, t.File)
}

// mostValues and mostRows are how many positions are shown of a long input.
const mostValues, mostRows = 64, 32

// row shows tokens, only one if that is asked for.
func (p *tracePrinter) row(tokens []model.Token) string {
	return p.values(len(tokens), func(i int) string { return inside.TokenText(tokens[i]) })
}

// values shows what there is at each position, or at the one that is asked for.
func (p *tracePrinter) values(n int, text func(position int) string) string {
	if p.position >= 0 {
		return text(p.position)
	}
	var list []string
	for i := range min(n, mostValues) {
		list = append(list, text(i))
	}
	if n > mostValues {
		list = append(list, fmt.Sprintf("and %d more (--position)", n-mostValues))
	}
	return strings.Join(list, " ")
}

// holdings shows s-ops, a line each.
func (p *tracePrinter) holdings(list []inside.Holding) {
	width := 0
	for _, h := range list {
		width = max(width, len([]rune(h.SOp)))
	}
	for _, h := range list {
		held := p.values(len(h.Model), func(i int) string { return p.held(h, i) })
		about := ""
		switch at := lineText(h.Text); {
		case h.Line > 0 && h.Is != "":
			about = fmt.Sprintf("   (%s: %s)", at, h.Is)
		case h.Line > 0 && h.In != "":
			about = fmt.Sprintf("   (%s, in %s)", at, h.In)
		case h.Line > 0:
			about = fmt.Sprintf("   (%s)", at)
		}
		p.line("  %-*s  %s%s", width, h.SOp, held, p.in(dim, about))
	}
}

// held is what is held of an s-op at a position, and what the program says if that is
// something else.
func (p *tracePrinter) held(h inside.Holding, i int) string {
	text := h.Model[i].String()
	if len(h.Model[i].Values) > 1 && h.Program != nil {
		text = inside.TokenText(h.Program[i]) + "~"
	}
	if slices.Contains(h.Differ, i) {
		text = p.in(red, fmt.Sprintf("%s (program %s)", text, inside.TokenText(h.Program[i])))
	}
	return text
}

// head shows what each position attends to: each key's share of what is not BOS's, or, where
// the head counts by it, that of BOS too.
func (p *tracePrinter) head(l int, h inside.HeadTrace) {
	what := fmt.Sprintf("  head %d.%d %s `%s`", l, h.Head, h.Kind, h.Selector)
	if h.Parts > 1 {
		what += fmt.Sprintf(", part %d of %d", h.Part, h.Parts)
	}
	if h.SOp != "" {
		what += fmt.Sprintf(", for `%s`", h.SOp)
	}
	beside := h.Kind == "counts"
	if beside {
		what += ": brings " + strings.Join(h.Brings, ", ")
	}
	p.line("%s", what)
	shown := 0
	for r, query := range h.Queries {
		if query == 0 {
			continue
		}
		if shown++; shown > mostRows {
			p.line("    and %d more (--position)", len(p.trace.Input)-mostRows)
			break
		}
		p.line("    %2d %-4s <- %s", query-1, inside.TokenText(p.trace.Input[query-1]), p.attended(h.Weights[r], beside))
	}
}

// bars from nothing to all.
var bars = []rune("▁▂▃▄▅▆▇█")

// attended lists the keys with the largest shares, with that of BOS beside them or without.
func (p *tracePrinter) attended(weights []float32, beside bool) string {
	const most, least = 8, 1e-3
	total := float32(0)
	if beside {
		total = weights[0]
	}
	for _, w := range weights[1:] {
		total += w
	}
	if total != total {
		return p.in(red, "no numbers")
	}
	var keys []int
	for j, w := range weights[1:] {
		if total > 1e-20 && w/total >= least {
			keys = append(keys, j)
		}
	}
	if len(keys) == 0 {
		return p.in(dim, "nothing")
	}
	slices.SortStableFunc(keys, func(a, b int) int {
		switch x, y := weights[a+1], weights[b+1]; {
		case x > y*(1+least):
			return -1
		case y > x*(1+least):
			return 1
		}
		return 0
	})
	var list []string
	for _, j := range keys[:min(most, len(keys))] {
		share := weights[j+1] / total
		list = append(list, fmt.Sprintf("%s %d %s %.2g", block(share), j, inside.TokenText(p.trace.Input[j]), share))
	}
	if len(keys) > most {
		list = append(list, fmt.Sprintf("and %d more", len(keys)-most))
	}
	if beside {
		list = append(list, fmt.Sprintf("%s BOS %.2g", block(weights[0]/total), weights[0]/total))
	}
	return strings.Join(list, "  ")
}

// block is the bar of a share.
func block(share float32) string {
	return string(bars[min(len(bars)-1, int(share*float32(len(bars))))])
}

// neurons shows the most active ones.
func (p *tracePrinter) neurons(list []inside.NeuronTrace) {
	const most = 3
	if len(list) == 0 {
		return
	}
	shown, which := list, ""
	if p.name == "" && len(list) > most {
		shown, which = list[:most], fmt.Sprintf(", these %d the most", most)
	}
	p.line("  %s active%s", diag.Count(len(list), "neuron"), which)
	for _, n := range shown {
		p.line("    %d `%s`: %s", n.Neuron, n.Name, p.active(n.Active))
	}
}

// active shows where a neuron is active, and how much.
func (p *tracePrinter) active(at []float32) string {
	var list []string
	for i, a := range at {
		if a != 0 && (p.position < 0 || p.position == i) {
			list = append(list, fmt.Sprintf("%.3g at %d", a, i))
		}
	}
	if len(list) > mostRows {
		list = append(list[:mostRows], fmt.Sprintf("and %d more", len(list)-mostRows))
	}
	return strings.Join(list, ", ")
}
