package disguise

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

var shapes = []model.Config{
	{Layers: 2, Heads: 2, DModel: 9, DHead: 4, DMLP: 6, NCtx: 7},
	{Layers: 1, Heads: 3, DModel: 5, DHead: 2, DMLP: 11, NCtx: 4, Causal: true},
	{Layers: 1, DModel: 3, DMLP: 2, NCtx: 3},
	{Layers: 1, Heads: 1, DModel: 4, DHead: 3, NCtx: 3},
	{DModel: 2, NCtx: 3},
}

// steps are options of one step each, and of all but those that change the function.
var steps = map[string]Options{
	"permute": {Permute: true}, "scale by powers": {Scale: PowersOf2}, "scale": {Scale: AnyFactors}, "heads": {Heads: true},
	"rotate": {Rotate: true}, "rank": {Rank: true}, "all": {Permute: true, Scale: AnyFactors, Heads: true, Rotate: true, Rank: true},
}

// dependent is a random model one of whose dimensions is always twice another one.
func dependent(c model.Config, seed uint64) *model.Model {
	m := modeltest.Random(c, 3, 0.3, seed)
	copies := func(w *model.Matrix) {
		_, cols := w.Size()
		modeltest.Change(w, func(x []float32) {
			for i := 0; i < len(x); i += cols {
				x[i+cols-1] = 2 * x[i]
			}
		})
	}
	copies(&m.WE)
	copies(&m.WPos)
	for l := range m.Blocks {
		b := &m.Blocks[l]
		copies(&b.WO)
		copies(&b.WOut)
		b.BO[c.DModel-1], b.BOut[c.DModel-1] = 2*b.BO[0], 2*b.BOut[0]
	}
	return m
}

func disguised(t *testing.T, m *model.Model, o Options) *Disguised {
	t.Helper()
	o.Uncertified = true
	d, err := Of(m, o)
	require.NoError(t, err)
	return d
}

// TestSameFunction: whatever the step, the new weights give the same logits, and what is in the
// new stream is what was in the old one.
func TestSameFunction(t *testing.T) {
	for name, o := range steps {
		for i, c := range shapes {
			o.Seed = uint64(i)
			m := dependent(c, o.Seed)
			d := disguised(t, m, o)
			exact := d.Change.apply(d.before)
			for length := 1; length < c.NCtx; length++ {
				input := modeltest.Input(m, length, uint64(length))
				was, logits := d.before.forward(input, c.Causal)
				is, now := exact.forward(input, c.Causal)
				assert.Less(t, apart(logits, now), 1e-11, "%s %d", name, i)
				for stage := range was {
					assert.Less(t, apart(was[stage], is[stage].times(d.Change.Back)), 1e-11, "%s %d stage %d", name, i, stage)
					assert.Less(t, apart(was[stage].times(d.Change.Q), is[stage]), 1e-11, "%s %d stage %d", name, i, stage)
				}
			}
		}
	}
}

// TestUndone: undoing a disguise gives back the weights, but for rounding to float32, and
// that is what the residual says.
func TestUndone(t *testing.T) {
	for name, o := range steps {
		for i, c := range shapes {
			o.Seed = uint64(10 + i)
			d := disguised(t, modeltest.Random(c, 3, 0.3, o.Seed), o)
			undone := d.Change.undo(weightsOf(d.Model))
			largest, list := 0.0, undone.tensors()
			for k, before := range d.before.tensors() {
				for p := range before.parts {
					if off := apart(*before.parts[p], *list[k].parts[p]); off > 0 {
						largest = math.Max(largest, off/before.rms())
					}
				}
			}
			if d.Change.Span.rows == 0 || d.Change.Q.cols == c.DModel {
				assert.LessOrEqual(t, largest, d.Residual.Absolute+d.Residual.Arithmetic+1e-15, name)
			}
			if !o.mixes() {
				assert.InDelta(t, largest, d.Residual.Absolute, 1e-12, name)
			}
			if o.exact() {
				assert.Zero(t, largest, name)
				assert.True(t, d.Residual.Exact(), name)
			} else {
				assert.Less(t, largest, 1e-5, name)
			}
		}
	}
}

