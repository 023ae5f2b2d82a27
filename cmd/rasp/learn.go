//go:build !nopages

package main

import (
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rasp/lang/spell"
)

// lessons are the pages that rasp learn opens, by the words for them.
var lessons = []struct{ word, page, about string }{
	{"play", "index", "the playground: a program, its values and its transformer"},
	{"rasp", "rasp", "RASP: reasoning as programs, step by step"},
	{"attention", "attention", "attention: a look-up with a softmax"},
	{"perplexity", "perplexity", "perplexity: bits a token, and the floor"},
	{"gemm", "gemm", "GEMM: one product, with and without tiles"},
	{"scaling", "scaling", "scaling: loss over parameters and data"},
}

type learnFlags struct {
	pages     pageFlags
	noBrowser bool
}

func learnCommand() *cobra.Command {
	var f learnFlags
	var list strings.Builder
	for _, l := range lessons {
		fmt.Fprintf(&list, "\n  %-11s %s", l.word, l.about)
	}
	cmd := &cobra.Command{
		Use:   "learn [PAGE]",
		Short: "Open the pages that teach: a playground, and five formulas",
		Long: `Open the pages that teach: a playground, and five formulas.

The pages are served from this machine until Ctrl-C, and opened in a browser. They
need no network, and every number on them is computed by this program. PAGE is one of
` + list.String(),
		Example: `  rasp learn
  rasp learn attention`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("", "one argument too many: %q", args[1])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return lessonWords(), cobra.ShellCompDirectiveNoFileComp
		},
	}
	cmd.Flags().StringVar(&f.pages.http, "http", defaultPage, "serve the pages at this address; port 0 is any that is free")
	cmd.Flags().BoolVar(&f.noBrowser, "no-browser", false, "print the address and open nothing")
	return cmd
}

func lessonWords() []string {
	var words []string
	for _, l := range lessons {
		words = append(words, l.word)
	}
	return words
}

func (f *learnFlags) run(cmd *cobra.Command, args []string) error {
	page := ""
	if len(args) == 1 {
		at := slices.Index(lessonWords(), args[0])
		if at < 0 {
			hint := didYouMean("", spell.Nearest(args[0], lessonWords()))
			if hint == "" {
				hint = "the pages are " + strings.Join(lessonWords(), ", ")
			}
			return usagef(hint, "there is no page %s", args[0])
		}
		page = lessons[at].page + ".html"
	}
	return f.pages.serve(cmd, func(url string) {
		fmt.Fprintln(cmd.OutOrStdout(), url+page)
		if !f.noBrowser && !browse(url+page) {
			fmt.Fprintln(cmd.ErrOrStderr(), "rasp learn: no browser could be started; open the address yourself")
		}
	})
}

// browse opens an address in the browser of whoever is at the machine.
func browse(url string) bool {
	open := map[string][]string{"darwin": {"open"}, "windows": {"rundll32", "url.dll,FileProtocolHandler"}}[runtime.GOOS]
	if open == nil {
		open = []string{"xdg-open"}
	}
	command := exec.Command(open[0], append(open[1:], url)...)
	if command.Start() != nil {
		return false
	}
	go func() { _ = command.Wait() }() // it ends when it likes
	return true
}
