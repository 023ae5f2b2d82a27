//go:build !noasm

#include "go_asm.h"
#include "textflag.h"

// MASKS makes K1-K4 the first n of 64 lanes. AX and CX are lost.
#define MASKS(n) \
	MOVQ    $64, CX;     \
	CMPQ    n, CX;       \
	CMOVQLT n, CX;       \
	MOVQ    $-1, AX;     \
	BZHIQ   CX, AX, AX;  \
	KMOVW   AX, K1;      \
	SHRQ    $16, AX;     \
	KMOVW   AX, K2;      \
	SHRQ    $16, AX;     \
	KMOVW   AX, K3;      \
	SHRQ    $16, AX;     \
	KMOVW   AX, K4

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

// Constants for attend512: -inf, Cut, log2 e, and ln 2 in two parts, the
// first with so few bits that its product with an exponent is exact. Then 1/n!
// for n from 7 to 2; ln 2 / 2 to the power of 8, over 8!, is 0.09 ulp.
DATA softmax<>+0(SB)/4, $0xff800000
DATA softmax<>+4(SB)/4, $-87.0
DATA softmax<>+8(SB)/4, $1.4426950408889634
DATA softmax<>+12(SB)/4, $0.693359375
DATA softmax<>+16(SB)/4, $-2.1219444005469058e-4
DATA softmax<>+20(SB)/4, $1.9841269841269841e-4
DATA softmax<>+24(SB)/4, $1.3888888888888889e-3
DATA softmax<>+28(SB)/4, $8.3333333333333333e-3
DATA softmax<>+32(SB)/4, $4.1666666666666667e-2
DATA softmax<>+36(SB)/4, $1.6666666666666667e-1
DATA softmax<>+40(SB)/4, $0.5
DATA softmax<>+44(SB)/4, $1.0
GLOBL softmax<>(SB), RODATA|NOPTR, $48

#define EXP_CONSTANTS \
	VBROADCASTSS softmax<>+8(SB), Z16; \
	VBROADCASTSS softmax<>+12(SB), Z17; \
	VBROADCASTSS softmax<>+16(SB), Z18; \
	VBROADCASTSS softmax<>+20(SB), Z19; \
	VBROADCASTSS softmax<>+24(SB), Z20; \
	VBROADCASTSS softmax<>+28(SB), Z21; \
	VBROADCASTSS softmax<>+32(SB), Z22; \
	VBROADCASTSS softmax<>+36(SB), Z23; \
	VBROADCASTSS softmax<>+40(SB), Z24; \
	VBROADCASTSS softmax<>+44(SB), Z25

// EXP_Z0_TO_Z2 takes the largest score, Z30, from those in Z0 and makes weights of
// them: e^x = 2^n e^r with n the nearest integer to x log2 e and r = x - n ln 2,
// or 0 at Cut, Z28, and below. K1 is where they are not 0.
#define EXP_Z0_TO_Z2 \
	VSUBPS       Z30, Z0, Z0; \
	VCMPPS       $14, Z28, Z0, K1; \
	VMULPS       Z16, Z0, Z1; \
	VRNDSCALEPS  $8, Z1, Z1; \
	VFNMADD231PS Z17, Z1, Z0; \
	VFNMADD231PS Z18, Z1, Z0; \
	VMOVAPS      Z19, Z2; \
	VFMADD213PS  Z20, Z0, Z2; \
	VFMADD213PS  Z21, Z0, Z2; \
	VFMADD213PS  Z22, Z0, Z2; \
	VFMADD213PS  Z23, Z0, Z2; \
	VFMADD213PS  Z24, Z0, Z2; \
	VFMADD213PS  Z25, Z0, Z2; \
	VFMADD213PS  Z25, Z0, Z2; \
	VSCALEFPS.Z  Z1, Z2, K1, Z2

