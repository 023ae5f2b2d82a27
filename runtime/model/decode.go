package model

import (
	"math"
	"strconv"
	"strings"
	"sync"
)

// Undefined is what Decode gives where the logits of classes are not all numbers, or the
// largest is infinite: no token at all. Weights that a program did not make can lead there.
const Undefined Token = ""

// UndefinedError is the error for logits that nothing follows from.
type UndefinedError struct{ Position int } // of the input, from 0

func (e *UndefinedError) Error() string {
	return "the logits of the model at position " + strconv.Itoa(e.Position) + " are infinite, or no numbers"
}

// Decode reads one output off the logits [width of W_U] of a position.
func (o *Output) Decode(logits []float32) Token {
	if !o.Numeric() {
		class, defined := o.decide(logits)
		if !defined {
			return Undefined
		}
		return o.Classes[class]
	}
	own := logits[o.Column : o.Column+o.Width()]
	value, isFloat := own[0], own[1] > 0.5
	return number(value, isFloat)
}

// DecodeColumns is Decode of len(tokens) positions side by side: the logit of column c at the
// i-th of them is columns[c*stride+i].
func (o *Output) DecodeColumns(tokens []Token, columns []float32, stride int) {
	columns = columns[o.Column*stride:]
	if !o.Numeric() {
		o.decodeEach(tokens, columns, stride)
		return
	}
	values, floats := columns[:len(tokens)], columns[stride:][:len(tokens)]
	known := counts()
	for i, v := range values {
		isFloat := floats[i] > 0.5
		if n, ok := count(v); ok && !isFloat {
			tokens[i] = known[n]
			continue
		}
		tokens[i] = number(v, isFloat)
	}
}

// Token is that of a class of a categorical output, Undefined of -1.
func (o *Output) Token(class int32) Token {
	if class < 0 {
		return Undefined
	}
	return o.Classes[class]
}

// decodeEach is Decode position by position; columns begin with the first of the output.
func (o *Output) decodeEach(tokens []Token, columns []float32, stride int) {
	own := Output{Classes: o.Classes, Next: o.Next}
	logits := make([]float32, len(o.Classes))
	for i := range tokens {
		for c := range logits {
			logits[c] = columns[c*stride+i]
		}
		tokens[i] = own.Decode(logits)
	}
}

// Defined reports whether the logits [width of W_U] of a position say something of a
// categorical output: whether all are numbers, and the largest is finite.
func (o *Output) Defined(logits []float32) bool {
	_, defined := o.decide(logits)
	return defined
}

// Class is which of its classes a categorical output has at a position, given its
// logits [width of W_U].
func (o *Output) Class(logits []float32) int {
	class, _ := o.decide(logits)
	return class
}

// decide is Class and Defined in one pass.
func (o *Output) decide(logits []float32) (class int, isDefined bool) {
	own := logits[o.Column : o.Column+len(o.Classes)]
	top, least := int64(math.MinInt64), int32(math.MaxInt32)
	for i, x := range own {
		r := rank(x)
		top = max(top, int64(r)<<32|int64(^uint32(i))) // of equals the first
		least = min(least, r)
	}
	class = int(^uint32(top))
	if o.Next {
		for i, x := range own[:class] {
			if x >= own[class]-o.Tie() {
				return i, defined(top, least)
			}
		}
	}
	return class, defined(top, least)
}

// defined says it of the rank of the largest logit, which is in the upper half of top, and of
// the least one.
func defined(top int64, least int32) bool {
	const infinite = 0x7f800000 // the rank of +Inf
	largest := int32(top >> 32)
	return least >= ^infinite && largest < infinite && largest > ^infinite
}

// rank orders float32 as integers, which processors compare without a branch; those that are no
// numbers are at both ends.
func rank(x float32) int32 {
	bits := int32(math.Float32bits(x + 0)) // -0 + 0 is 0
	return bits ^ bits>>31&math.MaxInt32
}

// Tie is how far apart two logits count as equal, of which the first is taken: 0,
// but for a prediction, so that of tokens that should be equally likely it is the
// first, whatever the rounding of the others.
func (o *Output) Tie() float32 {
	if o.Next {
		return 1.0 / (1 << 16)
	}
	return 0
}

// counts are the numbers that counts of positions mostly are, as tokens; they are made when
// the first is wanted.
var counts = sync.OnceValue(func() *[countsMade]Token {
	list := new([countsMade]Token)
	for n := range list {
		list[n] = Token(strconv.Itoa(n))
	}
	return list
})

const countsMade = 1 << 10

// count is which of the counts a value that is no float is nearest to, false if none or two.
func count(value float32) (n uint32, ok bool) {
	n = uint32(int32(value + 0.5))
	off := value - float32(int32(n))
	return n, n < countsMade && -0.5 < off && off < 0.5
}

// number writes a value as a JSON scalar: rounded, without a point, or as the
// shortest decimal that reads back as the same float32, with a point or, below
// 1e-4 and from 1e16, an exponent. What JSON lacks is a string.
func number(value float32, isFloat bool) Token {
	if n, ok := count(value); ok && !isFloat {
		return counts()[n]
	}
	v := float64(value)
	switch {
	case math.IsNaN(v):
		return `"NaN"`
	case math.IsInf(v, 1):
		return `"Infinity"`
	case math.IsInf(v, -1):
		return `"-Infinity"`
	case !isFloat && v > -1<<31 && v < 1<<31:
		return Token(strconv.Itoa(int(math.RoundToEven(v))))
	case !isFloat:
		return Token(strconv.FormatFloat(math.RoundToEven(v)+0, 'f', 0, 64)) // +0: no "-0"
	}
	if text := strconv.FormatFloat(v, 'e', -1, 32); exponent(text) < -4 || exponent(text) >= 16 {
		return Token(text)
	}
	text := strconv.FormatFloat(v, 'f', -1, 32)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return Token(text)
}

// exponent is the number after the e.
func exponent(text string) int {
	_, digits, _ := strings.Cut(text, "e")
	n, _ := strconv.Atoi(digits)
	return n
}
