package main

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/runtime/atomicfile"
	"rasp/runtime/circuit"
	"rasp/runtime/circuit/format"
	"rasp/runtime/model"
)

type circuitFlags struct {
	format  string
	truth   string
	out     string
	outputs string
	pairs   int
	seed    uint64
	check   int
	input   string
	domain  domainFlags
}

func circuitCommand() *cobra.Command {
	var f circuitFlags
	cmd := &cobra.Command{
		Use:   "circuit FILE",
		Short: "Show the circuit of a model: which part reads what of which other",
		Long: `Show the circuit of a model: which part reads what of which other.

FILE is a model (.safetensors) or a program, which is compiled first. The circuit
is read off the weights: nodes are the embedding (input), heads (a0.h1: layer 0,
head 1), MLPs (m0) and logits; an edge is what one writes and another reads
directly, of a head into its queries, keys or values.

Of each edge three things are asked:

  static     weights join the two; without that nothing flows
  moving     what flows differs for two inputs of the same length
  necessary  an output changes if what flows is that of another input

That an edge does not move is proved by the weights; that one moves or is
necessary is shown by two inputs (--format json has them). Where none of --pairs
do, the edge counts as moving, since it may, and not as necessary.`,
		Example: `  rasp circuit sort --length 8
  rasp circuit model.safetensors --format eap -o circuit.json`,
		Args: files("FILE", 1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.format, "format", "", "how to write it: "+formatNames()+" (default: a table)")
	flags.StringVar(&f.truth, "truth", "", "which edges: static, moving or necessary (default: static in the table and in json, else moving)")
	flags.StringVarP(&f.out, "out", "o", "", "the file to write")
	flags.StringVar(&f.outputs, "output", "", "s-ops to compile, separated by commas (default: #rasp:output, else the last one assigned)")
	flags.StringVar(&f.input, "input", "", "of "+attributionFormat+": the input whose graph is written, plain text or a JSON list")
	flags.IntVar(&f.pairs, "pairs", 500, "pairs of inputs to try on each edge")
	flags.IntVar(&f.check, "check", 0, "cut all edges outside the circuit on so many other pairs, and say on how many an output changes")
	flags.Uint64Var(&f.seed, "seed", 1, "of the pairs")
	f.domain.register(cmd)
	return cmd
}

// Formats that package format does not have: attributionFormat is of an input, and
// paintedFormat is svg, painted.
const (
	attributionFormat = "neuronpedia"
	paintedFormat     = "png"
)

func formatNames() string {
	var names []string
	for _, f := range format.All {
		names = append(names, f.Name)
	}
	return strings.Join(append(names, paintedFormat, attributionFormat), ", ")
}

func (f *circuitFlags) run(cmd *cobra.Command, file string) error {
	write, truth, err := f.choices(cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	m, err := f.domain.model(cmd, file, f.outputs)
	if err != nil {
		return err
	}
	if f.format == attributionFormat {
		input, err := open.IDs(m, f.input)
		if err != nil {
			return err
		}
		if len(input) > format.LongestAttribution {
			return open.Faultf(diag.Limit, "links take the square of the length", "the input has %d tokens, and graphs are written of up to %d", len(input), format.LongestAttribution)
		}
		write = func(to io.Writer, g *circuit.Graph, t circuit.Truth) error {
			return format.WriteAttribution(to, m, g, t, strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)), input)
		}
	}
	pairs, err := open.Pairs(m)
	if err != nil {
		return err
	}
	g, err := f.find(cmd, m, pairs)
	if err != nil {
		return err
	}
	if err := f.write(cmd.OutOrStdout(), func(to io.Writer) error { return write(to, g, truth) }); err != nil {
		return err
	}
	if f.check == 0 {
		return nil
	}
	return f.faithful(cmd, m, g, truth, pairs)
}

