package scaling

import (
	"fmt"
	"math"
)

// Law is the parametric law. All coefficients are positive.
type Law struct {
	E     float64 `json:"E"`
	A     float64 `json:"A"`
	B     float64 `json:"B"`
	Alpha float64 `json:"alpha"`
	Beta  float64 `json:"beta"`
}

// Chinchilla is the law that fits the runs of Hoffmann et al. 2022, read off their
// figure 4 and fitted anew by Besiroglu et al. 2024, "Chinchilla Scaling: A
// replication attempt".
var Chinchilla = Law{E: 1.8172, A: 482.01, B: 2085.43, Alpha: 0.3478, Beta: 0.3658}

// Validate says what is wrong with the coefficients.
func (l Law) Validate() error {
	for _, c := range []struct {
		name string
		x    float64
	}{{"E", l.E}, {"A", l.A}, {"B", l.B}, {"alpha", l.Alpha}, {"beta", l.Beta}} {
		if !(c.x > 0) || math.IsInf(c.x, 1) {
			return fmt.Errorf("%s = %g: the coefficients of a law are positive numbers", c.name, c.x)
		}
	}
	return nil
}

// Loss of a model with n parameters trained on d tokens, in nats a token.
func (l Law) Loss(n, d float64) float64 {
	return l.E + l.A*math.Pow(n, -l.Alpha) + l.B*math.Pow(d, -l.Beta)
}

// TrainingFLOPs is 6ND, InferenceFLOPs 2NT.
func TrainingFLOPs(n, d float64) float64 { return 6 * n * d }

// InferenceFLOPs is what it takes to read or write t tokens.
func InferenceFLOPs(n, t float64) float64 { return 2 * n * t }

// Plan is a model size and a number of training tokens.
type Plan struct {
	N    float64 `json:"parameters"`
	D    float64 `json:"tokens"`
	Loss float64 `json:"loss"`
}

// TokensPerParameter is D/N.
func (p Plan) TokensPerParameter() float64 { return p.D / p.N }

// Optimal is the plan of least loss for a training budget in FLOPs.
func (l Law) Optimal(flops float64) Plan {
	g := math.Pow(l.Alpha*l.A/(l.Beta*l.B), 1/(l.Alpha+l.Beta))
	n := g * math.Pow(flops/6, l.Beta/(l.Alpha+l.Beta))
	d := flops / 6 / n
	return Plan{n, d, l.Loss(n, d)}
}

// Cheapest is the optimal plan that reaches a loss: the least training budget.
// The error says if no budget does.
func (l Law) Cheapest(loss float64) (Plan, error) {
	if loss <= l.E {
		return Plan{}, fmt.Errorf("no model reaches a loss of %g: the law's E, the entropy of the text, is %g", loss, l.E)
	}
	// On the optimal line A/N^alpha and B/D^beta stand in the ratio beta to alpha.
	rest := loss - l.E
	n := math.Pow(l.A*(l.Alpha+l.Beta)/(rest*l.Beta), 1/l.Alpha)
	d := math.Pow(l.B*(l.Alpha+l.Beta)/(rest*l.Alpha), 1/l.Beta)
	return Plan{n, d, l.Loss(n, d)}, nil
}

// DataFor is how many tokens a model of n parameters needs to reach a loss,
// infinite if it is too small.
func (l Law) DataFor(n, loss float64) float64 {
	rest := loss - l.E - l.A*math.Pow(n, -l.Alpha)
	if rest <= 0 {
		return math.Inf(1)
	}
	return math.Pow(l.B/rest, 1/l.Beta)
}

// Lifetime is the plan that reaches a loss at the least cost of training and of
// reading or writing so many tokens afterwards together: a smaller model,
// trained for longer than is optimal for training alone (Sardana et al. 2023,
// "Beyond Chinchilla-Optimal", equation 3). The error is that of Cheapest.
func (l Law) Lifetime(loss, inference float64) (Plan, error) {
	start, err := l.Cheapest(loss)
	if err != nil {
		return Plan{}, err
	}
	cost := func(logN float64) float64 {
		n := math.Exp(logN)
		return TrainingFLOPs(n, l.DataFor(n, loss)) + InferenceFLOPs(n, inference)
	}
	// Below least no data is enough; above the start both costs grow.
	least := math.Log(l.A/(loss-l.E)) / l.Alpha
	n := math.Exp(lowest(cost, least, math.Log(start.N)))
	d := l.DataFor(n, loss)
	return Plan{n, d, l.Loss(n, d)}, nil
}

// lowest is where a function with one valley is least, by golden section.
func lowest(f func(float64) float64, low, high float64) float64 {
	ratio := (math.Sqrt(5) - 1) / 2
	a, b := high-ratio*(high-low), low+ratio*(high-low)
	fa, fb := f(a), f(b)
	for range 200 {
		if fa <= fb {
			high, b, fb = b, a, fa
			a = high - ratio*(high-low)
			fa = f(a)
		} else {
			low, a, fa = a, b, fb
			b = low + ratio*(high-low)
			fb = f(b)
		}
	}
	return (low + high) / 2
}
