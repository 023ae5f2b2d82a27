// Package machine says what the kernels want to know of the CPU that they run on:
// its vector instructions, how wide they really are, and the sizes of its caches.
package machine

import (
	"encoding/binary"
	"sync"

	"golang.org/x/sys/cpu"
)

// AVX2 says that 256-bit vectors and fused multiply-adds can be used.
func AVX2() bool { return cpu.X86.HasAVX2 && cpu.X86.HasFMA }

// AVX512 says the same of 512-bit vectors, with the byte, doubleword and short
// vector extensions that every CPU with AVX-512 has had since 2017.
func AVX512() bool {
	return cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL
}

// model is a family of CPUs of a vendor, as CPUID has them.
type model struct {
	vendor string
	family uint32
}

// halved are the CPUs that work through a vector of 512 bits in two halves: Zen 4 makes
// one multiply-add of them a cycle, and two of 256 bits. Docs/performance.md has the
// measurements, BenchmarkTiles in package gemm repeats them.
var halved = map[model]bool{{"AuthenticAMD", 0x19}: true}

// Wide says that a vector of 512 bits takes no longer than one of 256.
var Wide = sync.OnceValue(func() bool { return AVX512() && !halved[identify(cpuid)] })

// identify asks for the vendor, whose name is in three registers, and the family.
func identify(cpuid asked) model {
	_, b, c, d := cpuid(0, 0)
	name := binary.LittleEndian.AppendUint32(nil, b)
	name = binary.LittleEndian.AppendUint32(name, d)
	name = binary.LittleEndian.AppendUint32(name, c)
	a, _, _, _ := cpuid(1, 0)
	family := a >> 8 & 0xf
	if family == 0xf {
		family += a >> 20 & 0xff
	}
	return model{string(name), family}
}

// asked is cpuid.
type asked func(leaf, part uint32) (a, b, c, d uint32)

// Caches are the sizes, in bytes, of the caches that the first core sees: its own
// for data, its own or shared of the second level, the shared one.
type Caches struct{ L1, L2, L3 int }

// usual is assumed where nothing is known, and for a level that is not there.
var usual = Caches{L1: 32 << 10, L2: 512 << 10, L3: 8 << 20}

// CacheSizes asks the CPU, or assumes usual ones.
var CacheSizes = sync.OnceValue(func() Caches { return readCaches(cpuid) })

// readCaches goes through the caches that a leaf lists, 4 of Intel's or the same of
// AMD's, up to one of no kind.
func readCaches(cpuid asked) Caches {
	leaf := uint32(4)
	if identify(cpuid).vendor == "AuthenticAMD" {
		leaf = 0x8000001d
	}
	sizes := usual
	for part := range uint32(8) {
		a, b, c, _ := cpuid(leaf, part)
		const none, instructions = 0, 2
		kind, level := a&31, a>>5&7
		if kind == none {
			break
		}
		if kind == instructions {
			continue
		}
		ways, partitions, line, sets := b>>22+1, b>>12&0x3ff+1, b&0xfff+1, c+1
		size := int(ways) * int(partitions) * int(line) * int(sets)
		switch level {
		case 1:
			sizes.L1 = size
		case 2:
			sizes.L2 = size
		case 3:
			sizes.L3 = size
		}
	}
	return sizes
}
