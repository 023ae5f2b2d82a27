package main

import (
	"fmt"
	"io"
	"os"

	"github.com/peterh/liner"
	"github.com/spf13/cobra"

	"rasp/lang"
	"rasp/lang/console"
	"rasp/runtime/text"
)

func replCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "repl",
		Short: "Type RASP and see what it computes",
		Long: `Type RASP and see what it computes.

Each statement answers with the value it has on an example, "hello" at first.
On a terminal lines can be edited, the arrows walk through what was typed before
(Ctrl-R searches it), Tab completes names, Ctrl-C drops what was typed or stops
what runs, Ctrl-D ends the session. "help" lists what there is.

From a pipe it replays a script, prompts included.`,
		Example: `  rasp repl
  rasp repl < script.txt`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := liner.TerminalMode(); err == nil && cmd.InOrStdin() == os.Stdin && isTerminal(cmd.OutOrStdout()) {
				return interact(cmd.OutOrStdout())
			}
			return replay(cmd)
		},
	}
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
func replay(cmd *cobra.Command) error {
	stdout := cmd.OutOrStdout()
	c := console.New(stdout, console.Options{Read: lang.ReadFile})
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