// func scores512(a *scoresArgs)
//
// Scores of 32 queries, two vectors, with a block of keys, eight at a time, and the
// largest so far: each key that is loaded is multiplied twice, so that loads keep up
// with two multiply-adds a cycle.
//
// Z30 and Z31 largest, Z27 and Z28 visible, Z29 -inf; DI arguments, BX scores of the
// first 16 queries, R8 how far those of the others are.
TEXT ·scores512(SB), NOSPLIT, $0-8
	MOVQ         a+0(FP), DI
	VMOVDQU32    scoresArgs_visible(DI), Z27
	VMOVDQU32    scoresArgs_visible+64(DI), Z28
	VBROADCASTSS softmax<>+0(SB), Z29
	VMOVUPS      scoresArgs_largest(DI), Z30
	VMOVUPS      scoresArgs_largest+64(DI), Z31
	MOVL         $1, AX
	VPBROADCASTD AX, Z26
	MOVQ         scoresArgs_scores(DI), BX
	MOVQ         scoresArgs_second(DI), R8
	MOVQ         scoresArgs_kStride(DI), R12
	MOVQ         scoresArgs_all(DI), R13
	MOVQ         scoresArgs_to(DI), R14
	MOVQ         scoresArgs_from(DI), DX
	MOVQ         DX, AX
	SHLQ         $6, AX
	ADDQ         AX, BX

#define KEY(at, first, second) \
	VBROADCASTSS at(R10), Z18; \
	VFMADD231PS  Z18, Z16, first; \
	VFMADD231PS  Z18, Z17, second

#define UNSEEN(first, second) \
	VPCMPD  $5, Z27, Z18, K1; \
	VPCMPD  $5, Z28, Z18, K2; \
	VMOVAPS Z29, K1, first; \
	VMOVAPS Z29, K2, second; \
	VPADDD  Z26, Z18, Z18

keys:
	MOVQ   scoresArgs_q(DI), R9
	MOVQ   scoresArgs_k(DI), R10
	LEAQ   (R10)(DX*4), R10
	MOVQ   scoresArgs_dims(DI), CX
	VPXORQ Z0, Z0, Z0
	VPXORQ Z1, Z1, Z1
	VPXORQ Z2, Z2, Z2
	VPXORQ Z3, Z3, Z3
	VPXORQ Z4, Z4, Z4
	VPXORQ Z5, Z5, Z5
	VPXORQ Z6, Z6, Z6
	VPXORQ Z7, Z7, Z7
	VPXORQ Z8, Z8, Z8
	VPXORQ Z9, Z9, Z9
	VPXORQ Z10, Z10, Z10
	VPXORQ Z11, Z11, Z11
	VPXORQ Z12, Z12, Z12
	VPXORQ Z13, Z13, Z13
	VPXORQ Z14, Z14, Z14
	VPXORQ Z15, Z15, Z15
	TESTQ  CX, CX
	JZ     mask

dims:
	VMOVUPS    (R9), Z16
	VMOVUPS    64(R9), Z17
	PREFETCHT0 64(R10)
	KEY(0, Z0, Z8)
	KEY(4, Z1, Z9)
	KEY(8, Z2, Z10)
	KEY(12, Z3, Z11)
	KEY(16, Z4, Z12)
	KEY(20, Z5, Z13)
	KEY(24, Z6, Z14)
	KEY(28, Z7, Z15)
	ADDQ       $128, R9
	ADDQ       R12, R10
	DECQ       CX
	JNZ        dims

mask:
	LEAQ         8(DX), DX
	CMPQ         DX, R13
	JLE          largest
	LEAQ         -8(DX), AX
	VPBROADCASTD AX, Z18
	UNSEEN(Z0, Z8)
	UNSEEN(Z1, Z9)
	UNSEEN(Z2, Z10)
	UNSEEN(Z3, Z11)
	UNSEEN(Z4, Z12)
	UNSEEN(Z5, Z13)
	UNSEEN(Z6, Z14)
	UNSEEN(Z7, Z15)

#define LARGEST(V0, V1, V2, V3, V4, V5, V6, V7, to) \
	VMAXPS V0, V1, Z16; \
	VMAXPS V2, V3, Z17; \
	VMAXPS V4, V5, Z18; \
	VMAXPS V6, V7, Z19; \
	VMAXPS Z16, Z17, Z16; \
	VMAXPS Z18, Z19, Z18; \
	VMAXPS Z16, Z18, Z16; \
	VMAXPS Z16, to, to

