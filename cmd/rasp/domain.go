package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang/syntax"
)

// domainFlags say for which inputs and how to compile. They override the
// directives of the program.
type domainFlags struct {
	vocab   string
	length  int
	causal  bool
	level   int
	partial bool
	robust  robustFlag
	dump    string // of the command compile: the pass after which to print the program
	debug   bool   // of the command compile
}

func (f *domainFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.vocab, "vocab", "", `input tokens: abc, '["the","cat"]' or 0..9 (default: #rasp:vocab)`)
	flags.IntVar(&f.length, "length", 0, "longest input (default: #rasp:length)")
	flags.BoolVar(&f.causal, "causal", false, "every selector sees only the positions up to its own (default: #rasp:causal)")
	flags.IntVarP(&f.level, "optimize", "O", 1, "0: heads and codes that are easy to read; 1: fewer weights; 2: try all choices, take the smallest model")
	flags.Var(&f.robust, "robust", "only a model that stands noise, other precisions and rotations, whatever the level; =SIGMA: weights that are off by that part of themselves, a standard deviation")
	flags.Lookup("robust").NoOptDefVal = anyNoise
	flags.BoolVar(&f.partial, "partial", false, "accept a program that fails on some inputs; the model then answers anything on those")
}

// choices are what the flags say. The error is one of usage.
func (f *domainFlags) choices(cmd *cobra.Command) (c open.Choices, err error) {
	changed := cmd.Flags().Changed
	c.Level, c.Partial, c.Dump, c.DumpTo, c.Debug = f.level, f.partial, f.dump, cmd.OutOrStdout(), f.debug
	c.Context = cmd.Context()
	c.Robust, c.Sigma = f.robust.asked, f.robust.sigma
	if changed("causal") {
		c.Causal = &f.causal
	}
	if changed("vocab") {
		if c.Vocab, err = syntax.ParseVocab(f.vocab); err != nil {
			return c, usagef(`write --vocab abc, --vocab '["the","cat"]' or --vocab 0..9`, "--vocab: %s", err)
		}
	}
	if f.level < 0 || f.level > 2 {
		return c, usagef("", "-O: the levels are 0, 1 and 2, not %d", f.level)
	}
	if c.Length = f.length; changed("length") && f.length < 1 {
		return c, usagef("", "--length: the longest input has at least 1 token, not %d", f.length)
	}
	return c, nil
}

// splitNames reads the argument of --output.
func splitNames(list string) []string {
	var names []string
	for _, name := range strings.Split(list, ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// namesOf the argument of --main.
func namesOf(main string) []string {
	if main == "" {
		return nil
	}
	return []string{main}
}

// robustFlag is --robust, or --robust=SIGMA.
type robustFlag struct {
	asked bool
	sigma float64 // 0: any
}

// anyNoise is the value of --robust alone.
const anyNoise = "any"

func (r *robustFlag) String() string {
	switch {
	case !r.asked:
		return ""
	case r.sigma == 0:
		return anyNoise
	}
	return strconv.FormatFloat(r.sigma, 'g', -1, 64)
}

func (r *robustFlag) Type() string { return sigmaType }

const (
	sigmaType   = "SIGMA"
	kindOfSigma = "a standard deviation above 0 and below 1"
)

func (r *robustFlag) Set(text string) error {
	*r = robustFlag{asked: true}
	if text == anyNoise {
		return nil
	}
	sigma, err := strconv.ParseFloat(text, 64)
	if err != nil || !(sigma > 0 && sigma < 1) {
		return fmt.Errorf("%s is not above 0 and below 1", text)
	}
	r.sigma = sigma
	return nil
}

// UnmarshalJSON takes true, or SIGMA.
func (r *robustFlag) UnmarshalJSON(text []byte) error {
	switch text := string(text); text {
	case "true":
		return r.Set(anyNoise)
	case "false", "null":
		*r = robustFlag{}
		return nil
	default:
		if r.Set(text) != nil {
			return fmt.Errorf("robust is true, false or %s, not %s", kindOfSigma, text)
		}
		return nil
	}
}
