package disguise

import (
	"encoding/json"
	"fmt"
	"math"

	"rasp/runtime/model"
)

// Truth is what is known of a disguised model; docs/truth.schema.json describes its JSON.
// Its arrays stand in a file beside, see Arrays.
type Truth struct {
	Version int     `json:"version"` // 1
	Model   File    `json:"model"`
	Of      File    `json:"of"`                // what was disguised
	Blended *File   `json:"blended,omitempty"` // what runs beside
	Arrays  string  `json:"arrays"`            // the name of their file
	Options Options `json:"options"`
	Before  Sizes   `json:"before"` // of the model before the disguise, with what runs beside
	After   Sizes   `json:"after"`

	Residual  Residual     `json:"residual"`
	Budget    *model.Noise `json:"budget,omitempty"` // of the model before the disguise
	Share     *float64     `json:"share"`            // of the budget that is used up; null without one
	Likely    *float64     `json:"likely_share"`     // of what it is likely to stand
	Certified bool         `json:"certified"`
	Verified  Verified     `json:"verified"`

	Dims      []int         `json:"dims,omitempty"` // the old dimension of each new one, if each is one
	Heads     [][]HeadTruth `json:"heads"`          // [layer][head]
	Neurons   [][]PartTruth `json:"neurons"`        // [layer][neuron]
	Variables []Variable    `json:"variables"`
	// Names are those of the parts before the disguise (names.schema.json), and Circuit their circuit
	// (circuit.schema.json). Null if there are none.
	Names   json.RawMessage `json:"names"`
	Circuit json.RawMessage `json:"circuit"`
}

// File is a file and the digest of its bytes.
type File struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// Sizes are those of a model.
type Sizes struct {
	Layers int `json:"n_layers"`
	Heads  int `json:"n_heads"`
	DModel int `json:"d_model"`
	DHead  int `json:"d_head"`
	DMLP   int `json:"d_mlp"`
}

// Verified is how often the disguised model was wrong beside its program.
type Verified struct {
	Inputs int    `json:"inputs"`
	All    bool   `json:"all"` // those of its domain
	Wrong  int    `json:"wrong"`
	Seed   uint64 `json:"seed"`
}

// HeadTruth is where a head comes from.
type HeadTruth struct {
	From int    `json:"from"` // of the same layer
	Name string `json:"name,omitempty"`
}

// PartTruth is where a neuron comes from, and by how much its activation is multiplied.
type PartTruth struct {
	From   int     `json:"from"`
	Factor float64 `json:"factor"`
	Name   string  `json:"name,omitempty"`
}

// Variable is an s-op where a half layer has written it. The arrays "variables.N.directions"
// and "variables.N.points" belong to the Nth.
type Variable struct {
	SOp     string        `json:"sop"`
	Written string        `json:"written"` // "embed", "blocks.L.attn" or "blocks.L.mlp"
	Dims    []int         `json:"dims"`    // before the disguise
	Kinds   []string      `json:"kinds"`   // of them
	Values  []model.Token `json:"values"`
	Rank    int           `json:"rank"` // of the directions
}

