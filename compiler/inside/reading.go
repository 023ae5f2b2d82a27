package inside

import (
	"math"
	"slices"

	"rasp/lang/value"
	"rasp/runtime/inspect"
	"rasp/runtime/model"
)

// Reading is what the dimensions of an s-op say at a position.
type Reading struct {
	// Values are those whose codes are what the dimensions hold: one, or several that the
	// model does not tell apart. None: what they hold is no code.
	Values []model.Token `json:"values,omitempty"`
	Number *float64      `json:"number,omitempty"` // where values are not listed
}

// near is how far a number may be from a code, beside its size, for rounding.
const near = 1e-3

func isNear(x, code float64) bool { return math.Abs(x-code) <= near*(1+math.Abs(code)/100) }

// Shows reports that an s-op has dimensions that say something of its value.
func (x *Model) Shows(s int) bool {
	return slices.ContainsFunc(x.dims[s], func(d int) bool { return len(x.Names.Dims[d].Codes) > 0 || x.Names.Dims[d].Itself })
}

// read says what the dimensions of an s-op hold at a position of the input, each after it
// is written.
func (x *Model) read(s int, run *inspect.Run, position int) Reading {
	values := x.Names.SOps[s].Values
	if len(values) == 0 {
		for _, d := range x.dims[s] {
			if n := x.Names.Dims[d]; n.Itself {
				if number := float64(run.Residual[x.stages[d]][position+1][d]) - n.Offset; isFinite(number) {
					return Reading{Number: &number}
				}
			}
		}
		return Reading{}
	}
	possible := make([]bool, len(values))
	for i := range possible {
		possible[i] = true
	}
	parts, sum, codes := false, 0.0, model.Codes(nil)
	for _, d := range x.dims[s] {
		n, held := x.Names.Dims[d], float64(run.Residual[x.stages[d]][position+1][d])
		switch {
		case n.Kind == "part": // of a number that several add up to
			parts, sum = true, sum+held
			if codes == nil || slices.Max(n.Codes) > 0 {
				codes = n.Codes
			}
		case len(n.Codes) > 0:
			strike(possible, n.Codes, held)
		}
	}
	if parts {
		strike(possible, codes, sum)
	}
	var r Reading
	for i, ok := range possible {
		if ok {
			r.Values = append(r.Values, values[i])
		}
	}
	return r
}

// strike leaves the values whose code is what is held.
func strike(possible []bool, codes model.Codes, held float64) {
	for i, c := range codes {
		possible[i] = possible[i] && (math.IsNaN(c) || isNear(held, c))
	}
}

// Allows reports that a reading may be that of a value.
func (r Reading) Allows(v value.Value) bool {
	if r.Number != nil {
		return v.IsNumber() && isNear(*r.Number, v.Float64())
	}
	return slices.ContainsFunc(r.Values, func(t model.Token) bool { return sameValue(t, v) })
}

// sameValue reports that a token is a value, numbers but for the last digits.
func sameValue(t model.Token, v value.Value) bool { return isWithin(t, v, 0) }

// sameOutput reports that a token of an output is a value, as far as the certificate says.
func (x *Model) sameOutput(o int, t model.Token, v value.Value) bool {
	within := 0.0
	if o < len(x.Certificate.Within) {
		within = x.Certificate.Within[o]
	}
	return isWithin(t, v, within)
}

func isWithin(t model.Token, v value.Value, within float64) bool {
	if string(t) == v.JSON() {
		return true
	}
	x, err := value.ParseAtom(string(t))
	return err == nil && x.IsNumber() && v.IsNumber() && math.Abs(x.Float64()-v.Float64()) <= max(within, 1e-5*(1+math.Abs(v.Float64())))
}
