package open

import (
	"cmp"
	"encoding/json"
	"strconv"

	"rasp/lang/diag"
	"rasp/runtime/model"
)

// Sizes describe a model; their JSON is that of rasp info.
type Sizes struct {
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

// SizesOf a model.
func SizesOf(m *model.Model) Sizes {
	parameters, nonzero := m.Parameters()
	return Sizes{
		Layers: m.Layers, Heads: m.Heads, DModel: m.DModel, DHead: m.DHead, DMLP: m.DMLP,
		Parameters: parameters, Nonzero: nonzero, Vocab: tokensJSON(m.Vocab), Length: m.NCtx - 1, Inputs: m.Inputs,
		Causal: m.Causal, Outputs: OutputNames(m), Certified: m.Certificate.Exact, Partial: m.Certificate.Partial, Certificate: Claim(m), Within: m.Certificate.Within, Noise: m.Certificate.Noise,
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

// Claim is what the certificate of a model says, in words.
func Claim(m *model.Model) string {
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