// Truth is what is known of a disguised model, with its arrays; who writes it adds files,
// Verified and Circuit.
//
// The arrays are "stream.q" [d_model, d_model'] and "stream.back", where x of the old
// stream is x q of the new one and y of the new one y back of the old one; "stream.span",
// the projection on what can occur, if that is not all; of each head of the new model
// "heads.L.H.qk", "qk_back", "ov" and "ov_back" [d_head, d_head], see HeadChange; of the Nth variable
// "variables.N.directions" [dims, d_model'], the new vectors of its dimensions, and
// "variables.N.points" [values, d_model'], where a value is found; NaN if not all of its
// numbers are known.
func (d *Disguised) Truth() (*Truth, []Array, error) {
	t := &Truth{
		Version: 1, Options: d.Options, Before: sizes(d.old.Config), After: sizes(d.Model.Config),
		Residual: d.Residual, Budget: d.old.Certificate.Noise, Certified: d.Certified(), Dims: d.columns(),
		Names: json.RawMessage("null"), Circuit: json.RawMessage("null"), Variables: []Variable{},
		Heads: [][]HeadTruth{}, Neurons: [][]PartTruth{},
	}
	if !math.IsInf(d.Share, 0) {
		t.Share, t.Likely = &d.Share, &d.Likely
	}
	names := &model.Names{}
	if d.old.Names != "" {
		var err error
		if names, err = d.old.ReadNames(); err != nil {
			return nil, nil, err
		}
		t.Names = json.RawMessage(d.old.Names)
	}
	for l, heads := range d.Change.Heads {
		list, neurons := []HeadTruth{}, []PartTruth{}
		for _, h := range heads {
			list = append(list, HeadTruth{From: h.From})
		}
		for _, n := range d.Change.Neurons[l] {
			neurons = append(neurons, PartTruth{From: n.From, Factor: n.Factor})
		}
		if len(names.Heads) > 0 {
			for i := range list {
				list[i].Name = names.Heads[l][list[i].From].Name
			}
			for i := range neurons {
				neurons[i].Name = names.Neurons[l][neurons[i].From].Name
			}
		}
		t.Heads, t.Neurons = append(t.Heads, list), append(t.Neurons, neurons)
	}
	arrays := d.Change.arrays()
	for _, v := range variables(names) {
		directions, points := d.Change.found(v, names)
		v.Rank = len(span(directions.rowList()))
		name := fmt.Sprintf("variables.%d.", len(t.Variables))
		arrays = append(arrays, arrayOf(name+"directions", directions), arrayOf(name+"points", points))
		t.Variables = append(t.Variables, v)
	}
	return t, arrays, nil
}

func sizes(c model.Config) Sizes { return Sizes{c.Layers, c.Heads, c.DModel, c.DHead, c.DMLP} }

// variables are the s-ops of names, where they are written.
func variables(names *model.Names) []Variable {
	list, at, values := []Variable{}, map[[2]string]int{}, map[string][]model.Token{}
	for _, s := range names.SOps {
		values[s.Name] = s.Values
	}
	for dim, name := range names.Dims {
		if name.SOp == "" {
			continue
		}
		key := [2]string{name.SOp, name.Written}
		if _, ok := at[key]; !ok {
			at[key] = len(list)
			list = append(list, Variable{SOp: name.SOp, Written: name.Written, Values: append([]model.Token{}, values[name.SOp]...)})
		}
		v := &list[at[key]]
		v.Dims, v.Kinds = append(v.Dims, dim), append(v.Kinds, name.Kind)
	}
	return list
}

// found is where a variable is in the new stream: a row for each of its dimensions, and one
// for each value.
func (c *Change) found(v Variable, names *model.Names) (directions, points matrix) {
	codes := zeros(len(v.Values), len(v.Dims))
	directions = zeros(len(v.Dims), c.Q.cols)
	for k, dim := range v.Dims {
		copy(directions.row(k), c.Q.row(dim))
		for value := range v.Values {
			codes.row(value)[k] = math.NaN()
			if of := names.Dims[dim].Codes; len(of) > 0 {
				codes.row(value)[k] = of[value]
			}
		}
	}
	return directions, codes.times(directions)
}

func (c *Change) arrays() []Array {
	list := []Array{arrayOf("stream.q", c.Q), arrayOf("stream.back", c.Back)}
	if c.Span.rows > 0 {
		list = append(list, arrayOf("stream.span", c.Span))
	}
	for l, heads := range c.Heads {
		for h, hc := range heads {
			name := fmt.Sprintf("heads.%d.%d.", l, h)
			list = append(list, arrayOf(name+"qk", hc.QK), arrayOf(name+"qk_back", hc.QKBack), arrayOf(name+"ov", hc.OV), arrayOf(name+"ov_back", hc.OVBack))
		}
	}
	return list
}
