package panel

import (
	"cmp"
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
)

// Alone is an affine map for one position at a time, by one goroutine. It takes the time of
// the weights that meet features other than 0: its outputs lie at rest, at what they are
// where all features are 0, and only what is summed is moved from there. Outputs that differ
// in their bias alone, as the steps of a staircase of neurons do, share a sum.
type Alone struct {
	inputs  []input
	read    []uint64 // inputs that have weights
	weights []toForm
	groups  []group

	sums   []float32 // of the forms, 0 between calls
	summed []uint64  // forms that have a sum, none between calls
	biased []uint64  // forms of which a row has a bias
	shared []uint64  // forms that several rows share, the others are for the row of their number
	bias   []float32 // of the rows
	out    []int32   // of the rows
	rows   [][]int32 // of the forms that are shared, by falling bias

	asked   []asked
	entries []Entry // of those that are asked

	relu    bool
	y       Position  // what was computed last
	rest    []float32 // what y is at rest
	resting []uint64  // where that is not 0
	moved   []uint64  // where y is not at rest
}

// input says where what an input has ends: what the one before has ends where it begins.
type input struct{ weights, groups, asked int32 }

// toForm is a weight, and to which of the forms it goes.
type toForm struct {
	form   int32
	weight float32
}

// group is forms that an input goes to, of 64 whose bits are in a word.
type group struct {
	word  int32
	forms uint64
}

// asked is a row that needs an input, and its entries.
type asked struct{ row, first, end int32 }

// NewAlone makes one of a Sparse for a mode. Of each output, for ReLU alone, needs says an
// input without which it is 0: where that is 0, so is the output, which is not computed then. -1:
// there is none, or it is none that saves time; no needs are none.
func NewAlone(s *Sparse, mode Mode, needs []int32) *Alone {
	t := &Alone{entries: s.entries, relu: mode == ReLU}
	inputs := int32(0)
	for _, e := range s.entries {
		inputs = max(inputs, e.In+1)
	}
	n := words(len(s.rows))
	t.sums, t.rows = make([]float32, len(s.rows)), make([][]int32, len(s.rows))
	t.summed, t.biased, t.shared = make([]uint64, n), make([]uint64, n), make([]uint64, n)
	columns, needed := make([][]toForm, inputs), make([][]asked, inputs)
	known, at := map[string]int32{}, int32(0)
	for r, row := range s.rows {
		entries := s.entries[at : at+row.entries]
		at += row.entries
		t.bias, t.out = append(t.bias, row.bias), append(t.out, row.out)
		if needs != nil && needs[r] >= 0 {
			needed[needs[r]] = append(needed[needs[r]], asked{int32(r), at - row.entries, at})
			continue
		}
		name := nameOf(entries)
		f, ok := known[name]
		if !ok {
			f, known[name] = int32(r), int32(r)
			for _, e := range entries {
				columns[e.In] = append(columns[e.In], toForm{f, e.Weight})
			}
		}
		t.rows[f] = append(t.rows[f], int32(r))
	}
	t.share()
	t.addInputs(columns, needed)
	if mode != Add {
		t.layToRest()
	}
	return t
}

// nameOf tells entries apart.
func nameOf(entries []Entry) string {
	var name []byte
	for _, e := range entries {
		name = binary.NativeEndian.AppendUint32(name, uint32(e.In))
		name = binary.NativeEndian.AppendUint32(name, math.Float32bits(e.Weight))
	}
	return string(name)
}

// share sorts the rows of the forms.
func (t *Alone) share() {
	for f, rows := range t.rows {
		slices.SortStableFunc(rows, func(a, b int32) int { return cmp.Compare(t.bias[b], t.bias[a]) })
		if len(rows) > 1 {
			t.shared[f>>6] |= 1 << (f & 63)
		}
		if slices.ContainsFunc(rows, func(r int32) bool { return t.bias[r] != 0 }) {
			t.biased[f>>6] |= 1 << (f & 63)
		}
	}
}

func (t *Alone) addInputs(columns [][]toForm, needed [][]asked) {
	t.inputs, t.read = make([]input, 1, len(columns)+1), make([]uint64, words(len(columns)))
	for i, column := range columns {
		if len(column)+len(needed[i]) > 0 {
			t.read[i>>6] |= 1 << (i & 63)
		}
		t.weights, t.groups, t.asked = append(t.weights, column...), grouped(t.groups, column), append(t.asked, needed[i]...)
		t.inputs = append(t.inputs, input{int32(len(t.weights)), int32(len(t.groups)), int32(len(t.asked))})
	}
}

