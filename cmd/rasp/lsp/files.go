package lsp

import (
	"io/fs"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"rasp/cmd/rasp/service"
	"rasp/lang"
	"rasp/lang/pattern"
)

// pathOf is the file that a URI names, false if it names none.
func pathOf(uri string) (string, bool) {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" || u.Path == "" {
		return "", false
	}
	path := u.Path
	if drive().MatchString(path) {
		path = path[1:]
	}
	return filepath.FromSlash(path), true
}

// drive recognises /c:/folder.
var drive = pattern.Of(`^/[A-Za-z]:`)

// uriOf a file.
func uriOf(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// place is where the paths of what a document loads start, and what the document is called
// there. That is the workspace, in which a terminal would run it; else the folder that the
// document is in.
func (s *server) place(uri string) (root, name string) {
	path, ok := pathOf(uri)
	if !ok {
		return s.root, uri
	}
	root = filepath.Dir(path)
	if s.root != "" {
		if inside, err := filepath.Rel(s.root, path); err == nil && filepath.IsLocal(inside) {
			return s.root, filepath.ToSlash(inside)
		}
	}
	return root, filepath.Base(path)
}

// paths are the files that a name may mean, in a document: from its root, or else beside it.
func (s *server) paths(d *document, name string) []string {
	if filepath.IsAbs(name) {
		return []string{name}
	}
	list := []string{filepath.Join(d.root, filepath.FromSlash(name))}
	if path, ok := pathOf(d.uri); ok {
		if beside := filepath.Join(filepath.Dir(path), filepath.FromSlash(name)); beside != list[0] {
			list = append(list, beside)
		}
	}
	return list
}

// readFile is the text of a file that a document loads: as the editor has it, or else as it
// is on the disk.
func (s *server) readFile(d *document, name string) (text string, err error) {
	for _, path := range s.paths(d, name) {
		if open := s.documents[s.uriOfOpen(path)]; open != nil {
			return open.text.String(), nil
		}
	}
	for i, path := range s.paths(d, name) {
		var fault error
		if text, fault = lang.ReadFile(path); fault == nil {
			return text, nil
		}
		if i == 0 {
			err = fault
		}
	}
	return "", err
}

// uriOfOpen is the URI of an open document at a path; editors write URIs in several ways.
func (s *server) uriOfOpen(path string) string {
	if uri := uriOf(path); s.documents[uri] != nil {
		return uri
	}
	for uri := range s.documents {
		if at, ok := pathOf(uri); ok && at == path {
			return uri
		}
	}
	return ""
}

// uri of a file that a program names.
func (s *server) uri(d *document, name string) string {
	if name == d.name {
		return d.uri
	}
	for _, path := range s.paths(d, name) {
		if uri := s.uriOfOpen(path); uri != "" {
			return uri
		}
	}
	paths := s.paths(d, name)
	for _, path := range paths {
		if _, err := lang.ReadFile(path); err == nil {
			return uriOf(path)
		}
	}
	return uriOf(paths[0])
}

func (s *server) location(d *document, at service.Location) service.Location {
	at.URI = s.uri(d, at.URI)
	return at
}

// located are findings whose related places have URIs.
func (s *server) located(d *document, list []service.Finding) []service.Finding {
	for i := range list {
		for k := range list[i].Related {
			list[i].Related[k].Location = s.location(d, list[i].Related[k].Location)
		}
	}
	return list
}

func (s *server) workspaceEdit(d *document, edits service.Renamed) workspaceEdit {
	e := workspaceEdit{map[string][]service.Edit{}}
	for name, list := range edits {
		uri := s.uri(d, name)
		for _, edit := range list {
			if !slices.Contains(e.Changes[uri], edit) { // one file may go by two names
				e.Changes[uri] = append(e.Changes[uri], edit)
			}
		}
	}
	return e
}

// Bounds of a search through a workspace for programs that may load others: how many files
// it looks at, and how many bytes one may have.
const (
	mostFiles   = 2_000
	largestFile = 1 << 20
)

// project are the programs that may share the name at a position of a document: those that
// are open and those of the workspace that load others and have the name.
func (s *server) project(d *document, p service.Position) (all service.Project) {
	word := d.snapshot.WordAt(p)
	known := map[string]bool{}
	for _, open := range s.documents {
		if open.root == d.root {
			s.read(open)
			all = append(all, open.snapshot)
		}
		if path, ok := pathOf(open.uri); ok {
			known[path] = true
		}
	}
	if s.root == "" || d.root != s.root || word == "" {
		return all
	}
	files := 0
	_ = filepath.WalkDir(s.root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil
		case entry.IsDir() && path != s.root && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules"):
			return fs.SkipDir
		case files >= mostFiles:
			return fs.SkipAll
		case entry.IsDir():
			return nil
		}
		files++
		if info, err := entry.Info(); err != nil || filepath.Ext(path) != ".rasp" || known[path] || info.Size() > largestFile {
			return nil
		}
		text, err := lang.ReadFile(path)
		if err == nil && strings.Contains(text, "load") && strings.Contains(text, word) {
			other := &document{uri: uriOf(path)}
			other.root, other.name = s.place(other.uri)
			all = append(all, service.Open(other.name, text, func(name string) (string, error) { return s.readFile(other, name) }, s.encoding))
		}
		return nil
	})
	return all
}
