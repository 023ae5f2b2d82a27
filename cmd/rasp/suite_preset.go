package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rasp/cmd/rasp/suite"
)

// A preset is a set that everyone makes alike: its programs, and the flags that they are made with.
// One that has been published does not change; what is better is another one.
type preset struct {
	name     string
	programs []string
	set      func(*suiteFlags)
}

var presets = []preset{{
	name: "raspbench-1",
	programs: strings.Fields(`caesar shift reverse sort histogram majority dyck1 parity induction palindrome
		most_frequent balanced double_histogram run_lengths sort_numbers`),
	set: func(f *suiteFlags) {
		f.Lengths, f.Levels = []int{8}, []int{1, 3, 4, 5, 6, 7}
		f.Settings = suite.Settings{Seed: 1, Optimize: 1, Robust: true, Inputs: 500, Pairs: 64, Parameters: 1_000_000}
		f.Variants, f.Random = 1, 0
	},
}}

func presetNames() string {
	var names []string
	for _, p := range presets {
		names = append(names, p.name)
	}
	return strings.Join(names, ", ")
}

// take sets all that the preset says, and gives its programs. It goes with a folder and
// --threads alone.
func (f *suiteFlags) take(cmd *cobra.Command, files []string) ([]string, error) {
	for _, p := range presets {
		if p.name != f.preset {
			continue
		}
		if len(files) > 0 {
			return nil, usagef("", "--preset %s has its programs already, and %q is one", p.name, files[0])
		}
		var other string
		cmd.Flags().Visit(func(flag *pflag.Flag) {
			if flag.Name != "out" && flag.Name != "threads" && flag.Name != "preset" && flag.Name != "worker" {
				other = flag.Name
			}
		})
		if other != "" {
			return nil, usagef("", "--%s: --preset %s has its settings already", other, p.name)
		}
		p.set(f)
		return p.programs, nil
	}
	return nil, usagef("", "--preset: one of %s, not %q", presetNames(), f.preset)
}
