package main

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/lang/spell"
)

// errorData is what is wrong, as data.
type errorData struct {
	Text   string  `json:"text"`             // as the command line shows it
	Faults []fault `json:"faults,omitempty"` // each on its own
	Hint   string  `json:"hint,omitempty"`   // where there are no faults
}

// fault is a diagnostic as check --json has it, and as people see it.
type fault struct {
	finding
	Text string `json:"text"`
}

// faultsOf an error, if it is made of diagnostics.
func faultsOf(err error) []fault {
	var list diag.List
	var one *diag.Diagnostic
	switch {
	case errors.As(err, &list):
	case errors.As(err, &one):
		list = diag.List{one}
	}
	faults := make([]fault, len(list))
	for i, d := range list {
		faults[i] = fault{findingOf(d, ""), rendered(diag.Paint{}, d, "rasp")}
	}
	return faults
}

// asRPC is the error of a request as data. Whatever comes of a request that was cancelled,
// it was cancelled.
func asRPC(ctx context.Context, err error) *rpcError {
	var known *rpcError
	var usage *usageError
	switch {
	case errors.Is(err, context.Canceled) || ctx.Err() != nil:
		return &rpcError{Code: codeCancelled, Message: "cancelled"}
	case errors.As(err, &known):
		return known
	case errors.As(err, &usage):
		return &rpcError{codeUsage, usage.message, &errorData{Text: usage.message + "\n", Hint: usage.hint}}
	}
	faults := faultsOf(err)
	if len(faults) == 0 {
		message := errorText(err)
		return &rpcError{codeFault, message, &errorData{Text: "rasp: " + diag.Visible(message) + "\n", Hint: deviceHint(err)}}
	}
	var text strings.Builder
	for _, f := range faults {
		text.WriteString(f.Text)
	}
	return &rpcError{codeFault, faults[0].Message, &errorData{Text: text.String(), Faults: faults}}
}

func unknownMethod(name string) error {
	names := slices.Sorted(maps.Keys(serveMethods))
	hint := didYouMean("", spell.Nearest(name, names))
	if hint == "" {
		hint = "the methods are " + strings.Join(names, ", ")
	}
	return &rpcError{codeMethod, "unknown method " + name, &errorData{Text: "rasp: unknown method " + diag.Visible(name) + "\n", Hint: hint}}
}

// oneFault is an error about one input of several.
func oneFault(err error) *fault { return &faultsOf(open.Diagnose(err))[0] }
