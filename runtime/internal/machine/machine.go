// Package machine says what the kernels want to know of the CPU that they run on:
// its vector instructions and the sizes of its caches.
package machine

import (
	"os"
	"strconv"
	"strings"
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

// Caches are the sizes, in bytes, of the caches that the first core sees: its own
// for data, its own or shared of the second level, the shared one.
type Caches struct{ L1, L2, L3 int }

// usual is assumed where nothing can be read, and for a level that is not there.
var usual = Caches{L1: 32 << 10, L2: 512 << 10, L3: 8 << 20}

// CacheSizes reads the sizes from the system, on Linux, or assumes usual ones.
var CacheSizes = sync.OnceValue(func() Caches { return readCaches("/sys/devices/system/cpu/cpu0/cache") })

// readCaches reads a directory of Linux's: index0/level, index0/type, index0/size
// and so on for each cache.
func readCaches(dir string) Caches {
	sizes := usual
	for i := range 8 {
		read := func(name string) string {
			text, _ := os.ReadFile(dir + "/index" + strconv.Itoa(i) + "/" + name)
			return strings.TrimSpace(string(text))
		}
		size := parseSize(read("size"))
		if size == 0 || read("type") == "Instruction" {
			continue
		}
		switch read("level") {
		case "1":
			sizes.L1 = size
		case "2":
			sizes.L2 = size
		case "3":
			sizes.L3 = size
		}
	}
	return sizes
}

// parseSize reads "32K" or "1M"; 0 is none.
func parseSize(text string) int {
	unit := 1
	if digits, ok := strings.CutSuffix(text, "K"); ok {
		text, unit = digits, 1<<10
	} else if digits, ok := strings.CutSuffix(text, "M"); ok {
		text, unit = digits, 1<<20
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0
	}
	return n * unit
}
