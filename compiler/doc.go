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
// itself rounds to a whole number (construct/count.go): counts and sums need no neurons
// to decode them.
//
// # Hand-overs
//
// Each is data that can be printed (Options.Dump), and is checked each time:
//
//	graph   s-ops and selectors                          rasp/lang/graph
//	facts   their values, tables, selectors split up     facts
//	logits  of a prediction                              logits
//	plan    columns, heads, neurons, read-outs           plan
//	model   weights                                      rasp/runtime/model
//
// # Passes, in running order
//
// The table in passes.go is all that runs. Where a pass asks for better facts, the
// program is rewritten, or looked at closer, and facts are made again (refine.go).
//
//	share    equal nodes are one, constants are folded                      rewrite
//	widths   the idiom that counts becomes selector_width                   rewrite
//	facts    the values of each s-op, the pairs of each selector            analysis, sums
//	support  the logits of a prediction; which tokens can come next         logits
//	failing  an input on which the program fails                            failinginput.go
//	lower    by demand, from the outputs backwards: constructions offer,    lower, over
//	         the first that is there wins; once a policy                    neurons, heads, demand
//	basis    columns, and QK dimensions, that are linear combinations go    basis
//	emit     the weights                                                    emit
//	certify  bounds of the float32 errors against all margins               certify
//	choose   a certified model is taken; on with the next policy            search.go, policy.go
//	verify   a few inputs beside the interpreter                            lastcheck.go, verify
//
// A construction is there at a time, in half layers: 0 is the embedding, 2l-1 the
// attention of layer l, 2l its MLP (package plan); of the constructions that offer, the
// one with the least time wins (lower/lower.go).
//
// A count becomes a head with a heavy BOS where the row "count" of the table of
// constructions (lower/constructions.go) wins, and for every number that is made of
// counts and sums: heads/count.go asks for it, demand/head.go gives BOS its weight,
// construct/count.go has the formula and the condition under which it is exact, which
// certify checks. (Where only "more than none" is asked, heads/any.go may take its place.)
//
// # Words
//
//	source      what a variable is: the token, the position, what an aggregate brought
//	state       one of the finitely many things that a variable can be
//	doubt       a place where the program may fail, as far as sets of values tell
//	tally       a count or a sum, by a head whose BOS outweighs all keys
//	sink        BOS as a key: it takes the weight that no selected key has
//	offer       a way to get a function of a variable, and the time when it is there
//	policy      a choice between constructions that are equally right
//	box         a product of sets of states on which a table is constant: a neuron
//	staircase   a function as steps of a number (thermometer code)
//	replay      an automaton that finds out how float64 rounded a mean
//
// The whole glossary is docs/design/glossary.md.
package compiler
