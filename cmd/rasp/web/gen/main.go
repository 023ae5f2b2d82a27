// Command gen makes the pages: it bundles the sources in ../src with the packages in
// ../packages into ../dist, which rasp embeds.
//
//	go run .            writes ../dist
//	go run . -check     says whether ../dist is what the sources make
//
// A folder of src with a page.html is a page: page.html is what stands in <main>, its first
// line a comment with title and description; page.ts is its script, which may import
// styles; worker.ts is the engine's worker. index is the folder of the first page.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

func main() {
	root := flag.String("root", "..", "the folder that has src and packages")
	check := flag.Bool("check", false, "compare with dist and write nothing")
	flag.Parse()
	files, err := bundle(*root)
	if err == nil && *check {
		err = compare(filepath.Join(*root, "dist"), files)
	} else if err == nil {
		err = write(filepath.Join(*root, "dist"), files)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// bundle makes all files of dist, by name.
func bundle(root string) (map[string][]byte, error) {
	pages, err := readPages(filepath.Join(root, "src"))
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	if err := scripts(root, pages, files); err != nil {
		return nil, err
	}
	frame, err := os.ReadFile(filepath.Join(root, "src", "frame.html"))
	if err != nil {
		return nil, err
	}
	for _, p := range pages {
		files[p.file()], err = p.html(string(frame), files)
		if err != nil {
			return nil, err
		}
	}
	if files["base.css"], err = os.ReadFile(filepath.Join(root, "src", "base.css")); err != nil {
		return nil, err
	}
	files["THIRD-PARTY.txt"], err = licences(filepath.Join(root, "packages"))
	return files, err
}

// scripts bundles the pages with what they share, and the worker by itself.
func scripts(root string, pages []page, files map[string][]byte) error {
	absolute, err := filepath.Abs(root)
	if err != nil {
		return err
	}
	src := filepath.Join(absolute, "src")
	options := api.BuildOptions{
		AbsWorkingDir: absolute, Outdir: filepath.Join(absolute, "dist"), Outbase: src,
		NodePaths: []string{filepath.Join(absolute, "packages")},
		Bundle:    true, Splitting: true, Format: api.FormatESModule, Target: api.ES2022, Charset: api.CharsetUTF8,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, LegalComments: api.LegalCommentsNone,
		ChunkNames: "js/shared-[hash]", EntryNames: "js/[dir]",
		LogLevel: api.LogLevelWarning,
	}
	for _, p := range pages {
		options.EntryPoints = append(options.EntryPoints, filepath.Join(src, p.name, "page.ts"))
	}
	if err := build(options, absolute, files); err != nil {
		return err
	}
	for _, name := range []string{"worker", "offline"} {
		alone := options
		alone.Splitting, alone.Format, alone.EntryNames = false, api.FormatIIFE, "[name]"
		alone.EntryPoints = []string{filepath.Join(src, "lib", name+".ts")}
		if err := build(alone, absolute, files); err != nil {
			return err
		}
	}
	return nil
}

func build(options api.BuildOptions, root string, files map[string][]byte) error {
	result := api.Build(options)
	if len(result.Errors) > 0 {
		return fmt.Errorf("%d errors", len(result.Errors))
	}
	for _, f := range result.OutputFiles {
		name, err := filepath.Rel(filepath.Join(root, "dist"), f.Path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(name)] = f.Contents
	}
	return nil
}

// page is a folder of src.
type page struct{ name, title, description, main string }

func readPages(src string) ([]page, error) {
	found, err := filepath.Glob(filepath.Join(src, "*", "page.html"))
	if err != nil {
		return nil, err
	}
	var pages []page
	for _, file := range found {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		head, main, _ := strings.Cut(string(content), "\n")
		title, description, ok := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(head, "<!-- "), " -->"), ": ")
		if !ok {
			return nil, fmt.Errorf("%s: the first line is no <!-- TITLE: DESCRIPTION -->", file)
		}
		pages = append(pages, page{filepath.Base(filepath.Dir(file)), title, description, main})
	}
	return pages, nil
}

func (p page) file() string { return p.name + ".html" }

// html is the page in its frame.
func (p page) html(frame string, files map[string][]byte) ([]byte, error) {
	styles := ""
	if style := "js/" + p.name + ".css"; files[style] != nil {
		styles = `<link rel="stylesheet" href="` + style + `">`
	}
	title := p.title
	if p.name != "index" {
		title += " · rasp"
	}
	text := strings.NewReplacer(
		"{{title}}", title, "{{description}}", p.description, "{{page}}", p.name,
		"{{styles}}", styles, "{{main}}", strings.TrimSpace(p.main)).Replace(frame)
	if strings.Contains(text, "{{") {
		return nil, fmt.Errorf("%s: something in {{}} is left", p.name)
	}
	return []byte(strings.Replace(text, ` href="`+p.file()+`"`, ` href="`+p.file()+`" aria-current="page"`, 1)), nil
}

// licences are those of all packages, in one text.
func licences(packages string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("The pages contain these packages.\n")
	err := filepath.WalkDir(packages, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != "LICENSE" {
			return err
		}
		text, err := os.ReadFile(file)
		name, _ := filepath.Rel(packages, filepath.Dir(file))
		fmt.Fprintf(&b, "\n%s\n\n%s\n", filepath.ToSlash(name), bytes.TrimSpace(text))
		return err
	})
	return b.Bytes(), err
}

// write replaces dist.
func write(dist string, files map[string][]byte) error {
	if err := os.RemoveAll(dist); err != nil {
		return err
	}
	for name, content := range files {
		file := filepath.Join(dist, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// compare says how dist differs from what the sources make.
func compare(dist string, files map[string][]byte) error {
	var wrong []string
	err := filepath.WalkDir(dist, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		relative, _ := filepath.Rel(dist, file)
		name := path.Clean(filepath.ToSlash(relative))
		content, err := os.ReadFile(file)
		if !bytes.Equal(content, files[name]) {
			wrong = append(wrong, name)
		}
		delete(files, name)
		return err
	})
	for name := range files {
		wrong = append(wrong, name)
	}
	if err == nil && len(wrong) > 0 {
		slices.Sort(wrong)
		err = fmt.Errorf("dist is not what the sources make (go generate ./cmd/rasp/web makes it): %s", strings.Join(wrong, ", "))
	}
	return err
}
