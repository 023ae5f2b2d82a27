// Package compiler turns the s-op graph of a RASP program into the weights of a
// transformer.
//
// In come the outputs of a program, nodes of a graph of s-ops and selectors
// (package rasp/lang/graph), and a domain (rasp/lang/domain): the vocabulary, the
// longest input, whether attention is causal. Out comes a model (rasp/runtime/model)
// that gives what the interpreter gives, on every input of the domain, with a
// certificate; or an error that says which line stands in the way. It can neither
// read the text of a program nor run a model: what does that comes from outside, as
// a verify.Engine.
//
// # How a program becomes a transformer
//
// An elementwise s-op is a function of a few variables at its own position: the
// token, the position, the length, and what aggregates brought there. Each of
// them has finitely many states, so the function is a table, and the table is
// known before a weight is written. Functions of the token alone or of the
// position alone go into the embedding and cost nothing. A function of what a
// head brought goes into the head's values. What is left, functions of several
// variables, becomes neurons: one for each box of states on which the function
// is constant.
//
// A selector is a truth table over the states of a key and of a query. Its QK
// circuit is a factorisation of the table into a product of a few dimensions:
// score 0 where the query selects the key, at most -256 where not, so that
// softmax gives selected keys the same weight and all others exactly none. BOS
// takes the weight where nothing is selected.
//
// An aggregate is the OV circuit of that head. If a row selects at most one key
// the head copies a code of its value. If it may select several, the head's
// output is their mean, or, where BOS outweighs them all, their sum, which float32
// itself rounds to a whole number: counts and sums need no neurons to decode them.
//
// # Passes, in running order
//
//	(the passes, one after the other)                                      compile.go
//	share      copy the graph, fold constants, build equal nodes once      share.go
//	recognise  find selector_width in the idiom by which RASP writes it    recognise.go
//	values     the states of each variable, the table of each s-op         variable.go, relation.go, valueset.go, late.go,
//	                                                                       budget.go
//	             s-ops that depend on no token                             positional.go
//	             aggregates: what they bring, which sums a mean can have   moments.go, reach.go, fraction.go, observe.go
//	             comparisons of means beyond any table                     compared.go
//	             aggregates of numbers here and strings there, split       separate.go
//	             selectors as formulas over truth tables                   selector.go, formula.go, group.go, parts.go
//	             which rows select one key, at most or at least            unique.go, apart.go, inclusion.go, always.go,
//	                                                                       global.go
//	             whether the program fails on some input                   total.go
//	             the scores of a prediction; whether they are a distribution
//	                                                                       score.go, logit.go, mass.go
//	             additions of which the rounding matters, replayed         replay.go, automaton.go
//	lower      by demand, from the outputs backwards, each as early as
//	           what it reads allows                                        plan.go, lower.go, function.go
//	             heads: QK circuits, and what they bring                   selection.go, pattern.go, heads.go, fetch.go,
//	                                                                       any.go
//	             counts, sums, means, and linear forms of them             count.go, sum.go, average.go, analog.go,
//	                                                                       combination.go, linear.go, undecoded.go,
//	                                                                       inseparable.go
//	             neurons: the inputs of a table, and its boxes             unit.go, inputs.go, pack.go, tables.go,
//	                                                                       arrange.go, diagram.go, neurons.go, spell.go
//	             read-outs                                                 output.go
//	             the logits of a prediction; tables that are looked up     next.go, context.go
//	           then read all columns off a basis of them                   basis.go, circuit.go, span.go
//	           then write the weights, and bound through them the
//	           float32 error at every decoding place                       emit.go, certify.go, certify_next.go, bound.go,
//	                                                                       states.go, weights.go
//	emit       put certificate and text beside the weights
//	check      run the model beside the interpreter on a few inputs        check.go
//
// For whoever looks inside: the names of columns and neurons are in label.go, what
// each pass has made in dump.go, what each layer of a model does in explain.go.
//
// The constructions themselves, with formula and exactness condition, are in
// package construct: pattern.go (selectors), tally.go (counts and sums),
// steps.go (thresholds), cover.go (tables).
package compiler
