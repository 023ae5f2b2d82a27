package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang/dataset"
	"rasp/lang/diag"
	"rasp/runtime/atomicfile"
)

type sampleFlags struct {
	out          string
	count        int
	all          bool
	distribution string
	seed         uint64
	pairs        string
	position     int
	split        string
	output       string
	parts        []float64 // of split
	device       deviceFlag
	domain       domainFlags
}

func sampleCommand() *cobra.Command {
	var f sampleFlags
	cmd := &cobra.Command{
		Use:   "sample FILE",
		Short: "Make a data set: inputs of a program, with its outputs as labels",
		Long: `Make a data set: inputs of a program, with its outputs as labels.

FILE is a program (.rasp), which is interpreted, the name of a ready-made
program, or a model (.safetensors), whose labels are the same. The inputs are of
the domain, and of the form that #rasp:inputs says; none comes twice. Inputs on
which the program fails are left out, and stderr counts them. The same --seed
gives the same data set.

--distribution uniform makes each input as likely as another, so that nearly all
are of the largest length; lengths makes each length as likely, and in it each
input, as long as there are any left.

--pairs SOP makes pairs of inputs of the same length that differ in as few
tokens as possible and in the value of SOP, at --position (from 0) or, without,
at any. Where more than 131,072 ways to change so many tokens would have to be
tried, none is: such inputs are left out, and counted.

--split shares the examples out at random, by input: no input is in two parts,
those of a pair are in one. FILE.jsonl becomes FILE-train.jsonl and
FILE-test.jsonl, with three parts FILE-validation.jsonl too.

Without -o there are JSON lines on stdout. Files are written whole, all or none.`,
		Example: `  rasp sample reverse -n 1000 -o reverse.jsonl
  rasp sample sort --all --length 3 --vocab abc
  rasp sample dyck1 -n 10000 --distribution lengths --split 0.8,0.1,0.1 -o dyck.parquet
  rasp sample program.rasp -n 100 --pairs matched --position 3`,
		Args: files("FILE", 1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVarP(&f.out, "out", "o", "", "the data set to write: .jsonl or .parquet")
	flags.IntVarP(&f.count, "n", "n", 0, "how many examples")
	flags.BoolVar(&f.all, "all", false, "every input of the domain, the shortest first")
	flags.StringVar(&f.distribution, "distribution", string(dataset.Uniform), "how inputs are drawn: uniform or lengths")
	flags.Uint64Var(&f.seed, "seed", 1, "of the random numbers")
	flags.StringVar(&f.pairs, "pairs", "", "make pairs of inputs that differ in this s-op")
	flags.IntVar(&f.position, "position", -1, "where the s-op of --pairs differs, from 0 (default: anywhere)")
	flags.StringVar(&f.split, "split", "", "shares of two or three parts, such as 0.8,0.1,0.1")
	flags.StringVar(&f.output, "output", "", "s-ops that are the labels, separated by commas (default: #rasp:output, else the last one assigned)")
	f.device.register(cmd)
	f.domain.register(cmd)
	return cmd
}

// partNames are those of files, by the number of parts.
var partNames = map[int][]string{1: {""}, 2: {"-train", "-test"}, 3: {"-train", "-validation", "-test"}}

// check the flags; what would be reported late comes early.
func (f *sampleFlags) check(cmd *cobra.Command) error {
	changed := cmd.Flags().Changed
	switch {
	case f.all && changed("n"):
		return usagef("", "-n and --all: one or the other")
	case f.all:
		if err := refuse(cmd, "with --all there is nothing to draw", "distribution"); err != nil {
			return err
		}
		f.distribution = string(dataset.All)
	case !changed("n"):
		return usagef("-n draws so many, --all takes every input of the domain", "-n is missing")
	case f.count < 1 || f.count > dataset.Most:
		return usagef("", "-n is an int from 1 to %d, not %d", dataset.Most, f.count)
	case f.distribution != string(dataset.Uniform) && f.distribution != string(dataset.Lengths):
		return usagef("", "--distribution: uniform or lengths, not %q", f.distribution)
	}
	switch {
	case changed("position") && f.pairs == "":
		return usagef("", "--position: with --pairs")
	case changed("position") && f.position < 0:
		return usagef("", "--position is an int from 0, not %d", f.position)
	case changed("split") && f.out == "":
		return usagef("give the data set to write: -o FILE.jsonl", "--split writes files, and -o is missing")
	}
	switch _, known := encoders[filepath.Ext(f.out)]; {
	case f.out == "":
	case !known:
		return usagef("the name ends in .jsonl or .parquet", "-o: %s: unknown kind of data set", f.out)
	}
	if err := f.readSplit(); changed("split") && err != nil {
		return err
	}
	return f.device.check(cmd)
}

// readSplit reads the shares of the parts.
func (f *sampleFlags) readSplit() error {
	const hint = "such as 0.8,0.2 or 0.8,0.1,0.1"
	sum := 0.0
	f.parts = nil
	for _, text := range strings.Split(f.split, ",") {
		share, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil || !(share > 0 && share < 1) {
			return usagef(hint, "--split: %q is no share, a number between 0 and 1", text)
		}
		f.parts = append(f.parts, share)
		sum += share
	}
	switch {
	case len(f.parts) > 3:
		return usagef(hint, "--split: two or three parts, not %d", len(f.parts))
	case math.Abs(sum-1) > 1e-9:
		return usagef(hint, "--split: the shares make %g, not 1", sum)
	}
	return nil
}

func (f *sampleFlags) run(cmd *cobra.Command, file string) error {
	if err := f.check(cmd); err != nil {
		return err
	}
	outs, err := f.files(file)
	if err != nil {
		return err
	}
	labelled, err := f.open(cmd, file, outs)
	if err != nil {
		return err
	}
	set, err := f.set(labelled)
	if err != nil {
		return err
	}
	s := &sampling{set: set, columns: columnsOfSet(labelled.Names, f.pairs != ""), counts: make([]int, len(outs))}
	if terminal(cmd.OutOrStdout()) == nil || f.out != "" {
		s.line = progress{to: terminal(cmd.ErrOrStderr()), what: "examples"}
	}
	err = s.write(cmd.Context(), cmd.OutOrStdout(), outs)
	s.line.clear()
	if err != nil {
		return f.explain(err)
	}
	f.tell(cmd.ErrOrStderr(), s.report)
	if f.out == "" {
		return nil
	}
	for i, name := range outs {
		if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%s: %s\n", diag.Visible(name), diag.Count(s.counts[i], f.what())); err != nil {
			return err
		}
	}
	return nil
}

// what an example is.
func (f *sampleFlags) what() string {
	if f.pairs != "" {
		return "pair"
	}
	return "example"
}

// files to write: none of them is read. Without -o it is one without a name.
func (f *sampleFlags) files(file string) (names []string, err error) {
	ending := filepath.Ext(f.out)
	for _, part := range partNames[max(len(f.parts), 1)] {
		name := strings.TrimSuffix(f.out, ending) + part + ending
		if sameFile(file, name) {
			return nil, usagef("", "-o: %s is the program itself", name)
		}
		names = append(names, name)
	}
	return names, nil
}

// open makes what labels the inputs of a FILE.
func (f *sampleFlags) open(cmd *cobra.Command, file string, outs []string) (*open.Labelled, error) {
	if open.IsModel(file) {
		m, err := f.domain.model(cmd, file, "")
		if err != nil {
			return nil, err
		}
		engine, err := f.device.choice().Engine(m, 1)
		if err != nil {
			return nil, err
		}
		return open.LabelsOfModel(m, f.output, engine)
	}
	if err := refuse(cmd, "only with a model; a program is interpreted", "optimize", "partial", "device", "dense"); err != nil {
		return nil, err
	}
	program, err := loadProgram(cmd, file)
	if err != nil {
		return nil, err
	}
	for _, name := range outs {
		if err := spareLoaded(program.Loaded, name); err != nil {
			return nil, err
		}
	}
	choices, err := f.domain.choices(cmd)
	if err != nil {
		return nil, err
	}
	return open.LabelsOf(program, splitNames(f.output), choices)
}

// set is the data set; each call of what it returns makes the same one.
func (f *sampleFlags) set(l *open.Labelled) (func() dataset.Set, error) {
	count, exact := l.Count()
	switch {
	case f.all && !exact:
		return nil, open.Faultf(diag.Domain, "-n draws some of them; --length makes the domain smaller", "the domain has too many inputs to list: more than %d", count)
	case exact && f.count > count:
		return nil, tooFew(count, "the domain has %s", diag.Count(count, "input"))
	case f.position >= l.Length:
		return nil, usagef("", "--position: the longest input has the positions 0 to %d, and not %d", l.Length-1, f.position)
	}
	s := dataset.Set{Domain: l.Domain, Distribution: dataset.Distribution(f.distribution), Count: f.count, Seed: f.seed, Labels: l.Labels, Parts: f.parts}
	if f.pairs == "" {
		return func() dataset.Set { return s }, nil
	}
	pairs, err := l.Pairs(f.pairs, f.position)
	if err != nil {
		return nil, err
	}
	return func() dataset.Set {
		afresh := *pairs
		s.Pairs = &afresh
		return s
	}, nil
}

func tooFew(count int, format string, args ...any) error {
	return open.Faultf(diag.Domain, fmt.Sprintf("-n %d, or --all; --length makes the domain larger", max(count, 1)), format, args...)
}

// explain gives an error of the data set a hint.
func (f *sampleFlags) explain(err error) error {
	var short *dataset.ShortError
	switch {
	case errors.As(err, &short) && short.Examples == 0 || errors.Is(err, dataset.ErrNone):
		hint := "the program fails on the others"
		if f.pairs != "" {
			hint = f.pairs + " may be the same on all inputs of a length, or need many changes"
		}
		return open.Faultf(diag.Domain, hint, "no %s was found", f.what())
	case short != nil:
		return tooFew(short.Examples, "there are no more than %s%s", diag.Count(short.Examples, f.what()), leftOut(short.Report))
	}
	return err
}

// leftOut says which inputs are no examples.
func leftOut(r dataset.Report) string {
	var list []string
	if r.Failed > 0 {
		list = append(list, fmt.Sprintf("%s on which the program fails", diag.Count(r.Failed, "input")))
	}
	if r.Unpaired > 0 {
		list = append(list, fmt.Sprintf("%s without another that is near", diag.Count(r.Unpaired, "input")))
	}
	if r.Torn > 0 {
		list = append(list, fmt.Sprintf("%s with an input in another part", diag.Count(r.Torn, "pair")))
	}
	if list == nil {
		return ""
	}
	return ", without " + strings.Join(list, ", ")
}

// tell says what was left out.
func (f *sampleFlags) tell(to io.Writer, r dataset.Report) {
	if out, ok := strings.CutPrefix(leftOut(r), ", without "); ok {
		fmt.Fprintf(to, "rasp: left out %s\n", out)
	}
}

// sampling writes a data set.
type sampling struct {
	set     func() dataset.Set
	columns []column
	line    progress

	report dataset.Report
	counts []int // by part
}

// write writes the parts, all or none: one after the other gets its name once all are
// complete.
func (s *sampling) write(ctx context.Context, stdout io.Writer, files []string) error {
	encode := encoders[filepath.Ext(files[0])]
	kinds, err := s.survey(ctx, encode.typed)
	if err != nil {
		return err
	}
	if files[0] == "" {
		return s.fill(ctx, []io.Writer{stdout}, encode.open, kinds)
	}
	var next func(to []io.Writer) error
	next = func(to []io.Writer) error {
		if len(to) == len(files) {
			return s.fill(ctx, to, encode.open, kinds)
		}
		return atomicfile.Write(files[len(to)], func(w io.Writer) error { return next(append(slices.Clip(to), w)) })
	}
	return next(nil)
}

// survey looks at what the columns hold, where a format must know it beforehand.
func (s *sampling) survey(ctx context.Context, typed bool) ([]kinds, error) {
	all := make([]kinds, len(s.columns))
	if !typed {
		return all, nil
	}
	set, done, start := s.set(), 0, time.Now()
	_, err := set.Each(ctx, func(x dataset.Example) error {
		for i, c := range s.columns {
			all[i] |= kindsOf(c.of(&x))
		}
		done++
		s.line.count(done, start)
		return nil
	})
	return all, err
}

// fill writes the examples, each to its part.
func (s *sampling) fill(ctx context.Context, to []io.Writer, open func(io.Writer, []column, []kinds) encoder, kinds []kinds) error {
	parts := make([]encoder, len(to))
	for i, w := range to {
		parts[i] = open(w, s.columns, kinds)
	}
	set, done, start := s.set(), 0, time.Now()
	var err error
	s.report, err = set.Each(ctx, func(x dataset.Example) error {
		s.counts[x.Part]++
		done++
		s.line.count(done, start)
		return parts[x.Part].write(&x)
	})
	for _, part := range parts {
		err = errors.Join(err, part.close())
	}
	return err
}
