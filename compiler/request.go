package compiler

import "rasp/lang/graph"

// requestKind is what a pass asks for, to know better.
type requestKind uint8

const (
	splitTypes    requestKind = iota // of an aggregate of numbers on some inputs and strings on others
	enumerateRows                    // of a mean whose rounding matters: on all inputs of a small domain, else by an automaton
)

// request asks to rewrite the program, or to look closer at it, and start again.
type request struct {
	Kind requestKind
	Node *graph.Node
}
