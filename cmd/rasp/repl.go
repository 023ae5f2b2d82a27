package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/peterh/liner"
	"github.com/spf13/cobra"

	"rasp/lang"
	"rasp/lang/console"
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
			return replay(cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr())
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
func replay(script io.Reader, stdout, stderr io.Writer) error {
	c := console.New(stdout, console.Options{Read: lang.ReadFile})
	in := bufio.NewReader(script)
	for !c.Done() {
		if _, err := io.WriteString(stdout, c.Prompt()); err != nil {
			return nil // reported by the writer
		}
		line, err := in.ReadString('\n')
		switch {
		case err == io.EOF && line == "":
			if d := c.End(); d != nil {
				fmt.Fprint(stderr, d.Render())
			}
			return nil
		case err != nil && err != io.EOF:
			return err
		}
		c.Line(strings.TrimRight(line, "\r\n"))
	}
	return nil
}
