package suite

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"rasp/lang/diag"
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
	Pairs      map[string]int `json:"pairs"`  // by kind
	Source     string         `json:"source"` // a digest of the program
	Digest     string         `json:"digest"` // of all files of the folder, see digestOf
}

// Edges counts those that a model of the shape can have, and those of the circuit by its truths.
type Edges struct {
	Possible  int `json:"possible"`
	Static    int `json:"static"`
	Moving    int `json:"moving"`
	Necessary int `json:"necessary"`
}

const itemFile = "item.json"

// item is that of a folder that is there; an error wraps fs.ErrNotExist where there is none, and is
// a *Conflict where something else is in the folder than what was written.
func (o *Options) item(name string) (item Item, err error) {
	folder := filepath.Join(o.Folder, name)
	content, err := os.ReadFile(filepath.Join(folder, itemFile))
	if err != nil {
		return item, err
	}
	if err := json.Unmarshal(content, &item); err != nil {
		return item, changed(folder, itemFile+" is none")
	}
	digest, err := digestOf(folder)
	switch {
	case err != nil:
		return item, err
	case item.Name != name || item.Digest != digest:
		return item, changed(folder, "its files have not the digest of "+itemFile)
	}
	return item, nil
}

func changed(folder, how string) error {
	return &Conflict{fmt.Sprintf("%s is not as it was written: %s", diag.Visible(folder), how), "delete the folder, and it is made again"}
}

// digestOf is the SHA-256 of the list of all files of a folder but the item, as sha256sum prints it
// of files in the order of their names.
func digestOf(folder string) (string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return "", err
	}
	list := sha256.New()
	for _, e := range entries {
		if e.Name() == itemFile {
			continue
		}
		content, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(list, "%x  %s\n", sha256.Sum256(content), e.Name())
	}
	return hex.EncodeToString(list.Sum(nil)), nil
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
