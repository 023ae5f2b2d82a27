// Package noise bounds how much noise of its weights a model stands.
//
// Every weight w becomes w (1 + r z) + a rms z', where rms is the root of the mean square of
// its tensor, zeros included, and z, z' are one number each for every weight. The model is to
// give what it gave, on every input. In come a plan, the weights, and what package certify
// says of the columns; out come the largest r beside a = 0 and the largest a beside r = 0 for
// which that is so:
//
//   - for |z| <= 4, whatever the z are (Worst). That is a bound of the same kind as the
//     certificate: all that noise does is added up, products of two errors too, and what
//     float32 rounds.
//   - for independent z of a normal distribution, at four standard deviations at each
//     decoding place (Likely): 1 draw in 15,000 may be wrong there. Standard deviations are
//     bounded, so that is no estimate from samples; but it is to first order: a number of which
//     the error is a product of two normal ones is taken for normal.
//
// What is off is taken apart by source (errs.go). Values of columns go by the states of the
// token, the position, or the s-op of which the plan says that they are codes; what heads
// bring undecoded by ranges (stream.go). Scores are bounded by pairs of states (scores.go),
// since those of selected keys have little noise where others have much. A step of two neurons
// takes away what its input is off, while that is within the margin (mlp.go).
//
// The same errors with one unit at a column and nothing else show how steep all readers are
// (Columns), and with all columns scaled by a common factor what a norm may do (NormK).
package noise

import (
	"math"
	"slices"

	"rasp/compiler/certify"
	"rasp/compiler/construct"
	"rasp/compiler/plan"
	"rasp/lang/elementary"
	"rasp/runtime/model"
)

// deviations is how far noise goes that is bounded, and that is likely.
const deviations = 4

// mode is what is done to a model.
type mode struct {
	relative, absolute float64 // noise of the weights, times deviations
	likely             bool    // errors of independent sources add up in quadrature
	brief              bool    // only whether it holds: the end is where a margin does not
	unit               bool    // no noise: each column is off by 1, as a source of its own
	// A norm before each half layer and the unembedding, beside a column of k, where the square of
	// the residual stream's length is that at most; nil for none.
	k         float64
	squares   []float64
	precision construct.Precision // if it has fewer digits than float32
}

// pass follows errors through a model once.
type pass struct {
	mode
	plan      *plan.Plan
	model     *model.Model
	certified *certify.Outcome
	length    int

	now          int                      // time of the half layer that is looked at
	ideals       []map[variable][]float64 // see Analysis
	columns      []*column
	reached      float64   // sum of the powers of all columns in this half layer; 0 where nobody asks
	reachedAtBOS float64   // that sum there
	lengths      []float64 // the larger of both, of all half layers
	// By the norm of this half layer all columns are off by up to eta of themselves, the same for
	// all, each by tilt beside that, and all by up to mean.
	eta, tilt, mean float64

	sources int
	sum     sum

	slack float64 // least margin, divided by the error
	worst model.Label
	reach []model.Budget // by dim, in unit mode
}

// Analysis is a model whose noise is asked for.
type Analysis struct {
	Plan      *plan.Plan
	Model     *model.Model
	certified *certify.Outcome
	length    int
	ideals    []map[variable][]float64 // by column, what it holds by state: the same in all runs
}

// Of analyses the model of a plan, certified in float32 for inputs up to its length.
func Of(p *plan.Plan, m *model.Model, certified *certify.Outcome) Analysis {
	a := Analysis{Plan: p, Model: m, certified: certified, length: m.NCtx - 1}
	for _, c := range p.Columns {
		a.ideals = append(a.ideals, a.holding(c))
	}
	return a
}

func (a Analysis) run(m mode) *pass {
	p := &pass{mode: m, plan: a.Plan, model: a.Model, certified: a.certified, length: a.length, ideals: a.ideals, slack: math.Inf(1)}
	if m.unit {
		p.reach = make([]model.Budget, len(a.Plan.Columns))
		for i := range p.reach {
			p.reach[i].Budget = math.MaxFloat64
		}
		p.sources = len(a.Plan.Columns)
	}
	p.embedding()
	heads, neurons := a.Plan.ByLayer()
	for l := range a.Model.Blocks {
		p.attention(l, heads[l])
		if p.brief && !p.holds() {
			return p
		}
		p.mlp(l, neurons[l])
		if p.brief && !p.holds() {
			return p
		}
	}
	p.outputs()
	return p
}

