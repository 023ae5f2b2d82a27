package machine

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// answers is a CPU: what it says of each leaf and part.
type answers map[[2]uint32][4]uint32

func (x answers) cpuid(leaf, part uint32) (a, b, c, d uint32) {
	v := x[[2]uint32{leaf, part}]
	return v[0], v[1], v[2], v[3]
}

// The answers of an Intel Xeon: 48 KB in 12 ways, instructions, 2 MB in 16.
var xeon = answers{
	{0, 0}: {0, 0x756e6547, 0x6c65746e, 0x49656e69},
	{1, 0}: {0xc06f2},
	{4, 0}: {1<<5 | 1, 11<<22 | 63, 63},
	{4, 1}: {1<<5 | 2, 7<<22 | 63, 63},
	{4, 2}: {2<<5 | 3, 15<<22 | 63, 2047},
}

// Those of a Zen 4: 32 KB in 8 ways, 1 MB in 8.
var zen4 = answers{
	{0, 0}:          {0, 0x68747541, 0x444d4163, 0x69746e65},
	{1, 0}:          {0xa10f11},
	{0x8000001d, 0}: {1<<5 | 1, 7<<22 | 63, 63},
	{0x8000001d, 1}: {2<<5 | 3, 7<<22 | 63, 2047},
}

func TestReadCaches(t *testing.T) {
	assert.Equal(t, Caches{L1: 48 << 10, L2: 2 << 20, L3: usual.L3}, readCaches(xeon.cpuid))
	assert.Equal(t, Caches{L1: 32 << 10, L2: 1 << 20, L3: usual.L3}, readCaches(zen4.cpuid))
	assert.Equal(t, usual, readCaches(answers{}.cpuid))
}

func TestIdentify(t *testing.T) {
	assert.Equal(t, model{"GenuineIntel", 6}, identify(xeon.cpuid))
	assert.Equal(t, model{"AuthenticAMD", 0x19}, identify(zen4.cpuid))
	assert.True(t, halved[identify(zen4.cpuid)])
	assert.False(t, halved[identify(xeon.cpuid)])
}

func TestVectorsAreNested(t *testing.T) {
	assert.False(t, AVX512() && !AVX2())
	assert.False(t, Wide() && !AVX512())
}
