package scaling

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/optimize"
)

// Fit is a law fitted to runs.
type Fit struct {
	Law
	Objective Objective
	Value     float64 // of the objective
	Scale     float64 // of the residuals, for HuberDensity
	Runs      int
	Starts    int // from which the optimiser set out
}

// ErrTooFew is the error for fewer runs than coefficients, or runs that differ in
// N or in D alone.
var ErrTooFew = errors.New("too few runs to fit a law with five coefficients")

// FitLaw finds the law that minimises the objective. It sets out from a grid of
// starts and follows the best of them by L-BFGS; the Huber loss is nearly that of
// absolute values, so each descent is repeated from where it stopped, until that
// brings nothing. Cancelling ctx ends it with ctx's error.
func FitLaw(ctx context.Context, runs []Run, o Objective) (Fit, error) {
	p, err := newProblem(runs, o)
	if err != nil {
		return Fit{}, err
	}
	starts := p.starts()
	best, value := starts[0], math.Inf(1)
	for _, x := range starts {
		if ctx.Err() != nil {
			return Fit{}, ctx.Err()
		}
		if y, v := p.descend(x); v < value {
			best, value = y, v
		}
	}
	if math.IsInf(value, 1) {
		return Fit{}, errors.New("no start led to a law; are the losses those of language models?")
	}
	f := Fit{Law: p.law(best), Objective: o, Value: value, Runs: len(runs), Starts: len(starts)}
	if o == HuberDensity {
		f.Scale = math.Exp(best[5])
	}
	if err := f.fits(); err != nil {
		return Fit{}, fmt.Errorf("the runs follow no law: fitted, %w", err)
	}
	return f, nil
}

// fits tells laws from what a fit ends with where the losses do not fall with N and
// D, or are no losses.
func (l Law) fits() error {
	const least = 1e-3 // of an exponent: the loss falls by a thousandth where N grows threefold
	if err := l.Validate(); err != nil {
		return err
	}
	if l.Alpha < least || l.Beta < least {
		return fmt.Errorf("alpha = %.3g and beta = %.3g: the loss does not fall with N and D", l.Alpha, l.Beta)
	}
	return nil
}

// problem is the fit as a function of a, b, e, alpha, beta and, for the density,
// log s. With x = log N and y = log D less their means,
//
//	log L = log(exp(a - alpha x) + exp(b - beta y) + exp(e))
//
// so A = exp(a + alpha mean(log N)): taking the means out makes a and alpha
// nearly independent, which a descent is grateful for.
type problem struct {
	x, y, loss   []float64 // of the runs
	meanX, meanY float64
	objective    Objective
	normaliser   float64
}

func newProblem(runs []Run, o Objective) (*problem, error) {
	if len(runs) < 6 {
		return nil, fmt.Errorf("%w: %d", ErrTooFew, len(runs))
	}
	p := &problem{objective: o, normaliser: logNormaliser(Delta)}
	for _, r := range runs {
		p.x = append(p.x, math.Log(r.N))
		p.y = append(p.y, math.Log(r.D))
		p.loss = append(p.loss, math.Log(r.Loss))
	}
	p.meanX, p.meanY = centre(p.x), centre(p.y)
	if slices.Max(p.x)-slices.Min(p.x) < 1e-6 || slices.Max(p.y)-slices.Min(p.y) < 1e-6 {
		return nil, fmt.Errorf("%w: all have the same N or the same D", ErrTooFew)
	}
	return p, nil
}

// centre takes the mean out of x and returns it.
func centre(x []float64) float64 {
	mean := 0.0
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for i := range x {
		x[i] -= mean
	}
	return mean
}

func (p *problem) law(v []float64) Law {
	return Law{
		E: math.Exp(v[2]), Alpha: v[3], Beta: v[4],
		A: math.Exp(v[0] + v[3]*p.meanX), B: math.Exp(v[1] + v[4]*p.meanY),
	}
}

