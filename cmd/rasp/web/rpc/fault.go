package rpc

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
)

// The codes of errors: those of JSON-RPC, of the Language Server Protocol for what was
// cancelled, and the exit status of the command line for the same fault.
const (
	CodeParse     = -32700
	CodeMethod    = -32601
	CodeParams    = -32602
	CodeInternal  = -32603
	CodeCancelled = -32800
	CodeFault     = 1
	CodeUsage     = 2
)

// Error of a request, as data; the message is for people.
type Error struct {
	Code    int        `json:"code"`
	Message string     `json:"message"`
	Data    *ErrorData `json:"data,omitempty"`
}

func (e *Error) Error() string { return e.Message }

// ErrorData is what is wrong.
type ErrorData struct {
	Text   string  `json:"text,omitempty"` // as the command line shows it, with places and carets
	Hint   string  `json:"hint,omitempty"`
	Faults []Fault `json:"faults,omitempty"`
}

// Fault is a diagnostic: line and column count from 1, 0 for none.
type Fault struct {
	Line     int           `json:"line"`
	Col      int           `json:"col"`
	Severity diag.Severity `json:"severity"`
	Kind     diag.Kind     `json:"kind"`
	Message  string        `json:"message"`
	Hint     string        `json:"hint,omitempty"`
	Text     string        `json:"text"`
}

// Usage is an error of the parameters, with a hint or "".
func Usage(hint, message string) error {
	return &Error{Code: CodeUsage, Message: message, Data: &ErrorData{Text: message + "\n", Hint: hint}}
}

// Internal is a fault of the program itself.
func Internal(fault any) error {
	return &Error{Code: CodeInternal, Message: fmt.Sprintf("a fault of rasp itself: %v", fault)}
}

// Faults are diagnostics as data.
func Faults(list diag.List) []Fault {
	faults := make([]Fault, len(list))
	for i, d := range list {
		severity := d.Severity
		if severity == "" {
			severity = diag.Error
		}
		faults[i] = Fault{d.Span.Line(), d.Span.Col(), severity, d.Kind, d.Message, d.Hint, Rendered(d)}
	}
	return faults
}

// Rendered is a diagnostic as the command line shows it; one that has no place names none.
func Rendered(d *diag.Diagnostic) string { return strings.TrimPrefix(d.Render(), "-: ") }

// errorOf is the error of a request as data. Whatever comes of a request that was
// cancelled, it was cancelled.
func errorOf(ctx context.Context, err error) *Error {
	var known *Error
	var list diag.List
	switch {
	case ctx.Err() != nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return &Error{Code: CodeCancelled, Message: "cancelled"}
	case errors.As(err, &known):
		return known
	case !errors.As(err, &list):
		list = diag.List{open.Diagnose(err)}
	}
	var text strings.Builder
	for _, d := range list {
		text.WriteString(Rendered(d))
	}
	return &Error{CodeFault, list[0].Message, &ErrorData{Text: text.String(), Hint: list[0].Hint, Faults: Faults(list)}}
}
