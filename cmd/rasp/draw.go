package main

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/compiler/inside"
	inner "rasp/compiler/inside/picture"
	"rasp/lang/diag"
	"rasp/lang/flow/picture"
	"rasp/runtime/atomicfile"
	"rasp/runtime/circuit"
	"rasp/runtime/circuit/format"
	"rasp/runtime/model"
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
		Short: "Draw how a program or a model computes its output, in layers and heads",
		Long: `Draw how a program or a model computes its output, in layers and heads.

FILE is a program (.rasp) or the name of a ready-made program (rasp list), INPUT
plain text, one token a character, or a JSON list if it starts with [. The
picture has what each head looks at on that input, and the values. Without -o it
is text. Layers and heads are those of the program as it is written, counted as
the language's paper does; a compiled model may have fewer.

FILE may also be a compiled model (.safetensors), drawn as .svg or .html: the
attention of each head, what each layer holds, who writes and reads each
dimension of the residual stream, and which token comes next. With -o x.html a
program is compiled and drawn so. The page has the circuit too, and needs no
network; a slider makes softmax sharper or flatter.`,
		Example: `  rasp draw reverse hello
  rasp draw program.rasp '[3, 1, 2]' -o flow.svg
  rasp draw model.safetensors cab -o model.html`,
		Args: drawArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0], args[1]) },
	}
	cmd.Flags().StringVarP(&f.out, "out", "o", "", "the picture to write: .svg, .png, .dot or .html")
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
	ending := strings.ToLower(filepath.Ext(f.out))
	if open.IsModel(file) || ending == ".html" {
		return f.model(cmd, file, text, ending)
	}
	draw, known := drawers[ending]
	if f.out != "" && !known {
		return usagef("the name ends in .svg, .png, .dot or .html", "-o: %s: unknown kind of picture", f.out)
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
	if err := f.write(content); err != nil {
		return err
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), p.Counts())
	return err
}

func (f *drawFlags) write(content []byte) error {
	return atomicfile.Write(f.out, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

// model draws a model, or what a program compiles to.
func (f *drawFlags) model(cmd *cobra.Command, file, text, ending string) error {
	if ending != ".svg" && ending != ".html" {
		return usagef("give -o NAME.svg or -o NAME.html; rasp trace shows the same as text", "a model is drawn as .svg or .html")
	}
	if open.IsModel(file) {
		if err := refuse(cmd, compiledAlready, "main"); err != nil {
			return err
		}
	}
	if sameFile(file, f.out) {
		return usagef("", "-o: %s is the FILE itself", f.out)
	}
	domain := domainFlags{causal: f.causal, level: 1}
	m, err := domain.model(cmd, file, f.main)
	if err != nil {
		return err
	}
	x, err := inside.New(m)
	if err != nil {
		return err
	}
	input, err := open.InputOf(m, text)
	if err != nil {
		return err
	}
	p, err := inner.New(fmt.Sprintf("%s(%s)", strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)), showInput(text, input)), x, input)
	if err != nil {
		return diag.Errorf(diag.Span{}, diag.Domain, "%s", err)
	}
	content := p.SVG()
	if ending == ".html" {
		if content, err = page(cmd, m, p); err != nil {
			return err
		}
	}
	if err := f.write(content); err != nil {
		return err
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), p.Counts())
	return err
}

// page is the picture of a model with its circuit.
func page(cmd *cobra.Command, m *model.Model, p *inner.Picture) ([]byte, error) {
	const tried = 100 // pairs of inputs, of which some may show more than the weights do
	pairs, err := open.Pairs(m)
	if err != nil {
		return nil, err
	}
	g, err := circuit.Of(cmd.Context(), m, pairs(tried, 1))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	svg, _ := format.Named("svg")
	if err := svg.Write(&b, g, circuit.Moving); err != nil {
		return nil, err
	}
	return p.Page(b.Bytes())
}
