// Package value has the atoms of RASP (int, float, string, bool) and their
// arithmetic, exactly as the reference interpreter does it: ints of any size,
// float64, division that always gives a float, a remainder with the sign of the
// divisor, rounding of ties to even.
//
// The elaborator, the interpreter and the compiler's value sets all compute
// with this package, so that they cannot disagree.
package value

import (
	"math"
	"math/big"
)

// Kind is the type of an atom.
type Kind uint8

const (
	Int Kind = iota
	Float
	String
	Bool
)

func (k Kind) String() string { return [...]string{"int", "float", "string", "bool"}[k] }

// Value is an atom. It is comparable with ==, which tells 1, 1.0 and True
// apart (RASP's own == is Equal), and is fit for a map key. The zero Value is
// the int 0.
type Value struct {
	kind Kind
	bits uint64 // int64, float64 bits or bool
	text string // string; or an int outside int64, in decimal
}

// OfInt, OfFloat, OfString and OfBool make atoms.
func OfInt(i int64) Value { return Value{kind: Int, bits: uint64(i)} }

// OfFloat makes a float. There is one nan, though a machine has many: which of them an
// operation gives depends on the machine.
func OfFloat(f float64) Value {
	if f != f {
		f = math.NaN()
	}
	return Value{kind: Float, bits: math.Float64bits(f)}
}

func OfString(s string) Value { return Value{kind: String, text: s} }
func OfBool(b bool) Value {
	if b {
		return Value{kind: Bool, bits: 1}
	}
	return Value{kind: Bool}
}

// OfBig makes an int of any size.
func OfBig(i *big.Int) Value {
	if i.IsInt64() {
		return OfInt(i.Int64())
	}
	return Value{kind: Int, text: i.String()}
}

// Kind of the atom.
func (v Value) Kind() Kind { return v.kind }

// IsNumber reports whether v is an int, a float or a bool.
func (v Value) IsNumber() bool { return v.kind != String }

// Text is the content of a string atom.
func (v Value) Text() string { return v.text }

// Int64 is the value of an int or bool, false if it is neither or too large.
func (v Value) Int64() (int64, bool) {
	if v.kind == Int && v.text == "" || v.kind == Bool {
		return int64(v.bits), true
	}
	return 0, false
}

// Big is the value of an int or bool.
func (v Value) Big() *big.Int {
	if v.text != "" && v.kind == Int {
		i, _ := new(big.Int).SetString(v.text, 10)
		return i
	}
	return big.NewInt(int64(v.bits))
}

// Float64 is the nearest double of a number; infinite for an int too large,
// NaN for a string.
func (v Value) Float64() float64 {
	switch {
	case v.kind == Float:
		return math.Float64frombits(v.bits)
	case v.kind == String:
		return math.NaN()
	case v.text != "":
		f, _ := new(big.Float).SetInt(v.Big()).Float64()
		return f
	}
	return float64(int64(v.bits))
}

// Fn is an operation on atoms.
type Fn uint8

const (
	Neg Fn = iota // -a
	Pos           // +a
	Not           // not a
	Round
	Indicator // 1 if a is truthy, else 0

	Add
	Sub
	Mul
	Div
	Mod
	Pow
	Eq
	Ne
	Lt
	Le
	Gt
	Ge
	And // of atoms: an operand; of s-ops: a bool
	Or
)

func (f Fn) String() string {
	return [...]string{"-", "+", "not", "round", "indicator", "+", "-", "*", "/", "%", "^",
		"==", "!=", "<", "<=", ">", ">=", "and", "or"}[f]
}

// IsComparison reports whether f is one of == != < <= > >=.
func (f Fn) IsComparison() bool { return f >= Eq && f <= Ge }
