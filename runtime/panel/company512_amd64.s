//go:build !noasm

#include "go_asm.h"
#include "textflag.h"
#include "avx512_amd64.h"

// func scores512(a *pairArgs)
//
// Scores of 32 queries, two vectors, with a block of keys, eight at a time, and the
// largest so far: each key that is loaded is multiplied twice, so that loads keep up
// with two multiply-adds a cycle. A call takes some of the dims; what it does not
// begin goes on, and what it does not end has no largest yet.
//
// Z30 and Z31 largest, Z27 and Z28 visible, Z29 -inf; DI arguments, BX scores, R8 queries,
// R11 keys, R15 how many dims.
TEXT ·scores512(SB), NOSPLIT, $0-8
	MOVQ         a+0(FP), DI
	VMOVDQU32    pairArgs_visible(DI), Z27
	VMOVDQU32    pairArgs_visible+64(DI), Z28
	VBROADCASTSS softmax<>+0(SB), Z29
	VMOVUPS      pairArgs_largest(DI), Z30
	VMOVUPS      pairArgs_largest+64(DI), Z31
	MOVL         $1, AX
	VPBROADCASTD AX, Z26
	MOVQ         pairArgs_scores(DI), BX
	MOVQ         pairArgs_kStride(DI), R12
	MOVQ         pairArgs_all(DI), R13
	MOVQ         pairArgs_to(DI), R14
	MOVQ         pairArgs_from(DI), DX
	MOVQ         DX, AX
	SHLQ         $7, AX
	ADDQ         AX, BX
	MOVQ         pairArgs_dim(DI), AX
	MOVQ         pairArgs_dimTo(DI), R15
	SUBQ         AX, R15
	MOVQ         R12, R11
	IMULQ        AX, R11
	ADDQ         pairArgs_k(DI), R11
	SHLQ         $7, AX
	MOVQ         pairArgs_q(DI), R8
	ADDQ         AX, R8

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
	MOVQ   R8, R9
	LEAQ   (R11)(DX*4), R10
	MOVQ   R15, CX
	CMPQ   pairArgs_dim(DI), $0
	JNE    begun
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
	JZ     ended
	JMP    dims

begun:
	VMOVUPS 0(BX), Z0
	VMOVUPS 64(BX), Z8
	VMOVUPS 128(BX), Z1
	VMOVUPS 192(BX), Z9
	VMOVUPS 256(BX), Z2
	VMOVUPS 320(BX), Z10
	VMOVUPS 384(BX), Z3
	VMOVUPS 448(BX), Z11
	VMOVUPS 512(BX), Z4
	VMOVUPS 576(BX), Z12
	VMOVUPS 640(BX), Z5
	VMOVUPS 704(BX), Z13
	VMOVUPS 768(BX), Z6
	VMOVUPS 832(BX), Z14
	VMOVUPS 896(BX), Z7
	VMOVUPS 960(BX), Z15

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

ended:
	LEAQ         8(DX), DX
	MOVQ         pairArgs_dimTo(DI), AX
	CMPQ         AX, pairArgs_dims(DI)
	JLT          store
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

store:
	VMOVUPS Z0, 0(BX)
	VMOVUPS Z8, 64(BX)
	VMOVUPS Z1, 128(BX)
	VMOVUPS Z9, 192(BX)
	VMOVUPS Z2, 256(BX)
	VMOVUPS Z10, 320(BX)
	VMOVUPS Z3, 384(BX)
	VMOVUPS Z11, 448(BX)
	VMOVUPS Z4, 512(BX)
	VMOVUPS Z12, 576(BX)
	VMOVUPS Z5, 640(BX)
	VMOVUPS Z13, 704(BX)
	VMOVUPS Z6, 768(BX)
	VMOVUPS Z14, 832(BX)
	VMOVUPS Z7, 896(BX)
	VMOVUPS Z15, 960(BX)
	ADDQ    $1024, BX
	CMPQ    DX, R14
	JLT     keys
	VMOVUPS Z30, pairArgs_largest(DI)
	VMOVUPS Z31, pairArgs_largest+64(DI)
	VZEROUPPER
	RET

