package api

import (
	"context"
	"fmt"

	"rasp/cmd/rasp/service"
	"rasp/cmd/rasp/web/rpc"
)

// editing is what an editor asks while somebody writes. Places are those of the language
// service: lines from 0, characters in units of UTF-16.
func (h *Host) editing() rpc.Methods {
	return rpc.Methods{
		"check":      rpc.Typed(h.check),
		"hover":      rpc.Typed(h.hover),
		"complete":   rpc.Typed(h.complete),
		"signature":  rpc.Typed(h.signature),
		"definition": rpc.Typed(h.definition),
		"format":     rpc.Typed(h.format),
	}
}

// longestProgram bounds what is read at each key, in bytes.
const longestProgram = 1 << 18

// Cursor is a place in a program.
type Cursor struct {
	Text     string           `json:"text"`
	Position service.Position `json:"position"`
}

// Document is a program as it is being written.
type Document struct {
	Text string `json:"text"`
}

// fits reports a program that is too large for a page.
func (d Document) fits() error {
	if len(d.Text) > longestProgram {
		return rpc.Usage("a larger one is for the command line", fmt.Sprintf("a program here has %d KB at most", longestProgram>>10))
	}
	return nil
}

func (d Document) open() (*service.Snapshot, error) {
	if err := d.fits(); err != nil {
		return nil, err
	}
	return service.Open(name, d.Text, noFiles, service.UTF16), nil
}

func (p Cursor) open() (*service.Snapshot, error) { return Document{p.Text}.open() }

// Finding is a fault or a likely mistake, with what mends it.
type Finding struct {
	service.Finding
	Fixes []Fix `json:"fixes,omitempty"`
}

// Fix is an edit of the program.
type Fix struct {
	Title string         `json:"title"`
	Edits []service.Edit `json:"edits"`
}

func (h *Host) check(_ context.Context, d Document) ([]Finding, error) {
	s, err := d.open()
	if err != nil {
		return nil, err
	}
	list := []Finding{}
	for _, f := range s.Findings() {
		found := Finding{Finding: f}
		for _, a := range (service.Project{s}).Actions(s, f.Range) {
			if a.Findings[0].Message == f.Message && a.Findings[0].Range == f.Range {
				found.Fixes = append(found.Fixes, Fix{a.Title, a.Edits[name]})
			}
		}
		list = append(list, found)
	}
	return list, nil
}

func (h *Host) hover(_ context.Context, p Cursor) (*service.Hover, error) {
	s, err := p.open()
	if err != nil {
		return nil, err
	}
	return s.Hover(p.Position, nil), nil
}

func (h *Host) complete(_ context.Context, p Cursor) ([]service.Completion, error) {
	s, err := p.open()
	if err != nil {
		return nil, err
	}
	return s.Complete(p.Position, true), nil
}

func (h *Host) signature(_ context.Context, p Cursor) (*service.SignatureHelp, error) {
	s, err := p.open()
	if err != nil {
		return nil, err
	}
	return s.Signature(p.Position), nil
}

// definition is a range of the program; none if a name was bound elsewhere, or nowhere.
func (h *Host) definition(_ context.Context, p Cursor) (*service.Range, error) {
	s, err := p.open()
	if err != nil {
		return nil, err
	}
	if at := s.Definition(p.Position); at != nil && at.URI == name {
		return &at.Range, nil
	}
	return nil, nil
}

func (h *Host) format(_ context.Context, d Document) ([]service.Edit, error) {
	s, err := d.open()
	if err != nil {
		return nil, err
	}
	edits, err := s.Format()
	if edits == nil && err == nil {
		edits = []service.Edit{}
	}
	return edits, err
}
