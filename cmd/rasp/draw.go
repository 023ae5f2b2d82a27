package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/lang/flow/picture"
	"rasp/lang/flow/picture/raster"
	"rasp/runtime/atomicfile"
)

type drawFlags struct {
	out    string
	main   string
	causal bool
}

// drawers are the forms of a picture, by the ending of its file; of .png before it is painted.
var drawers = map[string]func(*picture.Picture) []byte{
	".svg": (*picture.Picture).SVG,
	".png": (*picture.Picture).SVG,
	".dot": (*picture.Picture).Dot,
}

func drawCommand() *cobra.Command {
	var f drawFlags
	cmd := &cobra.Command{
		Use:   "draw FILE INPUT... [-o PICTURE]",
		Short: "Draw how a program or a model computes its output, in layers and heads",
		Long: `Draw how a program or a model computes its output, in layers and heads.

FILE is a program (.rasp) or the name of a ready-made program (rasp list), INPUT
plain text, one token a character, or a JSON list if it starts with [. The
picture has what each head looks at on that input, and the values. Without -o it
is text. Layers and heads are those of the program as it is written, counted as
the language's paper does; a compiled model may have fewer.

FILE may also be a compiled model (.safetensors), drawn as .svg, .png or .html:
the attention of each head and what it compares and brings (its QK and OV
circuits), what each layer holds, who writes and reads each dimension of the
residual stream, and which token comes next. With -o x.html a program is compiled
and drawn so. The page has the program and the circuit too, and needs no network.
Sliders move between inputs, those given or, if there is one, some beside it (for
a model that predicts, the beginnings of the text), and change the sharpness of
softmax and the temperature of a prediction.`,
		Example: `  rasp draw reverse hello
  rasp draw program.rasp '[3, 1, 2]' -o flow.svg
  rasp draw model.safetensors cab -o model.html`,
		Args: drawArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0], args[1:]) },
	}
	cmd.Flags().StringVarP(&f.out, "out", "o", "", "the picture to write: .svg, .png, .dot or .html")
	cmd.Flags().StringVar(&f.main, "main", "", "which s-op (default: #rasp:output, else the last one assigned)")
	cmd.Flags().BoolVar(&f.causal, "causal", false, "draw with causal selectors")
	return cmd
}

func drawArgs(cmd *cobra.Command, args []string) error {
	if err := files("FILE", anyNumber)(cmd, args); err != nil {
		return err
	}
	if len(args) < 2 {
		return usagef("an INPUT is text, such as hello, or a JSON list", "the INPUT is missing")
	}
	return nil
}

func (f *drawFlags) run(cmd *cobra.Command, file string, texts []string) error {
	ending := strings.ToLower(filepath.Ext(f.out))
	if len(texts) > 1 && ending != ".html" {
		return usagef("give -o NAME.html", "several inputs are drawn on a page, as .html")
	}
	if sameFile(file, f.out) {
		return usagef("", "-o: %s is the FILE itself", f.out)
	}
	if open.IsModel(file) || ending == ".html" {
		return f.model(cmd, file, texts, ending)
	}
	draw, known := drawers[ending]
	if f.out != "" && !known {
		return usagef("the name ends in .svg, .png, .dot or .html", "-o: %s: unknown kind of picture", f.out)
	}
	p, err := f.program(cmd, file, texts[0])
	if err != nil {
		return err
	}
	if f.out == "" {
		_, err := io.WriteString(cmd.OutOrStdout(), p.Text())
		return err
	}
	content := draw(p)
	if ending == ".png" {
		if content, err = paint(cmd.ErrOrStderr(), content); err != nil {
			return err
		}
	}
	return f.write(cmd, content, p.Counts())
}

// program is the picture of one.
func (f *drawFlags) program(cmd *cobra.Command, file, text string) (*picture.Picture, error) {
	program, err := loadProgram(cmd, file)
	if err != nil {
		return nil, err
	}
	if err := spareLoaded(program.Loaded, f.out); err != nil {
		return nil, err
	}
	var choices open.Choices
	if cmd.Flags().Changed("causal") {
		choices.Causal = &f.causal
	}
	input, err := choices.InputOf(program, text)
	if err != nil {
		return nil, err
	}
	return choices.Picture(program, namesOf(f.main), input, open.ShowInput(text, input))
}

// paint makes a PNG of an SVG, and warns of characters for which there is no glyph.
func paint(warn io.Writer, svg []byte) ([]byte, error) {
	content, lacking, err := raster.PNG(svg)
	if err != nil || len(lacking) == 0 {
		return content, err
	}
	const shown = 5
	var names []string
	for _, r := range lacking[:min(shown, len(lacking))] {
		names = append(names, diag.Visible(fmt.Sprintf("%c (U+%04X)", r, r)))
	}
	if more := len(lacking) - shown; more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	_, err = fmt.Fprintf(warn, "rasp: drawn as □, since the font of a PNG lacks them: %s; an .svg has them\n", strings.Join(names, ", "))
	return content, err
}

// write writes the picture and says how many layers and heads it has.
func (f *drawFlags) write(cmd *cobra.Command, content []byte, counts string) error {
	err := atomicfile.Write(f.out, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), counts)
	return err
}

// model draws a model, or what a program compiles to.
func (f *drawFlags) model(cmd *cobra.Command, file string, texts []string, ending string) error {
	if ending != ".svg" && ending != ".png" && ending != ".html" {
		return usagef("give -o NAME.svg, .png or .html; rasp trace shows the same as text", "a model is drawn as .svg, .png or .html")
	}
	if open.IsModel(file) {
		if err := refuse(cmd, compiledAlready, "main"); err != nil {
			return err
		}
	}
	domain := domainFlags{causal: f.causal, level: 1}
	m, err := domain.model(cmd, file, f.main)
	if err != nil {
		return err
	}
	at := &open.AtWork{Name: pageName(file), Model: m}
	for _, text := range texts {
		if err := at.Read(text); err != nil {
			return err
		}
	}
	var content []byte
	var counts string
	switch ending {
	case ".html":
		var flow []byte
		if flow, err = at.Flow(); err == nil {
			content, counts, err = at.Page(cmd.Context(), flow)
		}
	default:
		content, counts, err = at.SVG()
	}
	if err == nil && ending == ".png" {
		content, err = paint(cmd.ErrOrStderr(), content)
	}
	if err != nil {
		return err
	}
	return f.write(cmd, content, counts)
}