// func weigh512(a *pairArgs)
//
// Of a block of keys, the list of those that some query weighs, and their weights, which
// take the place of the scores, one after the other: [lives, 32].
//
// Z30 and Z31 largest, Z26 and Z27 denominators, Z28 Cut; DI arguments, SI scores, R8
// live keys, R15 how many, R9 where weights go.
TEXT ·weigh512(SB), NOSPLIT, $0-8
	MOVQ         a+0(FP), DI
	VMOVUPS      pairArgs_largest(DI), Z30
	VMOVUPS      pairArgs_largest+64(DI), Z31
	VMOVUPS      pairArgs_denominator(DI), Z26
	VMOVUPS      pairArgs_denominator+64(DI), Z27
	VBROADCASTSS softmax<>+4(SB), Z28
	EXP_CONSTANTS
	MOVQ         pairArgs_scores(DI), SI
	MOVQ         pairArgs_live(DI), R8
	MOVQ         pairArgs_from(DI), DX
	MOVQ         pairArgs_to(DI), R14
	MOVQ         DX, BX
	SHLQ         $7, BX
	ADDQ         SI, BX
	MOVQ         BX, R9
	XORQ         R15, R15
	XORL         AX, AX

	// The list grows by a key without a branch.
list:
	VMOVUPS  (BX), Z0
	VMOVUPS  64(BX), Z1
	VSUBPS   Z30, Z0, Z0
	VSUBPS   Z31, Z1, Z1
	VCMPPS   $14, Z28, Z0, K1
	VCMPPS   $14, Z28, Z1, K2
	MOVL     DX, (R8)(R15*4)
	KORTESTW K1, K2
	SETNE    AL
	ADDQ     AX, R15
	ADDQ     $128, BX
	INCQ     DX
	CMPQ     DX, R14
	JLT      list

	MOVQ  R15, pairArgs_lives(DI)
	XORQ  DX, DX
	TESTQ R15, R15
	JZ    done

weights:
	MOVL    (R8)(DX*4), BX
	SHLQ    $7, BX
	ADDQ    SI, BX
	VMOVUPS (BX), Z0
	EXP_Z0_TO_Z2(Z30)
	VADDPS  Z2, Z26, Z26
	VMOVUPS Z2, (R9)
	VMOVUPS 64(BX), Z0
	EXP_Z0_TO_Z2(Z31)
	VADDPS  Z2, Z27, Z27
	VMOVUPS Z2, 64(R9)
	ADDQ    $128, R9
	INCQ    DX
	CMPQ    DX, R15
	JLT     weights
	VMOVUPS Z26, pairArgs_denominator(DI)
	VMOVUPS Z27, pairArgs_denominator+64(DI)

done:
	VZEROUPPER
	RET

// func sums512(a *pairArgs)
//
// The weighted sums of a block go on, of eight values at a time or of one: ten loads for
// sixteen multiply-adds. Meanwhile the next values are fetched, a line with each key:
// those of these keys, or in the end those of the next.
//
// DI arguments, SI weights, R8 live keys, R15 how many; R12 value, R9 every fourth after
// it, R11 and R14 one and three strides; R10 what is fetched, R13 sums, CX values left.
TEXT ·sums512(SB), NOSPLIT, $0-8
	MOVQ  a+0(FP), DI
	MOVQ  pairArgs_live(DI), R8
	MOVQ  pairArgs_lives(DI), R15
	MOVQ  pairArgs_v(DI), R12
	MOVQ  pairArgs_vStride(DI), R11
	LEAQ  (R11)(R11*2), R14
	MOVQ  pairArgs_sums(DI), R13
	MOVQ  pairArgs_values(DI), CX
	CMPQ  pairArgs_from(DI), $0
	JEQ   group
	TESTQ R15, R15
	JZ    done

#define VALUE(at, first, second) \
	VBROADCASTSS at, Z16; \
	VFMADD231PS  Z16, Z18, first; \
	VFMADD231PS  Z16, Z19, second

group:
	CMPQ CX, $0
	JLE  done
	MOVQ pairArgs_from(DI), SI
	SHLQ $7, SI
	ADDQ pairArgs_scores(DI), SI
	XORQ DX, DX
	CMPQ CX, $2
	JLE  begin1
	LEAQ (R12)(R11*8), R10
	CMPQ CX, $8
	JGT  begin8
	MOVQ pairArgs_v(DI), R10
	ADDQ $(4*const_blockKeys), R10

begin8:
	CMPQ pairArgs_from(DI), $0
	JNE  load8
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
	TESTQ R15, R15
	JZ    store8
	JMP   eight