largest:
	LARGEST(Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7, Z30)
	LARGEST(Z8, Z9, Z10, Z11, Z12, Z13, Z14, Z15, Z31)
	LEAQ    (BX)(R8*1), R11
	VMOVUPS Z0, 0(BX)
	VMOVUPS Z1, 64(BX)
	VMOVUPS Z2, 128(BX)
	VMOVUPS Z3, 192(BX)
	VMOVUPS Z4, 256(BX)
	VMOVUPS Z5, 320(BX)
	VMOVUPS Z6, 384(BX)
	VMOVUPS Z7, 448(BX)
	VMOVUPS Z8, 0(R11)
	VMOVUPS Z9, 64(R11)
	VMOVUPS Z10, 128(R11)
	VMOVUPS Z11, 192(R11)
	VMOVUPS Z12, 256(R11)
	VMOVUPS Z13, 320(R11)
	VMOVUPS Z14, 384(R11)
	VMOVUPS Z15, 448(R11)
	ADDQ    $512, BX
	CMPQ    DX, R14
	JLT     keys
	VMOVUPS Z30, scoresArgs_largest(DI)
	VMOVUPS Z31, scoresArgs_largest+64(DI)
	VZEROUPPER
	RET

// func attend512(a *attendArgs)
//
// Lanes are queries. First the scores of eight keys at a time, and the largest. Then,
// for each block of so many keys that their weights stay in the first-level cache, the
// list of the keys that some query weighs; their weights; and, of 16 values at a time,
// the weighted sums, which between blocks are in memory. If dims are -1, the scores are
// there, and what follows is done for one block.
//
// Z31 visible, Z30 largest score, Z29 -inf, Z28 Cut, Z27 denominator; DI
// arguments, SI scores, R8 live keys, R15 how many.
TEXT ·attend512(SB), NOSPLIT, $0-8
	MOVQ         a+0(FP), DI
	VMOVDQU32    attendArgs_visible(DI), Z31
	VBROADCASTSS softmax<>+0(SB), Z29
	VBROADCASTSS softmax<>+4(SB), Z28
	VMOVAPS      Z29, Z30
	MOVL         $1, AX
	VPBROADCASTD AX, Z26
	MOVQ         attendArgs_scores(DI), SI
	MOVQ         attendArgs_qStride(DI), R11
	MOVQ         attendArgs_kStride(DI), R12
	MOVQ         attendArgs_all(DI), R13
	MOVQ         attendArgs_keys(DI), R14
	MOVQ         SI, BX
	XORQ         DX, DX
	CMPQ         attendArgs_dims(DI), $0
	JGE          keys
	VMOVUPS      attendArgs_largest(DI), Z30
	VMOVUPS      attendArgs_denominator(DI), Z27
	EXP_CONSTANTS
	JMP          block

keys:
	MOVQ   attendArgs_q(DI), R9
	MOVQ   attendArgs_k(DI), R10
	LEAQ   (R10)(DX*4), R10
	MOVQ   attendArgs_dims(DI), CX
	VPXORQ Z0, Z0, Z0
	VPXORQ Z1, Z1, Z1
	VPXORQ Z2, Z2, Z2
	VPXORQ Z3, Z3, Z3
	VPXORQ Z4, Z4, Z4
	VPXORQ Z5, Z5, Z5
	VPXORQ Z6, Z6, Z6
	VPXORQ Z7, Z7, Z7
	TESTQ  CX, CX
	JZ     mask

dims:
	VMOVUPS          (R9), Z8
	VFMADD231PS.BCST (R10), Z8, Z0
	VFMADD231PS.BCST 4(R10), Z8, Z1
	VFMADD231PS.BCST 8(R10), Z8, Z2
	VFMADD231PS.BCST 12(R10), Z8, Z3
	VFMADD231PS.BCST 16(R10), Z8, Z4
	VFMADD231PS.BCST 20(R10), Z8, Z5
	VFMADD231PS.BCST 24(R10), Z8, Z6
	VFMADD231PS.BCST 28(R10), Z8, Z7
	ADDQ             R11, R9
	ADDQ             R12, R10
	DECQ             CX
	JNZ              dims

