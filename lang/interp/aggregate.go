package interp

import (
	"math/bits"
	"slices"

	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// aggregate gives each row the default if it selects nothing, the one element
// unchanged if it selects one, else the mean. A mean wants the whole sequence
// to be of numbers, not only what is selected.
func (e *Evaluator) aggregate(s *step) (position int, err error) {
	values := &e.steps[s.args[1]]
	if r := &e.steps[s.args[0]]; !r.dense && e.prepareSums(&r.runs, values) {
		return e.aggregateRuns(s, &r.runs, values)
	}
	selector, err := e.matrix(s.args[0])
	if err != nil {
		return 0, err
	}
	exact := e.toFloats(values.sequence)
	for i := range s.sequence {
		row := selector.row(i)
		if i > 0 && slices.Equal(row, selector.row(i-1)) {
			s.sequence[i] = s.sequence[i-1]
			continue
		}
		switch k := count(row); {
		case k == 0:
			s.sequence[i] = s.node.Value
		case k == 1:
			s.sequence[i] = values.sequence[first(row)]
		case !values.isNumeric():
			return i, noMean(k, values)
		case exact:
			s.sequence[i] = value.OfFloat(sumFloats(row, e.floats) / float64(k))
		default:
			sum, err := sumAtoms(row, values.sequence)
			if err != nil {
				return i, err
			}
			s.sequence[i] = value.OfFloat(sum.Float64() / float64(k))
		}
	}
	return 0, nil
}

// isNumeric reports that there are means of the values of s.
func (s *step) isNumeric() bool { return s.typ != "strings" && s.typ != "bools" }

func noMean(selected int, values *step) error {
	return faultf(diag.Type, "the mean of %d selected elements needs ints or floats, not %s", selected, values.typ)
}

// widths counts what each row selects; for Any, whether it is something.
func (e *Evaluator) widths(s *step) {
	selector := &e.steps[s.args[0]]
	for i := range s.sequence {
		k := selector.width(i)
		if s.node.Op == graph.Any {
			s.sequence[i] = value.OfBool(k > 0)
		} else {
			s.sequence[i] = value.OfInt(int64(k))
		}
	}
}

// width is how many positions row i of a selector has.
func (s *step) width(i int) int {
	if s.dense {
		return count(s.matrix.row(i))
	}
	return s.runs.width(i)
}

// toFloats fills e.floats and reports whether sums of any of its elements, from
// left to right, are those of the atoms. Ints are summed exactly up to the
// first float, so they are if n of them stay below 2^53.
func (e *Evaluator) toFloats(sequence []value.Value) bool {
	e.floats = resize(e.floats, e.n)
	limit := int64(1<<53) / int64(e.n)
	for j, v := range sequence {
		i, whole := v.Int64()
		if v.Kind() != value.Float && (!whole || i > limit || i < -limit) {
			return false
		}
		e.floats[j] = v.Float64()
	}
	return true
}

// sumFloats adds the selected elements from left to right.
func sumFloats(row []uint64, floats []float64) float64 {
	sum := 0.0
	for w, word := range row {
		for ; word != 0; word &= word - 1 {
			sum += floats[w*64+bits.TrailingZeros64(word)]
		}
	}
	return sum
}

// sumAtoms is the sum as a float; a value fault if it is too large for one.
func sumAtoms(row []uint64, sequence []value.Value) (sum value.Value, err error) {
	for w, word := range row {
		for ; word != 0; word &= word - 1 {
			sum, err = value.Binary(value.Add, sum, sequence[w*64+bits.TrailingZeros64(word)])
			if err != nil {
				return sum, err
			}
		}
	}
	return value.ToFloat(sum)
}
