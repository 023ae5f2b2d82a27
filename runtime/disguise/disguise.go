package disguise

import (
	"errors"
	"fmt"
	"math"

	"rasp/runtime/model"
)

// Options are the steps of a disguise. They are taken in the order of the fields, with two
// exceptions: Rank comes first, since what cannot occur is seen in the old basis; and Heads before
// Scale, since a basis that is scaled loses nothing, and one that was made of scaled vectors
// leans to the long ones.
type Options struct {
	Seed    uint64 `json:"seed"`
	Permute bool   `json:"permute,omitempty"` // residual dimensions, heads, head dimensions, neurons
	Scale   Scale  `json:"scale,omitempty"`   // neurons and head dimensions
	Heads   bool   `json:"heads,omitempty"`   // orthonormal bases in QK and OV of each head
	Rotate  bool   `json:"rotate,omitempty"`  // an orthonormal basis of the residual stream
	Rank    bool   `json:"rank,omitempty"`    // no dimensions for what cannot occur
	// Superpose is how many dimensions the stream has then, columns being random directions in
	// them; Fewest: as few as a quarter of the budget allows.
	Superpose int `json:"superpose,omitempty"`
	// Noise is the sigma by which weights are off, relative to themselves; HalfBudget: so much that half
	// of the budget is left.
	Noise    float64 `json:"noise,omitempty"`
	BFloat16 bool    `json:"bfloat16,omitempty"` // weights are rounded to it
	// Likely takes what is right if roundings are independent, and says so in place of a
	// certificate.
	Likely bool `json:"likely,omitempty"`
	// Uncertified takes what the certificate does not allow, and has none then.
	Uncertified bool `json:"uncertified,omitempty"`
}

// Scale is by which factors neurons and head dimensions are multiplied.
type Scale string

// The factors that there are.
const (
	NoScale    Scale = ""
	PowersOf2  Scale = "2"   // 1/4 to 4, which loses no bit
	AnyFactors Scale = "any" // 1/4 to 4
)

// Values of options that are found by the budget.
const (
	Fewest     = -1   // of Superpose
	HalfBudget = -1.0 // of Noise
)

// Levels is how many there are, from 0, where nothing is done.
const Levels = 10

// Level has the steps of a level, each of which has those of the ones below it and one
// more: 1 permutations, 2 scales and signs, 3 bases of heads, 4 a rotation of the stream, 5 exact
// rank, 6 noise at half the budget, 7 superposition, 8 norms, which a file of ours cannot have and an export adds,
// 9 weights of bfloat16.
func Level(level int, seed uint64) Options {
	o := Options{Seed: seed, Permute: level >= 1, Heads: level >= 3, Rotate: level >= 4, Rank: level >= 5, BFloat16: level >= 9}
	if level >= 2 {
		o.Scale = AnyFactors
	}
	if level >= 6 {
		o.Noise = HalfBudget
	}
	if level >= 7 {
		o.Superpose = Fewest
	}
	return o
}

// mixes says that weights become sums of several.
func (o Options) mixes() bool { return o.Heads || !o.keepsColumns() }

// keepsColumns says that each dimension of the stream is still one.
func (o Options) keepsColumns() bool { return !o.Rotate && !o.Rank && o.Superpose == 0 }

// exact says that no weight is rounded.
func (o Options) exact() bool {
	return !o.mixes() && o.Scale != AnyFactors && o.Noise == 0 && !o.BFloat16
}

// Disguised is a model in another form.
type Disguised struct {
	Model    *model.Model
	Change   *Change
	Options  Options // with what was found of Superpose and Noise
	Residual Residual
	// Share is how much of the noise budget is used up; 0 where nothing was rounded,
	// infinite without a budget.
	Share float64
	// Likely is that share for independent roundings, of the noise that the model is likely
	// to stand.
	Likely float64

	before weights
	after  weights
	old    *model.Model
}

// MostWeights is how many a disguised model may have: all of them are there, zeros too, and
// as float64.
const MostWeights = 1 << 23

// mostDims is how wide the residual stream may be: bases take the cube of it.
const mostDims = 1024

// ErrNoBudget is why a model takes exact steps only.
var ErrNoBudget = errors.New("its certificate names no noise that it stands, so that only permutations and powers of two are certain")

// ErrNothingToHalve is why there is no HalfBudget and no Fewest of a model.
var ErrNothingToHalve = errors.New("its certificate names no noise that it stands, and half of that is no number")

