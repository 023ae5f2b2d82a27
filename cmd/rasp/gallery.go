package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"text/template"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/compiler/inside/picture"
	"rasp/lang/diag"
	"rasp/runtime/atomicfile"
	"rasp/runtime/model"
)

type galleryFlags struct {
	out string
}

func galleryCommand() *cobra.Command {
	var f galleryFlags
	cmd := &cobra.Command{
		Use:   "gallery [FILE...] -o DIR",
		Short: "Make a page for each of many programs, and an index of them",
		Long: `Make a page for each of many programs, and an index of them.

FILEs are programs (.rasp), compiled models (.safetensors) or names of ready-made
programs; without any all ready-made programs are taken. Each has a page as rasp
draw makes it: the text, what it computes on an example, the compiled model at
work and its circuit. The example is the first that the program gives, as
#> "cab" => ["a", "b", "c"], else an input of its domain.

DIR has index.html and NAME.html for each, and is made if it is not there. The
pages need no network. Files are written whole, the index last.`,
		Example: `  rasp gallery -o gallery
  rasp gallery sort reverse program.rasp -o pages`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	cmd.Flags().StringVarP(&f.out, "out", "o", "", "the folder to write")
	return cmd
}

// exhibit is a line of the index.
type exhibit struct {
	Name, Title, Input string
	Results            []picture.Result
	sizes
}

func (f *galleryFlags) run(cmd *cobra.Command, files []string) error {
	if f.out == "" {
		return usagef("give the folder: -o DIR", "-o is missing")
	}
	if len(files) == 0 {
		files = open.ReadyNames()
	}
	if err := distinctPages(files); err != nil {
		return err
	}
	line := progress{what: "programs", to: terminal(cmd.ErrOrStderr())}
	defer line.clear()
	var all []exhibit
	for i, file := range files {
		if line.to != nil {
			line.show(i, len(files))
		}
		one, err := f.exhibit(cmd, file)
		if err != nil {
			return err
		}
		all = append(all, one)
	}
	line.clear()
	var index bytes.Buffer
	if err := galleryTemplate().Execute(&index, all); err != nil {
		return err
	}
	if err := f.write("index", index.Bytes()); err != nil {
		return err
	}
	_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s: %s\n", diag.Visible(filepath.Join(f.out, "index.html")), diag.Count(len(all), "program"))
	return err
}

//go:embed gallery.html
var galleryText string

// galleryTemplate is parsed where it is wanted, not at each start. It says itself what is
// escaped: html/template would, but compiles regular expressions at each start of any command.
var galleryTemplate = sync.OnceValue(func() *template.Template {
	t := template.New("gallery").Funcs(template.FuncMap{"path": url.PathEscape})
	return template.Must(t.Parse(galleryText))
})

// pageName is the name of a page, without its ending.
func pageName(file string) string {
	return strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
}

// distinctPages refuses files of which two would have the same page.
func distinctPages(files []string) error {
	taken := map[string]string{"index": "the index"}
	for _, file := range files {
		name := strings.ToLower(pageName(file)) // some file systems do not tell cases apart
		if other, ok := taken[name]; ok {
			return usagef("", "%s: %s has the page %s.html", file, other, name)
		}
		taken[name] = file
	}
	return nil
}

// exhibit writes the page of a file.
func (f *galleryFlags) exhibit(cmd *cobra.Command, file string) (exhibit, error) {
	domain := domainFlags{level: 1}
	m, err := domain.model(cmd, file, "")
	if err != nil {
		return exhibit{}, err
	}
	page, one, err := exhibitOf(cmd.Context(), pageName(file), m)
	if err != nil {
		return exhibit{}, fmt.Errorf("%s: %w", file, err)
	}
	return one, f.write(one.Name, page)
}

func exhibitOf(ctx context.Context, name string, m *model.Model) (page []byte, one exhibit, err error) {
	input, err := open.Example(m)
	if err != nil {
		return nil, one, err
	}
	at := &open.AtWork{Name: name, Model: m}
	shown := open.ShowAsText(input)
	at.Add(shown, input)
	one = exhibit{Name: name, Title: open.TitleOf(m.Source), Input: shown, sizes: open.SizesOf(m)}
	flow, err := at.Flow()
	if err != nil {
		return nil, one, err
	}
	p, parts, err := at.Parts(ctx, flow)
	if err != nil {
		return nil, one, err
	}
	parts.Title, parts.About, parts.Index = name, one.Title, "index.html"
	one.Results = p.Results()
	page, err = p.Page(parts)
	return page, one, err
}

// write writes a page; the folder is made for the first.
func (f *galleryFlags) write(name string, content []byte) error {
	if err := os.MkdirAll(f.out, 0o755); err != nil {
		return err
	}
	return atomicfile.Write(filepath.Join(f.out, name+".html"), func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}