// choices are the format and the truth that the flags ask for. Writing may warn.
func (f *circuitFlags) choices(warn io.Writer) (write func(io.Writer, *circuit.Graph, circuit.Truth) error, t circuit.Truth, err error) {
	t = circuit.Moving
	write = printCircuit
	if f.format == "" || f.format == "json" {
		t = circuit.Static
	}
	switch f.format {
	case "", attributionFormat:
	case paintedFormat:
		write = func(to io.Writer, g *circuit.Graph, t circuit.Truth) error { return paintCircuit(to, warn, g, t) }
	default:
		known, found := format.Named(f.format)
		if !found {
			return nil, t, usagef("", "--format: one of %s, not %q", formatNames(), f.format)
		}
		write = known.Write
	}
	switch given := circuit.Truth(f.truth); given {
	case "":
	case circuit.Static, circuit.Moving, circuit.Necessary:
		t = given
	default:
		return nil, t, usagef("", "--truth: static, moving or necessary, not %q", f.truth)
	}
	switch ofInput := f.format == attributionFormat; {
	case ofInput && f.input == "":
		return nil, t, usagef("write --format neuronpedia --input hello", "--format neuronpedia is the graph of an input, and needs --input")
	case !ofInput && f.input != "":
		return nil, t, usagef("write --format neuronpedia --input hello", "--input goes with --format neuronpedia alone, which is the graph of an input")
	}
	if f.pairs < 0 || f.check < 0 {
		return nil, t, usagef("", "--pairs and --check count pairs: not below 0")
	}
	return write, t, nil
}

// paintCircuit writes a PNG.
func paintCircuit(to, warn io.Writer, g *circuit.Graph, t circuit.Truth) error {
	var svg bytes.Buffer
	drawn, _ := format.Named("svg")
	if err := drawn.Write(&svg, g, t); err != nil {
		return err
	}
	content, err := paint(warn, svg.Bytes())
	if err != nil {
		return err
	}
	_, err = to.Write(content)
	return err
}

func (f *circuitFlags) find(cmd *cobra.Command, m *model.Model, pairs open.PairSource) (*circuit.Graph, error) {
	line := progress{what: "pairs of inputs", to: terminal(cmd.ErrOrStderr())}
	defer line.clear()
	return circuit.Of(cmd.Context(), m, line.over(pairs(f.pairs, f.seed), f.pairs))
}

// faithful says what becomes of the outputs when all else is cut.
func (f *circuitFlags) faithful(cmd *cobra.Command, m *model.Model, g *circuit.Graph, t circuit.Truth, pairs open.PairSource) error {
	line := progress{what: "pairs of inputs", to: terminal(cmd.ErrOrStderr())}
	tried, changed, err := circuit.Faithful(cmd.Context(), m, g, t, line.over(pairs(f.check, f.seed+1), f.check))
	line.clear()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.ErrOrStderr(), "cut all but the %s edges: an output changes on %d of %d pairs\n", t, changed, tried)
	return err
}

// over shows how many of a sequence have been taken.
func (p *progress) over(pairs iter.Seq[circuit.Pair], total int) iter.Seq[circuit.Pair] {
	if p.to == nil {
		return pairs
	}
	return func(yield func(circuit.Pair) bool) {
		done := 0
		for pair := range pairs {
			if !yield(pair) {
				return
			}
			done++
			p.show(done, total)
		}
	}
}

func (f *circuitFlags) write(to io.Writer, write func(io.Writer) error) error {
	if f.out == "" {
		return write(to)
	}
	return atomicfile.Write(f.out, write)
}

// printCircuit is the circuit for people.
func printCircuit(to io.Writer, g *circuit.Graph, t circuit.Truth) error {
	table := newTable(to)
	in := g.Contains(t)
	for _, n := range g.Nodes {
		if in[n.Name] {
			fmt.Fprintf(table, "%s\t%s\n", n.Name, diag.Visible(format.Title(n)))
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	counts := map[circuit.Truth]int{}
	table = newTable(to)
	fmt.Fprintf(table, "\nedge\tdims\tmoving\tnecessary\n")
	for _, e := range g.Edges {
		for _, of := range []circuit.Truth{circuit.Static, circuit.Moving, circuit.Necessary} {
			if of.Has(e) {
				counts[of]++
			}
		}
		if t.Has(e) {
			fmt.Fprintf(table, "%s\t%d\t%s\t%s\n", e.Name(), len(e.Dims), e.Moving, e.Necessary)
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(to, "\n%s of %d that a model of this shape can have; %d move or may, %d are shown to be necessary (%s tried)\n",
		diag.Count(counts[circuit.Static], "edge"), format.Possible(g.Config.Layers, g.Config.Heads), counts[circuit.Moving], counts[circuit.Necessary], diag.Count(g.Pairs, "pair"))
	return err
}
