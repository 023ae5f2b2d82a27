package main

import (
	"strings"

	"github.com/spf13/cobra"

	"rasp/compiler"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/domain"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// domainFlags say for which inputs and how to compile. They override the
// directives of the program.
type domainFlags struct {
	vocab   string
	length  int
	causal  bool
	level   int
	partial bool
}

func (f *domainFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.vocab, "vocab", "", `input tokens: abc, '["the","cat"]' or 0..9 (default: #rasp:vocab)`)
	flags.IntVar(&f.length, "length", 0, "longest input (default: #rasp:length)")
	flags.BoolVar(&f.causal, "causal", false, "every selector sees only the positions up to its own (default: #rasp:causal)")
	flags.IntVarP(&f.level, "optimize", "O", 1, "0: codes that are easy to read; 1: fewer weights; 2: try all choices, take the smallest model")
	flags.BoolVar(&f.partial, "partial", false, "accept a program that fails on some inputs; the model then answers anything on those")
}

// vocabulary is that of the flag or else of the directive; nil if there is
// neither. The error is one of usage.
func (f *domainFlags) vocabulary(cmd *cobra.Command, program *lang.Program) ([]value.Value, error) {
	if !cmd.Flags().Changed("vocab") {
		return program.File.Directives.Vocab, nil
	}
	vocab, err := syntax.ParseVocab(f.vocab)
	if err != nil {
		return nil, usagef(`write --vocab abc, --vocab '["the","cat"]' or --vocab 0..9`, "--vocab: %s", err)
	}
	return vocab, nil
}

func (f *domainFlags) isCausal(cmd *cobra.Command, program *lang.Program) bool {
	if cmd.Flags().Changed("causal") {
		return f.causal
	}
	return program.File.Directives.Causal
}

// domain of the model. The error is one of usage, or the diag.List of what the
// program does not say.
func (f *domainFlags) domain(cmd *cobra.Command, program *lang.Program) (domain.Domain, error) {
	d := domain.Domain{Length: program.File.Directives.Length, Causal: f.isCausal(cmd, program)}
	if cmd.Flags().Changed("length") {
		if f.length < 1 {
			return d, usagef("", "--length: the longest input has at least 1 token, not %d", f.length)
		}
		d.Length = f.length
	}
	var err error
	if d.Vocab, err = f.vocabulary(cmd, program); err != nil {
		return d, err
	}
	return d, missing(program, d).Err()
}

func missing(program *lang.Program, d domain.Domain) (faults diag.List) {
	top := diag.Span{Source: program.File.Source}
	if len(d.Vocab) == 0 {
		faults = append(faults, diag.Errorf(top, diag.Domain, "a model needs a vocabulary, and the program gives none").
			WithHint(`write #rasp:vocab "abc" in the program or --vocab abc on the command line`))
	}
	if d.Length == 0 {
		faults = append(faults, diag.Errorf(top, diag.Domain, "a model needs the length of the longest input, and the program gives none").
			WithHint("write #rasp:length 20 in the program or --length 20 on the command line"))
	}
	return faults
}

func (f *domainFlags) options() (compiler.Options, error) {
	if f.level < 0 || f.level > 2 {
		return compiler.Options{}, usagef("", "-O: the levels are 0, 1 and 2, not %d", f.level)
	}
	return compiler.Options{Level: f.level, Partial: f.partial}, nil
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
