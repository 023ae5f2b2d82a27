// Package analysis makes facts of a graph and a domain, with the interpreter's own
// arithmetic (abstract interpretation over sets of values; Cousot and Cousot 1977).
//
// In comes a rewritten program, out go facts, read-only from then on, the doubts whether
// it fails somewhere, and what it would have to know better. Nothing here knows how a
// selector becomes a head or a table neurons.
//
//	analysis.go     what is at hand while facts are made
//	analyse.go      node by node, operands first
//	variables.go    what an aggregate brings is a variable; so is a value taken as given
//	elementwise.go  s-ops as tables over variables; cut.go, where these are too large
//	linear.go       s-ops as linear forms; rounding.go, where these compute what the interpreter
//	                does; difference.go, of what comparisons compare
//	positional.go   s-ops that depend on no token
//	means.go        which sums a mean can have; enumerate.go, on all inputs of a small domain
//	onevalue.go     where all keys of a row have one value, of which there is no mean but that
//	comparison.go   comparisons of numbers beyond any table; fractions.go, how near these can be
//	ranks.go        comparisons of words, beyond any table
//	quotient.go     fractions of whole numbers that are only shown: variances, products of means
//	polynomial.go   products of means, recognised as polynomials in means
//	numerator.go    the numerator of such a fraction, its bounds
//	made.go         s-ops that no line of the program has
//	classes.go      how many different values there are, as a sum of inverses
//	whole.go        ints that are linear forms, beyond any table; total.go, sums of rows
//	chain.go        chains of conditions, beyond any table
//	replay.go       additions of which the rounding matters
//	selector.go     selectors as formulas over truth tables; settled.go, what needs no table
//	atmostone.go    which rows select one key at most; distinct.go, inclusion.go, because no
//	                two keys can be what a query asks for
//	latest.go       which rows select the latest or the earliest of some keys
//	strictorder.go  which selectors order the positions: what sort is made of
//	nonempty.go     which rows select a key at least
//	uniform.go      what is the same at all positions
//	budget.go       what is too large for a table, and why (other refusals stand where they arise)
package analysis

import (
	"rasp/compiler/facts"
	"rasp/compiler/rewrite"
	"rasp/lang/diag"
	"rasp/lang/graph"
)

// Analysis makes the facts.
type Analysis struct {
	*facts.Facts
	depth      map[*graph.Node]int
	uniform    map[*graph.Node]bool             // see isUniform
	taken      map[*graph.Node]bool             // taken as given by some table
	readings   map[*graph.Node]arithmetic       // see readAs
	leaves     map[*graph.Node][2]float64       // see leaf
	chains     map[*graph.Node]*facts.Chain     // see chainOf
	deferred   map[*graph.Node]bool             // see findProducts
	free       map[*graph.Node]bool             // see findFree
	tooLarge   map[*graph.Node]*diag.Diagnostic // fractions that float32 does not have
	deviations map[*graph.Node][]*graph.Node    // see findDeviations
	*rewrite.Program
	Unproven []*graph.Node                    // only(..) that may select two keys
	Mixed    *graph.Node                      // an aggregate of numbers and strings, see rewrite.SplitTypes
	refusals map[*graph.Node]*diag.Diagnostic // see shownOnly
}

// claim notes what is concluded of a node, and by which rule.
func (a *Analysis) claim(says facts.Property, n *graph.Node, rule string) bool {
	a.Claims[facts.Claim{Says: says, Node: n}] = rule
	return true
}

func (a *Analysis) doubt(n *graph.Node, message string) {
	if len(a.Doubts) < 100 {
		a.Doubts = append(a.Doubts, facts.Doubt{Node: n, Message: message})
	}
}
