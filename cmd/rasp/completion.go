package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/compiler"
	"rasp/lang/console"
	"rasp/lang/dataset"
	"rasp/runtime/circuit/format"
)

// Completion: what the shell offers where a person presses Tab. rasp completion SHELL writes
// the script that asks.

// complete tells the shell what commands and flags take.
func complete(root *cobra.Command) {
	for _, cmd := range allCommands(root) {
		if cmd.ValidArgsFunction == nil {
			cmd.ValidArgsFunction = argumentsOf(cmd)
		}
		for name, values := range flagValues {
			if f := cmd.Flags().Lookup(name); f != nil && f.Value.Type() != "bool" && !ownSplit(cmd, name) {
				_ = cmd.RegisterFlagCompletionFunc(name, values) // fails only if it is there already
			}
		}
	}
}

// ownSplit: the --split of sample are parts of a set.
func ownSplit(cmd *cobra.Command, flag string) bool { return flag == "split" && cmd.Name() == "sample" }

func allCommands(root *cobra.Command) []*cobra.Command {
	list := []*cobra.Command{root}
	for _, c := range root.Commands() {
		list = append(list, allCommands(c)...)
	}
	return list
}

// argumentsOf a command are files by what its usage calls them.
func argumentsOf(cmd *cobra.Command) cobra.CompletionFunc {
	_, takes, _ := strings.Cut(cmd.Use, " ")
	first, _, _ := strings.Cut(takes, " ")
	switch strings.Trim(first, "[]") {
	case "FILE", "PROGRAM":
		return filesFirst(1, titled, open.ProgramSuffix, open.ModelSuffix)
	case "FILE...", "PROGRAM...":
		return filesFirst(1<<30, titled, open.ProgramSuffix)
	case "MODEL":
		return filesFirst(1, nil, open.ModelSuffix)
	case "NAME":
		return filesFirst(1, func() []string { return append(titled(), "library\tthe functions that every program has") }, open.ProgramSuffix, open.ModelSuffix)
	}
	return nil
}

// titled are the ready-made programs, with what they do.
func titled() []string {
	var list []string
	for _, name := range open.ReadyNames() {
		list = append(list, name+"\t"+open.Title(name))
	}
	return list
}

// filesFirst completes the first so many arguments: words, and files with these endings.
func filesFirst(most int, words func() []string, endings ...string) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if len(args) >= most || strings.HasPrefix(typed, "~") {
			return nil, cobra.ShellCompDirectiveDefault
		}
		found, onlyFolders := entries(typed, endings)
		if words != nil {
			for _, word := range words() {
				if strings.HasPrefix(word, typed) {
					found, onlyFolders = append(found, word), false
				}
			}
		}
		if onlyFolders {
			return found, cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
		}
		return found, cobra.ShellCompDirectiveNoFileComp
	}
}

// entries of the folder in which a person types a name: folders, and files with the endings.
func entries(typed string, endings []string) (found []string, onlyFolders bool) {
	folder, start := filepath.Split(typed)
	list, _ := os.ReadDir(filepath.Clean(folder + ".")) // where there is none, there is nothing to offer
	onlyFolders = true
	for _, e := range list {
		name := e.Name()
		switch {
		case !strings.HasPrefix(name, start) || start == "" && strings.HasPrefix(name, "."):
		case e.IsDir():
			found = append(found, folder+name+"/")
		case slices.Contains(endings, filepath.Ext(name)):
			found, onlyFolders = append(found, folder+name), false
		}
	}
	return found, onlyFolders
}

// flagValues complete flags, whatever the command.
var flagValues = map[string]cobra.CompletionFunc{
	"dump":         words(compiler.DumpNames()...),
	"optimize":     words("0\theads and codes that are easy to read", "1\tfewer weights", "2\ttry all choices, take the smallest model"),
	"main":         outputs,
	"output":       outputs,
	"to":           words(formWords()...),
	"device":       words(cpu, cuda),
	"format":       words(circuitFormats()...),
	"split":        words("chars", "words"),
	"at-end":       words("stop", "slide"),
	"smoothing":    words("mle", "add-k", "witten-bell", "kneser-ney"),
	"distribution": words(string(dataset.Uniform), string(dataset.Lengths), string(dataset.All)),
	"vocab":        words(),
	"length":       words(),
}

func words(list ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(list, cobra.ShellCompDirectiveNoFileComp)
}

func formWords() []string {
	var list []string
	for _, f := range forms {
		list = append(list, f.Name+"\t"+f.About)
	}
	return list
}

func circuitFormats() []string {
	var list []string
	for _, f := range format.All {
		list = append(list, f.Name)
	}
	return append(list, paintedFormat, attributionFormat)
}

// outputs are the s-ops and selectors of the program that was named.
func outputs(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var names []string
	if len(args) > 0 {
		if program, _ := open.Program(args[0]); program != nil {
			for _, b := range program.Bindings {
				names = append(names, b.Name)
			}
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// helpWords are what rasp help speaks of, beside the commands.
func helpWords(help *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var list []string
	cmd, rest, err := help.Root().Find(args)
	if err != nil || len(rest) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			list = append(list, c.Name()+"\t"+c.Short)
		}
	}
	if len(args) == 0 {
		list = append(list, console.Names()...)
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}