mask:
	LEAQ 8(DX), DX
	CMPQ DX, R13
	JLE  largest

	// Not all queries see all of these keys: -inf for those that do not.
	LEAQ         -8(DX), AX
	VPBROADCASTD AX, Z8
	VPCMPD       $5, Z31, Z8, K1
	VMOVAPS      Z29, K1, Z0
	VPADDD       Z26, Z8, Z8
	VPCMPD       $5, Z31, Z8, K1
	VMOVAPS      Z29, K1, Z1
	VPADDD       Z26, Z8, Z8
	VPCMPD       $5, Z31, Z8, K1
	VMOVAPS      Z29, K1, Z2
	VPADDD       Z26, Z8, Z8
	VPCMPD       $5, Z31, Z8, K1
	VMOVAPS      Z29, K1, Z3
	VPADDD       Z26, Z8, Z8
	VPCMPD       $5, Z31, Z8, K1
	VMOVAPS      Z29, K1, Z4
	VPADDD       Z26, Z8, Z8
	VPCMPD       $5, Z31, Z8, K1
	VMOVAPS      Z29, K1, Z5
	VPADDD       Z26, Z8, Z8
	VPCMPD       $5, Z31, Z8, K1
	VMOVAPS      Z29, K1, Z6
	VPADDD       Z26, Z8, Z8
	VPCMPD       $5, Z31, Z8, K1
	VMOVAPS      Z29, K1, Z7

largest:
	VMAXPS  Z0, Z1, Z8
	VMAXPS  Z2, Z3, Z9
	VMAXPS  Z4, Z5, Z10
	VMAXPS  Z6, Z7, Z11
	VMAXPS  Z8, Z9, Z8
	VMAXPS  Z10, Z11, Z10
	VMAXPS  Z8, Z10, Z8
	VMAXPS  Z8, Z30, Z30
	VMOVUPS Z0, (BX)
	VMOVUPS Z1, 64(BX)
	VMOVUPS Z2, 128(BX)
	VMOVUPS Z3, 192(BX)
	VMOVUPS Z4, 256(BX)
	VMOVUPS Z5, 320(BX)
	VMOVUPS Z6, 384(BX)
	VMOVUPS Z7, 448(BX)
	ADDQ    $512, BX
	CMPQ    DX, R14
	JLT     keys

	EXP_CONSTANTS
	VPXORQ Z27, Z27, Z27
	XORQ   DX, DX

next:
	MOVQ    DX, attendArgs_from(DI)
	MOVQ    attendArgs_keys(DI), R14
	ADDQ    $const_blockKeys, DX
	CMPQ    DX, R14
	CMOVQLT DX, R14
	MOVQ    R14, attendArgs_to(DI)

block:
	MOVQ    attendArgs_live(DI), R8
	MOVQ    attendArgs_from(DI), DX
	MOVQ    attendArgs_to(DI), R14
	MOVQ    DX, BX
	SHLQ    $6, BX
	ADDQ    SI, BX
	XORQ    R15, R15
	XORL    AX, AX

	// The list grows by a key without a branch.
list:
	VMOVUPS  (BX), Z0
	VSUBPS   Z30, Z0, Z0
	VCMPPS   $14, Z28, Z0, K1
	MOVL     DX, (R8)(R15*4)
	KORTESTW K1, K1
	SETNE    AL
	ADDQ     AX, R15
	ADDQ     $64, BX
	INCQ     DX
	CMPQ     DX, R14
	JLT      list

	XORQ  DX, DX
	TESTQ R15, R15
	JZ    values

weights:
	MOVL         (R8)(DX*4), AX
	SHLQ         $6, AX
	VMOVUPS      (SI)(AX*1), Z0
	EXP_Z0_TO_Z2
	VADDPS       Z2, Z27, Z27
	VMOVUPS      Z2, (SI)(AX*1)
	INCQ         DX
	CMPQ         DX, R15
	JLT          weights

	// Sixteen values at a time, eight or one: R12 value, R9 every fourth after it,
	// R11 and R14 one and three strides, R13 sums, BX where to write the result, R10
	// its stride, CX values left.
values:
	MOVQ  attendArgs_stored(DI), CX
	MOVL  $0xffff, AX
	BZHIL CX, AX, AX
	KMOVW AX, K1
	MOVQ  attendArgs_v(DI), R12
	MOVQ  attendArgs_vStride(DI), R11
	LEAQ  (R11)(R11*2), R14
	MOVQ  attendArgs_sums(DI), R13
	MOVQ  attendArgs_z(DI), BX
	MOVQ  attendArgs_zStride(DI), R10
	MOVQ  attendArgs_values(DI), CX