load8:
	VMOVUPS 0(R13), Z0
	VMOVUPS 64(R13), Z8
	VMOVUPS 128(R13), Z1
	VMOVUPS 192(R13), Z9
	VMOVUPS 256(R13), Z2
	VMOVUPS 320(R13), Z10
	VMOVUPS 384(R13), Z3
	VMOVUPS 448(R13), Z11
	VMOVUPS 512(R13), Z4
	VMOVUPS 576(R13), Z12
	VMOVUPS 640(R13), Z5
	VMOVUPS 704(R13), Z13
	VMOVUPS 768(R13), Z6
	VMOVUPS 832(R13), Z14
	VMOVUPS 896(R13), Z7
	VMOVUPS 960(R13), Z15

eight:
	MOVL       (R8)(DX*4), AX
	LEAQ       (R12)(AX*4), R9
	MOVL       DX, BX
	ANDL       $7, BX
	IMULQ      R11, BX
	ADDQ       R10, BX
	PREFETCHT0 (BX)(AX*4)
	VMOVUPS    (SI), Z18
	VMOVUPS    64(SI), Z19
	VALUE((R9), Z0, Z8)
	VALUE((R9)(R11*1), Z1, Z9)
	VALUE((R9)(R11*2), Z2, Z10)
	VALUE((R9)(R14*1), Z3, Z11)
	LEAQ       (R9)(R11*4), R9
	VALUE((R9), Z4, Z12)
	VALUE((R9)(R11*1), Z5, Z13)
	VALUE((R9)(R11*2), Z6, Z14)
	VALUE((R9)(R14*1), Z7, Z15)
	ADDQ       $128, SI
	INCQ       DX
	CMPQ       DX, R15
	JLT        eight

store8:
	VMOVUPS Z0, 0(R13)
	VMOVUPS Z8, 64(R13)
	VMOVUPS Z1, 128(R13)
	VMOVUPS Z9, 192(R13)
	VMOVUPS Z2, 256(R13)
	VMOVUPS Z10, 320(R13)
	VMOVUPS Z3, 384(R13)
	VMOVUPS Z11, 448(R13)
	VMOVUPS Z4, 512(R13)
	VMOVUPS Z12, 576(R13)
	VMOVUPS Z5, 640(R13)
	VMOVUPS Z13, 704(R13)
	VMOVUPS Z6, 768(R13)
	VMOVUPS Z14, 832(R13)
	VMOVUPS Z7, 896(R13)
	VMOVUPS Z15, 960(R13)
	LEAQ       (R12)(R11*8), R12
	ADDQ       $1024, R13
	SUBQ       $8, CX
	JMP        group

begin1:
	CMPQ   pairArgs_from(DI), $0
	JNE    load1
	VPXORQ Z0, Z0, Z0
	VPXORQ Z1, Z1, Z1
	TESTQ  R15, R15
	JZ     store1
	JMP    one

load1:
	VMOVUPS (R13), Z0
	VMOVUPS 64(R13), Z1

one:
	MOVL    (R8)(DX*4), AX
	VMOVUPS (SI), Z18
	VMOVUPS 64(SI), Z19
	VALUE((R12)(AX*4), Z0, Z1)
	ADDQ    $128, SI
	INCQ    DX
	CMPQ    DX, R15
	JLT     one

store1:
	VMOVUPS Z0, (R13)
	VMOVUPS Z1, 64(R13)
	ADDQ    R11, R12
	ADDQ    $128, R13
	DECQ    CX
	JMP     group

done:
	VZEROUPPER
	RET

// func divide512(a *pairArgs)
//
// What the sums are over the denominators, of the lanes that are queries.
TEXT ·divide512(SB), NOSPLIT, $0-8
	MOVQ    a+0(FP), DI
	MOVQ    pairArgs_stored(DI), BX
	MASKS(BX)
	VMOVUPS pairArgs_denominator(DI), Z2
	VMOVUPS pairArgs_denominator+64(DI), Z3
	MOVQ    pairArgs_sums(DI), SI
	MOVQ    pairArgs_z(DI), R8
	MOVQ    pairArgs_zStride(DI), R9
	MOVQ    pairArgs_values(DI), DX
	TESTQ   DX, DX
	JZ      done

value:
	VMOVUPS (SI), Z0
	VMOVUPS 64(SI), Z1
	VDIVPS  Z2, Z0, Z0
	VDIVPS  Z3, Z1, Z1
	VMOVUPS Z0, K1, (R8)
	VMOVUPS Z1, K2, 64(R8)
	ADDQ    $128, SI
	ADDQ    R9, R8
	DECQ    DX
	JNZ     value

done:
	VZEROUPPER
	RET
