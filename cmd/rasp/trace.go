package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/compiler/inside"
	"rasp/lang/diag"
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
each head what each position attends to, BOS left out, and of each s-op what the
model holds, and what the program says where that is not the same. A ~ stands
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
	if f.layer >= x.Layers {
		return usagef("", "--layer: the model has %d layers, counted from 0", x.Layers)
	}
	if f.position >= len(input) {
		return usagef("", "--position: the input has %d tokens, counted from 0", len(input))
	}
	t, err := x.Trace(input)
	if err != nil {
		return diag.Errorf(diag.Span{}, diag.Domain, "%s", err)
	}
	f.filter(t)
	if f.json {
		return writeJSON(cmd.OutOrStdout(), t)
	}
	p := tracePrinter{traceFlags: f, trace: t, color: terminal(cmd.OutOrStdout()) != nil && wantsColor()}
	p.print()
	return writeText(cmd.OutOrStdout(), p.String())
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

const (
	bold, dim, red, plain = "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[0m"
)

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
	p.holdings("  ", p.trace.Given)
	for _, l := range p.trace.Layers {
		p.line("%s", p.in(bold, fmt.Sprintf("layer %d", l.Layer)))
		for _, h := range l.Heads {
			p.head(l.Layer, h)
		}
		p.neurons(l.Neurons)
		p.holdings("  ", l.Held)
	}
	for _, o := range p.trace.Outputs {
		text := p.row(o.Model)
		if o.Program != nil && !slices.Equal(o.Model, o.Program) {
			text += p.in(red, "   program: "+p.row(o.Program))
		}
		p.line("%s %s = %s", p.in(bold, "output"), o.Name, text)
	}
}

// row shows tokens, only one if that is asked for.
func (p *tracePrinter) row(tokens []model.Token) string {
	var list []string
	for i, t := range tokens {
		if p.position < 0 || p.position == i {
			list = append(list, strings.Trim(string(t), `"`))
		}
	}
	return strings.Join(list, " ")
}

// holdings shows s-ops, a line each.
func (p *tracePrinter) holdings(indent string, list []inside.Holding) {
	width := 0
	for _, h := range list {
		width = max(width, len([]rune(h.SOp)))
	}
	for _, h := range list {
		var held []string
		for i, r := range h.Model {
			if p.position < 0 || p.position == i {
				text := strings.Trim(r.String(), `"`)
				if len(r.Values) > 1 && h.Program != nil {
					text = strings.Trim(string(h.Program[i]), `"`) + "~"
				}
				if slices.Contains(h.Differ, i) {
					text = p.in(red, fmt.Sprintf("%s (program %s)", text, h.Program[i]))
				}
				held = append(held, text)
			}
		}
		line := ""
		if h.Line > 0 {
			line = p.in(dim, fmt.Sprintf("   (line %d)", h.Line))
		}
		p.line("%s%-*s  %s%s", indent, width, h.SOp, strings.Join(held, " "), line)
	}
}

// head shows what each position attends to: each key's share of what is not BOS's.
func (p *tracePrinter) head(l int, h inside.HeadTrace) {
	what := fmt.Sprintf("  head %d.%d %s %s", l, h.Head, h.Kind, h.Selector)
	if h.SOp != "" {
		what += ", for " + h.SOp
	}
	p.line("%s", what)
	for q, weights := range h.Weights[1:] {
		if p.position >= 0 && p.position != q {
			continue
		}
		p.line("    %2d %-4s <- %s", q, strings.Trim(string(p.trace.Input[q]), `"`), p.attended(weights))
	}
}

// bars from nothing to all.
var bars = []rune("▁▂▃▄▅▆▇█")

// attended lists the keys with the largest shares.
func (p *tracePrinter) attended(weights []float32) string {
	const most, least = 8, 1e-3
	total := float32(0)
	for _, w := range weights[1:] {
		total += w
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
		bar := string(bars[min(len(bars)-1, int(share*float32(len(bars))))])
		list = append(list, fmt.Sprintf("%s %d %s %.2g", bar, j, strings.Trim(string(p.trace.Input[j]), `"`), share))
	}
	if len(keys) > most {
		list = append(list, fmt.Sprintf("and %d more", len(keys)-most))
	}
	return strings.Join(list, "  ")
}

// neurons shows the most active ones.
func (p *tracePrinter) neurons(list []inside.NeuronTrace) {
	const most = 3
	if len(list) == 0 {
		return
	}
	shown := list
	if p.name == "" {
		shown = list[:min(most, len(list))]
	}
	p.line("  %s active%s", diag.Count(len(list), "neuron"), map[bool]string{true: ", the most:", false: ":"}[len(shown) < len(list)])
	for _, n := range shown {
		var at []string
		for i, a := range n.Active {
			if a > 0 && (p.position < 0 || p.position == i) {
				at = append(at, fmt.Sprintf("%d: %.3g", i, a))
			}
		}
		p.line("    %d  %s at %s", n.Neuron, n.Name, strings.Join(at, ", "))
	}
}