// value of the objective at v; gradient, if not nil, receives its derivatives.
func (p *problem) value(v, gradient []float64) float64 {
	for i := range gradient {
		gradient[i] = 0
	}
	scale := 1.0
	if p.objective == HuberDensity {
		scale = math.Exp(v[5])
	}
	total, entropy := 0.0, math.Exp(v[2])
	for i := range p.x {
		size, data := math.Exp(v[0]-v[3]*p.x[i]), math.Exp(v[1]-v[4]*p.y[i])
		sum := size + data + entropy
		r := (math.Log(sum) - p.loss[i]) / scale
		h, slope := huber(r, Delta)
		total += h
		if gradient == nil {
			continue
		}
		slope /= scale
		gradient[0] += slope * size / sum
		gradient[1] += slope * data / sum
		gradient[2] += slope * entropy / sum
		gradient[3] -= slope * size / sum * p.x[i]
		gradient[4] -= slope * data / sum * p.y[i]
		if p.objective == HuberDensity {
			gradient[5] -= slope * r * scale
		}
	}
	if p.objective == HuberDensity {
		n := float64(len(p.x))
		total += n * (v[5] + p.normaliser)
		if gradient != nil {
			gradient[5] += n
		}
	}
	return total
}

// mostStarts is how many of the grid are followed.
const mostStarts = 24

// starts lists the best points of a grid over exponents and shares of the mean
// loss that the three terms have.
func (p *problem) starts() [][]float64 {
	mean := 0.0
	for _, l := range p.loss {
		mean += l / float64(len(p.loss))
	}
	var grid []start
	for _, alpha := range []float64{0.1, 0.25, 0.4, 0.6, 1} {
		for _, beta := range []float64{0.1, 0.25, 0.4, 0.6, 1} {
			for _, entropy := range []float64{0.2, 0.5, 0.7, 0.9} {
				for _, size := range []float64{0.1, 0.5, 0.9} {
					rest := 1 - entropy
					v := []float64{mean + math.Log(rest*size), mean + math.Log(rest*(1-size)), mean + math.Log(entropy), alpha, beta}
					if p.objective == HuberDensity {
						v = append(v, math.Log(Delta))
					}
					grid = append(grid, start{v, p.value(v, nil)})
				}
			}
		}
	}
	slices.SortStableFunc(grid, func(a, b start) int { return cmp.Compare(a.value, b.value) })
	best := make([][]float64, mostStarts)
	for i := range best {
		best[i] = grid[i].at
	}
	return best
}

// start is a point of the grid, with the objective there.
type start struct {
	at    []float64
	value float64
}

// evaluation is the objective and its gradient where they were asked for last: a descent
// asks for one, then for the other at the same place, and they share all that is costly.
type evaluation struct {
	*problem
	at, gradient []float64
	value        float64
}

func (e *evaluation) evaluate(v []float64) *evaluation {
	if !slices.Equal(e.at, v) {
		e.at, e.gradient = append(e.at[:0], v...), slices.Grow(e.gradient[:0], len(v))[:len(v)]
		e.value = e.problem.value(v, e.gradient)
	}
	return e
}

// descend follows the objective down from v.
func (p *problem) descend(v []float64) ([]float64, float64) {
	last := &evaluation{problem: p}
	f := optimize.Problem{
		Func: func(v []float64) float64 { return last.evaluate(v).value },
		Grad: func(gradient, v []float64) { copy(gradient, last.evaluate(v).gradient) },
	}
	settings := &optimize.Settings{GradientThreshold: 1e-10, MajorIterations: 2000}
	best, value := v, math.Inf(1)
	for range 20 {
		result, err := optimize.Minimize(f, best, settings, &optimize.LBFGS{Store: 20})
		if result == nil || err != nil && math.IsNaN(result.F) {
			break
		}
		gain := value - result.F
		if result.F < value {
			best, value = slices.Clone(result.X), result.F
		}
		if !(gain > 1e-12*math.Abs(value)) {
			break
		}
	}
	return best, value
}
