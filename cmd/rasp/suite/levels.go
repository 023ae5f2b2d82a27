package suite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"rasp/cmd/rasp/disguised"
	"rasp/cmd/rasp/open"
	"rasp/runtime/disguise"
	"rasp/runtime/model"
)

// levels says what each level of disguise does beside the ones below it.
var levels = [disguise.Levels]string{
	"as compiled",
	"residual dimensions, heads, head dimensions and neurons in another order",
	"neurons and head dimensions in other units, with other signs",
	"other bases inside of heads",
	"another basis of the residual stream",
	"no dimensions for what cannot occur",
	"noise on the weights, half of what the model is certified to stand",
	"fewer dimensions than columns, within the same budget",
	"a norm before each reader: only exports have it",
	"weights rounded to bfloat16",
}

// Levels is how many there are.
func Levels() int { return len(levels) }

// Files of a disguised model.
const (
	truthFile  = "truth.json"
	arraysFile = "truth.safetensors"
)

// withNorms is the level that a model file cannot have.
const withNorms = 8

// triedInputs is how many inputs a disguised model must be right on, or all that there are.
const triedInputs = 2000

// disguised is the folder of a model at a level above 0; it is made if it is not there. The error
// wraps an *unfit if the model does not take it.
func (o *Options) disguised(ctx context.Context, base Item, l, variant int) (Item, error) {
	item := base
	item.Name, item.Level, item.Outputs = fmt.Sprintf("%s-level%d", base.Name, l), l, nil
	if variant > 0 {
		item.Name += fmt.Sprintf("-%d", variant+1)
	}
	have, err := o.item(item.Name)
	if !errors.Is(err, fs.ErrNotExist) {
		return have, err
	}
	if l == withNorms {
		return item, &unfit{"norms are what an export adds"}
	}
	compiled, err := model.Load(filepath.Join(o.Folder, base.Name, modelFile))
	if err != nil {
		return item, err
	}
	d, err := disguiseOf(compiled, disguise.Level(l, o.Seed+streamOf(item.Name)))
	if err != nil {
		return item, &unfit{err.Error()}
	}
	tried, err := o.verify(ctx, d.Model)
	if err != nil {
		return item, err
	}
	item.size(d.Model)
	d.Truth.Verified, d.Truth.Arrays = tried, arraysFile
	if d.Truth.Of, err = disguised.FileOf(base.Name+"/"+modelFile, compiled); err != nil {
		return item, err
	}
	if d.Truth.Model, err = disguised.FileOf(modelFile, d.Model); err != nil {
		return item, err
	}
	return o.folder(item, func(folder string, _ *Item) error { return writeDisguised(folder, d) })
}

// disguiseOf disguises a model: with a certificate or, where it has no budget for that, with what is
// likely, or without.
func disguiseOf(m *model.Model, options disguise.Options) (*disguised.Model, error) {
	var over *disguise.OverBudget
	d, err := disguised.Of(m, options)
	if errors.As(err, &over) {
		options.Likely = true
		d, err = disguised.Of(m, options)
	}
	if errors.Is(err, disguise.ErrNoBudget) || errors.As(err, &over) {
		options.Uncertified = true
		return disguised.Of(m, options)
	}
	return d, err
}

// verify runs a disguised model beside its program. It is unfit if it is ever wrong.
func (o *Options) verify(ctx context.Context, m *model.Model) (v disguise.Verified, err error) {
	v, err = open.BesideProgram(ctx, m, triedInputs, o.Seed, nil)
	if err == nil && v.Wrong > 0 {
		err = &unfit{fmt.Sprintf("it is wrong on %d of %d inputs then", v.Wrong, v.Inputs)}
	}
	return v, err
}

func writeDisguised(folder string, d *disguised.Model) error {
	for name, write := range map[string]func(io.Writer) error{
		modelFile:  d.Model.Write,
		truthFile:  func(w io.Writer) error { return encode(w, d.Truth) },
		arraysFile: func(w io.Writer) error { return disguise.WriteArrays(w, d.Arrays) },
	} {
		if err := fill(filepath.Join(folder, name), write); err != nil {
			return err
		}
	}
	return nil
}