group:
	CMPQ  CX, $0
	JLE   done
	XORQ  DX, DX
	CMPQ  CX, $2
	JLE   begin1
	CMPQ  CX, $8
	JLE   begin8

	CMPQ attendArgs_from(DI), $0
	JNE  load16
	VPXORQ Z0, Z0, Z0
	VPXORQ Z1, Z1, Z1
	VPXORQ Z2, Z2, Z2
	VPXORQ Z3, Z3, Z3
	VPXORQ Z4, Z4, Z4
	VPXORQ Z5, Z5, Z5
	VPXORQ Z6, Z6, Z6
	VPXORQ Z7, Z7, Z7
	VPXORQ Z8, Z8, Z8
	VPXORQ Z9, Z9, Z9
	VPXORQ Z10, Z10, Z10
	VPXORQ Z11, Z11, Z11
	VPXORQ Z12, Z12, Z12
	VPXORQ Z13, Z13, Z13
	VPXORQ Z14, Z14, Z14
	VPXORQ Z15, Z15, Z15
	JMP  count16

load16:
	VMOVUPS 0(R13), Z0
	VMOVUPS 64(R13), Z1
	VMOVUPS 128(R13), Z2
	VMOVUPS 192(R13), Z3
	VMOVUPS 256(R13), Z4
	VMOVUPS 320(R13), Z5
	VMOVUPS 384(R13), Z6
	VMOVUPS 448(R13), Z7
	VMOVUPS 512(R13), Z8
	VMOVUPS 576(R13), Z9
	VMOVUPS 640(R13), Z10
	VMOVUPS 704(R13), Z11
	VMOVUPS 768(R13), Z12
	VMOVUPS 832(R13), Z13
	VMOVUPS 896(R13), Z14
	VMOVUPS 960(R13), Z15

count16:
	TESTQ R15, R15
	JZ    end16

sixteen:
	MOVL             (R8)(DX*4), AX
	LEAQ             (R12)(AX*4), R9
	SHLQ             $6, AX
	VMOVUPS          (SI)(AX*1), Z26
	VFMADD231PS.BCST (R9), Z26, Z0
	VFMADD231PS.BCST (R9)(R11*1), Z26, Z1
	VFMADD231PS.BCST (R9)(R11*2), Z26, Z2
	VFMADD231PS.BCST (R9)(R14*1), Z26, Z3
	LEAQ             (R9)(R11*4), R9
	VFMADD231PS.BCST (R9), Z26, Z4
	VFMADD231PS.BCST (R9)(R11*1), Z26, Z5
	VFMADD231PS.BCST (R9)(R11*2), Z26, Z6
	VFMADD231PS.BCST (R9)(R14*1), Z26, Z7
	LEAQ             (R9)(R11*4), R9
	VFMADD231PS.BCST (R9), Z26, Z8
	VFMADD231PS.BCST (R9)(R11*1), Z26, Z9
	VFMADD231PS.BCST (R9)(R11*2), Z26, Z10
	VFMADD231PS.BCST (R9)(R14*1), Z26, Z11
	LEAQ             (R9)(R11*4), R9
	VFMADD231PS.BCST (R9), Z26, Z12
	VFMADD231PS.BCST (R9)(R11*1), Z26, Z13
	VFMADD231PS.BCST (R9)(R11*2), Z26, Z14
	VFMADD231PS.BCST (R9)(R14*1), Z26, Z15
	INCQ             DX
	CMPQ             DX, R15
	JLT              sixteen

