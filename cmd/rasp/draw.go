package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang/flow/picture"
	"rasp/runtime/atomicfile"
)

type drawFlags struct {
	out    string
	main   string
	causal bool
}

// drawers are the forms of a picture, by the ending of its file.
var drawers = map[string]func(*picture.Picture) ([]byte, error){
	".svg": func(p *picture.Picture) ([]byte, error) { return p.SVG(), nil },
	".png": (*picture.Picture).PNG,
	".dot": func(p *picture.Picture) ([]byte, error) { return p.Dot(), nil },
}

func drawCommand() *cobra.Command {
	var f drawFlags
	cmd := &cobra.Command{
		Use:   "draw FILE INPUT [-o PICTURE]",
		Short: "Draw how a program computes its output, in layers and heads",
		Long: `Draw how a program computes its output, in layers and heads.

FILE is a program (.rasp) or the name of a ready-made program (rasp list), INPUT
plain text, one token a character, or a JSON list if it starts with [. The
picture has what each head looks at on that input, and the values. Without -o it
is text. Layers and heads are those of the program as it is written, counted as
the language's paper does; a compiled model may have fewer.`,
		Example: `  rasp draw reverse hello
  rasp draw program.rasp '[3, 1, 2]' -o flow.svg`,
		Args: drawArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0], args[1]) },
	}
	cmd.Flags().StringVarP(&f.out, "out", "o", "", "the picture to write: .svg, .png or .dot")
	cmd.Flags().StringVar(&f.main, "main", "", "which s-op (default: #rasp:output, else the last one assigned)")
	cmd.Flags().BoolVar(&f.causal, "causal", false, "draw with causal selectors")
	return cmd
}

func drawArgs(cmd *cobra.Command, args []string) error {
	if err := files("FILE", 2)(cmd, args); err != nil {
		return err
	}
	if len(args) < 2 {
		return usagef("an INPUT is text, such as hello, or a JSON list", "the INPUT is missing")
	}
	return nil
}

func (f *drawFlags) run(cmd *cobra.Command, file, text string) error {
	draw, known := drawers[strings.ToLower(filepath.Ext(f.out))]
	if f.out != "" && !known {
		return usagef("the name ends in .svg, .png or .dot", "-o: %s: unknown kind of picture", f.out)
	}
	if sameFile(file, f.out) {
		return usagef("", "-o: %s is the program itself", f.out)
	}
	program, err := loadProgram(cmd, file)
	if err != nil {
		return err
	}
	if err := spareLoaded(program.Loaded, f.out); err != nil {
		return err
	}
	var choices open.Choices
	if cmd.Flags().Changed("causal") {
		choices.Causal = &f.causal
	}
	p, err := choices.Picture(program, namesOf(f.main), text, showInput)
	if err != nil {
		return err
	}
	if f.out == "" {
		_, err := io.WriteString(cmd.OutOrStdout(), p.Text())
		return err
	}
	content, err := draw(p)
	if err != nil {
		return err
	}
	err = atomicfile.Write(f.out, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), p.Counts())
	return err
}
