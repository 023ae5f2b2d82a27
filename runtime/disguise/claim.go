package disguise

import (
	"fmt"
	"math"

	"rasp/runtime/model"
)

// OverBudget is the error for a disguise that changes weights by more than the model
// stands.
type OverBudget struct {
	Share  float64 // of the budget; more than 1, or infinite
	Tensor string  // where it is the most; may be ""
}

func (e *OverBudget) Error() string {
	if math.IsInf(e.Share, 0) {
		return "the certificate does not say that the model stands any of it"
	}
	where := ""
	if e.Tensor != "" {
		where = " (" + e.Tensor + ")"
	}
	return fmt.Sprintf("the weights change by %.2g times the noise that the model stands%s", e.Share, where)
}

// worstDraw is how many sigma a weight may be off in model.Stands.Worst.
const worstDraw = 4

// share is how much of the budget a residual takes, by the better one of the two claims.
func (d *Disguised) share() float64 {
	if d.Options.exact() && d.Residual.Exact() {
		return 0
	}
	relative, absolute := d.shares()
	return math.Min(relative, absolute)
}

// shares are those of the relative and the absolute budget. A number that is shown to
// within a bound has none: how far noise moves it is not known.
func (d *Disguised) shares() (relative, absolute float64) {
	c, inf := d.old.Certificate, math.Inf(1)
	if c.Noise == nil {
		return inf, inf
	}
	for i, within := range c.Within {
		if within > 0 || d.old.Outputs[i].Numeric() {
			return inf, inf
		}
	}
	of := func(off, sigma float64) float64 {
		if sigma <= 0 {
			return inf
		}
		return off / (worstDraw * sigma)
	}
	relative = inf
	if r := d.Residual; r.Relative != nil && r.Arithmetic == 0 {
		relative = of(*r.Relative, c.Noise.Relative.Worst)
	}
	return relative, of(d.Residual.Absolute+d.Residual.Arithmetic, c.Noise.Absolute.Worst)
}

// Certified says that the model still has a certificate.
func (d *Disguised) Certified() bool { return d.Share <= 1 && d.old.Certificate.Exact }

// certificate is what is left of that of the old model.
func (d *Disguised) certificate() model.Certificate {
	c := d.old.Certificate
	if d.Share > 1 {
		return model.Certificate{Partial: c.Partial}
	}
	c.Proof, c.ProofClaim = "", ""
	if !d.Options.exact() {
		c.Checks, c.Slack, c.Worst = 0, 0, ""
		c.Claim = fmt.Sprintf("%s; disguised, which takes %.0f %% of the noise that it stands", claimed(c), math.Ceil(100*d.Share))
	}
	if d.Options.mixes() || d.Options.BFloat16 {
		c.Precisions = kept(c.Precisions)
	}
	c.Noise = d.noise()
	return c
}

func claimed(c model.Certificate) string {
	if c.Claim != "" {
		return c.Claim
	}
	return fmt.Sprintf("exact for every input over this vocabulary up to length %d", c.Length)
}

// kept are the precisions of which Arithmetic is the bound, or more than that.
func kept(precisions []string) []string {
	var list []string
	for _, p := range precisions {
		if p == "float32" || p == "float64" {
			list = append(list, p)
		}
	}
	return list
}

// noise is what the disguised model stands: what is left of the budget, in units of the new
// weights.
func (d *Disguised) noise() *model.Noise {
	was := d.old.Certificate.Noise
	if was == nil {
		return nil
	}
	relative, absolute := d.shares()
	if d.Share == 0 {
		relative, absolute = 0, 0
	}
	left := func(share float64) float64 { return math.Max(0, 1-share) }
	n := &model.Noise{Absolute: times(was.Absolute, left(absolute))}
	if back := d.Change.abs(); d.Options.mixes() || d.Options.Scale != NoScale {
		n.Absolute = sure(n.Absolute.Worst / d.before.ratio(back.undo(d.after.spread())))
		if d.Options.mixes() {
			n.Relative = sure(was.Absolute.Worst * left(absolute) / d.before.ratio(back.undo(d.after.each(math.Abs))))
			return n
		}
	}
	if d.Residual.Relative != nil { // noise is relative to weights that have been changed
		n.Relative = times(was.Relative, left(relative)/(1+*d.Residual.Relative))
	}
	if columns := d.columns(); len(was.Columns) == len(columns) {
		n.Columns = reordered(was.Columns, columns)
		for i := range n.Columns {
			n.Columns[i].Budget *= left(d.Share)
		}
	}
	n.NormK = was.NormK
	return n
}

func times(s model.Stands, factor float64) model.Stands {
	return model.Stands{Worst: s.Worst * factor, Likely: s.Likely * factor}
}

// sure is what is stood whatever the draws, and no more is known.
func sure(sigma float64) model.Stands { return model.Stands{Worst: sigma, Likely: sigma} }

// spread has the root mean square of its tensor for each weight.
func (w weights) spread() weights {
	n := w.each(func(x float64) float64 { return x })
	for _, t := range n.tensors() {
		rms := t.rms()
		for _, p := range t.parts {
			for i := range p.a {
				p.a[i] = rms
			}
		}
	}
	return n
}

// ratio is how large numbers are at most, in units of the root mean square of their
// tensors in w; at least 1.
func (w weights) ratio(of weights) float64 {
	largest, list := 1.0, of.tensors()
	for i, t := range w.tensors() {
		if x := largestOf(list[i]); x > 0 {
			largest = math.Max(largest, x/t.rms())
		}
	}
	return largest
}
