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
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/runtime/atomicfile"
	"rasp/runtime/disguise"
)

type suiteFlags struct {
	out     string
	lengths string
	levels  string
	domain  domainFlags
	choices suiteChoices
}

// suiteChoices are what a suite is made by; they stand in its suite.json.
type suiteChoices struct {
	Programs    []string `json:"programs"`
	Lengths     []int    `json:"lengths"` // 0: that of the program
	Levels      []int    `json:"levels"`
	Variants    int      `json:"variants"` // of each level, with seeds from Seed on
	Seed        uint64   `json:"seed"`
	Inputs      int      `json:"inputs"`
	Pairs       int      `json:"pairs"`
	Samples     int      `json:"samples"`
	Likely      bool     `json:"likely,omitempty"`
	Uncertified bool     `json:"uncertified,omitempty"`
	Compile     []string `json:"compile,omitempty"` // flags of rasp compile
	Version     string   `json:"version"`
}

func suiteCommand() *cobra.Command {
	var f suiteFlags
	cmd := &cobra.Command{
		Use:   "suite [FILE...] -o DIR",
		Short: "Make many disguised models with their truths, inputs and pairs, to test methods on",
		Long: `Make many disguised models with their truths, inputs and pairs, to test methods on.

FILEs are programs (.rasp) or names of ready-made ones; without any all ready-made
programs are taken. Each is compiled for each of --lengths, and has a folder in DIR
with the model, inputs, pairs of a clean and a corrupt input, and disguised models
of each of --levels, --variants of each, with the truth beside (rasp disguise says
more).

What cannot be compiled, or not disguised for certain, is left out, and index.jsonl
says why; it has a line for each model. README.md is a data card. What is there
already is not made again, so that a suite that was interrupted goes on.`,
		Example: `  rasp suite -o suite --lengths 6,8 --levels 0,1,2 --variants 5
  rasp suite sort reverse -o suite --levels 4 --likely`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVarP(&f.out, "out", "o", "", "the folder to write, or to go on with")
	flags.StringVar(&f.lengths, "lengths", "", "longest inputs, separated by commas (default: #rasp:length)")
	flags.StringVar(&f.levels, "levels", "0,1", "levels of disguise, separated by commas")
	flags.IntVar(&f.choices.Variants, "variants", 1, "models of each level but 0, with different seeds")
	flags.IntVar(&f.choices.Inputs, "inputs", 200, "inputs with labels of each program and length")
	flags.IntVar(&f.choices.Pairs, "pairs", 100, "pairs of inputs of each program and length; also for the circuit")
	flags.IntVar(&f.choices.Samples, "samples", 1000, "random inputs on which each model is run, and the most of the short ones")
	flags.Uint64Var(&f.choices.Seed, "seed", 1, "of all that is random")
	flags.BoolVar(&f.choices.Likely, "likely", false, "take what is right if roundings are independent of each other")
	flags.BoolVar(&f.choices.Uncertified, "uncertified", false, "take models that are wrong on some inputs, too")
	f.domain.register(cmd)
	return cmd
}

func (f *suiteFlags) run(cmd *cobra.Command, programs []string) error {
	if err := f.choose(cmd, programs); err != nil {
		return err
	}
	if err := f.begin(); err != nil {
		return err
	}
	bases := f.bases()
	line := progress{what: "programs", to: terminal(cmd.ErrOrStderr())}
	defer line.clear()
	show := func(done int) {
		if line.to != nil {
			line.show(done, len(bases))
		}
	}
	entries, err := f.make(cmd, bases, show)
	line.clear()
	if err != nil {
		return err
	}
	if err := f.finish(entries); err != nil {
		return err
	}
	counts := countOf(entries)
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %s in %s, %d left out\n", diag.Visible(filepath.Join(f.out, indexName)),
		diag.Count(counts.models, "model"), diag.Count(counts.bases, "folder"), counts.refused)
	return err
}

