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
	"strings"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/compiler/verify"
	"rasp/lang/diag"
	"rasp/runtime/disguise"
	"rasp/runtime/model"
)

// entry is a line of the index: a model, or why there is none.
type entry struct {
	Program   string          `json:"program"`
	Length    int             `json:"length"`
	Level     int             `json:"level"`
	Seed      uint64          `json:"seed"`
	Model     string          `json:"model,omitempty"` // paths in the folder of the suite
	Truth     string          `json:"truth,omitempty"`
	Inputs    string          `json:"inputs,omitempty"`
	Pairs     string          `json:"pairs,omitempty"` // "": no two inputs differ in the output
	Sizes     *disguise.Sizes `json:"sizes,omitempty"`
	Certified bool            `json:"certified"`
	Share     *float64        `json:"share,omitempty"`
	Likely    *float64        `json:"likely_share,omitempty"`
	Run       int             `json:"run"` // inputs
	Wrong     int             `json:"wrong"`
	Refused   string          `json:"refused,omitempty"`
}

// base makes all that a program has for a length. What cannot be made is an entry that says
// why; the error is one of the disk, or an interrupt.
func (f *suiteFlags) base(ctx context.Context, cmd *cobra.Command, b base) ([]entry, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	c, err := f.compiled(cmd, b)
	if err != nil {
		return []entry{{Program: b.program, Length: b.length, Refused: faultText(err)}}, nil
	}
	length := c.Model.NCtx - 1
	folder := fmt.Sprintf("%s-%d", pageName(b.program), length)
	path := filepath.Join(f.out, folder)
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, err
	}
	first := entry{Program: b.program, Length: length, Inputs: folder + "/inputs.jsonl", Pairs: folder + "/pairs.jsonl"}
	original := filepath.Join(path, "model"+open.ModelSuffix)
	if err := c.Save(original); err != nil {
		return nil, err
	}
	if err := writeBytes(filepath.Join(path, "program"+open.ProgramSuffix), []byte(c.Model.Source)); err != nil {
		return nil, err
	}
	if err := f.sampled(ctx, original, c.Model, filepath.Join(path, "inputs.jsonl"), f.choices.Inputs); err != nil {
		return nil, err
	}
	pairs := filepath.Join(path, "pairs.jsonl")
	if err := f.sampled(ctx, original, c.Model, pairs, f.choices.Pairs, "--pairs", c.Model.Outputs[0].Name); err != nil {
		return nil, err
	}
	if !open.Exists(pairs) {
		first.Pairs = ""
	}
	return f.disguises(ctx, c.Model, path, first)
}

// compiled compiles a program for a length.
func (f *suiteFlags) compiled(cmd *cobra.Command, b base) (c open.Compiled, err error) {
	program, faults := open.Program(b.program)
	if err := faults.Err(); err != nil {
		return c, err
	}
	choices, err := f.domain.choices(cmd)
	if err != nil {
		return c, err
	}
	choices.Length = b.length
	return choices.Compile(program, nil)
}

// faultText is an error on one line.
func faultText(err error) string {
	var list diag.List
	var one *diag.Diagnostic
	switch {
	case errors.As(err, &list) && len(list) > 0:
		return list[0].Message
	case errors.As(err, &one):
		return one.Message
	}
	return strings.ReplaceAll(err.Error(), "\n", " ")
}

// sampled makes a data set as rasp sample does, with so many examples or as many as there
// are. There is no file if there are none.
func (f *suiteFlags) sampled(ctx context.Context, file string, m *model.Model, out string, count int, more ...string) error {
	if open.Exists(out) {
		return nil
	}
	d, err := verify.DomainOf(m)
	if err != nil {
		return err
	}
	if all, exact := d.Count(); exact {
		count = min(count, all)
	}
	for ; count > 0; count /= 2 {
		args := append([]string{"sample", file, "-o", out, "-n", fmt.Sprint(count), "--seed", fmt.Sprint(f.choices.Seed), "--distribution", "lengths"}, more...)
		_, err := perform(ctx, args, strings.NewReader(""), io.Discard, io.Discard)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var few *diag.Diagnostic
		if err == nil || !errors.As(err, &few) {
			return err
		}
	}
	return nil
}

// disguises makes the models of all levels and variants.
func (f *suiteFlags) disguises(ctx context.Context, m *model.Model, path string, first entry) (list []entry, err error) {
	of, err := fileOf("model"+open.ModelSuffix, m)
	if err != nil {
		return nil, err
	}
	var circuit json.RawMessage // of the model, once one is to be written
	for _, level := range f.choices.Levels {
		variants := f.choices.Variants
		if level == 0 { // where nothing is random
			variants = 1
		}
		for variant := range variants {
			e, seed := first, f.choices.Seed+uint64(variant)
			e.Level, e.Seed = level, seed
			name := filepath.Join(path, fmt.Sprintf("level%d-seed%d", level, seed))
			t := readTruth(name, of)
			if t == nil {
				o := disguise.Level(level, seed)
				o.Likely, o.Uncertified = f.choices.Likely, f.choices.Uncertified
				d, err := disguising{options: o, samples: f.choices.Samples, of: of}.disguise(ctx, filepath.Base(path), m)
				if ctx.Err() != nil {
					return list, ctx.Err()
				}
				if err != nil {
					e.Refused, e.Inputs, e.Pairs = faultText(err), "", ""
					list = append(list, e)
					continue
				}
				if circuit == nil {
					if circuit, err = circuitText(ctx, m, f.choices.Pairs, f.choices.Seed); err != nil {
						return list, err
					}
				}
				d.truth.Circuit = circuit
				if err := d.save(name + open.ModelSuffix); err != nil {
					return list, err
				}
				t = d.truth
			}
			list = append(list, e.of(t, name, filepath.Dir(path)))
		}
	}
	return list, nil
}

// of is the entry of a model with its truth; name is its path without ending.
func (e entry) of(t *disguise.Truth, name, root string) entry {
	inside := filepath.ToSlash(strings.TrimPrefix(name, root+string(filepath.Separator)))
	e.Model, e.Truth = inside+open.ModelSuffix, inside+truthSuffix
	e.Sizes, e.Certified, e.Share, e.Likely = &t.After, t.Certified, t.Share, t.Likely
	e.Run, e.Wrong = t.Verified.Inputs, t.Verified.Wrong
	return e
}

// readTruth reads the truth of a model that is there already, and was made of the same one;
// else nil.
func readTruth(name string, of disguise.File) *disguise.Truth {
	text, err := os.ReadFile(name + truthSuffix)
	if err != nil {
		return nil
	}
	weights, err := os.ReadFile(name + open.ModelSuffix)
	if err != nil {
		return nil
	}
	t, sum := &disguise.Truth{}, sha256.Sum256(weights)
	if json.NewDecoder(bytes.NewReader(text)).Decode(t) != nil || t.Of != of || t.Model.SHA256 != hex.EncodeToString(sum[:]) || !open.Exists(name+arraysSuffix) {
		return nil
	}
	return t
}