// Of disguises a model, which stays as it is. The error says why the options do not go, or
// is an *OverBudget.
func Of(m *model.Model, o Options) (*Disguised, error) {
	if err := o.check(m); err != nil {
		return nil, err
	}
	d := &Disguised{Options: o, old: m, before: weightsOf(m)}
	c := unchanged(d.before)
	if o.Rank {
		c.reduce(d.before)
	}
	if o.Permute {
		c.permute(sourceOf(o.Seed, ofOrder))
	}
	if o.Heads {
		c.mixHeads(sourceOf(o.Seed, ofHeads))
	}
	if o.Scale != NoScale {
		s := sourceOf(o.Seed, ofScale)
		factor := s.factor
		if o.Scale == PowersOf2 {
			factor = s.power
		}
		c.scale(s, factor)
	}
	if o.Rotate {
		c.rotate(sourceOf(o.Seed, ofRotation))
	}
	d.Change = c
	if err := d.superpose(); err != nil {
		return nil, err
	}
	if err := d.addNoise(); err != nil {
		return nil, err
	}
	d.finish(d.Options.Noise)
	return d, d.write()
}

// check reports options that do not fit the model.
func (o Options) check(m *model.Model) error {
	parameters, _ := m.Parameters()
	bases := int64(0)
	for _, l := range m.Blocks { // Heads and DHead may be anything where there is no layer
		rows, _ := l.WO.Size()
		bases += int64(rows) * int64(m.DHead)
	}
	switch {
	case m.DModel > mostDims || m.Layers > 0 && m.DHead > mostDims:
		return fmt.Errorf("its stream has %d dimensions and a head %d, and up to %d are disguised: a basis takes time with the cube of that", m.DModel, m.DHead, mostDims)
	case max(int64(parameters), bases) > MostWeights:
		return fmt.Errorf("it has %d weights, zeros included, and %d numbers would be bases of its heads; up to %d are disguised: none of them stays 0", parameters, bases, MostWeights)
	case o.Noise != HalfBudget && (o.Noise < 0 || math.IsNaN(o.Noise) || o.Noise > 1):
		return fmt.Errorf("noise is from 0 to 1, relative to each weight, not %v", o.Noise)
	case o.Superpose != Fewest && (o.Superpose < 0 || o.Superpose > m.DModel):
		return fmt.Errorf("the stream has %d dimensions, which are superposed in %d at most, not in %d", m.DModel, m.DModel, o.Superpose)
	case (o.Noise == HalfBudget || o.Superpose == Fewest) && m.Certificate.Noise == nil:
		return ErrNothingToHalve
	case !o.Uncertified && !o.exact() && m.Certificate.Noise == nil:
		return ErrNoBudget
	}
	return nil
}

// finish makes the weights, of so much noise, rounds them, and says what that did.
func (d *Disguised) finish(sigma float64) {
	exact := d.Change.apply(d.before)
	if sigma > 0 {
		exact = exact.shake(sourceOf(d.Options.Seed, ofNoise), sigma)
	}
	d.after = exact.round(d.Options.BFloat16)
	d.Residual = d.Change.residual(d.before, d.after, d.Options.mixes())
	d.measure()
}

// quarter and half are the shares of the budget that superposition and noise may have.
const (
	quarter = 0.25
	half    = 0.5
)

// superpose gives the stream fewer dimensions, as many as asked for or as the budget
// wants.
func (d *Disguised) superpose() error {
	switch {
	case d.Options.Superpose == 0:
		return nil
	case d.Options.Superpose != Fewest:
		d.inDims(d.Options.Superpose)
		return nil
	}
	changed, found := *d.Change, *d.Change
	d.Options.Superpose = 0
	for dims := changed.Q.cols - 1; dims > 0; dims-- {
		*d.Change = changed
		d.inDims(dims)
		if d.finish(0); d.used() > quarter {
			break
		}
		found, d.Options.Superpose = *d.Change, dims
	}
	*d.Change = found
	return nil
}

func (d *Disguised) inDims(dims int) {
	d.Change.superpose(sourceOf(d.Options.Seed, ofSuperposition), dims)
}

// addNoise finds the noise that takes half of the budget, if that is what is asked for.
func (d *Disguised) addNoise() error {
	if d.Options.Noise != HalfBudget {
		return nil
	}
	d.Options.Noise = 0
	if d.finish(0); !(d.used() < half) {
		return d.overBudget(half)
	}
	used := d.used
	if d.Share < half { // what is certain stays so
		used = func() float64 { return d.Share }
	}
	sigma := 1e-6
	for range mostTrials {
		d.finish(sigma)
		if math.Abs(used()-half) < halfNearly {
			break
		}
		sigma *= half / used()
	}
	d.Options.Noise = sigma
	return nil
}

// The share of the budget grows with sigma like a line that does not begin at 0, so that a
// few steps in proportion find the sigma of a share, to within so much.
const (
	mostTrials = 20
	halfNearly = 0.005
)
