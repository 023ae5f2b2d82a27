// Package keys numbers keys of 64 bits, such as floats: what a map from them to
// their numbers does, at a third of its time. Tables have hundreds of thousands of cells
// whose values are to be told apart.
package keys

import "math/bits"

// Numbering gives keys numbers from 0 on, in the order in which they come. The zero value
// has none.
type Numbering struct {
	keys  []uint64
	slots []int32 // by hash, and on from there: a number and 1, or 0 for a free one
}

// leastSlots is how many there are at first, a power of two.
const leastSlots = 1 << 4

// Of is the number of a key, and whether it has just got it.
func (n *Numbering) Of(key uint64) (number int, isNew bool) {
	if 2*len(n.keys) >= len(n.slots) {
		n.grow()
	}
	at := n.find(key)
	if slot := n.slots[at]; slot > 0 {
		return int(slot - 1), false
	}
	n.keys = append(n.keys, key)
	n.slots[at] = int32(len(n.keys))
	return len(n.keys) - 1, true
}

// find is the slot of a key, or the free one where it belongs.
func (n *Numbering) find(key uint64) uint64 {
	mask := uint64(len(n.slots) - 1)
	for at := hash(key) & mask; ; at = (at + 1) & mask {
		if slot := n.slots[at]; slot == 0 || n.keys[slot-1] == key {
			return at
		}
	}
}

// grow makes slots that are a quarter full.
func (n *Numbering) grow() {
	n.slots = make([]int32, max(leastSlots, 2*len(n.slots)))
	for i, key := range n.keys {
		n.slots[n.find(key)] = int32(i + 1)
	}
}

// hash mixes all bits of a key: both halves of its product with an odd number, 2^64 over the
// golden ratio.
func hash(key uint64) uint64 {
	high, low := bits.Mul64(key, 0x9e3779b97f4a7c15)
	return high ^ low
}
