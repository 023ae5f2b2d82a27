package rewrite

import (
	"rasp/lang/graph"
)

// kind is what a pass asks for, to know better.
type kind uint8

const (
	Split     kind = iota // of an aggregate of numbers on some inputs and strings on others
	Enumerate             // of a mean whose rounding matters: on all inputs of a small domain, else by an automaton
)

// Request asks to rewrite the program, or to look closer at it, and start again.
type Request struct {
	Kind kind
	Node *graph.Node
}