// TestDifferent: each step changes something that one sees.
func TestDifferent(t *testing.T) {
	m := dependent(shapes[0], 1)
	for name, o := range steps {
		o.Seed = 3
		a, b := disguised(t, m, o), disguised(t, m, o)
		assert.Equal(t, a.Model, b.Model, name)
		assert.NotEqual(t, weightsOf(m), weightsOf(a.Model), name)
		o.Seed = 4
		if other := disguised(t, m, o); name != "rank" {
			assert.NotEqual(t, weightsOf(a.Model), weightsOf(other.Model), name)
		}
	}
	none := disguised(t, m, Level(0, 1))
	assert.Equal(t, weightsOf(m), weightsOf(none.Model))
	rotated := disguised(t, m, Options{Rotate: true})
	total, nonzero := rotated.Model.WE.Len(), rotated.Model.WE.Nonzero()
	assert.Equal(t, total, nonzero)
}

func TestRank(t *testing.T) {
	m := dependent(shapes[0], 2)
	d := disguised(t, m, Options{Rank: true})
	assert.Equal(t, shapes[0].DModel-1, d.Model.DModel)
	assert.Less(t, d.Residual.Absolute, 1e-6)
	full := disguised(t, modeltest.Random(shapes[0], 3, 0, 2), Options{Rank: true})
	assert.Equal(t, shapes[0].DModel, full.Model.DModel)
	blank := disguised(t, modeltest.Blank(shapes[0], 3), Options{Rank: true, Rotate: true})
	assert.Equal(t, 1, blank.Model.DModel)
	assert.True(t, blank.Residual.Exact())
}

// TestOrthogonal: bases are orthonormal to the last bits, and what separates directions makes
// them overlap less.
func TestOrthogonal(t *testing.T) {
	for _, n := range []int{0, 1, 2, 17, 120} {
		b := sourceOf(1, uint64(n)).orthogonal(n)
		assert.Less(t, apart(b.times(b.transpose()), identity(n)), 1e-14)
	}
	overlap := func(f matrix) float64 { return apart(f.times(f.transpose()), identity(f.rows)) }
	c := &Change{Q: identity(20), Back: identity(20)}
	c.superpose(sourceOf(1, 1), 16)
	x := zeros(20, 16)
	for i, s := 0, sourceOf(1, 1); i < x.rows; i++ {
		for j := range x.row(i) {
			x.row(i)[j] = s.normal()
		}
		stretch(x.row(i), 1/norm(x.row(i)))
	}
	assert.Less(t, overlap(c.Q), overlap(x)/2)
	for i := range 20 {
		assert.InDelta(t, 1, norm(c.Q.row(i)), 1e-15)
	}
}

func TestBFloat16(t *testing.T) {
	for x, want := range map[float32]float32{
		1: 1, 0: 0, -3: -3, 1 + 0x1p-8: 1, 1 + 0x1p-8 + 0x1p-20: 1 + 0x1p-7, 1 + 0x3p-8: 1 + 0x1p-6, 0.1: 0.10009765625, -0.1: -0.10009765625,
	} {
		assert.Equal(t, want, bfloat16(x))
	}
	d := disguised(t, modeltest.Random(shapes[0], 3, 0, 1), Options{BFloat16: true})
	assert.Greater(t, d.Residual.Absolute, 0x1p-12)
	assert.LessOrEqual(t, *d.Residual.Relative, 0x1p-8)
	for _, x := range d.Model.WE.Floats() {
		assert.Zero(t, math.Float32bits(x)&0xffff)
	}
}

// standing is a model that stands noise, says a certificate made for the test.
func standing(seed uint64, relative, absolute float64) *model.Model {
	m := modeltest.Random(shapes[0], 3, 0.3, seed)
	m.Outputs[1].Name, m.Outputs = "", m.Outputs[:1]
	m.WU = model.Dense(m.DModel, 4, weightsOf(m).unembed.columns([]int{0, 1, 2, 3}).float32s())
	m.BU = m.BU[:4]
	m.Certificate = model.Certificate{
		Exact: true, Length: 6, Checks: 3, Slack: 2, Precisions: []string{"float32", "tf32", "float64"},
		Noise: &model.Noise{Relative: model.Stands{Worst: relative, Likely: 2 * relative}, Absolute: model.Stands{Worst: absolute, Likely: 2 * absolute}, NormK: 64},
	}
	for i := range m.DModel {
		m.Certificate.Noise.Columns = append(m.Certificate.Noise.Columns, model.Budget{Budget: float64(i + 1), Slope: 1, Reader: fmt.Sprint(i)})
	}
	return m
}

