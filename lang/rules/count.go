package rules

import (
	"rasp/lang/diag"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// unless is the fault of a number that is not right.
func unless(right bool, kind diag.Kind, format string, args ...any) *Fault {
	if right {
		return nil
	}
	return refuse(0, kind, format, args...)
}

// Arguments are how many a function takes.
func Arguments(def *syntax.FuncDef, n int) *Fault {
	if n == len(def.Params) {
		return nil
	}
	return arguments(false, def.Name.Name, diag.Count(len(def.Params), "argument"), n).hint(def.Signature())
}

// RangeArguments, LenArguments and LookupArguments are how many range(..), len(..)
// and lookup(..) take.
func RangeArguments(n int) *Fault {
	return arguments(n <= 3, "range", "1 to 3 arguments", n).hint("range(stop), range(start, stop), range(start, stop, step)")
}

func LenArguments(n int) *Fault { return arguments(n == 1, "len", "1 argument", n) }

func LookupArguments(n int) *Fault {
	return arguments(n >= 3, "lookup", "at least 3 arguments", n).hint("lookup(table, s, default), or with more s-ops between them")
}

func arguments(right bool, name, needs string, n int) *Fault {
	return unless(right, diag.Arity, "%s needs %s, found %d", name, needs, n)
}

// Inputs are how many v, an s-op or selector, is applied to.
func Inputs(v Operand, n int) *Fault {
	return unless(n == 1, diag.Arity, "%s is applied to one input, found %s", v, diag.Count(n, "argument"))
}

// InputLength is how many elements an input has.
func InputLength(n int) *Fault { return unless(n > 0, diag.Value, "an input has at least one element") }

// Names are how many v is split among, which has so many parts.
func Names(v Operand, names, parts int) *Fault {
	return unless(names == parts, diag.Arity, "%d names for %s of %d", names, v, parts)
}

// ZipLength is the length of an argument of zip(..) beside that of the first.
func ZipLength(first, n int) *Fault {
	return unless(first == n, diag.Value, "zip needs lists of one length: the first has %d, this one %d", first, n)
}

// RangeStep is the third argument of range(..).
func RangeStep(v Operand) *Fault {
	if !v.Surely(Ints) || !v.isZero() {
		return nil
	}
	return fail(0, diag.Value, "the step of a range cannot be 0")
}

// Element is which of n elements of a list or string the index i means; negative
// ones count from the end.
func Element(of Kinds, i value.Value, n int) (int, *Fault) {
	at, fits := i.Int64()
	if at < 0 {
		at += int64(n)
	}
	if !fits || at < 0 || at >= int64(n) {
		return 0, refuse(2, diag.Index, "index %s out of range for %s of length %d", value.Describe(i), of.Name(), n)
	}
	return int(at), nil
}
