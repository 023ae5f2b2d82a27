package open

import (
	"errors"

	"rasp/lang/diag"
	"rasp/lang/interp"
	"rasp/lang/spell"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// Faultf is a fault without a place in a program: of an input or a file.
func Faultf(kind diag.Kind, hint, format string, args ...any) *diag.Diagnostic {
	d := diag.Errorf(diag.Span{}, kind, format, args...)
	d.Hint = hint
	return d
}

// Diagnose gives an error of the language's packages a place and a hint.
func Diagnose(err error) *diag.Diagnostic {
	var d *diag.Diagnostic
	var run *interp.Fault
	var atom *value.Fault
	var undefined *model.UndefinedError
	switch {
	case errors.As(err, &d):
		return d
	case errors.As(err, &run):
		d = Faultf(run.Kind, run.Hint, "%s", run.Error())
		d.Span = run.Span
		return d
	case errors.As(err, &atom):
		return Faultf(atom.Kind, "", "%s", atom.Message)
	case errors.As(err, &undefined):
		return Faultf(diag.Value, "its weights are too large for float32", "%s", err)
	}
	return Faultf(diag.Value, "", "%s", err)
}

// didYouMean is a hint with the nearest of the names, or otherwise.
func didYouMean(word string, names []string, otherwise string) string {
	if near := spell.Nearest(word, names); near != "" {
		return "did you mean " + near + "?"
	}
	return otherwise
}