func (m matrix) float32s() []float32 { return floats(m) }

func TestBudget(t *testing.T) {
	m := standing(1, 1e-3, 1e-4)
	d, err := Of(m, Options{Rotate: true, Heads: true})
	require.NoError(t, err)
	assert.True(t, d.Certified())
	c := d.Model.Certificate
	assert.True(t, c.Exact)
	assert.Equal(t, []string{"float32", "float64"}, c.Precisions)
	assert.Zero(t, c.Checks)
	assert.Contains(t, c.Claim, "exact for every input over this vocabulary up to length 6; disguised, which takes ")
	assert.InDelta(t, (d.Residual.Absolute+d.Residual.Arithmetic)/4e-4, d.Share, 1e-15)
	assert.Greater(t, d.Share, 0.0)
	require.Len(t, c.Noise.Columns, m.DModel)
	for j, b := range c.Noise.Columns { // who moves it by that moves none of the old ones by more than may be
		taken := 0.0
		for i, x := range d.Change.Back.row(j) {
			taken += math.Abs(x) * b.Budget / m.Certificate.Noise.Columns[i].Budget
		}
		assert.InDelta(t, 1-d.Share, taken, 1e-12)
	}
	assert.Zero(t, c.Noise.NormK)

	// Relative errors are held against what is said of these, without sums in other bases.
	scaled, err := Of(m, Options{Scale: AnyFactors})
	require.NoError(t, err)
	assert.InDelta(t, *scaled.Residual.Relative/4e-3, scaled.Share, 1e-15)

	// Nothing is lost, and nothing of the budget.
	same, err := Of(m, Options{Permute: true})
	require.NoError(t, err)
	assert.Zero(t, same.Share)
	assert.Equal(t, m.Certificate.Noise.Relative, same.Model.Certificate.Noise.Relative)
	assert.Equal(t, m.Certificate.Noise.Absolute, same.Model.Certificate.Noise.Absolute)
	assert.Equal(t, m.Certificate.Precisions, same.Model.Certificate.Precisions)
	for j, from := range same.columns() {
		assert.Equal(t, m.Certificate.Noise.Columns[from], same.Model.Certificate.Noise.Columns[j])
	}

	half, err := Of(m, Level(6, 1))
	require.NoError(t, err)
	assert.InDelta(t, 0.5, half.Share, 0.01)
	assert.Greater(t, half.Options.Noise, 0.0)

	var over *OverBudget
	_, err = Of(standing(1, 1e-9, 1e-9), Options{Rotate: true})
	require.ErrorAs(t, err, &over)
	assert.Greater(t, over.Share, 1.0)
	_, err = Of(standing(1, 1e-9, 1e-9), Level(6, 1))
	require.ErrorAs(t, err, &over)
	without := disguised(t, standing(1, 1e-9, 1e-9), Options{Rotate: true})
	assert.Equal(t, model.Certificate{}, without.Model.Certificate)

	// What is not certain may be likely.
	near := standing(1, 1e-9, d.Residual.Arithmetic/4.5)
	_, err = Of(near, Options{Rotate: true, Heads: true})
	require.ErrorAs(t, err, &over)
	assert.Less(t, over.Likely, 0.2)
	likely, err := Of(near, Options{Rotate: true, Heads: true, Likely: true})
	require.NoError(t, err)
	assert.Greater(t, likely.Share, 1.0)
	assert.False(t, likely.Certified())
	assert.False(t, likely.Model.Certificate.Exact)
	assert.Contains(t, likely.Model.Certificate.Claim, "not certain, but likely: exact for every input")

	// Of numbers it is not known how far noise moves them.
	m.Certificate.Within = []float64{1e-6}
	_, err = Of(m, Options{Rotate: true})
	require.ErrorAs(t, err, &over)
	assert.True(t, math.IsInf(over.Share, 1))
}

