package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/suite"
	"rasp/lang/dataset"
	"rasp/lang/diag"
)

type suiteFlags struct {
	suite.Options
	lengths string
	levels  string
	robust  robustFlag
	preset  string
	worker  bool
}

func suiteCommand() *cobra.Command {
	var f suiteFlags
	cmd := &cobra.Command{
		Use:   "suite [FILE...] -o DIR",
		Short: "Make a set of models whose insides are known, to measure methods of interpretability",
		Long: `Make a set of models whose insides are known, to measure methods of interpretability.

FILEs are programs (.rasp) or names of ready-made programs; without any all
ready-made programs are taken, and --random adds programs by chance. Each is
compiled for each of --lengths, and disguised at each of --levels (see rasp
disguise); level 0, as compiled, is always there. A disguised model that is ever
wrong beside its program is left out.

DIR has a folder for each model: the model, its program, its circuit by three
truths (see rasp circuit), the names of its parts, inputs with the values of all
s-ops, and clean and corrupt pairs of inputs. index.jsonl lists the models,
README.md is a data card. What cannot be compiled is left out, and the card says
why.

Folders are written whole, and those that are there are taken as they are: what
was interrupted goes on with the same command, more programs, lengths and levels
can be added, and the same settings give the same bytes. The index lists the
models of the last command. Its SHA-256 stands for the set: a line has the digest
of all files of a model.`,
		Example: `  rasp suite --preset raspbench-1 -o raspbench-1
  rasp suite sort reverse program.rasp -o small --lengths 6,8 --pairs 64
  rasp suite -o large --random 1000 --robust --levels 1,2,3,4`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVarP(&f.Folder, "out", "o", "", "the folder to write")
	flags.StringVar(&f.preset, "preset", "", "a set that is the same for everyone: "+presetNames())
	flags.StringVar(&f.lengths, "lengths", "", "longest inputs, such as 6,8 (default: what each program says)")
	flags.StringVar(&f.levels, "levels", "", "levels of disguise (rasp disguise) beside 0, such as 1,4")
	flags.IntVar(&f.Variants, "variants", 1, "models of each level, which differ in what is drawn")
	flags.IntVar(&f.Random, "random", 0, "how many random programs to add")
	flags.IntVar(&f.Inputs, "inputs", 500, "inputs of each model")
	flags.IntVar(&f.Pairs, "pairs", 64, "pairs of inputs of each kind: one token changed, all tokens, another length")
	flags.IntVar(&f.Parameters, "parameters", 1_000_000, "how many parameters a model has at most; larger ones are left out")
	flags.IntVarP(&f.Optimize, "optimize", "O", 1, "0: heads and codes that are easy to read; 1: fewer weights; 2: try all choices, take the smallest model")
	flags.Var(&f.robust, "robust", "models that stand noise, other precisions and rotations, which most levels above 1 take; =SIGMA: so much noise")
	flags.Lookup("robust").NoOptDefVal = anyNoise
	flags.Uint64Var(&f.Seed, "seed", 1, "of the random numbers")
	registerThreads(cmd, &f.Workers, "programs at a time")
	flags.BoolVar(&f.worker, "worker", false, forWorkers)
	return cmd
}

// check the flags; what would be reported late comes early.
func (f *suiteFlags) check() (err error) {
	if f.Folder == "" {
		return usagef("give the folder: -o DIR", "-o is missing")
	}
	if f.Lengths, err = ascending("lengths", f.lengths, 1, longestOfSuite); err != nil {
		return err
	}
	if f.Levels, err = ascending("levels", f.levels, 1, suite.Levels()-1); err != nil {
		return err
	}
	f.Robust, f.Sigma = f.robust.asked, f.robust.sigma
	for _, n := range []struct {
		flag            string
		is, least, most int
	}{
		{"--variants", f.Variants, 1, 9999},
		{"--random", f.Random, 0, 9999},
		{"--inputs", f.Inputs, 1, dataset.Most},
		{"--pairs", f.Pairs, 1, dataset.Most},
		{"--parameters", f.Parameters, 1, 1 << 30},
		{"-O", f.Optimize, 0, 2},
	} {
		if n.is < n.least || n.is > n.most {
			return usagef("", "%s is an int from %d to %d, not %d", n.flag, n.least, n.most, n.is)
		}
	}
	return nil
}

// longestOfSuite is the longest input that can be asked for: circuits are not looked for
// beyond.
const longestOfSuite = 4096

// ascending reads a list of ints, which come in order and once.
func ascending(flag, list string, least, most int) ([]int, error) {
	var all []int
	if list == "" {
		return nil, nil
	}
	for _, text := range strings.Split(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || n < least || n > most {
			return nil, usagef("", "--%s: ints from %d to %d, separated by commas, and not %q", flag, least, most, text)
		}
		all = append(all, n)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

func (f *suiteFlags) run(cmd *cobra.Command, files []string) error {
	err := f.check()
	if err == nil && f.preset != "" {
		files, err = f.take(cmd, files)
	}
	if err != nil {
		return err
	}
	if len(files) == 0 {
		files = open.ReadyNames()
	}
	programs, err := f.programs(cmd, files)
	if err != nil {
		return err
	}
	if f.worker {
		return inSetConflict(f.serve(cmd, programs))
	}
	line := progress{to: terminal(cmd.ErrOrStderr()), what: "programs"}
	f.Made = func(done int) {
		if line.to != nil {
			line.show(done, len(programs)+f.Random)
		}
	}
	set, err := suite.Make(cmd.Context(), programs, f.Options)
	line.clear()
	if err != nil {
		return inSetConflict(err)
	}
	for _, l := range set.LeftOut {
		fmt.Fprint(cmd.ErrOrStderr(), lineOfLeftOut(l))
	}
	summary, err := f.summary(set)
	if err != nil {
		return err
	}
	_, err = io.WriteString(cmd.OutOrStdout(), summary)
	return err
}

// inSetConflict says what to do about a folder of another set.
func inSetConflict(err error) error {
	var conflict *suite.Conflict
	if errors.As(err, &conflict) {
		return open.Faultf(diag.Value, conflict.Hint, "%s", conflict.What)
	}
	return err
}

func lineOfLeftOut(l suite.LeftOut) string {
	return fmt.Sprintf("rasp: left out %s%s: %s\n", l.Program, which(l), diag.Visible(l.Reason))
}

func (f *suiteFlags) summary(set *suite.Set) (string, error) {
	if len(set.Items) == 0 {
		return "", open.Faultf(diag.Domain, "", "there is no model in the set")
	}
	return fmt.Sprintf("%s: %s\nsha256 %s\n", diag.Visible(filepath.Join(f.Folder, suite.IndexFile)), diag.Count(len(set.Items), "model"), set.Digest), nil
}

// which model of a program is left out.
func which(l suite.LeftOut) (text string) {
	if l.Length > 0 {
		text += fmt.Sprintf(" at length %d", l.Length)
	}
	if l.Level > 0 {
		text += fmt.Sprintf(" at level %d", l.Level)
	}
	return text
}

// programs reads the files; their names are those of folders, so they must differ.
func (f *suiteFlags) programs(cmd *cobra.Command, files []string) ([]suite.Program, error) {
	var all []suite.Program
	taken := map[string]string{}
	for _, file := range files {
		name := folderName(file)
		key := strings.ToLower(name) // some file systems do not tell cases apart
		if other, ok := taken[key]; ok {
			return nil, usagef("", "%s: %s has the folder %s", file, other, name)
		}
		taken[key] = file
		program, err := loadProgram(cmd, file)
		if err != nil {
			return nil, err
		}
		all = append(all, suite.Program{Name: name, Program: program})
	}
	return all, nil
}

// folderName is the name of a program without what a folder, or a table, had better not have.
func folderName(file string) string {
	name := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' {
			return r
		}
		return '_'
	}, pageName(file))
	return cmp.Or(name, "_")
}
