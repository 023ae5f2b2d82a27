//go:build amd64 && !noasm

#include "textflag.h"

// Four rows of four floats stand in each 128-bit lane of V0 to V3, row i of them
// in Vi. Interleaving twice makes column i of them, V8+i.
#define COLUMNS(V0, V1, V2, V3, V4, V5, V6, V7, V8, V9, V10, V11) \
	VUNPCKLPS V1, V0, V4 \
	VUNPCKHPS V1, V0, V5 \
	VUNPCKLPS V3, V2, V6 \
	VUNPCKHPS V3, V2, V7 \
	VUNPCKLPD V6, V4, V8 \
	VUNPCKHPD V6, V4, V9 \
	VUNPCKLPD V7, V5, V10 \
	VUNPCKHPD V7, V5, V11

#define STORE4(V8, V9, V10, V11) \
	VMOVUPS V8, (DI)          \
	VMOVUPS V9, (DI)(AX*1)    \
	VMOVUPS V10, (DI)(AX*2)   \
	VMOVUPS V11, (DI)(BX*1)   \
	LEAQ    (DI)(AX*4), DI

// func transpose16(dst, src unsafe.Pointer, rowDst, rowSrc, groups int)
// Rows 0, 4, 8 and 12 of src are at SI, R8, R9 and R10.
TEXT ·transpose16(SB), NOSPLIT, $0-40
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ rowDst+16(FP), AX
	MOVQ rowSrc+24(FP), DX
	MOVQ groups+32(FP), CX
	LEAQ (AX)(AX*2), BX
	LEAQ (DX)(DX*2), R11
	LEAQ (SI)(DX*4), R8
	LEAQ (R8)(DX*4), R9
	LEAQ (R9)(DX*4), R10

loop:
	VMOVUPS      (SI), X0
	VMOVUPS      (SI)(DX*1), X1
	VMOVUPS      (SI)(DX*2), X2
	VMOVUPS      (SI)(R11*1), X3
	VINSERTF32X4 $1, (R8), Z0, Z0
	VINSERTF32X4 $1, (R8)(DX*1), Z1, Z1
	VINSERTF32X4 $1, (R8)(DX*2), Z2, Z2
	VINSERTF32X4 $1, (R8)(R11*1), Z3, Z3
	VINSERTF32X4 $2, (R9), Z0, Z0
	VINSERTF32X4 $2, (R9)(DX*1), Z1, Z1
	VINSERTF32X4 $2, (R9)(DX*2), Z2, Z2
	VINSERTF32X4 $2, (R9)(R11*1), Z3, Z3
	VINSERTF32X4 $3, (R10), Z0, Z0
	VINSERTF32X4 $3, (R10)(DX*1), Z1, Z1
	VINSERTF32X4 $3, (R10)(DX*2), Z2, Z2
	VINSERTF32X4 $3, (R10)(R11*1), Z3, Z3
	COLUMNS(Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7, Z8, Z9, Z10, Z11)
	STORE4(Z8, Z9, Z10, Z11)
	ADDQ         $16, SI
	ADDQ         $16, R8
	ADDQ         $16, R9
	ADDQ         $16, R10
	DECQ         CX
	JNE          loop
	VZEROUPPER
	RET

// func transpose8(dst, src unsafe.Pointer, rowDst, rowSrc, groups int)
// Rows 0 and 4 of src are at SI and R8.
TEXT ·transpose8(SB), NOSPLIT, $0-40
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ rowDst+16(FP), AX
	MOVQ rowSrc+24(FP), DX
	MOVQ groups+32(FP), CX
	LEAQ (AX)(AX*2), BX
	LEAQ (DX)(DX*2), R11
	LEAQ (SI)(DX*4), R8

loop:
	VMOVUPS     (SI), X0
	VMOVUPS     (SI)(DX*1), X1
	VMOVUPS     (SI)(DX*2), X2
	VMOVUPS     (SI)(R11*1), X3
	VINSERTF128 $1, (R8), Y0, Y0
	VINSERTF128 $1, (R8)(DX*1), Y1, Y1
	VINSERTF128 $1, (R8)(DX*2), Y2, Y2
	VINSERTF128 $1, (R8)(R11*1), Y3, Y3
	COLUMNS(Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y10, Y11)
	STORE4(Y8, Y9, Y10, Y11)
	ADDQ        $16, SI
	ADDQ        $16, R8
	DECQ        CX
	JNE         loop
	VZEROUPPER
	RET
