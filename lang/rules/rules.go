// Package rules says what each operation of the language takes: of which kinds
// its operands can be, of which kinds its result is then, and if it cannot take
// them, why, in the words that the user reads. It is the one place for these
// words and for the hints beside them.
//
// An Operand is what is known of a value: the elaborator (rasp/lang/elab) knows
// it and asks with one kind, the checker (rasp/lang/check) asks with all kinds
// that a value can be of before the program runs. A rule gives a Fault only if no
// value of those kinds could be taken, so to a checker it is certain as well. What
// atoms give is left to package value, of which kinds to package element; the
// rules know no graph and no values but atoms.
//
// In reading order:
//
//   - operand.go: kinds and operands; fault.go: faults, and how they are reported
//   - role.go: what takes one value; operator.go: operators and select; index.go:
//     indexing and in; count.go: how many there are of something
//   - name.go: names and files
//
// Each rule numbers its operands from 1, in the order of the text.
package rules
