// Package ngram turns counts of a text, or an ARPA file, into a RASP program
// that predicts the next token.
//
// In comes text, a sentence a line, or the file of another tool; out goes the
// text of a program, which the compiler takes like any other. The package knows
// the language only as something to write, and nothing of weights.
//
// In reading order:
//
//   - sentence.go: text -> tokens; words.go, reading.go: -> their numbers; vocabulary.go:
//     which of them have a name
//   - trie.go: n-grams of all orders; count.go: texts -> how often each occurs; grams.go: by
//     sorting a block of them; merge.go: of all blocks
//   - counts_file.go: counts to and from lines, as other engines have them
//   - part.go: a part of a text -> such lines, for engines that add up the parts
//   - model.go: probabilities in back-off form; estimate.go: counts ->
//     probabilities; smoothing.go, discount.go, relative.go: in which way;
//     prune.go: without rare n-grams, or without those that say little
//   - arpa.go: an ARPA file -> probabilities; write.go: the other way; blank.go: the
//     blank in such files; normal.go: do they sum to 1
//   - classes.go: a file -> classes of words; cluster.go: counts -> classes;
//     class_model.go: counts of words -> counts and probabilities of classes, and these
//     -> probabilities of words; class_program.go: what their program has beside n-grams
//   - query.go: probabilities of the tokens of a text
//   - logit.go: probabilities -> sums of logits; program.go: these -> program;
//     table.go: its tables in canonical layout
//
// A sentence begins with "<s>", which is never predicted, and ends with "</s>",
// which is. Its first tokens have fewer tokens before them, as with KenLM: there
// is a single "<s>".
//
// Back-off form (Katz 1987) is what all models share: for the n-grams that were
// seen their probability, for each context a weight, and
//
//	p(w | a b) = p*(w | a b)              if "a b w" was seen
//	           = bow(a b) p(w | b)        otherwise, bow = 1 for a context never seen
package ngram
