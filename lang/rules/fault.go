package rules

import (
	"fmt"
	"slices"
	"strings"

	"rasp/lang/diag"
	"rasp/lang/element"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// Fault says why an operation cannot take what it is given.
type Fault struct {
	value.Fault
	At     int    // the operand at fault; 0: the operation as a whole
	Hint   string // what to write instead, a format for the texts that it quotes
	Quotes []int  // the operands whose text it quotes, numbered like At
}

// refuse is the fault of what the language does not allow.
func refuse(at int, kind diag.Kind, format string, args ...any) *Fault {
	return &Fault{Fault: value.Fault{Kind: kind, Message: fmt.Sprintf(format, args...)}, At: at}
}

// fail is the fault of an operation that cannot compute with what it met.
func fail(at int, kind diag.Kind, format string, args ...any) *Fault {
	f := refuse(at, kind, format, args...)
	f.Class = diag.Failed
	return f
}

// hint adds a hint that quotes some operands, unless there is no fault.
func (f *Fault) hint(format string, quotes ...int) *Fault {
	if f != nil {
		f.Hint, f.Quotes = format, quotes
	}
	return f
}

// Atomic is the fault of an operation of package value on atoms, nil without an
// error.
func Atomic(err error) *Fault {
	if err == nil {
		return nil
	}
	return &Fault{Fault: *err.(*value.Fault)}
}

// Place is where operations stand. The zero Place is in the program itself; in
// the library, Site is the call in the user's program.
type Place struct{ Site diag.Span }

// At is the span to report and to note on nodes: the user's call, if this is the
// library.
func (p Place) At(span diag.Span) diag.Span {
	if p.InLibrary() {
		return p.Site
	}
	return span
}

// InLibrary reports whether the user's program is some calls further out.
func (p Place) InLibrary() bool { return p.Site.Source != nil }

// Diagnose reports the fault of an operation: parts are its text, then those of its
// operands. A hint that would quote the library, or what is too long to repeat,
// is left out.
func (p Place) Diagnose(f *Fault, parts ...syntax.Expr) *diag.Diagnostic {
	d := p.DiagnoseAt(f, parts[f.At].Span())
	if len(f.Quotes) == 0 || p.InLibrary() {
		return d
	}
	texts := make([]any, len(f.Quotes))
	for i, part := range f.Quotes {
		text := quote(parts[part])
		if text == "" {
			return d
		}
		texts[i] = text
	}
	return d.WithHint(f.Hint, texts...)
}

// DiagnoseAt reports a fault at span, with its hint if that quotes nothing.
func (p Place) DiagnoseAt(f *Fault, span diag.Span) *diag.Diagnostic {
	d := diag.Errorf(p.At(span), f.Kind, "%s", f.Message).WithClass(f.Class)
	if len(f.Quotes) == 0 {
		d.Hint = f.Hint
	}
	return d
}

// quote is the text of a short expression on one line, without the parentheses
// around it; "" of others.
func quote(x syntax.Expr) string {
	const longest = 40
	text := syntax.Unparen(x).Span().Text()
	if len(text) > longest || strings.Contains(text, "\n") {
		return ""
	}
	return text
}

// InLast explains a type fault of s in [..] or t, which means s in ([..] or t).
func (p Place) InLast(d *diag.Diagnostic, x *syntax.In) {
	first := x.Set
	for b, ok := first.(*syntax.Binary); ok; b, ok = first.(*syntax.Binary) {
		first = b.L
	}
	s, l := quote(x.X), quote(first)
	if _, ok := first.(*syntax.List); !ok || first == x.Set || s == "" || l == "" || p.InLibrary() || d.Kind != diag.Type || d.Hint != "" {
		return
	}
	d.WithHint("in binds after and, or and ==: write (%s in %s)", s, l)
}

// CalledFrom adds to a fault inside a function from where that was called, if
// nothing more useful is hinted at. A function of the library is not looked into: what it was
// given is what is wrong.
func CalledFrom(d *diag.Diagnostic, def *syntax.FuncDef, library bool, given []Operand, call diag.Span) {
	switch {
	case library:
		misgiven(d, def, given)
	case d.Hint == "":
		d.WithHint("%s was called at line %d", def.Name.Name, call.Line())
	}
}

// misgiven words a fault inside a function of the library by the arguments: by the one that
// cannot be what its parameter is called, or else by all of them.
func misgiven(d *diag.Diagnostic, def *syntax.FuncDef, given []Operand) {
	for i, p := range def.Params {
		switch {
		case p.Name == "sel" && !given[i].Can(Selector):
			d.Message = fmt.Sprintf("sel in %s is a selector, not %s", def.Signature(), given[i])
			d.WithHint("write %s(select(keys, queries, ==))", def.Name.Name)
			return
		case p.Name == "seq" && !given[i].Can(SOp|Atoms):
			d.Message = fmt.Sprintf("seq in %s is an s-op, not %s", def.Signature(), given[i])
			d.Hint = ""
			return
		}
	}
	d.Message = fmt.Sprintf("%s of %s: %s", def.Signature(), listed(given), d.Message)
	text := func(o Operand) bool { return o.Surely(SOp) && o.Elems == element.Strings }
	switch {
	case d.Hint != "":
	case d.Kind == diag.Type && slices.ContainsFunc(given, text) && !slices.ContainsFunc(given, func(o Operand) bool { return !o.Can(SOp | Atoms) }):
		d.WithHint("strings are no numbers; tokens_int and tokens_float read tokens as numbers")
	default:
		d.WithHint("rasp help %s says what it takes", def.Name.Name)
	}
}

func listed(given []Operand) string {
	texts := make([]string, len(given))
	for i, o := range given {
		texts[i] = o.String()
		if o.Surely(SOp) {
			texts[i] = "an s-op of " + o.Elems.String()
		}
	}
	last := len(texts) - 1
	if last == 0 {
		return texts[0]
	}
	return strings.Join(texts[:last], ", ") + " and " + texts[last]
}