end16:
	LEAQ (R12)(R11*8), R12
	LEAQ (R12)(R11*8), R12
	MOVQ attendArgs_to(DI), AX
	CMPQ AX, attendArgs_keys(DI)
	JEQ  write16
	VMOVUPS Z0, 0(R13)
	VMOVUPS Z1, 64(R13)
	VMOVUPS Z2, 128(R13)
	VMOVUPS Z3, 192(R13)
	VMOVUPS Z4, 256(R13)
	VMOVUPS Z5, 320(R13)
	VMOVUPS Z6, 384(R13)
	VMOVUPS Z7, 448(R13)
	VMOVUPS Z8, 512(R13)
	VMOVUPS Z9, 576(R13)
	VMOVUPS Z10, 640(R13)
	VMOVUPS Z11, 704(R13)
	VMOVUPS Z12, 768(R13)
	VMOVUPS Z13, 832(R13)
	VMOVUPS Z14, 896(R13)
	VMOVUPS Z15, 960(R13)
	ADDQ $1024, R13
	SUBQ $16, CX
	JMP  group

#define WRITE(sum) \
	VDIVPS  Z27, sum, sum; \
	VMOVUPS sum, K1, (BX); \
	ADDQ    R10, BX;        \
	DECQ    CX;             \
	JZ      done

write16:
	WRITE(Z0)
	WRITE(Z1)
	WRITE(Z2)
	WRITE(Z3)
	WRITE(Z4)
	WRITE(Z5)
	WRITE(Z6)
	WRITE(Z7)
	WRITE(Z8)
	WRITE(Z9)
	WRITE(Z10)
	WRITE(Z11)
	WRITE(Z12)
	WRITE(Z13)
	WRITE(Z14)
	WRITE(Z15)
	ADDQ $1024, R13
	JMP  group

begin8:
	CMPQ attendArgs_from(DI), $0
	JNE  load8
	VPXORQ Z0, Z0, Z0
	VPXORQ Z1, Z1, Z1
	VPXORQ Z2, Z2, Z2
	VPXORQ Z3, Z3, Z3
	VPXORQ Z4, Z4, Z4
	VPXORQ Z5, Z5, Z5
	VPXORQ Z6, Z6, Z6
	VPXORQ Z7, Z7, Z7
	JMP  count8

load8:
	VMOVUPS 0(R13), Z0
	VMOVUPS 64(R13), Z1
	VMOVUPS 128(R13), Z2
	VMOVUPS 192(R13), Z3
	VMOVUPS 256(R13), Z4
	VMOVUPS 320(R13), Z5
	VMOVUPS 384(R13), Z6
	VMOVUPS 448(R13), Z7

count8:
	TESTQ R15, R15
	JZ    end8

eight:
	MOVL             (R8)(DX*4), AX
	LEAQ             (R12)(AX*4), R9
	SHLQ             $6, AX
	VMOVUPS          (SI)(AX*1), Z26
	VFMADD231PS.BCST (R9), Z26, Z0
	VFMADD231PS.BCST (R9)(R11*1), Z26, Z1
	VFMADD231PS.BCST (R9)(R11*2), Z26, Z2
	VFMADD231PS.BCST (R9)(R14*1), Z26, Z3
	LEAQ             (R9)(R11*4), R9
	VFMADD231PS.BCST (R9), Z26, Z4
	VFMADD231PS.BCST (R9)(R11*1), Z26, Z5
	VFMADD231PS.BCST (R9)(R11*2), Z26, Z6
	VFMADD231PS.BCST (R9)(R14*1), Z26, Z7
	INCQ             DX
	CMPQ             DX, R15
	JLT              eight

end8:
	MOVQ attendArgs_to(DI), AX
	CMPQ AX, attendArgs_keys(DI)
	JEQ  write8
	VMOVUPS Z0, 0(R13)
	VMOVUPS Z1, 64(R13)
	VMOVUPS Z2, 128(R13)
	VMOVUPS Z3, 192(R13)
	VMOVUPS Z4, 256(R13)
	VMOVUPS Z5, 320(R13)
	VMOVUPS Z6, 384(R13)
	VMOVUPS Z7, 448(R13)
	JMP  done

write8:
	WRITE(Z0)
	WRITE(Z1)
	WRITE(Z2)
	WRITE(Z3)
	WRITE(Z4)
	WRITE(Z5)
	WRITE(Z6)
	WRITE(Z7)

begin1:
	VPXORQ  Z0, Z0, Z0
	CMPQ    attendArgs_from(DI), $0
	JEQ     count1
	VMOVUPS (R13), Z0

count1:
	TESTQ R15, R15
	JZ    end1

