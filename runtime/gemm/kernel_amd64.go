//go:build !noasm

package gemm

import (
	"unsafe"

	"rasp/runtime/internal/machine"
)

//go:generate go run ./internal/kernelgen

// available lists the instruction sets of this CPU, the best one first.
func available() []*vectorISA {
	var list []*vectorISA
	if machine.AVX512() {
		avx512ISA.wide = machine.Wide()
		list = append(list, &avx512ISA)
	}
	if machine.AVX2() {
		list = append(list, &avx2ISA)
	}
	return list
}

// run calls the kernel for the tile.
func (v *vectorISA) run(t *tile) {
	if v.opmask {
		avx512(t)
	} else {
		avx2(t)
	}
}

//go:noescape
func avx512(t *tile)

//go:noescape
func avx2(t *tile)

// transpose writes lanes rows of src, 4 groups columns wide, as columns of dst.
func (v *vectorISA) transpose(dst, src []float32, rowDst, rowSrc, groups int) {
	d, s := unsafe.Pointer(&dst[0]), unsafe.Pointer(&src[0])
	if v.opmask {
		transpose16(d, s, 4*rowDst, 4*rowSrc, groups)
	} else {
		transpose8(d, s, 4*rowDst, 4*rowSrc, groups)
	}
}

//go:noescape
func transpose16(dst, src unsafe.Pointer, rowDst, rowSrc, groups int)

//go:noescape
func transpose8(dst, src unsafe.Pointer, rowDst, rowSrc, groups int)

// addStrips adds to the sums of four strips the products of their next k columns.
//
//go:noescape
func addStrips(s *[4]strip, rowA, k int)