func TestNoBudget(t *testing.T) {
	m := modeltest.Tiny(1)
	for _, o := range []Options{{Scale: AnyFactors}, {Heads: true}, {Rotate: true}, {Rank: true}, {Noise: 0.1}, {Superpose: 3}, {BFloat16: true}} {
		_, err := Of(m, o)
		require.ErrorIs(t, err, ErrNoBudget)
		d := disguised(t, m, o)
		assert.False(t, d.Certified())
		assert.Equal(t, model.Certificate{}, d.Model.Certificate)
	}
	d, err := Of(m, Options{Permute: true, Scale: PowersOf2})
	require.NoError(t, err)
	assert.True(t, d.Certified())
	assert.Equal(t, m.Certificate, d.Model.Certificate)
	assert.Empty(t, d.Model.Witness)
}

// TestNoiseLeft: who adds as much noise to the new weights as their certificate says is, in
// all, within what that of the old ones says.
func TestNoiseLeft(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for seed := range uint64(8) {
		for _, o := range []Options{{Rotate: true, Heads: true}, {Permute: true, Scale: PowersOf2}, {Scale: AnyFactors}, Level(5, seed)} {
			m := standing(seed, 1e-3, 1e-3)
			d, err := Of(m, o)
			require.NoError(t, err)
			is := d.Model.Certificate.Noise
			for _, relative := range []bool{false, true} {
				shaken := d.after.each(func(x float64) float64 { return x })
				for _, tensor := range shaken.tensors() {
					rms := tensor.rms()
					for _, p := range tensor.parts {
						for i, x := range p.a {
							z := 4 * float64(2*rng.IntN(2)-1)
							if p.a[i] += z * is.Absolute.Worst * rms; relative {
								p.a[i] = x + z*is.Relative.Worst*x
							}
						}
					}
				}
				r := d.Change.residual(d.before, shaken, o.mixes())
				if relative && !o.mixes() {
					assert.LessOrEqual(t, *r.Relative, 4e-3*(1+1e-9))
				} else {
					assert.LessOrEqual(t, r.Absolute+d.Residual.Arithmetic, 4e-3*(1+1e-9), "%+v", o)
				}
			}
		}
	}
}

// TestArithmetic: what sums in float32 do in the new basis is less than what the changes of
// weights do in the old one of which the residual speaks.
func TestArithmetic(t *testing.T) {
	c := model.Config{Layers: 1, Heads: 1, DModel: 40, DHead: 2, DMLP: 30, NCtx: 3}
	for seed := range uint64(10) {
		m := modeltest.Random(c, 3, 0.8, seed)
		d := disguised(t, m, Options{Rotate: true, Seed: seed})
		x := zeros(1, c.DModel)
		s := sourceOf(seed, 99)
		for i := range x.a {
			x.a[i] = s.normal()
		}
		y := x.times(d.Change.Q).each(func(v float64) float64 { return float64(float32(v)) })
		in, size := d.after.layers[0].in, 0.0
		for _, v := range x.a {
			size += math.Abs(v)
		}
		for n := range c.DMLP {
			sum, exact := float32(0), 0.0
			for i := range y.a {
				product := float32(y.a[i]) * float32(in.row(i)[n])
				sum += product
				exact += y.a[i] * in.row(i)[n]
			}
			changed := d.Change.Q.abs().times(in.abs().columns([]int{n}))
			bound := ulp * d.after.terms("blocks.0.mlp.W_in") * largestOf(tensor{parts: []*matrix{&changed}}) * size
			assert.Less(t, math.Abs(float64(sum)-exact), bound)
		}
	}
}

func TestSuperpose(t *testing.T) {
	m := standing(1, 1e-3, 1e-3)
	d := disguised(t, m, Options{Superpose: 7})
	assert.Equal(t, 7, d.Model.DModel)
	assert.Greater(t, d.Residual.Absolute, 0.01)
	_, err := Of(m, Options{Superpose: 7})
	var over *OverBudget
	require.ErrorAs(t, err, &over)
	fewest, err := Of(m, Options{Superpose: Fewest, Rotate: true})
	require.NoError(t, err)
	assert.Zero(t, fewest.Options.Superpose)
	assert.Equal(t, m.DModel, fewest.Model.DModel)
	much, err := Of(standing(1, 10, 10), Options{Superpose: Fewest})
	require.NoError(t, err)
	assert.Less(t, much.Model.DModel, m.DModel)
	assert.LessOrEqual(t, much.Share, quarter)
	assert.Equal(t, much.Model.DModel, much.Options.Superpose)
}

