package scaling

import (
	"fmt"
	"math"
)

// Objective is what a fit minimises over the residuals r = log L(N,D) - log loss.
type Objective uint8

const (
	// HuberSum is the sum of Huber losses, as Hoffmann et al. 2022 have it
	// (section 3.3, equation 3):
	//
	//	h(r) = r^2/2 for |r| <= delta, delta (|r| - delta/2) beyond
	HuberSum Objective = iota
	// HuberDensity is the likelihood of residuals whose density is proportional
	// to exp(-h(r/s)), the scale s fitted too (Besiroglu et al. 2024).
	HuberDensity
)

// ParseObjective reads "sum" or "density".
func ParseObjective(name string) (Objective, error) {
	switch name {
	case "sum":
		return HuberSum, nil
	case "density":
		return HuberDensity, nil
	}
	return 0, fmt.Errorf("no objective %q: sum or density", name)
}

func (o Objective) String() string {
	if o == HuberDensity {
		return "density"
	}
	return "sum"
}

// Delta is where the Huber loss turns from a square to a line.
const Delta = 1e-3

// huber is the loss of a residual and its derivative.
func huber(r, delta float64) (loss, slope float64) {
	switch {
	case r > delta:
		return delta * (r - delta/2), delta
	case r < -delta:
		return delta * (-r - delta/2), -delta
	}
	return r * r / 2, r
}

// logNormaliser is the logarithm of the integral of exp(-h): the middle is a
// part of a normal density, the tails are exponential.
func logNormaliser(delta float64) float64 {
	middle := math.Sqrt(2*math.Pi) * math.Erf(delta/math.Sqrt2)
	tails := 2 * math.Exp(-delta*delta/2) / delta
	return math.Log(middle + tails)
}
