// Package open makes a FILE runnable: what a command line names becomes a program,
// a model or both, and these become what runs inputs or scores texts.
//
// In come names of files and of ready-made programs, and choices that override
// what a program says of its domain; out come outputs, models, and runners that
// give the same kind of result whatever stands behind them. The package knows no
// flags and prints nothing: what is wrong is an error with a hint.
//
//	file.go        a FILE -> a program or a model
//	choices.go     a program and choices -> outputs, domain, model
//	device.go      a model -> an engine
//	vocabulary.go  the tokens of a program or model; input.go: an input -> tokens
//	given.go       an input of a run, as tokens or ids
//	text.go        a prompt -> ids; the faults of texts
//	runner.go      inputs -> results: the interpreter, a model, or both compared
//	scorer.go      a program or a model -> what it says of texts
//	labels.go      a program or a model -> the labels of data sets
//	picture.go     a program and an input -> the way to its output
//	fault.go       errors -> diagnostics
package open
