// Package mutant says which line of a compiler is changed. Functions of a compiler that
// cmd/mutants has woven ask it whether to run as they are, or as one of their copies.
package mutant

import (
	"os"
	"strconv"
)

// Variable of the environment that has the number of the mutant; 0 or none is no mutant.
const Variable = "RASP_MUTANT"

// Active is the mutant that runs.
var Active, _ = strconv.Atoi(os.Getenv(Variable))

// Reached are the functions that ran since Reset, by number.
var Reached []bool

// Reset forgets which functions ran; there are so many.
func Reset(functions int) { Reached = make([]bool, functions) }

// At is the mutant that runs, in a function.
func At(function int) int {
	if function < len(Reached) {
		Reached[function] = true
	}
	return Active
}
