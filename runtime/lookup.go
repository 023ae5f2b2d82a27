package runtime

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"sort"

	"rasp/runtime/model"
	"rasp/runtime/panel"
)

// lookup is the neurons of a layer that stand for one combination of codes each:
// the contexts of a language model, the rows of a table. Of thousands hardly any
// fires at a position, and which ones can be looked up.
//
// A neuron is max(0, b + sum_i w_i x_i), with x_i from lo_i to hi_i whatever the input.
// At best the sum is u = b + sum_i max(w_i lo_i, w_i hi_i). With w_i > 0 it is 0 or less
// where x_i <= hi_i - u/w_i, with w_i < 0 where x_i >= lo_i + u/|w_i|: the neuron asks for
// x_i to be high, or low. The inputs of which it asks something are its pattern.
//
// Neurons whose patterns are over the same inputs are a family. Which of these
// inputs are high at a position makes a key, and only neurons that ask for that
// key are computed. The others are 0 in exact arithmetic, and are taken to be.
type lookup struct {
	families []family
	neurons  []contextual  // family by family, in the order of their keys
	out      []panel.Entry // of the neurons, one after the other
}

// family is neurons whose patterns are over the same inputs.
type family struct {
	from   int      // its first neuron
	keys   []uint64 // what each asks for
	inputs []bit    // what the keys are made of
	slots  []slot   // a hash table of the keys: a power of two, open addressing
}

// bit is an input that is low up to one value and high from another on. In
// between it is neither: such a position goes through all keys.
type bit struct {
	input     int32
	low, high float32
}

// slot holds the neurons from..to of a family, none if it is empty, that ask for
// the same key.
type slot struct {
	key      uint64
	from, to int32
}

// contextual is a neuron: what it sums, which is a part of the product that it was taken
// from, its bias, and from where to where of out it writes.
type contextual struct {
	in          []panel.Entry
	bias        float32
	out, outEnd int32
}

// What it costs to look a family up at a position, in neurons that could be
// multiplied instead: to ask for the key, each of its bits, and a neuron that is
// found, which is computed alone. BenchmarkLookup finds both ways alike at about
// 180 neurons of 24 inputs.
const (
	familyCost = 30
	bitCost    = 3
	foundCost  = 80
)

// patternInputs is how many inputs fit a key. More are not needed: a pattern says
// what is necessary, not what is enough.
const patternInputs = 64

// pattern is what a neuron asks for: of each input, high or low, and beyond which
// value.
type pattern struct {
	inputs []int32
	limits []float64
	key    uint64 // the last input is the lowest bit
}

// of makes it the pattern of a neuron; fires says whether that ever can.
func (p *pattern) of(neuron panel.Output, x []interval) (fires bool) {
	p.inputs, p.limits, p.key = p.inputs[:0], p.limits[:0], 0
	best := outputBounds(neuron, x).hi
	for _, e := range neuron.Entries {
		v, weight := x[e.In], float64(e.Weight)
		limit := v.hi - best/weight
		if weight < 0 {
			limit = v.lo - best/weight
		}
		if len(p.inputs) < patternInputs && v.lo <= limit && limit <= v.hi {
			p.key <<= 1
			if weight > 0 {
				p.key |= 1
			}
			p.inputs, p.limits = append(p.inputs, e.In), append(p.limits, limit)
		}
	}
	return !(best <= 0)
}

// group is neurons that may become a family: their inputs, and of each of these the least
// limit of those that ask for high, and the largest of those that ask for low.
type group struct {
	number    int
	inputs    []int32
	low, high []float64
}

// keyed is a neuron of a group and the key that it asks for.
type keyed struct {
	group  int
	key    uint64
	neuron panel.Output
}

func newGroup(number int, p *pattern) *group {
	n := len(p.inputs)
	return &group{number, slices.Clone(p.inputs), slices.Repeat([]float64{math.Inf(1)}, n), slices.Repeat([]float64{math.Inf(-1)}, n)}
}

// of takes a neuron with its pattern, over the inputs of the group, into it.
func (g *group) of(p *pattern, neuron panel.Output) keyed {
	for j, limit := range p.limits {
		if p.key>>(len(p.limits)-1-j)&1 == 1 {
			g.low[j] = min(g.low[j], limit)
		} else {
			g.high[j] = max(g.high[j], limit)
		}
	}
	return keyed{g.number, p.key, neuron}
}

