package value

import (
	"encoding/binary"
	"slices"
	"strconv"
)

// Printed is an atom with what it prints as in a sequence, made once for many sequences of few
// different atoms.
type Printed struct {
	Value Value
	text  string // after another element: ", " and what Short gives
	word  uint64 // the text, the first byte lowest, if it has no more than wordBytes
}

const wordBytes = 8

// Print makes a Printed of an atom.
func Print(v Value) *Printed {
	p := &Printed{Value: v, text: separator + v.Short()}
	if len(p.text) <= wordBytes {
		var word [wordBytes]byte
		copy(word[:], p.text)
		p.word = binary.LittleEndian.Uint64(word[:])
	}
	return p
}

const separator = ", "

// AppendPrinted appends to text what AppendSequence appends of the atoms.
func AppendPrinted(text []byte, sequence []*Printed) []byte {
	kinds := 0
	for _, p := range sequence {
		kinds |= 1 << p.Value.kind
	}
	text = append(text, '[')
	switch {
	case len(sequence) == 0:
		text = append(text, ']')
	case len(sequence) > 1 && allSame(sequence):
		text = append(append(text, sequence[0].text[len(separator):]...), "]*"...)
		text = strconv.AppendInt(text, int64(len(sequence)), 10)
	default:
		text = append(text, sequence[0].text[len(separator):]...)
		text = append(appendFurther(text, sequence[1:]), ']')
	}
	if name := typeOf(kinds); name != "" {
		text = append(append(append(text, " ("...), name...), ')')
	}
	return text
}

// appendFurther appends elements after others: short ones by a whole word, of which the next
// overwrites what is too much.
func appendFurther(text []byte, sequence []*Printed) []byte {
	text = slices.Grow(text, wordBytes*len(sequence))
	for _, p := range sequence {
		if end := len(text) + wordBytes; len(p.text) <= wordBytes && end <= cap(text) {
			binary.LittleEndian.PutUint64(text[len(text):end], p.word)
			text = text[:len(text)+len(p.text)]
			continue
		}
		text = append(text, p.text...)
	}
	return text
}

// allSame is allEqual of the atoms.
func allSame(sequence []*Printed) bool {
	first := sequence[0]
	for _, p := range sequence[1:] {
		if p != first && !Equal(p.Value, first.Value) {
			return false
		}
	}
	return Equal(first.Value, first.Value) // nan is not
}
