package dataset

import (
	"math/bits"
	"math/rand/v2"
)

// permutation is the numbers from 0 to n-1 in an order that looks random, in no memory: a
// Feistel network over the least even number of bits that n needs (Luby, Rackoff 1988), run
// again for what is n or more (Black, Rogaway 2002, "Ciphers with Arbitrary Finite Domains",
// cycle walking). It is a bijection whatever the keys, since each round is:
//
//	left, right = right, left xor f(right, key)
//
// Small ones, for which so few bits make no good orders, are shuffled.
type permutation struct {
	n        uint64
	half     int // bits
	keys     [8]uint64
	shuffled []int // if it is small
}

const small = 1 << 12

func newPermutation(n int, r *rand.Rand) *permutation {
	p := &permutation{n: uint64(n)}
	if n <= small {
		p.shuffled = r.Perm(n)
		return p
	}
	p.half = (bits.Len64(p.n-1) + 1) / 2
	for i := range p.keys {
		p.keys[i] = r.Uint64()
	}
	return p
}

// at is the number at place i.
func (p *permutation) at(i int) int {
	if p.shuffled != nil {
		return p.shuffled[i]
	}
	x := p.once(uint64(i))
	for x >= p.n {
		x = p.once(x)
	}
	return int(x)
}

func (p *permutation) once(x uint64) uint64 {
	mask := uint64(1)<<p.half - 1
	left, right := x>>p.half, x&mask
	for _, key := range p.keys {
		left, right = right, left^mix(right^key)&mask
	}
	return left<<p.half | right
}

// mix is the finaliser of splitmix64 (Steele, Lea, Flood 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// fingerprint of an input. Two inputs with the same one are taken for the same, which leaves
// out an input now and then, but takes none twice.
func fingerprint(ids []int) uint64 {
	x := uint64(len(ids))
	for _, id := range ids {
		x = mix(x ^ uint64(id))
	}
	return x
}
