// Package puzzle has exercises in RASP, and checks what somebody wrote for one.
//
// In comes the text of a program, out goes a verdict: data, which a command prints or a
// page shows. It knows nothing of files, terminals and command lines, and compiles and
// runs models in this process.
//
// A puzzle is a file of stdlib/puzzle, a golden program (package rasp/lang/golden), and
// a specification, a function of Go that knows nothing of that program:
//
//	# Title, in one sentence.
//	#
//	# The rest of the statement.
//	#? The first hint.
//	#? The second one.
//	#rasp:vocab "ab"              the domain
//	#rasp:length 8
//	#rasp:output answer           or next, for a distribution
//
//	answer = ..                   the reference solution
//	#> "ab" => ["b", "a"]         examples
//	#= layers 1 heads 1 parameters 280    its sizes: the best known
//
// In reading order:
//
//	puzzle.go          what a puzzle is
//	read.go            a file of stdlib/puzzle -> a puzzle
//	table.go           which puzzles there are, in which order, and what their answers are
//	arithmetic.go      answers that take more than a line: arithmetic
//	brackets.go        the same of brackets
//	orders.go          the same of orders
//	sources.go         the same of what comes next
//	start.go           a puzzle -> the text to begin with
//	check.go           a program -> a verdict
//	fits.go            is it a program for this puzzle at all?
//	trial.go           is it right on all inputs, or on which is it wrong?
//	same.go            are an expected value and one of the program the same?
//	counterexample.go  what the program does on an input on which it is wrong
//	measure.go         its model, and how large that is
package puzzle

import (
	"cmp"
	"strconv"
	"sync"

	"rasp/lang/domain"
	"rasp/lang/spell"
	"rasp/lang/value"
)

// Puzzle is an exercise.
type Puzzle struct {
	Number    int      // from 1, the easiest
	Name      string   // one word
	Concept   string   // what it teaches
	Title     string   // one sentence
	Statement []string // the rest, paragraphs of lines
	Hints     []string // from hardly any to nearly all
	Examples  []Example
	Domain    domain.Domain // the inputs on which a solution must be right
	Output    string        // the name that a solution gives its answer
	Next      bool          // the answer is a distribution of the next token
	Solution  string        // the text of the reference solution
	Best      Sizes         // of its model: the best known

	directives []string // the lines of the domain, and of the output
	forms      []string // of the inputs
	answer     answer
}

// Example is an input and what the answer to it is, for people.
type Example struct {
	Input  []value.Value
	Answer []string // by position
}

// Sizes of a model, as rasp info has them; a model without layers has no heads.
type Sizes struct{ Layers, Heads, Parameters int }

// Smaller reports whether a model has fewer layers than another, or as many and fewer
// parameters.
func (s Sizes) Smaller(than Sizes) bool {
	return cmp.Or(cmp.Compare(s.Layers, than.Layers), cmp.Compare(s.Parameters, than.Parameters)) < 0
}

// Directives are the lines that say for which inputs a solution is, and what it is called.
func (p *Puzzle) Directives() []string { return p.directives }

// All puzzles, in order.
var All = sync.OnceValue(func() []*Puzzle {
	list := make([]*Puzzle, len(table))
	for i, e := range table {
		list[i] = read(e)
		list[i].Number = i + 1
	}
	return list
})

// Find is the puzzle with a name or number; nil if there is none, and then near is the
// name that may have been meant, "" for none.
func Find(word string) (found *Puzzle, near string) {
	names := make([]string, 0, len(All()))
	for _, p := range All() {
		if p.Name == word || strconv.Itoa(p.Number) == word {
			return p, ""
		}
		names = append(names, p.Name)
	}
	return nil, spell.Nearest(word, names)
}