one:
	MOVL             (R8)(DX*4), AX
	LEAQ             (R12)(AX*4), R9
	SHLQ             $6, AX
	VMOVUPS          (SI)(AX*1), Z26
	VFMADD231PS.BCST (R9), Z26, Z0
	INCQ             DX
	CMPQ             DX, R15
	JLT              one

end1:
	ADDQ    R11, R12
	MOVQ    attendArgs_to(DI), AX
	CMPQ    AX, attendArgs_keys(DI)
	JEQ     write1
	VMOVUPS Z0, (R13)
	ADDQ    $64, R13
	DECQ    CX
	JMP     group

write1:
	ADDQ $64, R13
	WRITE(Z0)
	JMP  group

done:
	CMPQ    attendArgs_dims(DI), $0
	JLT     kept
	MOVQ    attendArgs_to(DI), DX
	CMPQ    DX, attendArgs_keys(DI)
	JLT     next
	VZEROUPPER
	RET

kept:
	VMOVUPS Z27, attendArgs_denominator(DI)
	VZEROUPPER
	RET

// func query512(a *attendArgs)
//
// Lanes are keys, 64 of them in a step. First the scores, those that are there if
// dims is below 0, -inf where there is no key, and their largest; then the
// weights; then the sums for one value after another, while the next is fetched.
TEXT ·query512(SB), NOSPLIT, $0-8
	MOVQ         a+0(FP), DI
	VBROADCASTSS softmax<>+0(SB), Z29
	VBROADCASTSS softmax<>+4(SB), Z28
	VMOVAPS      Z29, Z30
	MOVQ         attendArgs_qStride(DI), R11
	MOVQ         attendArgs_kStride(DI), R12
	MOVQ         attendArgs_keys(DI), R14
	MOVQ         attendArgs_k(DI), R8
	MOVQ         attendArgs_scores(DI), SI
	MOVQ         SI, BX

keys:
	MASKS(R14)
	MOVQ   attendArgs_q(DI), R9
	MOVQ   R8, R10
	MOVQ   attendArgs_dims(DI), CX
	VPXORQ Z0, Z0, Z0
	VPXORQ Z1, Z1, Z1
	VPXORQ Z2, Z2, Z2
	VPXORQ Z3, Z3, Z3
	TESTQ  CX, CX
	JZ     largest
	JS     given

dims:
	VBROADCASTSS (R9), Z4
	VFMADD231PS  (R10), Z4, Z0
	VFMADD231PS  64(R10), Z4, Z1
	VFMADD231PS  128(R10), Z4, Z2
	VFMADD231PS  192(R10), Z4, Z3
	ADDQ         R11, R9
	ADDQ         R12, R10
	DECQ         CX
	JNZ          dims
	JMP          largest

given:
	VMOVUPS (BX), Z0
	VMOVUPS 64(BX), Z1
	VMOVUPS 128(BX), Z2
	VMOVUPS 192(BX), Z3

largest:
	VBLENDMPS Z0, Z29, K1, Z0
	VBLENDMPS Z1, Z29, K2, Z1
	VBLENDMPS Z2, Z29, K3, Z2
	VBLENDMPS Z3, Z29, K4, Z3
	VMOVUPS   Z0, (BX)
	VMOVUPS   Z1, 64(BX)
	VMOVUPS   Z2, 128(BX)
	VMOVUPS   Z3, 192(BX)
	VMAXPS    Z0, Z1, Z0
	VMAXPS    Z2, Z3, Z2
	VMAXPS    Z0, Z2, Z0
	VMAXPS    Z0, Z30, Z30
	ADDQ      $256, R8
	ADDQ      $256, BX
	SUBQ      $64, R14
	JG        keys

	// The largest of all lanes, in all lanes.
	VSHUFF32X4 $0x4e, Z30, Z30, Z0
	VMAXPS     Z0, Z30, Z30
	VSHUFF32X4 $0xb1, Z30, Z30, Z0
	VMAXPS     Z0, Z30, Z30
	VPERMILPS  $0x4e, Z30, Z0
	VMAXPS     Z0, Z30, Z30
	VPERMILPS  $0xb1, Z30, Z0
	VMAXPS     Z0, Z30, Z30

	EXP_CONSTANTS
	VPXORQ Z27, Z27, Z27
	MOVQ   SI, DX