// choose reads the flags.
func (f *suiteFlags) choose(cmd *cobra.Command, programs []string) (err error) {
	c := &f.choices
	if f.out == "" {
		return usagef("give the folder: -o DIR", "-o is missing")
	}
	if c.Programs = programs; len(programs) == 0 {
		c.Programs = open.ReadyNames()
	}
	if err := distinctPages(c.Programs); err != nil {
		return err
	}
	if err := refuse(cmd, "a suite has several: --lengths", "length"); err != nil {
		return err
	}
	c.Lengths = []int{0}
	if cmd.Flags().Changed("lengths") {
		if c.Lengths, err = intList("lengths", f.lengths, 1, 1<<16); err != nil {
			return err
		}
	}
	if c.Levels, err = intList("levels", f.levels, 0, disguise.Levels-1); err != nil {
		return err
	}
	for _, n := range []struct {
		flag  string
		value int
	}{{"variants", c.Variants}, {"inputs", c.Inputs}, {"pairs", c.Pairs}, {"samples", c.Samples}} {
		if n.value < 1 {
			return usagef("", "--%s: at least 1, not %d", n.flag, n.value)
		}
	}
	for _, name := range []string{"vocab", "causal", "optimize", "partial", "robust"} {
		if flag := cmd.Flags().Lookup(name); flag != nil && flag.Changed {
			c.Compile = append(c.Compile, "--"+name+"="+flag.Value.String())
		}
	}
	c.Version = version()
	return nil
}

// intList reads ints between two, separated by commas, none twice.
func intList(flag, text string, least, most int) (list []int, err error) {
	for _, word := range strings.Split(text, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(word))
		if err != nil || n < least || n > most {
			return nil, usagef("", "--%s: ints from %d to %d, separated by commas, not %q", flag, least, most, text)
		}
		if !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list, nil
}

// The files of a suite beside the folders of its programs.
const (
	choicesName = "suite.json"
	indexName   = "index.jsonl"
	cardName    = "README.md"
)

// begin makes the folder, or finds that it holds a suite of the same choices.
func (f *suiteFlags) begin() error {
	text, err := json.MarshalIndent(f.choices, "", "  ")
	if err != nil {
		return err
	}
	text = append(text, '\n')
	path := filepath.Join(f.out, choicesName)
	old, err := os.ReadFile(path)
	switch {
	case err == nil && bytes.Equal(old, text):
		return nil
	case err == nil:
		return open.Faultf(diag.Domain, "take another folder, or the same flags and the same rasp", "%s holds a suite of other choices, see %s", f.out, choicesName)
	case !errors.Is(err, os.ErrNotExist):
		return err
	}
	if err := os.MkdirAll(f.out, 0o755); err != nil {
		return err
	}
	return writeBytes(path, text)
}

func writeBytes(path string, content []byte) error {
	return atomicfile.Write(path, func(to io.Writer) error {
		_, err := to.Write(content)
		return err
	})
}

// base is a program for a length.
type base struct {
	number  int
	program string
	length  int
}

func (f *suiteFlags) bases() []base {
	var list []base
	for _, p := range f.choices.Programs {
		for _, n := range f.choices.Lengths {
			list = append(list, base{len(list), p, n})
		}
	}
	return list
}

// make makes all models, several programs at once, and returns the entries of the index in
// the order of the programs.
func (f *suiteFlags) make(cmd *cobra.Command, bases []base, done func(int)) ([]entry, error) {
	ctx, cancel := context.WithCancelCause(cmd.Context())
	defer cancel(nil)
	entries, todo := make([][]entry, len(bases)), make(chan base)
	finished := make(chan struct{})
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(bases)) {
		group.Go(func() {
			for b := range todo {
				list, err := f.base(ctx, cmd, b)
				if entries[b.number] = list; err != nil {
					cancel(fmt.Errorf("%s: %w", b.program, err))
					return
				}
				finished <- struct{}{}
			}
		})
	}
	go func() {
		defer close(todo)
		for _, b := range bases {
			select {
			case todo <- b:
			case <-ctx.Done():
				return
			}
		}
	}()
	go func() {
		group.Wait()
		close(finished)
	}()
	count := 0
	for range finished {
		count++
		done(count)
	}
	return slices.Concat(entries...), context.Cause(ctx)
}
