// Package lang turns RASP text into a graph of s-ops and selectors.
//
// A program is text. Parsed, it is a syntax tree; elaborated, its functions,
// loops and lists have run and a graph of s-ops and selectors is left; that
// graph can be interpreted on an input, or be handed to the compiler. In reading
// order:
//
//   - diag: what is wrong with a program, and where
//   - value: atoms (int, float, string, bool) and their arithmetic; element: of
//     which of these kinds the elements of an s-op can be
//   - syntax: text -> syntax tree
//   - graph: s-ops and selectors
//   - rules: what each operation takes, and what is said where it cannot; spell:
//     what a misspelt name was meant to be
//   - elab: syntax tree -> graph, by the rules
//   - interp: graph + input -> values
//   - predict: outputs + input -> values, or probabilities of the next token
//   - console: all of them, a line at a time
//
// Beside them stand check (faults that running does not meet, by the same rules),
// format (layout), flow (what the layers and heads of a program do, as the paper
// counts them), ngram (counts of a text -> a program) and golden (what programs of
// the tests must do).
//
// This package puts the first steps together: Parse and Load make a Program, of
// which Outputs are what it is run or compiled for. The meaning of a program is what
// interp and predict compute. Nothing under lang knows of weights:
// compilers read the graph, and lang never looks back.
package lang

import (
	"rasp/lang/diag"
	"rasp/lang/elab"
	"rasp/lang/graph"
	"rasp/lang/syntax"
)

// Program is an elaborated file.
type Program struct {
	File  *syntax.File
	Graph *graph.Graph
	// Bindings are the top-level names bound to an s-op or a selector: the last
	// binding of each name, in order of assignment. A program that assigns nothing
	// but ends in an expression has one binding named "out".
	Bindings []graph.Output

	// Loaded are the texts of the files that were loaded, by their paths.
	Loaded map[string]string

	session *elab.Session
	faults  diag.List
}
