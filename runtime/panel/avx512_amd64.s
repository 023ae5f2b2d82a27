//go:build !noasm

#include "go_asm.h"
#include "textflag.h"
#include "avx512_amd64.h"

// func sparse512(a *sparseArgs)
//
// For each tile of 64 positions, for each output: Z0-Z3 sum weight times input.
// K1-K4 are the positions that exist. DI arguments, R8 and R9 tile of y and x,
// R10 and R11 their strides, R12 positions left, SI row, BX rows left, DX entry.
TEXT ·sparse512(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), DI
	MOVQ sparseArgs_y(DI), R8
	MOVQ sparseArgs_x(DI), R9
	MOVQ sparseArgs_yStride(DI), R10
	MOVQ sparseArgs_xStride(DI), R11
	MOVQ sparseArgs_positions(DI), R12
	MOVQ sparseArgs_mode(DI), R13
	VPXORQ Z5, Z5, Z5

tile:
	MASKS(R12)
	MOVQ    sparseArgs_rows(DI), SI
	MOVQ    sparseArgs_outputs(DI), BX
	MOVQ    sparseArgs_entries(DI), DX

row:
	MOVL   row_entries(SI), CX
	VPXORQ Z0, Z0, Z0
	VPXORQ Z1, Z1, Z1
	VPXORQ Z2, Z2, Z2
	VPXORQ Z3, Z3, Z3
	TESTL  CX, CX
	JZ     bias

weight:
	MOVL         Entry_In(DX), AX
	IMULQ        R11, AX
	VBROADCASTSS Entry_Weight(DX), Z4
	VFMADD231PS  (R9)(AX*1), Z4, Z0
	VFMADD231PS  64(R9)(AX*1), Z4, Z1
	VFMADD231PS  128(R9)(AX*1), Z4, Z2
	VFMADD231PS  192(R9)(AX*1), Z4, Z3
	ADDQ         $Entry__size, DX
	DECL         CX
	JNZ          weight

bias:
	VBROADCASTSS row_bias(SI), Z4
	VADDPS       Z4, Z0, Z0
	VADDPS       Z4, Z1, Z1
	VADDPS       Z4, Z2, Z2
	VADDPS       Z4, Z3, Z3
	MOVL         row_out(SI), AX
	IMULQ        R10, AX
	ADDQ         R8, AX
	CMPQ         R13, $const_ReLU
	JLT          store
	JGT          add
	VMAXPS       Z0, Z5, Z0
	VMAXPS       Z1, Z5, Z1
	VMAXPS       Z2, Z5, Z2
	VMAXPS       Z3, Z5, Z3
	JMP          store

add:
	VMOVUPS.Z (AX), K1, Z6
	VMOVUPS.Z 64(AX), K2, Z7
	VMOVUPS.Z 128(AX), K3, Z8
	VMOVUPS.Z 192(AX), K4, Z9
	VADDPS    Z6, Z0, Z0
	VADDPS    Z7, Z1, Z1
	VADDPS    Z8, Z2, Z2
	VADDPS    Z9, Z3, Z3

store:
	VMOVUPS Z0, K1, (AX)
	VMOVUPS Z1, K2, 64(AX)
	VMOVUPS Z2, K3, 128(AX)
	VMOVUPS Z3, K4, 192(AX)
	ADDQ    $row__size, SI
	DECQ    BX
	JNZ     row

	ADDQ $256, R8
	ADDQ $256, R9
	SUBQ $64, R12
	JG   tile
	VZEROUPPER
	RET

// func vector512(y, w, x *float32, outputs, stride int)
//
// y += x0 w0 + ... + x7 w7 for eight rows of a matrix, stride bytes apart: four
// from SI on and four from R10 on. From R12 and R13 on are the next eight, which
// are fetched if R11 is not 0. K1 are the outputs that exist.
TEXT ·vector512(SB), NOSPLIT, $0-48
	MOVQ         y+0(FP), DI
	MOVQ         w+8(FP), SI
	MOVQ         x+16(FP), DX
	MOVQ         outputs+24(FP), BX
	MOVQ         stride+32(FP), R8
	MOVQ         fetch+40(FP), R11
	LEAQ         (R8)(R8*2), R9
	LEAQ         (SI)(R8*4), R10
	LEAQ         (SI)(R8*8), R12
	LEAQ         (R10)(R8*8), R13
	VBROADCASTSS (DX), Z16
	VBROADCASTSS 4(DX), Z17
	VBROADCASTSS 8(DX), Z18
	VBROADCASTSS 12(DX), Z19
	VBROADCASTSS 16(DX), Z20
	VBROADCASTSS 20(DX), Z21
	VBROADCASTSS 24(DX), Z22
	VBROADCASTSS 28(DX), Z23
	KXNORW       K1, K1, K1

outputs:
	CMPQ  BX, $16
	JGE   whole
	MOVQ  $-1, AX
	BZHIQ BX, AX, AX
	KMOVW AX, K1

whole:
	TESTQ         R11, R11
	JZ            fetched
	PREFETCHT1    (R12)
	PREFETCHT1    (R12)(R8*1)
	PREFETCHT1    (R12)(R8*2)
	PREFETCHT1    (R12)(R9*1)
	PREFETCHT1    (R13)
	PREFETCHT1    (R13)(R8*1)
	PREFETCHT1    (R13)(R8*2)
	PREFETCHT1    (R13)(R9*1)

fetched:
	VMOVUPS.Z     (DI), K1, Z0
	VMULPS.Z      (SI), Z16, K1, Z1
	VMULPS.Z      (SI)(R8*1), Z17, K1, Z2
	VMULPS.Z      (SI)(R8*2), Z18, K1, Z3
	VFMADD231PS.Z (SI)(R9*1), Z19, K1, Z0
	VFMADD231PS.Z (R10), Z20, K1, Z1
	VFMADD231PS.Z (R10)(R8*1), Z21, K1, Z2
	VFMADD231PS.Z (R10)(R8*2), Z22, K1, Z3
	VFMADD231PS.Z (R10)(R9*1), Z23, K1, Z0
	VADDPS        Z1, Z2, Z1
	VADDPS        Z3, Z0, Z0
	VADDPS        Z1, Z0, Z0
	VMOVUPS       Z0, K1, (DI)
	ADDQ          $64, DI
	ADDQ          $64, SI
	ADDQ          $64, R10
	ADDQ          $64, R12
	ADDQ          $64, R13
	SUBQ          $16, BX
	JG            outputs
	VZEROUPPER
	RET
