package service

import (
	"rasp/lang/diag"
)

// Command is one that an editor can be asked to carry out.
type Command struct {
	Title     string `json:"title"`
	Command   string `json:"command"`
	Arguments []any  `json:"arguments,omitempty"`
}

// Lens is a line above a piece of the program, with a command.
type Lens struct {
	Range   Range   `json:"range"`
	Command Command `json:"command"`
}

// The commands of lenses, after a prefix that tells whose they are. Each takes the program
// and the name of an output.
const (
	Run     = "run"
	Draw    = "draw"
	Compile = "compile"
	Verify  = "verify"
)

// Lenses stand above what the program is run and compiled for. c is what the compiler made
// of it, nil if that is not known yet; uri names the program in the arguments and prefix
// stands before the names of the commands: rasp. or rasp.server.
func (s *Snapshot) Lenses(c *Compiled, uri, prefix string) []Lens {
	list := []Lens{}
	if len(s.outputs) == 0 {
		return list
	}
	first := s.outputs[0]
	at := first.Span
	if at.Source != s.src {
		at = diag.Span{Source: s.src}
	}
	add := func(title, command string) {
		list = append(list, Lens{s.Range(at), Command{title, prefix + command, []any{uri, first.Name}}})
	}
	if size := s.sizeText(c); size != "" {
		add(size, Compile)
	}
	add("run", Run)
	if first.Next != nil || !first.Node.IsSelector() {
		add("draw", Draw)
		if s.Compilable() {
			add("compile", Compile)
			add("verify", Verify)
		}
	}
	return list
}

// sizeText is the size of the model, or that there is none; "" while that is not known.
func (s *Snapshot) sizeText(c *Compiled) string {
	switch {
	case c == nil || !s.Compilable():
		return ""
	case c.Refused != nil:
		return "no model: " + shorten(diag.Visible(c.Refused.Message), longestTitle)
	}
	return c.Size()
}

const longestTitle = 80
