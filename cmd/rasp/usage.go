package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rasp/lang/console"
	"rasp/lang/spell"
)

// usageError is a command line that makes no sense: exit status 2.
type usageError struct {
	message, hint string // hint may be empty
}

func (e *usageError) Error() string { return e.message }

func usagef(hint, format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...), hint}
}

// asUsage turns an error of the flag parser into one with a hint.
func asUsage(cmd *cobra.Command, err error) error {
	var usage *usageError
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &usage):
		return err
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		return usagef("an input that starts with - goes after --", "%s", err)
	case errors.As(err, &unknown):
		return usagef(nearestFlag(cmd, unknown.GetSpecifiedName()), "%s", err)
	case errors.As(err, &invalid):
		f := invalid.GetFlag()
		return usagef("", "--%s: %q is not %s", f.Name, invalid.GetValue(), kindOf(f))
	}
	return usagef("", "%s", err)
}

// kindOf names what a flag takes.
func kindOf(f *pflag.Flag) string {
	if _, ok := f.Value.(*threadCount); ok {
		return kindOfThreads
	}
	switch f.Value.Type() {
	case "int":
		return "an int"
	case "uint", "uint64":
		return "an int from 0"
	case "float64":
		return "a number"
	case "bool":
		return "true or false"
	case sigmaType:
		return kindOfSigma
	}
	return "a " + f.Value.Type()
}

func nearestFlag(cmd *cobra.Command, name string) string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return didYouMean("--", spell.Nearest(name, names))
}

func didYouMean(prefix, word string) string {
	if word == "" {
		return ""
	}
	return "did you mean " + prefix + word + "?"
}

// helpOrUnknown is what a command of others does: alone it lists them.
func helpOrUnknown(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	return unknownCommand(cmd, args)
}

func unknownCommand(cmd *cobra.Command, args []string) error {
	names := commandNames(cmd)
	hint := "the commands are " + strings.Join(names, ", ")
	if near := spell.Nearest(args[0], names); near != "" {
		hint = didYouMean(cmd.CommandPath()+" ", near)
	}
	return usagef(hint, "unknown command %q", args[0])
}

// unknownWord is the error of what rasp help cannot explain.
func unknownWord(root *cobra.Command, word string) error {
	hint := didYouMean("", spell.Nearest(word, append(commandNames(root), console.Names()...)))
	if hint == "" {
		hint = `rasp alone lists the commands, and "help" in rasp repl the words`
	}
	return usagef(hint, "unknown command or word %q", word)
}

func commandNames(cmd *cobra.Command) []string {
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() || c.Name() == "help" {
			names = append(names, c.Name())
		}
	}
	return names
}

// files makes the check of the positional arguments of a command: a FILE, or
// several.
func files(what string, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return usagef("", "the %s is missing", what)
		case most > 0 && len(args) > most:
			return usagef(equalsHint(cmd, args[most]), "one argument too many: %q", args[most])
		}
		return haveNames(what, args[:1])
	}
}

// allFiles is files for a command of which all arguments are files.
func allFiles(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := files(what, anyNumber)(cmd, args); err != nil {
			return err
		}
		return haveNames(what, args)
	}
}

// haveNames refuses files whose name is empty.
func haveNames(what string, files []string) error {
	if slices.Contains(files, "") {
		return usagef("", "the name of the %s is empty", what)
	}
	return nil
}

// equalsHint is for what was meant as the value of a flag that has one of its own.
func equalsHint(cmd *cobra.Command, value string) (hint string) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if f.NoOptDefVal != "" && f.Value.Type() != "bool" && f.Value.String() == f.NoOptDefVal {
			hint = fmt.Sprintf("a value of --%s goes after =, as in --%s=%s", f.Name, f.Name, value)
		}
	})
	return hint
}

const anyNumber = 0

func noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("", "it takes no argument, and %q is one", args[0])
	}
	return nil
}

// helpCommand is cobra's, but for what no command answers to: that may be a word of the
// language, a name of the library or a directive.
func helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:               "help [COMMAND | WORD]",
		Short:             "Say more about a command, a word of the language, a function of the library or a directive",
		Example:           "  rasp help compile\n  rasp help select\n  rasp help sort\n  rasp help vocab",
		ValidArgsFunction: helpWords,
		RunE: func(help *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			switch {
			case err == nil && len(rest) == 0:
				return cmd.Help()
			case len(args) == 1 && console.Describe(help.OutOrStdout(), args[0]):
				return nil
			}
			if cmd == root && len(rest) > 0 {
				return unknownWord(root, rest[0])
			}
			return unknownCommand(cmd, rest)
		},
	}
}

// refuse is the usage error for the first of the flags that was given.
func refuse(cmd *cobra.Command, why string, flags ...string) error {
	for _, name := range flags {
		if cmd.Flags().Changed(name) {
			return usagef("", "--%s: %s", name, why)
		}
	}
	return nil
}