// TestNames: names go where their parts go, or are gone.
func TestNames(t *testing.T) {
	m := modeltest.Random(shapes[0], 3, 0.3, 1)
	n := &model.Names{SOps: []model.SOp{{Name: "x", Of: "sop", Node: 1, Values: []model.Token{"1", "2"}, Held: true}}}
	for i := range m.DModel {
		n.Dims = append(n.Dims, model.DimName{Name: fmt.Sprint("d", i), Kind: "other", Written: "embed"})
	}
	n.Dims[2].SOp, n.Dims[2].Codes = "x", model.Codes{0.5, 1}
	n.Dims[4].SOp, n.Dims[4].Codes = "x", model.Codes{3, math.NaN()}
	for l := range m.Layers {
		n.Heads = append(n.Heads, nil)
		n.Neurons = append(n.Neurons, nil)
		for h := range m.Heads {
			n.Heads[l] = append(n.Heads[l], model.HeadName{Name: fmt.Sprintf("h%d.%d", l, h), Kind: "copies", Brings: []int{2, h}})
		}
		for i := range m.DMLP {
			n.Neurons[l] = append(n.Neurons[l], model.PartName{Name: fmt.Sprintf("n%d.%d", l, i), Kind: "relu"})
		}
	}
	require.NoError(t, m.SetNames(n))
	for i := range m.DModel {
		m.Provenance.Dims = append(m.Provenance.Dims, model.Label{What: fmt.Sprint(i)})
	}

	d, err := Of(m, Options{Permute: true, Seed: 5})
	require.NoError(t, err)
	names, err := d.Model.ReadNames()
	require.NoError(t, err)
	for j, from := range d.columns() {
		assert.Equal(t, n.Dims[from].Name, names.Dims[j].Name)
		assert.Equal(t, fmt.Sprint(from), d.Model.Provenance.Dims[j].What)
		for token := range 4 {
			assert.Equal(t, m.WE.At(token, from), d.Model.WE.At(token, j))
		}
	}
	for l, heads := range names.Heads {
		for h, name := range heads {
			from := d.Change.Heads[l][h].From
			assert.Equal(t, n.Heads[l][from].Name, name.Name)
			for i, dim := range name.Brings {
				assert.Equal(t, n.Heads[l][from].Brings[i], d.columns()[dim])
			}
		}
		for i, name := range names.Neurons[l] {
			assert.Equal(t, n.Neurons[l][d.Change.Neurons[l][i].From].Name, name.Name)
		}
	}

	d = disguised(t, m, Options{Rotate: true, Permute: true, Seed: 5})
	names, err = d.Model.ReadNames()
	require.NoError(t, err)
	assert.False(t, names.SOps[0].Held)
	for j, name := range names.Dims {
		assert.Empty(t, name.SOp)
		assert.Equal(t, mixed, d.Model.Provenance.Dims[j].What)
	}
	assert.Empty(t, names.Heads[0][0].Brings)

	truth, arrays, err := d.Truth()
	require.NoError(t, err)
	require.Len(t, truth.Variables, 1)
	assert.Equal(t, Variable{SOp: "x", Written: "embed", Dims: []int{2, 4}, Kinds: []string{"other", "other"}, Values: []model.Token{"1", "2"}, Rank: 2}, truth.Variables[0])
	byName := map[string]Array{}
	for _, a := range arrays {
		byName[a.Name] = a
	}
	points, q := byName["variables.0.points"], d.Change.Q
	for j := range q.cols {
		assert.InDelta(t, 0.5*q.row(2)[j]+3*q.row(4)[j], points.Data[j], 1e-15)
		assert.True(t, math.IsNaN(points.Data[q.cols+j]))
		assert.Equal(t, q.row(4)[j], byName["variables.0.directions"].Data[q.cols+j])
	}
	assert.Equal(t, m.Names, string(truth.Names))
	for l := range truth.Heads {
		for h, head := range truth.Heads[l] {
			assert.Equal(t, fmt.Sprintf("h%d.%d", l, head.From), head.Name)
			assert.Equal(t, d.Change.Heads[l][h].OV.a, byName[fmt.Sprintf("heads.%d.%d.ov", l, h)].Data)
		}
	}
	_, err = json.Marshal(truth)
	require.NoError(t, err)
}