func (p *pass) source() int {
	p.sources++
	return p.sources - 1
}

// require records a decoding place: an error against the margin that it has.
func (p *pass) require(e errs, margin float64, label model.Label) {
	if p.unit {
		for _, x := range e.parts {
			if b := &p.reach[x.source]; x.size > 0 && margin/x.size < b.Budget {
				*b = model.Budget{Budget: margin / x.size, Slope: x.size, Reader: label.What}
			}
		}
		return
	}
	slack, err := math.Inf(1), p.total(e)
	if err > 0 {
		slack = margin / err
	}
	if margin <= 0 || math.IsNaN(err) {
		slack = 0
	}
	if slack < p.slack {
		p.slack, p.worst = slack, label
	}
}

// holds reports that no decoding place is off by its margin.
func (p *pass) holds() bool { return p.slack > 1 }

// holds reports that a run does.
func (a Analysis) holds(m mode) bool {
	m.brief = true
	return a.run(m).holds()
}

// Certificate is what the model stands.
func (a Analysis) Certificate() *model.Noise {
	stands := func(k Kind) (s model.Stands) {
		s.Worst, _ = a.sigma(k, false)
		s.Likely, _ = a.sigma(k, true)
		return s
	}
	return &model.Noise{Relative: stands(Relative), Absolute: stands(Absolute), Columns: a.Budgets(), NormK: a.NormK()}
}

// Kind is what noise is measured by: the weight itself, or the size of its tensor's weights.
type Kind uint8

const (
	Relative Kind = iota
	Absolute
)

// of is the mode of noise of a standard deviation.
func (k Kind) of(sigma float64, likely bool) mode {
	m := mode{likely: likely}
	if k == Relative {
		m.relative = deviations * sigma
	} else {
		m.absolute = deviations * sigma
	}
	return m
}

// Stands reports that the model stands likely relative noise of a standard deviation.
func (a Analysis) Stands(sigma float64) bool { return a.holds(Relative.of(sigma, true)) }

// Sigma is the largest standard deviation that the model stands, rounded down to two digits,
// and the decoding place that is tightest there; 0 if it is below 2^-40.
func (a Analysis) Sigma(k Kind, likely bool) (float64, model.Label) {
	sigma, tried := a.sigma(k, likely)
	return sigma, a.run(k.of(power(tried), likely)).worst
}

// sigma is that, and of which power the last was that was tried.
func (a Analysis) sigma(k Kind, likely bool) (sigma float64, tried int) {
	low, high := -40*steps, 2*steps
	tried = low
	if !a.holds(k.of(power(low), likely)) {
		return 0, tried
	}
	for low+1 < high {
		tried = (low + high) >> 1
		if a.holds(k.of(power(tried), likely)) {
			low = tried
		} else {
			high = tried
		}
	}
	return construct.Down(power(low), 2), tried
}

// power is 2^(e/steps), the same on every processor.
func power(e int) float64 { return elementary.Exp(float64(e) / steps * math.Ln2) }

// steps is how many sigmas are tried from one power of two to the next.
const steps = 16

// Budgets are how far each column may be off at most, if nothing else is.
func (a Analysis) Budgets() []model.Budget { return a.run(mode{unit: true}).reach }

// NormK is the least power of two K such that a norm stays near enough to the identity, RMSNorm
// beside a column of K, LayerNorm beside two of K and -K; 0 if there is none up to 2^20. With x
// the other columns it scales all by (1 + |x|^2/K^2)^(-1/2), which is less than 1 by
// |x|^2/(2 K^2) at most. Four roundings of a column are beside that, and one of the mean, in
// which K and -K cancel: so a K can be too large, too.
func (a Analysis) NormK() float64 {
	squares := a.run(mode{likely: true}).lengths
	for e := range 21 {
		k := math.Exp2(float64(e))
		if k*k < slices.Max(squares) {
			continue // the column of K is no more than one of many
		}
		if a.holds(mode{k: k, squares: squares}) {
			return k
		}
	}
	return 0
}

// Errors are how far each column may be off at the end, by dim.
func (a Analysis) Errors(k Kind, sigma float64, likely bool) []float64 {
	return a.run(k.of(sigma, likely)).errors()
}

// errors are how far each column may be off at the end.
func (p *pass) errors() []float64 {
	p.settle()
	list := make([]float64, len(p.columns))
	for i, c := range p.columns {
		list[i] = c.most
	}
	return list
}
