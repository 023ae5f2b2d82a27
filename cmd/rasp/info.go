package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/compiler/construct"
	"rasp/compiler/verify"
	"rasp/lang/diag"
	"rasp/runtime/model"
)

func infoCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "info MODEL",
		Short:   "Describe a compiled model",
		Example: "  rasp info model.safetensors --json",
		Args:    files("MODEL", 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			model, err := open.Model(args[0])
			if err != nil {
				return err
			}
			if asJSON {
				s := open.SizesOf(model)
				s.Names = json.RawMessage(model.Names)
				return writeJSON(cmd.OutOrStdout(), s)
			}
			return describe(cmd.OutOrStdout(), model)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

func describe(to io.Writer, m *model.Model) error {
	if err := printSizes(to, m, false); err != nil {
		return err
	}
	table := newTable(to)
	table.widen(len("certificate") + 2)
	if m.Certificate.Partial {
		fmt.Fprintf(table, "partial\tthe program fails on some inputs, and on those the model answers anything\n")
	}
	if m.Certificate.Proof == "" {
		fmt.Fprintf(table, "proof\tnot run (rasp prove MODEL)\n")
	}
	switch c := m.Certificate; {
	case c.Checks > 0 && c.Slack == math.MaxFloat64:
		fmt.Fprintf(table, "checks\t%d, without any error\n", c.Checks)
	case c.Checks > 0:
		fmt.Fprintf(table, "checks\t%d, the least margin is %g times the error bound (%s)\n",
			c.Checks, construct.Down(c.Slack, 3), diag.Visible(c.Worst))
	}
	if m.Certificate.Precisions != nil {
		fmt.Fprintf(table, "holds in\t%s\n", enumerated(m.Certificate.Precisions))
	}
	describeNoise(table, m.Certificate.Noise)
	tokens, err := verify.Values(m.Vocab)
	if err != nil {
		return err
	}
	if v := open.NewVocabulary(tokens); v != nil {
		fmt.Fprintf(table, "vocabulary\t%d tokens: %s\n", len(tokens), diag.Visible(v.List(40)))
	}
	fmt.Fprintf(table, "length\t%d\n", m.NCtx-1)
	if f, err := m.Form(); err == nil && f != nil {
		fmt.Fprintf(table, "inputs\t%s\n", diag.Visible(f.Described()))
	}
	fmt.Fprintf(table, "attention\t%s\n", attention(m))
	for _, o := range m.Outputs {
		fmt.Fprintf(table, "output\t%s: %s\n", diag.Visible(o.Name), diag.Visible(readOut(o)))
	}
	return table.Flush()
}

// enumerated is a list in words.
func enumerated(list []string) string {
	last := len(list) - 1
	if last < 1 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:last], ", ") + " and " + list[last]
}

// describeNoise says what noise of the weights a model stands.
func describeNoise(to io.Writer, n *model.Noise) {
	if n == nil {
		return
	}
	fmt.Fprintf(to, "noise\tweights off by %g of themselves (normal), or up to %g for certain\n", n.Relative.Likely, 4*n.Relative.Worst)
	fmt.Fprintf(to, "\tall weights off by %g of their tensor's size (normal), or up to %g for certain\n", n.Absolute.Likely, 4*n.Absolute.Worst)
	norm := "none up to 2^20"
	if n.NormK > 0 {
		norm = fmt.Sprintf("beside a column of %g", n.NormK)
	}
	fmt.Fprintf(to, "norm\t%s\n", norm)
}

// readOut says what an output can be.
func readOut(o model.Output) string {
	if o.Numeric() {
		return "a number"
	}
	const most = 20
	var classes []string
	for _, c := range o.Classes[:min(most, len(o.Classes))] {
		classes = append(classes, string(c))
	}
	if len(o.Classes) > most {
		classes = append(classes, "...")
	}
	what := "values"
	if o.Next {
		what = "tokens that can come next"
	}
	return fmt.Sprintf("%d %s: %s", len(o.Classes), what, strings.Join(classes, " "))
}
