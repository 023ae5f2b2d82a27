package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/runtime/text"
)

// splitFlag says what a token of a text is.
type splitFlag struct{ name string }

func (f *splitFlag) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.name, "split", "", "tokens of a text: chars, or words, which stand between white space (default: words if\n"+
		"the vocabulary has a token longer than a character, other than <s>, </s> and <unk>)")
}

func (f *splitFlag) check() error {
	if _, err := text.ParseSplit(f.name); err != nil && f.name != "" {
		return usagef("", "--split: chars or words, not %q", f.name)
	}
	return nil
}

// printPlaced prints a fault at its place in a text, and says that it has.
func printPlaced(cmd *cobra.Command, err error, name, hint string) error {
	var p *open.Placed
	if !errors.As(err, &p) {
		return err
	}
	if p.Hint == "" {
		p.Hint = hint
	}
	fmt.Fprint(cmd.ErrOrStderr(), render(cmd.ErrOrStderr(), p.Diagnostic, fmt.Sprintf("%s:%d:%d", name, p.Line, p.Col)))
	return errFailed
}

// warnOfReading says what of a prompt was not read as it is.
func warnOfReading(to io.Writer, p open.Prompt, what string) {
	if p.Unknown > 0 {
		fmt.Fprintf(to, "rasp: read %s of the %s as <unk>, which the vocabulary does not have\n", diag.Count(p.Unknown, "token"), what)
	}
	if p.Blanks > 0 {
		fmt.Fprintf(to, "rasp: left out %s of white space in the %s, which the vocabulary does not have\n", diag.Count(p.Blanks, "character"), what)
	}
}

// nameOfText is the name of a file for messages.
func nameOfText(file string) string {
	if file == "-" {
		return "stdin"
	}
	return file
}

// openText prepares to read a text so many times, with a line of progress.
func openText(cmd *cobra.Command, file string, times int) (*text.Source, *progress, error) {
	source, err := text.NewSource(cmd.Context(), file, cmd.InOrStdin(), times)
	if err != nil {
		return nil, nil, err
	}
	line := &progress{to: terminal(cmd.ErrOrStderr()), what: "bytes"}
	if line.to != nil {
		source.Progress = line.show
	}
	return source, line, nil
}

// openTexts prepares to read texts one behind the other, with a line of progress: so many
// times, as it seems.
func openTexts(cmd *cobra.Command, files []string, times int) (open []func() (io.ReadCloser, error), line *progress, err error) {
	line = &progress{to: terminal(cmd.ErrOrStderr())}
	for _, file := range files {
		source, err := text.NewSource(cmd.Context(), file, cmd.InOrStdin(), times)
		if err != nil {
			return nil, nil, err
		}
		if line.to != nil {
			source.Progress = func(done, total int) {
				if line.what = "bytes of " + nameOfText(file); done > total {
					total *= 2 // it is read again
				}
				line.show(done, total)
			}
		}
		open = append(open, source.Open)
	}
	return open, line, nil
}

// stopped is a writer that ends with the context.
type stopped struct {
	ctx context.Context
	w   io.Writer
}

func (s *stopped) Write(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.w.Write(p)
}

// baseName is the name of a file for a comment: no folders of this machine.
func baseName(file string) string {
	if file == "-" {
		return "standard input"
	}
	return filepath.Base(file)
}
