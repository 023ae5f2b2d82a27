package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/compiler"
	"rasp/compiler/construct"
	"rasp/compiler/stored"
	"rasp/compiler/verify"
	"rasp/runtime/export"
	"rasp/runtime/model"
)

// model is the one to export, and what certifies it in the arithmetic of other tools: the
// plan that it was compiled from, which a model file does not have. So the program in it is
// compiled once more.
func (f *exportFlags) model(cmd *cobra.Command, file string) (*model.Model, export.Certify, error) {
	if !open.IsModel(file) {
		c, err := f.domain.compile(cmd, file, splitNames(f.outputs))
		return c.Model, certifyBy(c.Report, c.Model), err
	}
	m, err := f.domain.model(cmd, file, f.outputs)
	if err != nil {
		return nil, nil, err
	}
	report, err := recompiled(cmd.Context(), m)
	return m, certifyBy(report, m), err
}

// certifyBy the report of the compilation of a model; nil says that there is none.
func certifyBy(report *compiler.Report, m *model.Model) export.Certify {
	return func(w export.Way) (string, bool) {
		if report == nil {
			return "the weights are not those that the compiler makes of the program", false
		}
		found := report.Certify(m, construct.Precision{
			Name: w.Where, Ulp: construct.Ulp, Rounds: true, Exp: w.Exp, AnyOrder: true, Divides: w.Divides, Norm: norms[w.Norm],
		})
		switch {
		case found.Exact():
			return found.Certificate(m.Certificate.Partial).Claim, true
		case found.Coarse() != "":
			return found.Coarse(), false
		case found.Slack == 0:
			return fmt.Sprintf("at %q what is read may have an error, and must have none", found.Worst.What), false
		}
		return fmt.Sprintf("at %q the error bound is %g times the margin", found.Worst.What, construct.Up(1/found.Slack, 2)), false
	}
}

var norms = [...]construct.Norm{export.NoNorm: construct.NoNorm, export.Centred: construct.Centred, export.Uncentred: construct.Uncentred}

// recompiled is the report of a compilation that gives the weights of a model, bit for bit;
// nil if none does. The level of optimization does not stand in the file: the one that is used
// most often comes first.
func recompiled(ctx context.Context, m *model.Model) (*compiler.Report, error) {
	program, err := stored.Program(m)
	if err != nil || !m.Certificate.Exact {
		return nil, nil
	}
	c := open.Choices{Length: m.NCtx - 1, Causal: &m.Causal, Partial: m.Certificate.Partial, Context: ctx}
	if c.Vocab, err = verify.Values(m.Vocab); err != nil {
		return nil, nil
	}
	var names []string
	for _, o := range m.Outputs {
		names = append(names, o.Name)
	}
	for _, c.Level = range []int{1, 0, 2} {
		again, err := c.Compile(program, names)
		switch {
		case errors.Is(err, context.Canceled):
			return nil, err
		case err == nil && sameWeights(again.Model, m):
			return again.Report, nil
		}
	}
	return nil, nil
}

// sameWeights reports whether two models have the same tensors, bit for bit.
func sameWeights(a, b *model.Model) bool {
	list, others := a.Tensors(), b.Tensors()
	if len(list) != len(others) {
		return false
	}
	for i, t := range list {
		o := others[i]
		if t.Name != o.Name || !slices.Equal(t.Shape, o.Shape) || !sameElements(t.Weights(), o.Weights()) {
			return false
		}
	}
	return true
}

func sameElements(a, b model.Matrix) bool {
	type weight struct {
		column int
		bits   uint32
	}
	row := func(m model.Matrix, i int) (list []weight) {
		for j, w := range m.Row(i) {
			list = append(list, weight{j, math.Float32bits(w)})
		}
		return list
	}
	rows, _ := a.Size()
	for i := range rows {
		if !slices.Equal(row(a, i), row(b, i)) {
			return false
		}
	}
	return true
}
