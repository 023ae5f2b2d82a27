package naming

import (
	"fmt"
	"math"
	"strings"

	"rasp/lang/value"
	"rasp/runtime/model"
)

// functionText says which function of the values of an s-op codes are, as what follows its name,
// and its kind.
func (w *writer) functionText(at int, codes model.Codes, offset float64) (text, kind string) {
	if on, off, ok := indicated(codes, offset); ok && len(on)+len(off) > 0 {
		return setText(w.names.SOps[at].Values, on, off), "is"
	}
	numbers := w.numbersOf(at)
	if numbers != nil && affine(codes, numbers) {
		return "", "number"
	}
	if numbers != nil && affine(codes, squares(numbers)) {
		return " squared", "code"
	}
	for b := range 30 {
		if bits := bitsOf(numbers, b); bits != nil && affine(codes, bits) {
			return fmt.Sprintf(" bit %d", b), "bit"
		}
	}
	return " code", "code"
}

// indicated are the values for which codes are 1, and those for which they are 0; false if
// they are anything else.
func indicated(codes model.Codes, offset float64) (on, off []int, ok bool) {
	for i, x := range codes {
		switch {
		case x == offset+1:
			on = append(on, i)
		case x == offset:
			off = append(off, i)
		case !math.IsNaN(x):
			return nil, nil, false
		}
	}
	return on, off, true
}

// setText names the values of a set: the one, the one that is missing, a range, or all.
func setText(values []model.Token, on, off []int) string {
	const most = 6
	switch {
	case len(on) == 1 && (len(off) != 1 || on[0] > off[0]):
		return " = " + string(values[on[0]])
	case len(off) == 1:
		return " is not " + string(values[off[0]])
	case len(on) > 1 && len(off) > 0 && off[len(off)-1] < on[0]:
		return " >= " + string(values[on[0]])
	case len(on) > 1 && len(off) > 0 && on[len(on)-1] < off[0]:
		return " <= " + string(values[on[len(on)-1]])
	}
	var list []string
	for _, i := range on[:min(most, len(on))] {
		list = append(list, string(values[i]))
	}
	if len(on) > most {
		list = append(list, "..")
	}
	return " in " + strings.Join(list, " ")
}

// numbered is what numbersOf gives for so many values.
type numbered struct {
	numbers []float64
	of      int
}

// numbersOf the values of an s-op, nil if they are not all numbers. Many dimensions are about
// one s-op, so they are kept.
func (w *writer) numbersOf(at int) []float64 {
	values := w.names.SOps[at].Values
	kept, known := w.numbers[at]
	if !known || kept.of != len(values) {
		kept = numbered{numbersOf(values), len(values)}
		w.numbers[at] = kept
	}
	return kept.numbers
}

func numbersOf(values []model.Token) []float64 {
	numbers := make([]float64, len(values))
	for i, t := range values {
		v, err := value.ParseAtom(string(t))
		if err != nil || !v.IsNumber() {
			return nil
		}
		numbers[i] = v.Float64()
	}
	return numbers
}

func squares(numbers []float64) []float64 {
	list := make([]float64, len(numbers))
	for i, x := range numbers {
		list[i] = float64(x * x)
	}
	return list
}

// bitsOf whole numbers from 0 on, nil if none has the bit or they are others.
func bitsOf(numbers []float64, b int) []float64 {
	list, some := make([]float64, len(numbers)), false
	for i, x := range numbers {
		if x < 0 || x != math.Trunc(x) || x >= 1<<30 {
			return nil
		}
		if int(x)>>b&1 == 1 {
			list[i], some = 1, true
		}
	}
	if !some {
		return nil
	}
	return list
}

// affine reports that codes are a multiple of numbers, shifted, but for rounding.
func affine(codes model.Codes, numbers []float64) bool {
	first, last := -1, -1
	for i, x := range codes {
		if math.IsNaN(x) {
			continue
		}
		if first < 0 {
			first = i
		} else if numbers[i] != numbers[first] {
			last = i
		}
	}
	if last < 0 {
		return false
	}
	scale := (codes[last] - codes[first]) / (numbers[last] - numbers[first])
	for i, x := range codes {
		want := codes[first] + float64(scale*(numbers[i]-numbers[first]))
		if math.Abs(x-want) > 1e-9*(1+math.Abs(want)) {
			return false
		}
	}
	return scale != 0
}
