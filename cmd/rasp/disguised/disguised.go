// Package disguised makes a model in disguise with all that stays true of it.
//
// In comes a compiled model and what is to be done to it (runtime/disguise); out comes the
// disguised one, with what the compiler says of it for a proof where its parts are now, and the
// truth about it. Files, and whether a model that differs from its program is wanted, are for
// those who call.
package disguised

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"rasp/compiler/attest"
	"rasp/compiler/prove/witness"
	"rasp/runtime/disguise"
	"rasp/runtime/model"
)

// Model is a disguised model, and what is known of it. The truth is without the names of files,
// Verified and Circuit.
type Model struct {
	*disguise.Disguised
	Truth  *disguise.Truth
	Arrays []disguise.Array
}

// Of disguises a model. The errors are those of disguise.Of.
func Of(m *model.Model, options disguise.Options) (*Model, error) {
	d, err := disguise.Of(m, options)
	if err != nil {
		return nil, err
	}
	t, arrays, err := d.Truth()
	if err != nil {
		return nil, err
	}
	if d.Model.Witness, err = movedWitness(m.Witness, t); err != nil {
		return nil, err
	}
	return &Model{d, t, arrays}, nil
}

// Blind is the model without what says what is in it: names, program, certificate. Its outputs
// are called output 1 and so on.
func Blind(m *model.Model) *model.Model {
	b := *m
	b.Names, b.Provenance, b.Source, b.Loads, b.Witness, b.Certificate = "", model.Provenance{}, "", nil, "", model.Certificate{}
	b.Outputs = slices.Clone(m.Outputs)
	for i := range b.Outputs {
		b.Outputs[i].Name = fmt.Sprintf("output %d", i+1)
	}
	return &b
}

// FileOf names a model by the bytes that it is written as.
func FileOf(name string, m *model.Model) (disguise.File, error) {
	hash := sha256.New()
	err := m.Write(hash)
	return disguise.File{Name: name, SHA256: hex.EncodeToString(hash.Sum(nil))}, err
}

// movedWitness is what the compiler says of a model for a proof, in the places where the parts are now. It
// is about dimensions, and where these are mixed there is none.
func movedWitness(text string, t *disguise.Truth) (string, error) {
	if text == "" || t.Dims == nil {
		return "", nil
	}
	var w witness.Witness
	if err := json.Unmarshal([]byte(text), &w); err != nil {
		return "", fmt.Errorf("witness: %w", err)
	}
	for i := range w.Heads {
		h := &w.Heads[i]
		if h.Layer < 0 || h.Layer >= len(t.Heads) {
			return "", nil // of another model
		}
		h.Head = slices.IndexFunc(t.Heads[h.Layer], func(to disguise.HeadTruth) bool { return to.From == h.Head })
		for k := range h.Dims {
			h.Dims[k].Dim = slices.Index(t.Dims, h.Dims[k].Dim)
		}
	}
	return attest.JSON(&w)
}
