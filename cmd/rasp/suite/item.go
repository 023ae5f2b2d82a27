package suite

import (
	"encoding/json"
	"os"
	"path/filepath"

	"rasp/runtime/circuit"
	"rasp/runtime/circuit/format"
	"rasp/runtime/model"
)

// Item is a model of the set: a line of the index.
type Item struct {
	Name       string         `json:"name"`    // of its folder
	Base       string         `json:"base"`    // the folder with program, inputs, pairs, circuit and names
	Program    string         `json:"program"` // its name
	Title      string         `json:"title,omitempty"`
	Level      int            `json:"level"`
	Certified  bool           `json:"certified"` // exact; of a disguised model: within the noise that it stands
	Length     int            `json:"length"`    // of the longest input
	Causal     bool           `json:"causal"`
	Vocab      int            `json:"vocab"`
	Outputs    []string       `json:"outputs"`
	Kinds      []string       `json:"kinds"` // of heads, as the names have them, and "table" where there are neurons
	Layers     int            `json:"layers"`
	Heads      int            `json:"heads"`
	DModel     int            `json:"d_model"`
	DHead      int            `json:"d_head"`
	DMLP       int            `json:"d_mlp"`
	Parameters int            `json:"parameters"`
	Nonzero    int            `json:"nonzero"`
	Edges      Edges          `json:"edges"`
	Inputs     int            `json:"inputs"`
	Pairs      map[string]int `json:"pairs"` // by kind
	Source     string         `json:"source"`
}

// Edges counts those that a model of the shape can have, and those of the circuit by its truths.
type Edges struct {
	Possible  int `json:"possible"`
	Static    int `json:"static"`
	Moving    int `json:"moving"`
	Necessary int `json:"necessary"`
}

const itemFile = "item.json"

// readItem is that of a folder; an error wraps fs.ErrNotExist where there is none.
func readItem(folder string) (item Item, err error) {
	content, err := os.ReadFile(filepath.Join(folder, itemFile))
	if err != nil {
		return item, err
	}
	return item, json.Unmarshal(content, &item)
}

// size notes what a model is.
func (x *Item) size(m *model.Model) {
	x.Certified = m.Certificate.Exact
	x.Length, x.Causal, x.Vocab = m.NCtx-1, m.Causal, len(m.Vocab)
	x.Layers, x.Heads, x.DModel, x.DHead, x.DMLP = m.Layers, m.Heads, m.DModel, m.DHead, m.DMLP
	x.Parameters, x.Nonzero = m.Parameters()
	for _, o := range m.Outputs {
		x.Outputs = append(x.Outputs, o.Name)
	}
}

// count counts the edges of a circuit.
func count(g *circuit.Graph) Edges {
	e := Edges{Possible: format.Possible(g.Config.Layers, g.Config.Heads), Static: len(g.Edges)}
	for _, edge := range g.Edges {
		if circuit.Moving.Has(edge) {
			e.Moving++
		}
		if circuit.Necessary.Has(edge) {
			e.Necessary++
		}
	}
	return e
}

// kinds are those of heads, each once, in the order in which they first occur, and then tables.
func kinds(names *model.Names) []string {
	list, has := []string{}, map[string]bool{"padding": true}
	add := func(kind string) {
		if !has[kind] {
			has[kind] = true
			list = append(list, kind)
		}
	}
	for _, layer := range names.Heads {
		for _, h := range layer {
			add(h.Kind)
		}
	}
	for _, layer := range names.Neurons {
		for _, n := range layer {
			if n.Kind != "padding" {
				add("table")
			}
		}
	}
	return list
}
