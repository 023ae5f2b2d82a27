package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/runtime/model"
)

// sizes describe a model; their JSON is that of rasp info.
type sizes struct {
	Layers      int             `json:"layers"`
	Heads       int             `json:"heads"`
	DModel      int             `json:"d_model"`
	DHead       int             `json:"d_head"`
	DMLP        int             `json:"d_mlp"`
	Parameters  int             `json:"parameters"`
	Nonzero     int             `json:"nonzero"`
	Vocab       json.RawMessage `json:"vocab"`
	Length      int             `json:"length"`
	Inputs      string          `json:"inputs,omitempty"` // their form
	Causal      bool            `json:"causal"`
	Outputs     []string        `json:"outputs"`
	Certified   bool            `json:"certified"`
	Partial     bool            `json:"partial"` // the program fails on some inputs, of which nothing is claimed
	Certificate string          `json:"certificate"`
	Within      []float64       `json:"within,omitempty"` // by output
	Noise       *model.Noise    `json:"noise,omitempty"`  // of its weights, that the model stands
	Proof       string          `json:"proof"`            // a verdict of prove, or "not run"
	ProofClaim  string          `json:"proof_claim,omitempty"`
	Names       json.RawMessage `json:"names,omitempty"` // of rasp info alone
}

func sizesOf(m *model.Model) sizes {
	parameters, nonzero := m.Parameters()
	return sizes{
		Layers: m.Layers, Heads: m.Heads, DModel: m.DModel, DHead: m.DHead, DMLP: m.DMLP,
		Parameters: parameters, Nonzero: nonzero, Vocab: tokensJSON(m.Vocab), Length: m.NCtx - 1, Inputs: m.Inputs,
		Causal: m.Causal, Outputs: open.OutputNames(m), Certified: m.Certificate.Exact, Partial: m.Certificate.Partial, Certificate: claim(m), Within: m.Certificate.Within, Noise: m.Certificate.Noise,
		Proof: cmp.Or(m.Certificate.Proof, "not run"), ProofClaim: m.Certificate.ProofClaim,
	}
}

// tokensJSON is a JSON list; tokens are JSON already.
func tokensJSON(tokens []model.Token) json.RawMessage {
	list := []byte{'['}
	for i, t := range tokens {
		if i > 0 {
			list = append(list, ',')
		}
		list = append(list, t...)
	}
	return append(list, ']')
}

func claim(m *model.Model) string {
	switch {
	case m.Certificate.Claim != "":
		return diag.Visible(m.Certificate.Claim)
	case m.Certificate.Exact && m.Inputs != "":
		return "exact for every input of the form " + diag.Visible(m.Inputs) + " over this vocabulary up to length " + strconv.Itoa(m.Certificate.Length)
	case m.Certificate.Exact:
		return "exact for every input over this vocabulary up to length " + strconv.Itoa(m.Certificate.Length)
	}
	return "none: nothing is proved about this model"
}

func attention(m *model.Model) string {
	if m.Causal {
		return "causal"
	}
	return "bidirectional"
}

// printSizes prints the table that ends compile and run --compiled, or a line
// of JSON.
func printSizes(to io.Writer, m *model.Model, asJSON bool) error {
	s := sizesOf(m)
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