// sortKeyed has the neurons group by group, by key, and of one key in their order.
func sortKeyed(list []keyed) {
	slices.SortFunc(list, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.key, b.key), cmp.Compare(a.neuron.Index, b.neuron.Index))
	})
}

// newLookup takes those of the neurons, ascending, that are better looked up, and
// leaves the rest; those that never fire are in neither. x bounds the inputs.
func newLookup(in *panel.Sparse, wOut model.Matrix, neurons []int, x []interval) (l *lookup, rest []int) {
	named := map[string]*group{}
	var groups []*group
	list := make([]keyed, 0, len(neurons))
	var p pattern
	var name []byte
	for o := range in.Outputs {
		if len(neurons) == 0 || neurons[0] != o.Index {
			continue
		}
		neurons = neurons[1:]
		switch fires := p.of(o, x); {
		case !fires:
		case len(p.inputs) == 0:
			rest = append(rest, o.Index)
		default:
			name = p.name(name[:0])
			g := named[string(name)]
			if g == nil {
				g = newGroup(len(groups), &p)
				named[string(name)], groups = g, append(groups, g)
			}
			list = append(list, g.of(&p, o))
		}
	}
	l = &lookup{}
	sortKeyed(list)
	for len(list) > 0 {
		g := groups[list[0].group]
		own := list[:sort.Search(len(list), func(i int) bool { return list[i].group > g.number })]
		list = list[len(own):]
		if len(own) > familyCost+bitCost*len(g.inputs)+foundCost*longestRun(own) {
			l.add(g, own, wOut)
			continue
		}
		for _, k := range own {
			rest = append(rest, k.neuron.Index)
		}
	}
	slices.Sort(rest)
	return l, rest
}

// name tells families apart; it is appended to what is there.
func (p *pattern) name(name []byte) []byte {
	for _, i := range p.inputs {
		name = binary.NativeEndian.AppendUint32(name, uint32(i))
	}
	return name
}

// longestRun is the most neurons, sorted, that share a key.
func longestRun(list []keyed) int {
	longest, run := 0, 0
	for n, k := range list {
		if n > 0 && k.key != list[n-1].key {
			run = 0
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// add makes a family of a group, whose neurons are sorted by key. wOut is [neurons, d_model].
func (l *lookup) add(g *group, list []keyed, wOut model.Matrix) {
	f := family{from: len(l.neurons), inputs: g.bits(), keys: make([]uint64, 0, len(list))}
	l.neurons = slices.Grow(l.neurons, len(list))
	size := 1
	for size < 2*len(list) {
		size *= 2
	}
	f.slots = make([]slot, size)
	for n, k := range list {
		f.keys = append(f.keys, k.key)
		s := f.slot(k.key)
		if s.from == s.to {
			*s = slot{k.key, int32(n), int32(n)}
		}
		s.to++
		c := contextual{in: k.neuron.Entries, bias: k.neuron.Bias, out: int32(len(l.out))}
		for d, v := range wOut.Row(k.neuron.Index) {
			l.out = append(l.out, panel.Entry{In: int32(d), Weight: v})
		}
		c.outEnd = int32(len(l.out))
		l.neurons = append(l.neurons, c)
	}
	l.families = append(l.families, f)
}

// bits finds where the inputs of a family are low and high for all its neurons.
func (g *group) bits() []bit {
	bits := make([]bit, len(g.inputs))
	for j, i := range g.inputs {
		low, high := g.low[j], g.high[j]
		if math.IsInf(low, 1) { // all ask for low
			low = high
		}
		b := bit{i, float32(low), float32(high)}
		if float64(b.low) > low {
			b.low = math.Nextafter32(b.low, -math.MaxFloat32)
		}
		if float64(b.high) < high {
			b.high = math.Nextafter32(b.high, math.MaxFloat32)
		}
		if b.high <= b.low { // any limit between the two does
			b.high = math.Nextafter32(b.low, math.MaxFloat32)
		}
		bits[j] = b
	}
	return bits
}

// slot is that of a key, or the empty one where it belongs.
func (f *family) slot(key uint64) *slot {
	mask := uint64(len(f.slots) - 1)
	for h := key * 0x9e3779b97f4a7c15 >> 20; ; h++ { // Fibonacci hashing: Knuth, volume 3, section 6.4
		if s := &f.slots[h&mask]; s.from == s.to || s.key == key {
			return s
		}
	}
}
