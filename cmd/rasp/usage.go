package main

import (
	"errors"
	"fmt"
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

func unknownCommand(root *cobra.Command, args []string) error {
	var names []string
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	list := "the commands are " + strings.Join(names, ", ")
	if meant := didYouMean(root.CommandPath()+" ", spell.Nearest(args[0], names)); meant != "" {
		list = meant
	}
	return usagef(list, "unknown command %q", args[0])
}

// unknownTopic is the error of rasp help for what it knows nothing of.
func unknownTopic(cmd *cobra.Command, words []string) error {
	near := console.Nearest(words[0])
	err := unknownCommand(cmd, words)
	if cmd.HasParent() || near == "" || strings.HasPrefix(err.(*usageError).hint, "did you mean") {
		return err
	}
	return usagef(didYouMean("rasp help ", near), "unknown command or word %q", words[0])
}

// files makes the check of the positional arguments of a command: a FILE, or
// several.
func files(what string, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return usagef("", "the %s is missing", what)
		case most > 0 && len(args) > most:
			return usagef("", "one argument too many: %q", args[most])
		case args[0] == "":
			return usagef("", "the name of the %s is empty", what)
		}
		return nil
	}
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
		Use:     "help [COMMAND | WORD]",
		Short:   "Say more about a command, a word of the language, a function of the library or a directive",
		Example: "  rasp help compile\n  rasp help select\n  rasp help sort\n  rasp help vocab",
		RunE: func(help *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			switch {
			case err == nil && len(rest) == 0:
				return cmd.Help()
			case len(args) == 1 && console.Describe(help.OutOrStdout(), args[0]):
				return nil
			}
			return unknownTopic(cmd, rest)
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
