package disguise

import (
	"fmt"
	"math"

	"rasp/runtime/model"
)

// OverBudget is the error for a disguise that changes weights by more than the model
// stands.
type OverBudget struct {
	Share  float64 // of the budget; more than Most, or infinite
	Likely float64 // that of Disguised
	Most   float64 // what it may be: 1, or what leaves room for noise
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
	room := ""
	if e.Most < 1 {
		room = fmt.Sprintf(", and more than %.2g leaves no room for noise", e.Most)
	}
	return fmt.Sprintf("the weights change by %.2g times the noise that the model stands%s%s", e.Share, where, room)
}

func (d *Disguised) overBudget(most float64) error {
	return &OverBudget{d.used(), d.Likely, most, d.Residual.Tensor}
}

// worstDraw is how many sigma a weight may be off in model.Stands.Worst.
const worstDraw = 4

// measure sets the shares of the budgets that the residual takes, by the better one of the
// relative and the absolute claim.
func (d *Disguised) measure() {
	d.Share, d.Likely = 0, 0
	if !d.Options.exact() || !d.Residual.Exact() {
		relative, absolute := d.shares()
		d.Share, d.Likely = math.Min(relative.most, absolute.most), math.Min(relative.likely, absolute.likely)
	}
}

// shares are those of the relative and the absolute budget. A number that is shown to
// within a bound has none: how far noise moves it is not known.
func (d *Disguised) shares() (relative, absolute rounding) {
	c, r := d.old.Certificate, d.Residual
	none := rounding{math.Inf(1), math.Inf(1)}
	if c.Noise == nil {
		return none, none
	}
	for i, within := range c.Within {
		if within > 0 || d.old.Outputs[i].Numeric() {
			return none, none
		}
	}
	if relative = none; r.Relative != nil && r.Arithmetic == 0 {
		relative = shareOf(*r.Relative, rounding{}, c.Noise.Relative)
	}
	return relative, shareOf(r.Absolute, rounding{r.Arithmetic, r.Likely}, c.Noise.Absolute)
}

// shareOf is how much of what a model stands is taken by weights that are off by so much,
// and sums in other bases.
func shareOf(off float64, sums rounding, s model.Stands) rounding {
	if s.Worst <= 0 || s.Likely <= 0 {
		return rounding{math.Inf(1), math.Inf(1)}
	}
	return rounding{(off + sums.most) / (worstDraw * s.Worst), off/(worstDraw*s.Likely) + sums.likely/s.Likely}
}

// used is the share that the options go by.
func (d *Disguised) used() float64 {
	if d.Options.Likely {
		return math.Min(d.Share, d.Likely)
	}
	return d.Share
}

// Certified says that the model still has a certificate.
func (d *Disguised) Certified() bool { return d.Share <= 1 && d.old.Certificate.Exact }

// certificate is what is left of that of the old model.
func (d *Disguised) certificate() model.Certificate {
	c := d.old.Certificate
	switch {
	case d.used() > 1:
		return model.Certificate{Partial: c.Partial}
	case d.Share > 1:
		return model.Certificate{Partial: c.Partial, Length: c.Length, Claim: fmt.Sprintf(
			"not certain, but likely: %s, if roundings are independent; they take %.0f %% of the noise that it is likely to stand", claimed(c), math.Ceil(100*d.Likely))}
	}
	c.Proof, c.ProofClaim = "", ""
	if !d.Options.exact() {
		c.Checks, c.Slack, c.Worst = 0, 0, ""
		c.Claim = fmt.Sprintf("%s; disguised, which takes %.0f %% of the noise that it stands", claimed(c), math.Ceil(100*d.Share))
	}
	c.Precisions = d.precisions(c.Precisions)
	c.Noise = d.noise()
	return c
}

func claimed(c model.Certificate) string {
	if c.Claim != "" {
		return c.Claim
	}
	return fmt.Sprintf("exact for every input over this vocabulary up to length %d", c.Length)
}

// precisions are those that still hold. Powers of two commute with rounding, but for float16,
// which has few of them. What is rounded anew holds where Arithmetic is the bound, or more than
// that.
func (d *Disguised) precisions(was []string) []string {
	var list []string
	for _, p := range was {
		held := p == "float32" || p == "float64"
		if d.Options.exact() {
			held = p != "float16" || d.Options.Scale == NoScale
		}
		if held {
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
		relative, absolute = rounding{}, rounding{}
	}
	left := func(share float64) float64 { return math.Max(0, 1-share) }
	n := &model.Noise{Absolute: times(was.Absolute, left(absolute.most)), Columns: d.budgets(left(d.Share))}
	if d.Share == 0 {
		n.NormK = was.NormK
	}
	if back := d.Change.each(math.Abs); d.Options.mixes() || d.Options.Scale != NoScale {
		n.Absolute = sure(n.Absolute.Worst / d.before.ratio(back.undo(d.after.spread())))
		if d.Options.mixes() {
			n.Relative = sure(was.Absolute.Worst * left(absolute.most) / d.before.ratio(back.undo(d.after.each(math.Abs))))
			return n
		}
	}
	if d.Residual.Relative != nil { // noise is relative to weights that have been changed
		n.Relative = times(was.Relative, left(relative.most)/(1+*d.Residual.Relative))
	}
	return n
}

// budgets are how far the new columns may be off: each moves the old ones, and what those
// take of their budgets is added up.
func (d *Disguised) budgets(left float64) []model.Budget {
	was := d.old.Certificate.Noise.Columns
	if len(was) != d.Change.Back.cols {
		return nil
	}
	if from := d.columns(); from != nil {
		list := reordered(was, from)
		for i := range list {
			list[i].Budget *= left
		}
		return list
	}
	var list []model.Budget
	for j := range d.Change.Back.rows {
		b, taken := model.Budget{Reader: "several"}, 0.0
		for i, x := range d.Change.Back.row(j) {
			b.Slope += math.Abs(float64(x * was[i].Slope))
			if x != 0 {
				taken += math.Abs(x) / was[i].Budget
			}
		}
		b.Budget = math.Min(math.MaxFloat64, left/taken)
		list = append(list, b)
	}
	return list
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
