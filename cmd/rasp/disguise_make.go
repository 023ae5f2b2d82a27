package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rasp/cmd/rasp/open"
	"rasp/compiler/attest"
	"rasp/compiler/prove/witness"
	"rasp/lang/diag"
	"rasp/runtime/atomicfile"
	"rasp/runtime/circuit"
	"rasp/runtime/circuit/format"
	"rasp/runtime/disguise"
	"rasp/runtime/model"
)

// disguising is how a model is disguised and run.
type disguising struct {
	options  disguise.Options
	samples  int
	of       disguise.File
	blended  *disguise.File
	progress func(done, total int)
}

// hidden is a disguised model that was run beside its program, and the truth about it.
type hidden struct {
	*disguise.Disguised
	truth  *disguise.Truth
	arrays []disguise.Array
}

// disguise makes one of a model, which file names in faults. Its truth is without a circuit.
func (x disguising) disguise(ctx context.Context, file string, m *model.Model) (*hidden, error) {
	d, err := disguise.Of(m, x.options)
	if err != nil {
		return nil, refused(file, err)
	}
	t, arrays, err := d.Truth()
	if err != nil {
		return nil, err
	}
	t.Of, t.Blended = x.of, x.blended
	if d.Model.Witness, err = movedWitness(m.Witness, t); err != nil {
		return nil, err
	}
	if t.Verified, err = x.verify(ctx, d.Model); err != nil {
		return nil, err
	}
	return &hidden{d, t, arrays}, nil
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

// refused is the fault of a disguise that does not go.
func refused(file string, err error) error {
	hint := ""
	var over *disguise.OverBudget
	switch {
	case errors.As(err, &over) && over.Likely < over.Share && over.Likely <= 1:
		hint = fmt.Sprintf("--likely takes it: if roundings are independent it is %.2g of what the model is likely to stand", over.Likely)
	case over != nil || errors.Is(err, disguise.ErrNoBudget):
		hint = "--uncertified takes it all the same, and writes a model without a certificate"
	}
	return open.Faultf(diag.Domain, hint, "cannot disguise %s so: %s", file, err)
}

// fileOf names a model by the bytes of its file.
func fileOf(name string, m *model.Model) (disguise.File, error) {
	hash := sha256.New()
	err := m.Write(hash)
	return disguise.File{Name: filepath.Base(name), SHA256: hex.EncodeToString(hash.Sum(nil))}, err
}

// verify runs a disguised model beside its program. The error is that it differs, unless it
// may, and claims nothing.
func (x disguising) verify(ctx context.Context, m *model.Model) (v disguise.Verified, err error) {
	v, err = open.BesideProgram(ctx, m, x.samples, x.options.Seed, x.progress)
	if err != nil {
		return v, err
	}
	if claims := m.Certificate.Exact || m.Certificate.Claim != ""; v.Wrong > 0 && (claims || !x.options.Uncertified) {
		return v, open.Faultf(diag.Domain, "--uncertified writes it all the same", "the disguised model is wrong on %d of %s, and is not written", v.Wrong, diag.Count(v.Inputs, "input"))
	}
	return v, nil
}

// circuitText is the circuit of a model as JSON.
func circuitText(ctx context.Context, m *model.Model, tried int, seed uint64) (json.RawMessage, error) {
	pairs, err := open.Pairs(m)
	if err != nil {
		return nil, err
	}
	g, err := circuit.Of(ctx, m, pairs(tried, seed))
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	asJSON, _ := format.Named("json")
	err = asJSON.Write(&text, g, circuit.Static)
	return text.Bytes(), err
}

// The endings of the files of a truth, in place of that of the model.
const (
	truthSuffix  = ".truth.json"
	arraysSuffix = ".truth.safetensors"
)

// save writes the model and the truth beside it, which comes last.
func (d *hidden) save(out string) (err error) {
	base := strings.TrimSuffix(out, open.ModelSuffix)
	if d.truth.Model, err = fileOf(out, d.Model); err != nil {
		return err
	}
	d.truth.Arrays = filepath.Base(base + arraysSuffix)
	// No truth stands beside a model that it is not about, whenever this ends.
	if err := os.Remove(base + truthSuffix); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := d.Model.Save(out); err != nil {
		return err
	}
	err = atomicfile.Write(base+arraysSuffix, func(to io.Writer) error { return disguise.WriteArrays(to, d.arrays) })
	if err == nil {
		err = atomicfile.Write(base+truthSuffix, func(to io.Writer) error { return json.NewEncoder(to).Encode(d.truth) })
	}
	if err != nil {
		return errors.Join(err, os.Remove(out)) // a model whose truth is unknown is of no use
	}
	return nil
}
