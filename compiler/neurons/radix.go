package neurons

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"

	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/compiler/plan"
	"rasp/compiler/table"
)

// mixedRadix reads the scalars of several inputs as one: whole numbers y1, y2
// in 0..n1-1 and 0..n2-1 are told from y1 n2 + y2, so that steps of that number
// compute any function of the two, in the MLP in which both are still to be
// decoded. Of the orders of the inputs the one with the fewest steps is taken,
// and the table is rearranged: first the others, then these. A single number is
// read as it is. nil if one of them is not there, it would take too many steps, or no MLP
// is saved: the exact number of a mean may be there later than the one with an error.
func (p *boxPlan) mixedRadix(l *MLP, analogs []*input, others, late []int) *input {
	if len(late) == 1 {
		if in := analogs[late[0]]; in != nil {
			p.Cells = p.Permute(append(slices.Clone(others), late...)).Cells
			return in
		}
		return nil
	}
	if !l.Packed {
		return nil
	}
	var best *input
	var cells []int32
	fewest := maxSteps + 1
	table.Permutations(len(late), func(order []int) {
		in := &input{scalar: &demand.Scalar{Unit: 1, Y: []float64{0}, Form: func() plan.Form { return plan.Form{} }}}
		places := slices.Clone(others)
		for _, k := range order {
			in = in.beside(l.exactly(analogs[late[k]]))
			places = append(places, late[k])
		}
		if in == nil || plan.NextMLP(in.scalar.When) >= p.when {
			return
		}
		moved := p.Permute(places).Cells
		if n := in.changes(moved); n < fewest {
			best, cells, fewest = in, moved, n
		}
	})
	if best != nil {
		p.Cells = cells
	}
	return best
}

// maxPacked is the largest number that stands for several, maxSteps the largest
// number of steps for which it is worth a layer less.
const (
	maxPacked = 1 << 14
	maxSteps  = 1 << 10
)

// exactly is a scalar of the same variable without an error, nil if there is
// none.
func (l *MLP) exactly(in *input) *input {
	switch {
	case in == nil || in.scalar.Unit > 0:
		return in
	case in.variable.Source == facts.Mean:
		if m := l.Moments(in.variable); m != nil {
			return &input{variable: in.variable, scalar: m.Scalar(m.Numbers)}
		}
	}
	return nil
}

// beside is the number that stands for those of two inputs; nil if one is
// missing or it is too large.
func (in *input) beside(other *input) *input {
	if in == nil || other == nil {
		return nil
	}
	unit := other.scalar.Unit
	low, high := extent(other.scalar.Y)
	many := (high-low)/unit + 1
	if from, to := extent(in.scalar.Y); (to-from+1)*many > maxPacked {
		return nil
	}
	left, right, label := in.scalar.Form, other.scalar.Form, other.scalar.Label
	if in.scalar.Label.What != "" {
		label.What = in.scalar.Label.What + " and " + label.What
	}
	packed := &input{scalar: &demand.Scalar{When: max(in.scalar.When, other.scalar.When), Unit: 1, Label: label, Form: func() plan.Form {
		return left().Times(many).Plus(right().Plus(plan.Constant(-low)).Times(1 / unit))
	}}}
	for _, x := range in.scalar.Y {
		for _, y := range other.scalar.Y {
			packed.scalar.Y = append(packed.scalar.Y, float64(x*many)+(y-low)/unit)
		}
	}
	return packed
}

// changes counts the steps that a table needs whose last input is this number;
// states of the other inputs with the same steps share them.
func (in *input) changes(cells []int32) int {
	order := make([]int, 0, len(in.scalar.Y))
	for s, y := range in.scalar.Y {
		if !math.IsNaN(y) {
			order = append(order, s)
		}
	}
	slices.SortFunc(order, func(s, t int) int { return cmp.Compare(in.scalar.Y[s], in.scalar.Y[t]) })
	n, seen := 0, map[string]bool{}
	for base := 0; base < len(cells); base += len(in.scalar.Y) {
		var steps []byte
		last := int32(facts.None)
		for _, s := range order {
			if c := cells[base+s]; c != facts.None && c != last {
				steps = fmt.Append(steps, s, c, " ")
				last = c
			}
		}
		if !seen[string(steps)] {
			seen[string(steps)] = true
			n += bytes.Count(steps, []byte(" "))
		}
	}
	return n
}

// extent is the least and the largest of numbers, NaN aside.
func extent(y []float64) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, x := range y {
		if !math.IsNaN(x) {
			low, high = min(low, x), max(high, x)
		}
	}
	return low, high
}
