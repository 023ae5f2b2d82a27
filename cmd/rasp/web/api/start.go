package api

import (
	"context"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/web/rpc"
)

func (h *Host) beginning() rpc.Methods {
	return rpc.Methods{
		"version":  rpc.Typed(h.about),
		"examples": rpc.Typed(h.examples),
	}
}

// About is what a page begins with.
type About struct {
	Version  string `json:"version"`
	Protocol int    `json:"protocol"`
}

func (h *Host) about(context.Context, struct{}) (About, error) {
	return About{h.version, Protocol}, nil
}

// Example is a ready-made program.
type Example struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

func (h *Host) examples(context.Context, struct{}) ([]Example, error) {
	var list []Example
	for _, name := range open.ReadyNames() {
		text, _ := open.ReadyMade(name)
		list = append(list, Example{name, open.Title(name), text})
	}
	return list, nil
}
