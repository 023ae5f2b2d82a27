package runtime

import (
	"math"

	"rasp/runtime/panel"
)

// fired is a neuron of a lookup that is not 0 at a position.
type fired struct {
	position, neuron int32
	value            float32
}

// recalled is how many positions are looked up at once.
const recalled = 64

// find lists the neurons that fire at the first n positions of x.
func (l *lookup) find(list []fired, x panel.Panel, n int) []fired {
	var keys, between [recalled]uint64
	for i := range l.families {
		f := &l.families[i]
		for from := 0; from < n; from += recalled {
			here, positions := x.From(from), min(recalled, n-from)
			f.ask(keys[:positions], between[:positions], here)
			for p, key := range keys[:positions] {
				if between[p] == 0 {
					s := f.slot(key)
					for n := s.from; n < s.to; n++ {
						list = l.fire(list, f.from+int(n), here, from, p)
					}
					continue
				}
				for n, other := range f.keys {
					if (other^key)&^between[p] == 0 {
						list = l.fire(list, f.from+n, here, from, p)
					}
				}
			}
		}
	}
	return list
}

// ask finds the keys of the first positions of x, and which of their bits are
// neither low nor high.
func (f *family) ask(keys, between []uint64, x panel.Panel) {
	clear(keys)
	clear(between)
	for _, b := range f.inputs {
		for p, v := range x.Data[int(b.input)*x.Stride:][:len(keys)] {
			aboveLow, belowHigh := negative(b.low-v), negative(v-b.high)
			keys[p] = keys[p]<<1 | aboveLow
			between[p] = between[p]<<1 | aboveLow&belowHigh
		}
	}
}

// negative is 1 if v is, without a branch.
func negative(v float32) uint64 { return uint64(math.Float32bits(v) >> 31) }

// fire adds a neuron to the list if it fires at position p of x, which is that of
// the list from one on.
func (l *lookup) fire(list []fired, neuron int, x panel.Panel, from, p int) []fired {
	c := &l.neurons[neuron]
	sum := float32(0)
	for _, e := range c.in {
		sum += e.Weight * x.Data[int(e.In)*x.Stride+p]
	}
	if sum += c.bias; sum > 0 {
		list = append(list, fired{int32(from + p), int32(neuron), sum})
	}
	return list
}

// write adds to x what the neurons that fired write.
func (l *lookup) write(x panel.Panel, list []fired) {
	for _, f := range list {
		for _, e := range l.writes(f) {
			x.Data[int(e.In)*x.Stride+int(f.position)] += e.Weight * f.value
		}
	}
}

// writes is what a neuron that fired writes, times its value.
func (l *lookup) writes(f fired) []panel.Entry {
	c := &l.neurons[f.neuron]
	return l.out[c.out:c.outEnd]
}
