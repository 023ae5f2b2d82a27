package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"rasp/cmd/rasp/disguised"
	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/runtime/atomicfile"
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

// disguise disguises a model, which file names in faults, and runs it beside its program. Its truth is
// without a circuit.
func (x disguising) disguise(ctx context.Context, file string, m *model.Model) (*disguised.Model, error) {
	d, err := disguised.Of(m, x.options)
	if err != nil {
		return nil, refused(file, m, err)
	}
	d.Truth.Of, d.Truth.Blended = x.of, x.blended
	d.Truth.Verified, err = x.verify(ctx, d.Model)
	return d, err
}

// refused is the fault of a disguise that does not go.
func refused(file string, m *model.Model, err error) error {
	const robust = "rasp compile --robust makes models that stand noise; "
	hint := ""
	var over *disguise.OverBudget
	switch {
	case errors.As(err, &over) && over.Likely < over.Share && over.Likely < over.Most:
		hint = fmt.Sprintf("--likely takes it: if roundings are independent it is %.2g of what the model is likely to stand", over.Likely)
	case errors.Is(err, disguise.ErrNothingToHalve):
		hint = robust + "else give a number: --noise 1e-4, --superpose 8"
	case over != nil && over.Most < 1:
		hint = "give the noise as a number: --noise 1e-6, or take fewer of the other steps"
	case errors.Is(err, disguise.ErrNoBudget) && m.Certificate.Exact:
		hint = robust + "--uncertified takes this one, and writes a model without a certificate"
	case over != nil || errors.Is(err, disguise.ErrNoBudget):
		hint = "--uncertified takes it all the same, and writes a model without a certificate"
	}
	return open.Faultf(diag.Domain, hint, "cannot disguise %s so: %s", diag.Visible(file), err)
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
	g, err := open.Circuit(ctx, m, tried, seed)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = open.WriteCircuit(&text, g)
	return text.Bytes(), err
}

// saveDisguised writes the model, as it is to be seen, and the truth beside it, which comes last.
func saveDisguised(d *disguised.Model, seen *model.Model, out string) (err error) {
	if d.Truth.Model, err = disguised.FileOf(filepath.Base(out), seen); err != nil {
		return err
	}
	truth, arrays := truthFiles(out)
	d.Truth.Arrays = filepath.Base(arrays)
	// No truth stands beside a model that it is not about, whenever this ends.
	if err := os.Remove(truth); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := seen.Save(out); err != nil {
		return err
	}
	err = atomicfile.Write(arrays, func(to io.Writer) error { return disguise.WriteArrays(to, d.Arrays) })
	if err == nil {
		err = atomicfile.Write(truth, func(to io.Writer) error { return json.NewEncoder(to).Encode(d.Truth) })
	}
	if err != nil {
		return errors.Join(err, os.Remove(out)) // a model whose truth is unknown is of no use
	}
	return nil
}

// truthFiles are the names of the files of a truth beside a model.
func truthFiles(out string) (truth, arrays string) {
	base := strings.TrimSuffix(out, open.ModelSuffix)
	return base + ".truth.json", base + ".truth.safetensors"
}