// TestBlend: beside another model a model does what it does alone, also when the two are
// mixed.
func TestBlend(t *testing.T) {
	m := modeltest.Random(shapes[0], 3, 0.3, 1)
	other := modeltest.Random(model.Config{Layers: 3, Heads: 1, DModel: 4, DHead: 5, DMLP: 3, NCtx: shapes[0].NCtx}, 3, 0.3, 2)
	for _, pair := range [][2]*model.Model{{m, other}, {other, m}} {
		u, err := Blend(pair[0], pair[1])
		require.NoError(t, err)
		assert.Equal(t, model.Config{Layers: 3, Heads: 3, DModel: 13, DHead: 5, DMLP: 9, NCtx: 7}, u.Config)
		d := disguised(t, u, steps["all"])
		input := modeltest.Input(m, 6, 3)
		_, want := weightsOf(pair[0]).forward(input, false)
		_, got := weightsOf(u).forward(input, false)
		assert.Less(t, apart(want, got), 1e-12)
		_, got = d.Change.apply(d.before).forward(input, false)
		assert.Less(t, apart(want, got), 1e-11)
	}
	short := modeltest.Random(model.Config{Layers: 1, DModel: 4, DMLP: 3, NCtx: 5}, 3, 0.3, 2)
	_, err := Blend(m, short)
	require.ErrorContains(t, err, "the one takes 6 tokens and the other 4")
	_, err = Blend(m, modeltest.Random(shapes[0], 4, 0.3, 2))
	require.ErrorContains(t, err, "vocabularies")
	causal := shapes[0]
	causal.Causal = true
	_, err = Blend(m, modeltest.Random(causal, 3, 0.3, 2))
	require.ErrorContains(t, err, "causal")
}

func TestHostile(t *testing.T) {
	m := modeltest.Random(shapes[0], 3, 0.3, 1)
	for _, o := range []Options{
		{Noise: -0.5}, {Noise: math.NaN()}, {Noise: 2}, {Superpose: -2}, {Superpose: 10}, {Noise: HalfBudget}, {Superpose: Fewest},
	} {
		o.Uncertified = true
		_, err := Of(m, o)
		assert.Error(t, err, "%+v", o)
	}
	wide := modeltest.Blank(model.Config{DModel: 2000, NCtx: 2}, 2)
	_, err := Of(wide, Options{Permute: true})
	require.ErrorContains(t, err, "up to 1024")
	_, err = Of(modeltest.Blank(model.Config{Layers: 1, Heads: 1000, DModel: 1, DHead: 1000, NCtx: 2}, 2), Options{Permute: true})
	require.ErrorContains(t, err, "bases of its heads")
	empty := modeltest.Blank(model.Config{DModel: 3, NCtx: 2, Heads: math.MaxInt32, DHead: math.MaxInt32, DMLP: math.MaxInt32}, 2)
	_, err = Of(empty, Options{Permute: true})
	require.NoError(t, err)

	// A number near the end of float32 cannot be doubled, and none near the beginning halved.
	for _, x := range []float32{math.MaxFloat32, math.SmallestNonzeroFloat32} {
		m := modeltest.Random(shapes[0], 3, 0.3, 1)
		modeltest.Change(&m.Blocks[0].WIn, func(w []float32) {
			for i := range w {
				w[i] = x
			}
		})
		_, err := Of(m, Options{Scale: PowersOf2})
		require.Error(t, err)
	}
}

func TestWriteArrays(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, WriteArrays(&b, []Array{{"x", []int{2}, []float64{1, math.Pi}}, {"none", []int{0, 3}, nil}}))
	size := int(b.Bytes()[0])
	var header map[string]struct {
		DType   string `json:"dtype"`
		Shape   []int  `json:"shape"`
		Offsets []int  `json:"data_offsets"`
	}
	require.NoError(t, json.Unmarshal(b.Bytes()[8:8+size], &header))
	assert.Equal(t, []int{0, 16}, header["x"].Offsets)
	assert.Equal(t, []int{16, 16}, header["none"].Offsets)
	assert.Equal(t, "F64", header["x"].DType)
	assert.Len(t, b.Bytes(), 8+size+16)
}
