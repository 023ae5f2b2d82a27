package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/peterh/liner"
	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang"
	"rasp/lang/console"
	"rasp/lang/elab"
	"rasp/runtime/text"
)

func replCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "repl [FILE]",
		Short: "Type RASP and see what it computes",
		Long: `Type RASP and see what it computes.

Each statement answers with the value it has on an example, "hello" at first.
On a terminal lines can be edited, the arrows walk through what was typed before
(Ctrl-R searches it), Tab completes names, Ctrl-C drops what was typed or stops
what runs, Ctrl-D ends the session. "help" lists what there is. On a terminal a ;
may end whatever is typed, and has to end nothing.

FILE is a program (.rasp), the program of a model, or the name of a ready-made
one: it is loaded first, and its names are there.

From a pipe it replays a script, prompts included; there each statement ends with
a ; and no command does, as in a file.`,
		Example: `  rasp repl
  rasp repl program.rasp
  rasp repl < script.txt`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return files("FILE", 1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			loaded, read, err := loadedFirst(args)
			if err != nil {
				return err
			}
			if _, err := liner.TerminalMode(); err == nil && cmd.InOrStdin() == os.Stdin && isTerminal(cmd.OutOrStdout()) {
				return interact(cmd.OutOrStdout(), loaded, read)
			}
			return replay(cmd, loaded, read)
		},
	}
}

// loadedFirst is the line that loads a FILE, and what reads it and all others.
func loadedFirst(args []string) (line string, read elab.Reader, err error) {
	if len(args) == 0 {
		return "", lang.ReadFile, nil
	}
	name := strings.TrimSuffix(args[0], open.ProgramSuffix)
	if strings.ContainsAny(name, "\"\n\r") {
		return "", nil, usagef("", "the name of the FILE has a quote or the end of a line in it")
	}
	text, err := open.Text(args[0])
	return fmt.Sprintf("load \"%s\";", name), func(path string) (string, error) {
		if path == name+open.ProgramSuffix {
			return text, nil
		}
		return lang.ReadFile(path)
	}, err
}

// isTerminal looks through the writer that remembers errors.
func isTerminal(w io.Writer) bool {
	if output, ok := w.(*writer); ok {
		w = output.to
	}
	return terminal(w) != nil
}

// replay runs a session on a script. The prompts are printed all the same, as
// the reference does.
func replay(cmd *cobra.Command, loaded string, read elab.Reader) error {
	stdout := cmd.OutOrStdout()
	c := console.New(stdout, console.Options{Read: read})
	if loaded != "" {
		c.Line(loaded)
	}
	prompt := func() { _, _ = io.WriteString(stdout, c.Prompt()) } // the writer remembers what fails
	prompt()                                                       // before anything is read: who waits for it may be a program
	script, err := text.Open("-", cmd.InOrStdin())
	if err != nil {
		return err
	}
	for batch, err := range text.Lines(cmd.Context(), script) {
		if err != nil {
			return err
		}
		for _, line := range batch {
			if c.Line(line); c.Done() {
				return nil
			}
			prompt()
		}
	}
	if d := c.End(); d != nil {
		fmt.Fprint(cmd.ErrOrStderr(), d.Render())
	}
	return nil
}