weights:
	VMOVUPS (DX), Z0
	EXP_Z0_TO_Z2
	VADDPS  Z2, Z27, Z27
	VMOVUPS Z2, (DX)
	ADDQ    $64, DX
	CMPQ    DX, BX
	JLT     weights

// SUM adds up the lanes of z, in lane 0; Z9 is lost.
#define SUM(z) \
	VSHUFF32X4 $0x4e, z, z, Z9; \
	VADDPS     Z9, z, z;        \
	VSHUFF32X4 $0xb1, z, z, Z9; \
	VADDPS     Z9, z, z;        \
	VPERMILPS  $0x4e, z, Z9;    \
	VADDPS     Z9, z, z;        \
	VPERMILPS  $0xb1, z, Z9;    \
	VADDPS     Z9, z, z

	SUM(Z27)
	MOVQ  attendArgs_v(DI), R12
	MOVQ  attendArgs_vStride(DI), R11
	MOVQ  attendArgs_z(DI), R13
	MOVQ  attendArgs_zStride(DI), R9
	MOVQ  attendArgs_values(DI), R15
	TESTQ R15, R15
	JZ    done

value:
	MOVQ   attendArgs_keys(DI), R14
	MOVQ   SI, BX
	MOVQ   R12, R10
	VPXORQ Z0, Z0, Z0
	VPXORQ Z1, Z1, Z1
	VPXORQ Z2, Z2, Z2
	VPXORQ Z3, Z3, Z3
	CMPQ   R14, $64
	JLT    rest

whole:
	PREFETCHT1  (R10)(R11*1)
	PREFETCHT1  64(R10)(R11*1)
	PREFETCHT1  128(R10)(R11*1)
	PREFETCHT1  192(R10)(R11*1)
	VMOVUPS     (R10), Z4
	VMOVUPS     64(R10), Z5
	VMOVUPS     128(R10), Z6
	VMOVUPS     192(R10), Z7
	VFMADD231PS (BX), Z4, Z0
	VFMADD231PS 64(BX), Z5, Z1
	VFMADD231PS 128(BX), Z6, Z2
	VFMADD231PS 192(BX), Z7, Z3
	ADDQ        $256, R10
	ADDQ        $256, BX
	SUBQ        $64, R14
	CMPQ        R14, $64
	JGE         whole

rest:
	TESTQ       R14, R14
	JZ          write
	MASKS(R14)
	VMOVUPS.Z   (R10), K1, Z4
	VMOVUPS.Z   64(R10), K2, Z5
	VMOVUPS.Z   128(R10), K3, Z6
	VMOVUPS.Z   192(R10), K4, Z7
	VFMADD231PS (BX), Z4, Z0
	VFMADD231PS 64(BX), Z5, Z1
	VFMADD231PS 128(BX), Z6, Z2
	VFMADD231PS 192(BX), Z7, Z3

write:
	VADDPS Z0, Z1, Z0
	VADDPS Z2, Z3, Z2
	VADDPS Z0, Z2, Z0
	SUM(Z0)
	VDIVSS X27, X0, X0
	VMOVSS X0, (R13)
	ADDQ   R9, R13
	ADDQ   R11, R12
	DECQ   R15
	JNZ    value

done:
	VZEROUPPER
	RET

// func vector512(y, w, x *float32, outputs, stride int)
//
// y += x0 w0 + ... + x7 w7 for eight rows of a matrix, stride bytes apart: four
// from SI on and four from R10 on. From R12 and R13 on are the next eight, which
// are fetched. K1 are the outputs that exist.
TEXT ·vector512(SB), NOSPLIT, $0-40
	MOVQ         y+0(FP), DI
	MOVQ         w+8(FP), SI
	MOVQ         x+16(FP), DX
	MOVQ         outputs+24(FP), BX
	MOVQ         stride+32(FP), R8
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
	PREFETCHT1    (R12)
	PREFETCHT1    (R12)(R8*1)
	PREFETCHT1    (R12)(R8*2)
	PREFETCHT1    (R12)(R9*1)
	PREFETCHT1    (R13)
	PREFETCHT1    (R13)(R8*1)
	PREFETCHT1    (R13)(R8*2)
	PREFETCHT1    (R13)(R9*1)
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
