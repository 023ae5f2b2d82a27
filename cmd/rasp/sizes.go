package main

import (
	"fmt"
	"io"

	"rasp/cmd/rasp/open"
	"rasp/runtime/model"
)

// sizes are embedded in what commands print as JSON.
type sizes = open.Sizes

func attention(m *model.Model) string {
	if m.Causal {
		return "causal"
	}
	return "bidirectional"
}

// printSizes prints the table that ends compile and run --compiled, or a line
// of JSON.
func printSizes(to io.Writer, m *model.Model, asJSON bool) error {
	s := open.SizesOf(m)
	if asJSON {
		return writeJSON(to, s)
	}
	table := newTable(to)
	for _, row := range []struct {
		name  string
		value int
	}{{"layers", s.Layers}, {"heads", s.Heads}, {"d_model", s.DModel}, {"d_head", s.DHead}, {"d_mlp", s.DMLP}} {
		fmt.Fprintf(table, "%s\t%d\n", row.name, row.value)
	}
	fmt.Fprintf(table, "parameters\t%d (%d nonzero)\n", s.Parameters, s.Nonzero)
	fmt.Fprintf(table, "certificate\t%s\n", s.Certificate)
	if s.ProofClaim != "" {
		fmt.Fprintf(table, "proof\t%s\n", s.ProofClaim)
	}
	return table.Flush()
}
