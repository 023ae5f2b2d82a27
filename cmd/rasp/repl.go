package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"rasp/lang/console"
)

func replCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "repl",
		Short: "Type RASP and see what it computes",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return replay(cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
}

// replay runs a session on a script. The prompts are printed all the same, as
// the reference does.
func replay(script io.Reader, stdout, stderr io.Writer) error {
	c := console.New(stdout, console.Options{Read: readFile})
	in := bufio.NewReader(script)
	for !c.Done() {
		if _, err := io.WriteString(stdout, c.Prompt()); err != nil {
			return nil // reported by the writer
		}
		line, err := in.ReadString('\n')
		if line == "" && err == io.EOF {
			if d := c.End(); d != nil {
				fmt.Fprint(stderr, d.Render())
			}
			return nil
		}
		if err != nil && err != io.EOF {
			return err
		}
		c.Line(strings.TrimRight(line, "\r\n"))
	}
	return nil
}

func readFile(path string) (string, error) {
	text, err := os.ReadFile(path)
	return string(text), err
}
