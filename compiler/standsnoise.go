package compiler

import (
	"rasp/compiler/certify/noise"
	"rasp/compiler/construct"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/runtime/model"
)

// tooNoisy is a model that stands noise up to sigma alone, and the decoding place that is
// tightest there.
type tooNoisy struct {
	sigma float64
	place model.Label
}

// standsNoise reports that the draft stands as much noise as was asked for.
func (c *compilation) standsNoise() bool {
	a := noise.Of(c.plan, c.draft, c.checked)
	if c.options.Sigma == 0 || a.Stands(c.options.Sigma) {
		return true
	}
	if sigma, place := a.Sigma(noise.Relative, true); c.noisy == nil || sigma > c.noisy.sigma {
		c.noisy = &tooNoisy{sigma, place}
	}
	return false
}

// refuseNoise says at which s-op it is tightest, and what would do.
func (c *compilation) refuseNoise() error {
	d := diag.Errorf(c.spanOf(c.noisy.place), diag.Limit, "the model stands weights that are off by %g of themselves, not %g: it is tightest at %q",
		c.noisy.sigma, construct.Up(c.options.Sigma, 2), c.noisy.place.What)
	if c.noisy.sigma == 0 {
		return d.WithHint("use --robust alone, or a shorter #rasp:length")
	}
	return d.WithHint("use --robust=%g or less, or a shorter #rasp:length", c.noisy.sigma)
}

// spanOf is where in the text a part of the model comes from; what was compiled, if nobody
// knows.
func (c *compilation) spanOf(l model.Label) diag.Span {
	for _, n := range graph.Reachable(c.roots...) {
		if l.Line > 0 && n.Span.Line() == l.Line && n.Span.Col() == l.Col {
			return n.Span
		}
	}
	return c.where()
}
