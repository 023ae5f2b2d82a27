package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/disguised"
	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/runtime/disguise"
	"rasp/runtime/model"
)

type disguiseFlags struct {
	out       string
	outputs   string
	level     int
	scale     string
	noise     string
	superpose string
	dtype     string
	blend     string
	blind     bool
	options   disguise.Options
	samples   int
	pairs     int
	domain    domainFlags
}

func disguiseCommand() *cobra.Command {
	var f disguiseFlags
	cmd := &cobra.Command{
		Use:   "disguise FILE -o MODEL",
		Short: "Give a model another form with the same function, and write down what is where",
		Long: `Give a model another form with the same function, and write down what is where.

FILE is a model (.safetensors) or a program, which is compiled first. The model
that is written computes the same and looks otherwise, as one that was learned
does. Beside it MODEL.truth.json and MODEL.truth.safetensors say what is where:
directions and values of each s-op in the new basis, where heads and neurons come
from, and the circuit.

Permutations and powers of two lose no bit. All else changes weights, and is done
if the certificate names a noise that the model stands and that is not exceeded.
--likely goes by what the model is likely to stand if roundings are independent
of each other, and --uncertified does all of it; the model then has no certificate.
Whatever was done, the model is run beside its program, and is not written if it
differs; with --uncertified it is told how often.

Levels, each with the steps of those below: 0 nothing, 1 --permute, 2 --scale,
3 --heads, 4 --rotate, 5 --rank, 6 --noise half, 7 --superpose fewest, 8 the same,
for an export that adds norms, 9 --dtype bfloat16.`,
		Example: `  rasp disguise sort -o hidden.safetensors --permute --scale=2
  rasp disguise model.safetensors -o hidden.safetensors --level 4 --seed 7`,
		Args: files("FILE", 1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.out, "out", "o", "", "the model file to write (.safetensors)")
	flags.StringVar(&f.outputs, "output", "", "s-ops to compile, separated by commas (default: #rasp:output, else the last one assigned)")
	flags.IntVar(&f.level, "level", 0, fmt.Sprintf("all steps up to this, from 0 to %d", disguise.Levels-1))
	flags.BoolVar(&f.options.Permute, "permute", false, "put residual dimensions, heads, head dimensions and neurons in a random order")
	flags.StringVar(&f.scale, "scale", "", "multiply neurons and head dimensions by 1/4 to 4, of either sign in heads: any, or 2 for powers of two")
	flags.Lookup("scale").NoOptDefVal = string(disguise.AnyFactors)
	flags.BoolVar(&f.options.Heads, "heads", false, "random orthonormal bases for queries and keys, and for values, of each head")
	flags.BoolVar(&f.options.Rotate, "rotate", false, "a random orthonormal basis for the residual stream")
	flags.BoolVar(&f.options.Rank, "rank", false, "leave out dimensions of the stream that depend on others in all that can occur")
	flags.StringVar(&f.noise, "noise", "", "noise on each weight, relative to it: a sigma, or half for what leaves half of the budget")
	flags.StringVar(&f.superpose, "superpose", "", "so many dimensions of the stream, columns being random directions in them; fewest for as few as a quarter of the budget allows")
	flags.StringVar(&f.dtype, "dtype", "float32", "what weights are rounded to: float32 or bfloat16")
	flags.StringVar(&f.blend, "blend", "", "a model with the same vocabulary and length that runs beside, its outputs left out")
	flags.BoolVar(&f.blind, "blind", false, "leave names, program and certificate out of the model file, for whoever is to find out what is in it; the truth has them")
	flags.Uint64Var(&f.options.Seed, "seed", 1, "of all that is random")
	flags.BoolVar(&f.options.Likely, "likely", false, "take what is right if roundings are independent of each other, and say so in place of a certificate")
	flags.BoolVar(&f.options.Uncertified, "uncertified", false, "take what the certificate does not allow, and write a model without one")
	flags.IntVar(&f.samples, "samples", 1000, "random inputs on which the model is run, and the most of the short ones")
	flags.IntVar(&f.pairs, "pairs", 100, "pairs of inputs to try on each edge of the circuit")
	f.domain.register(cmd)
	return cmd
}

func (f *disguiseFlags) run(cmd *cobra.Command, file string) error {
	if err := f.choose(cmd); err != nil {
		return err
	}
	if sameFile(file, f.out) || sameFile(f.blend, f.out) {
		return usagef("", "-o: %s is the model itself", f.out)
	}
	m, err := f.domain.model(cmd, file, f.outputs)
	if err != nil {
		return err
	}
	of, err := disguised.FileOf(filepath.Base(file), m)
	if err != nil {
		return err
	}
	var blended *disguise.File
	if f.blend != "" {
		if m, blended, err = f.blended(m); err != nil {
			return err
		}
	}
	x := disguising{options: f.options, samples: f.samples, of: of, blended: blended}
	line := progress{what: "inputs", to: terminal(cmd.ErrOrStderr())}
	if line.to != nil {
		x.progress = line.show
	}
	d, err := x.disguise(cmd.Context(), file, m)
	line.clear()
	if err != nil {
		return err
	}
	if d.Truth.Circuit, err = circuitText(cmd.Context(), m, f.pairs, f.options.Seed); err != nil {
		return err
	}
	seen := d.Model
	if f.blind {
		seen = disguised.Blind(seen)
	}
	if err := saveDisguised(d, seen, f.out); err != nil {
		return err
	}
	return f.report(cmd.OutOrStdout(), d)
}

// choose makes the options of the flags.
func (f *disguiseFlags) choose(cmd *cobra.Command) error {
	if f.out == "" {
		return usagef("give the model file to write: -o MODEL.safetensors", "-o is missing")
	}
	if filepath.Ext(f.out) != open.ModelSuffix {
		return usagef("", "-o: %s does not end in %s", f.out, open.ModelSuffix)
	}
	if f.samples < 1 {
		return usagef("", "--samples: at least 1, not %d", f.samples)
	}
	if f.pairs < 0 {
		return usagef("", "--pairs: not below 0")
	}
	steps := []string{"permute", "scale", "heads", "rotate", "rank", "noise", "superpose", "dtype"}
	if cmd.Flags().Changed("level") {
		if f.level < 0 || f.level >= disguise.Levels {
			return usagef("", "--level: from 0 to %d, not %d", disguise.Levels-1, f.level)
		}
		given := f.options
		f.options = disguise.Level(f.level, given.Seed)
		f.options.Likely, f.options.Uncertified = given.Likely, given.Uncertified
		return refuse(cmd, "--level has its steps already", steps...)
	}
	if err := f.steps(); err != nil {
		return err
	}
	for _, step := range append(steps, "blend", "blind") {
		if cmd.Flags().Changed(step) {
			return nil
		}
	}
	return usagef("--level 4 is a choice of steps; --permute, --scale and so on are single ones", "no step is asked for")
}

// steps are those of single flags.
func (f *disguiseFlags) steps() (err error) {
	switch f.options.Scale = disguise.Scale(f.scale); f.options.Scale {
	case disguise.NoScale, disguise.PowersOf2, disguise.AnyFactors:
	default:
		return usagef("", "--scale: 2 or any, not %q", f.scale)
	}
	switch f.dtype {
	case "float32":
	case "bfloat16":
		f.options.BFloat16 = true
	default:
		return usagef("", "--dtype: float32 or bfloat16, not %q", f.dtype)
	}
	switch f.noise {
	case "":
	case "half":
		f.options.Noise = disguise.HalfBudget
	default:
		if f.options.Noise, err = strconv.ParseFloat(f.noise, 64); err != nil || !(f.options.Noise >= 0 && f.options.Noise <= 1) {
			return usagef("", "--noise: half, or a sigma from 0 to 1, not %q", f.noise)
		}
	}
	switch f.superpose {
	case "":
	case "fewest":
		f.options.Superpose = disguise.Fewest
	default:
		if f.options.Superpose, err = strconv.Atoi(f.superpose); err != nil || f.options.Superpose < 1 {
			return usagef("", "--superpose: fewest, or a number of dimensions from 1, not %q", f.superpose)
		}
	}
	return nil
}

// blended is the model with another one beside it.
func (f *disguiseFlags) blended(m *model.Model) (*model.Model, *disguise.File, error) {
	other, err := open.Model(f.blend)
	if err != nil {
		return nil, nil, err
	}
	both, err := disguise.Blend(m, other)
	if err != nil {
		return nil, nil, open.Faultf(diag.Domain, "", "cannot blend %s in: %s", f.blend, err)
	}
	of, err := disguised.FileOf(filepath.Base(f.blend), other)
	return both, &of, err
}

func (f *disguiseFlags) report(to io.Writer, d *disguised.Model) error {
	t := d.Truth
	table := newTable(to)
	fmt.Fprintf(table, "d_model\t%d, before %d\n", t.After.DModel, t.Before.DModel)
	lost := "none: the weights are the same numbers, elsewhere or in other units"
	if !t.Residual.Exact() {
		lost = fmt.Sprintf("%.2g of the root mean square of a tensor (%s)", t.Residual.Absolute, t.Residual.Tensor)
	}
	fmt.Fprintf(table, "lost\t%s\n", lost)
	if t.Residual.Arithmetic > 0 {
		fmt.Fprintf(table, "rounding\tas much as %.2g of it, in sums of float32\n", t.Residual.Arithmetic)
	}
	if t.Share != nil && *t.Share > 0 {
		fmt.Fprintf(table, "budget\t%.2g of it, %.2g if roundings are independent\n", *t.Share, *t.Likely)
	}
	fmt.Fprintf(table, "certificate\t%s\n", open.Claim(d.Model))
	run := fmt.Sprintf("equal on %s", diag.Count(t.Verified.Inputs, "input"))
	switch {
	case t.Verified.Wrong > 0:
		run = fmt.Sprintf("wrong on %d of %s", t.Verified.Wrong, diag.Count(t.Verified.Inputs, "input"))
	case t.Verified.All:
		run = fmt.Sprintf("equal on every input of the domain: %s", diag.Count(t.Verified.Inputs, "input"))
	}
	fmt.Fprintf(table, "run\t%s\n", run)
	truth, arrays := truthFiles(f.out)
	fmt.Fprintf(table, "truth\t%s, %s\n", diag.Visible(filepath.Base(truth)), diag.Visible(filepath.Base(arrays)))
	return table.Flush()
}