// grouped adds the groups of the forms that an input goes to, ascending.
func grouped(groups []group, column []toForm) []group {
	for n, e := range column {
		if word := e.form >> 6; n == 0 || word != column[n-1].form>>6 {
			groups = append(groups, group{word: word})
		}
		groups[len(groups)-1].forms |= 1 << (e.form & 63)
	}
	return groups
}

func (t *Alone) layToRest() {
	t.y, t.rest = NewPosition(len(t.bias)), slices.Clone(t.bias)
	for r := range t.rest {
		t.rest[r] = t.finish(t.rest[r])
	}
	for _, a := range t.asked { // where what they need is 0
		t.rest[a.row] = 0
	}
	copy(t.y.Values, t.rest)
	t.y.Look(0, len(t.rest))
	t.resting, t.moved = slices.Clone(t.y.live), make([]uint64, len(t.y.live))
}

// finish is what becomes of a sum.
func (t *Alone) finish(v float32) float32 {
	if t.relu {
		return max(v, 0)
	}
	return v
}

// Apply is that of a Sparse with Store or ReLU, of one whose outputs are numbered from 0. Sums are
// in the same order, but not fused. The result is valid until the next call, and must not be
// changed.
func (t *Alone) Apply(x *Position) *Position {
	for w, word := range t.moved {
		for ; word != 0; word &= word - 1 {
			r := w<<6 + bits.TrailingZeros64(word)
			t.y.Values[r] = t.rest[r]
		}
		t.moved[w], t.y.live[w] = 0, t.resting[w]
	}
	t.sum(x)
	for w, word := range t.summed {
		shared := word & t.shared[w]
		for ; shared != 0; shared &= shared - 1 {
			t.spread(w<<6 + bits.TrailingZeros64(shared))
		}
		word &^= t.shared[w]
		live := t.y.live[w] &^ word
		t.moved[w] |= word
		for ; word != 0; word &= word - 1 {
			r := w<<6 + bits.TrailingZeros64(word)
			v := t.finish(t.sums[r] + t.bias[r])
			t.sums[r], t.y.Values[r] = 0, v
			if v != 0 {
				live |= word & -word
			}
		}
		t.y.live[w], t.summed[w] = live, 0
	}
	return &t.y
}

// spread gives the sum of a form to the rows that share it.
func (t *Alone) spread(f int) {
	for _, r := range t.rows[f] {
		v := t.sums[f] + t.bias[r]
		if t.relu && v <= 0 && t.bias[r] <= 0 {
			break // as for all that follow
		}
		t.move(r, t.finish(v))
	}
	t.sums[f] = 0
}

// move makes an output v.
func (t *Alone) move(r int32, v float32) {
	t.y.Set(int(r), v)
	t.moved[r>>6] |= 1 << (r & 63)
}

// Add is Apply of a Sparse with Add.
func (t *Alone) Add(y, x *Position) {
	t.sum(x)
	for w, word := range t.summed {
		for word |= t.biased[w]; word != 0; word &= word - 1 {
			f := w<<6 + bits.TrailingZeros64(word)
			for _, r := range t.rows[f] {
				y.Set(int(t.out[r]), y.Values[t.out[r]]+(t.sums[f]+t.bias[r]))
			}
			t.sums[f] = 0
		}
		t.summed[w] = 0
	}
}

// sum adds up what the features of x give to the forms, and computes rows that need one.
func (t *Alone) sum(x *Position) {
	for w, read := range t.read {
		for word := x.live[w] & read; word != 0; word &= word - 1 {
			i := w<<6 + bits.TrailingZeros64(word)
			v, from, to := x.Values[i], t.inputs[i], t.inputs[i+1]
			for _, e := range t.weights[from.weights:to.weights] {
				t.sums[e.form] += float32(v * e.weight)
			}
			for _, g := range t.groups[from.groups:to.groups] {
				t.summed[g.word] |= g.forms
			}
			for _, a := range t.asked[from.asked:to.asked] {
				if v := t.ask(a, x); !(v <= 0) {
					t.move(a.row, v)
				}
			}
		}
	}
}

// ask computes a row by itself.
func (t *Alone) ask(a asked, x *Position) float32 {
	sum := float32(0)
	for _, e := range t.entries[a.first:a.end] {
		sum += float32(x.Values[e.In] * e.Weight)
	}
	return sum + t.bias[a.row]
}
