//go:build !noasm

#include "textflag.h"

#define KEYS(at, first, second) \
	VBROADCASTSS at(R11), Z18; \
	VFMADD231PS  Z18, Z16, first; \
	VFMADD231PS  Z18, Z17, second

// func half512(scores, k, q *float32, keys, rows, kStride, qStride int)
//
// Lanes are keys, 32 of them in a step, which goes on with the scores of 8 queries by so many
// rows. Each row is read from its start to its end, which the CPU notices and fetches ahead of.
// DI scores, BX keys left, SI key, R8 its stride, DX query, R9 its stride, R13 rows.
TEXT ·half512(SB), NOSPLIT, $0-56
	MOVQ scores+0(FP), DI
	MOVQ k+8(FP), SI
	MOVQ q+16(FP), DX
	MOVQ keys+24(FP), BX
	MOVQ rows+32(FP), R13
	MOVQ kStride+40(FP), R8
	MOVQ qStride+48(FP), R9

keys:
	VMOVUPS 0(DI), Z0
	VMOVUPS 64(DI), Z1
	VMOVUPS 128(DI), Z2
	VMOVUPS 192(DI), Z3
	VMOVUPS 256(DI), Z4
	VMOVUPS 320(DI), Z5
	VMOVUPS 384(DI), Z6
	VMOVUPS 448(DI), Z7
	VMOVUPS 512(DI), Z8
	VMOVUPS 576(DI), Z9
	VMOVUPS 640(DI), Z10
	VMOVUPS 704(DI), Z11
	VMOVUPS 768(DI), Z12
	VMOVUPS 832(DI), Z13
	VMOVUPS 896(DI), Z14
	VMOVUPS 960(DI), Z15
	MOVQ    SI, R10
	MOVQ    DX, R11
	MOVQ    R13, CX

row:
	VMOVUPS (R10), Z16
	VMOVUPS 64(R10), Z17
	KEYS(0, Z0, Z1)
	KEYS(4, Z2, Z3)
	KEYS(8, Z4, Z5)
	KEYS(12, Z6, Z7)
	KEYS(16, Z8, Z9)
	KEYS(20, Z10, Z11)
	KEYS(24, Z12, Z13)
	KEYS(28, Z14, Z15)
	ADDQ    R8, R10
	ADDQ    R9, R11
	DECQ    CX
	JNZ     row

	VMOVUPS Z0, 0(DI)
	VMOVUPS Z1, 64(DI)
	VMOVUPS Z2, 128(DI)
	VMOVUPS Z3, 192(DI)
	VMOVUPS Z4, 256(DI)
	VMOVUPS Z5, 320(DI)
	VMOVUPS Z6, 384(DI)
	VMOVUPS Z7, 448(DI)
	VMOVUPS Z8, 512(DI)
	VMOVUPS Z9, 576(DI)
	VMOVUPS Z10, 640(DI)
	VMOVUPS Z11, 704(DI)
	VMOVUPS Z12, 768(DI)
	VMOVUPS Z13, 832(DI)
	VMOVUPS Z14, 896(DI)
	VMOVUPS Z15, 960(DI)
	ADDQ    $1024, DI
	ADDQ    $128, SI
	SUBQ    $32, BX
	JG      keys
	VZEROUPPER
	RET
