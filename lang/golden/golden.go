// Package golden reads golden programs: RASP files that say, in comments, what
// they must do. It knows the notation, not who interprets or compiles.
//
// A line that starts with #== begins a chunk, an independent program; a file
// without one is a single chunk. Within a chunk
//
//	#> "abca" => ["?", "a", "b", "c"]    gives for an input (a string: one token a
//	                                     character; or a JSON list) the output
//	#> "ab" => [1, 2] ["x", "y"]         of several outputs, one list for each
//	#> "ab" => [[0, 1], [1, 0]]          of a selector, the pairs [row, column]
//	#> "ab" => error value: by zero      or says that it fails: kind, part of the message
//	#= layers 1 heads 1                  gives sizes of the compiled model
//	#     ^ type: selector               expects a fault in the line above at this
//	#     ^ hint: selector_width         column: kind and part of the message; the
//	                                     hint that goes with it
//	#< reserved: length                  the same for column 1
//	#   ^ warning unused: k              a warning instead of an error
//
// Lines and columns are those of the file. A fault that is expected and not
// found is a mistake, so is one that is found and not expected, and so is a
// chunk that expects nothing.
package golden

import (
	"rasp/lang/diag"
	"rasp/lang/value"
)

// Chunk is one program with what it expects.
type Chunk struct {
	Title  string
	File   string // name for messages
	Line   int    // where it starts, from 1
	Text   string // the program; the lines above it are blank, so positions are the file's
	Cases  []*Case
	Sizes  []*Sizes
	Faults []*Fault
}

// Case is an input and what comes of it: either outputs or a fault.
type Case struct {
	Line    int
	Input   []value.Value
	Outputs []string // compact JSON, one for each output
	Fault   *Fault   // nil if evaluation succeeds

	prefix string // the line up to the =>
}

// Sizes are the measures named in one line, in its order.
type Sizes struct {
	Line   int
	Names  []string
	Values []int
}

// Fault is a diagnostic expected at a place.
type Fault struct {
	Line, Col int
	Warning   bool
	Kind      diag.Kind
	Message   string   // part of it
	Hints     []string // parts of the hint
}

// Empty reports whether the chunk expects nothing.
func (c *Chunk) Empty() bool { return len(c.Cases)+len(c.Sizes)+len(c.Faults) == 0 }
