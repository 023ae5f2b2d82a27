//go:build !noasm

#include "go_asm.h"
#include "textflag.h"
#include "avx2_amd64.h"

// BOTH weighs the lanes in Y8-Y11 by two numbers, for the sums Y0-Y3 and Y4-Y7.
#define BOTH(first, second) \
	VBROADCASTSS first, Y12; \
	VBROADCASTSS second, Y13; \
	VFMADD231PS  Y12, Y8, Y0; \
	VFMADD231PS  Y12, Y9, Y1; \
	VFMADD231PS  Y12, Y10, Y2; \
	VFMADD231PS  Y12, Y11, Y3; \
	VFMADD231PS  Y13, Y8, Y4; \
	VFMADD231PS  Y13, Y9, Y5; \
	VFMADD231PS  Y13, Y10, Y6; \
	VFMADD231PS  Y13, Y11, Y7

// UNSEEN puts -inf where a query does not see the key in all lanes of Y8.
#define UNSEEN(at, scores) \
	VMOVDQU   (pairArgs_visible+at)(DI), Y9; \
	VPCMPGTD  Y8, Y9, Y9;                    \
	VBLENDVPS Y9, scores, Y15, scores

#define TOP(at, first, second) \
	VMAXPS  first, second, Y8;                   \
	VMAXPS  (pairArgs_largest+at)(DI), Y8, Y8;   \
	VMOVUPS Y8, (pairArgs_largest+at)(DI)

// func scores256(a *pairArgs)
//
// As scores512, of two keys at a time. Y15 -inf; DI arguments, BX scores.
TEXT ·scores256(SB), NOSPLIT, $0-8
	MOVQ    a+0(FP), DI
	VMOVUPS ·exp256+352(SB), Y15
	MOVQ    pairArgs_kStride(DI), R12
	MOVQ    pairArgs_all(DI), R13
	MOVQ    pairArgs_to(DI), R14
	MOVQ    pairArgs_from(DI), DX
	MOVQ    DX, BX
	SHLQ    $7, BX
	ADDQ    pairArgs_scores(DI), BX

keys:
	MOVQ  pairArgs_q(DI), R9
	MOVQ  pairArgs_k(DI), R10
	LEAQ  (R10)(DX*4), R10
	MOVQ  pairArgs_dims(DI), CX
	ALL(ZERO)
	TESTQ CX, CX
	JZ    mask

dims:
	VMOVUPS    0(R9), Y8
	VMOVUPS    32(R9), Y9
	VMOVUPS    64(R9), Y10
	VMOVUPS    96(R9), Y11
	PREFETCHT0 64(R10)
	BOTH((R10), 4(R10))
	ADDQ       $128, R9
	ADDQ       R12, R10
	DECQ       CX
	JNZ        dims

mask:
	LEAQ         2(DX), DX
	CMPQ         DX, R13
	JLE          largest
	LEAQ         -2(DX), AX
	VMOVQ        AX, X8
	VPBROADCASTD X8, Y8
	UNSEEN(0, Y0)
	UNSEEN(32, Y1)
	UNSEEN(64, Y2)
	UNSEEN(96, Y3)
	INCQ         AX
	VMOVQ        AX, X8
	VPBROADCASTD X8, Y8
	UNSEEN(0, Y4)
	UNSEEN(32, Y5)
	UNSEEN(64, Y6)
	UNSEEN(96, Y7)

largest:
	TOP(0, Y0, Y4)
	TOP(32, Y1, Y5)
	TOP(64, Y2, Y6)
	TOP(96, Y3, Y7)
	VMOVUPS Y0, 0(BX)
	VMOVUPS Y1, 32(BX)
	VMOVUPS Y2, 64(BX)
	VMOVUPS Y3, 96(BX)
	VMOVUPS Y4, 128(BX)
	VMOVUPS Y5, 160(BX)
	VMOVUPS Y6, 192(BX)
	VMOVUPS Y7, 224(BX)
	ADDQ    $256, BX
	CMPQ    DX, R14
	JLT     keys
	VZEROUPPER
	RET

// func weigh256(a *pairArgs)
//
// As weigh512. Y4-Y7 denominators, Y15 Cut; DI arguments, SI scores, R8 live keys, R15 how
// many, R9 where weights go.
TEXT ·weigh256(SB), NOSPLIT, $0-8
	MOVQ    a+0(FP), DI
	VMOVUPS ·exp256+320(SB), Y15
	VMOVUPS (pairArgs_denominator+0)(DI), Y4
	VMOVUPS (pairArgs_denominator+32)(DI), Y5
	VMOVUPS (pairArgs_denominator+64)(DI), Y6
	VMOVUPS (pairArgs_denominator+96)(DI), Y7
	MOVQ    pairArgs_scores(DI), SI
	MOVQ    pairArgs_live(DI), R8
	MOVQ    pairArgs_from(DI), DX
	MOVQ    pairArgs_to(DI), R14
	MOVQ    DX, BX
	SHLQ    $7, BX
	ADDQ    SI, BX
	MOVQ    BX, R9
	XORQ    R15, R15

	// The list grows by a key without a branch.
list:
	VMOVUPS   0(BX), Y0
	VMOVUPS   32(BX), Y1
	VMOVUPS   64(BX), Y2
	VMOVUPS   96(BX), Y3
	VSUBPS    (pairArgs_largest+0)(DI), Y0, Y0
	VSUBPS    (pairArgs_largest+32)(DI), Y1, Y1
	VSUBPS    (pairArgs_largest+64)(DI), Y2, Y2
	VSUBPS    (pairArgs_largest+96)(DI), Y3, Y3
	VCMPPS    $14, Y15, Y0, Y0
	VCMPPS    $14, Y15, Y1, Y1
	VCMPPS    $14, Y15, Y2, Y2
	VCMPPS    $14, Y15, Y3, Y3
	VORPS     Y0, Y1, Y0
	VORPS     Y2, Y3, Y2
	VORPS     Y0, Y2, Y0
	VMOVMSKPS Y0, CX
	MOVL      DX, (R8)(R15*4)
	XORL      AX, AX
	TESTL     CX, CX
	SETNE     AL
	ADDQ      AX, R15
	ADDQ      $128, BX
	INCQ      DX
	CMPQ      DX, R14
	JLT       list

	MOVQ  R15, pairArgs_lives(DI)
	XORQ  DX, DX
	TESTQ R15, R15
	JZ    done

weights:
	MOVL    (R8)(DX*4), BX
	SHLQ    $7, BX
	ADDQ    SI, BX
	VMOVUPS 0(BX), Y0
	EXP(Y0, (pairArgs_largest+0)(DI))
	VADDPS  Y0, Y4, Y4
	VMOVUPS Y0, 0(R9)
	VMOVUPS 32(BX), Y0
	EXP(Y0, (pairArgs_largest+32)(DI))
	VADDPS  Y0, Y5, Y5
	VMOVUPS Y0, 32(R9)
	VMOVUPS 64(BX), Y0
	EXP(Y0, (pairArgs_largest+64)(DI))
	VADDPS  Y0, Y6, Y6
	VMOVUPS Y0, 64(R9)
	VMOVUPS 96(BX), Y0
	EXP(Y0, (pairArgs_largest+96)(DI))
	VADDPS  Y0, Y7, Y7
	VMOVUPS Y0, 96(R9)
	ADDQ    $128, R9
	INCQ    DX
	CMPQ    DX, R15
	JLT     weights
	VMOVUPS Y4, (pairArgs_denominator+0)(DI)
	VMOVUPS Y5, (pairArgs_denominator+32)(DI)
	VMOVUPS Y6, (pairArgs_denominator+64)(DI)
	VMOVUPS Y7, (pairArgs_denominator+96)(DI)

done:
	VZEROUPPER
	RET

// func sums256(a *pairArgs)
//
// As sums512, of two values at a time. What is fetched is fetched between them, where keys
// and values are so many that they are far away.
//
// DI arguments, SI weights, R8 live keys, R15 how many; R12 value, R9 the same of a key,
// R11 stride, R13 sums, CX values left.
TEXT ·sums256(SB), NOSPLIT, $0-8
	MOVQ  a+0(FP), DI
	MOVQ  pairArgs_live(DI), R8
	MOVQ  pairArgs_lives(DI), R15
	MOVQ  pairArgs_v(DI), R12
	MOVQ  pairArgs_vStride(DI), R11
	MOVQ  pairArgs_sums(DI), R13
	MOVQ  pairArgs_values(DI), CX
	MOVQ  pairArgs_from(DI), R10
	MOVQ  R10, R14
	SHLQ  $7, R14
	ADDQ  pairArgs_scores(DI), R14
	TESTQ CX, CX
	JZ    done
	TESTQ R10, R10
	JZ    group
	TESTQ R15, R15
	JZ    done

group:
	CMPQ pairArgs_far(DI), $0
	JEQ  begin
	LEAQ (R12)(R11*2), R9
	CMPQ CX, $2
	JGT  fetch
	MOVQ pairArgs_v(DI), R9
	ADDQ $(4*const_blockKeys), R9

fetch:
	LEAQ (R9)(R10*4), R9
	MOVL $(const_blockKeys/16), AX

line:
	PREFETCHT0 (R9)
	PREFETCHT0 (R9)(R11*1)
	ADDQ       $64, R9
	DECL       AX
	JNZ        line

begin:
	MOVQ  R14, SI
	XORQ  DX, DX
	ALL(ZERO)
	TESTQ R10, R10
	JZ    count
	VMOVUPS 0(R13), Y0
	VMOVUPS 32(R13), Y1
	VMOVUPS 64(R13), Y2
	VMOVUPS 96(R13), Y3
	VMOVUPS 128(R13), Y4
	VMOVUPS 160(R13), Y5
	VMOVUPS 192(R13), Y6
	VMOVUPS 224(R13), Y7

count:
	TESTQ R15, R15
	JZ    store

two:
	MOVL    (R8)(DX*4), AX
	LEAQ    (R12)(AX*4), R9
	VMOVUPS 0(SI), Y8
	VMOVUPS 32(SI), Y9
	VMOVUPS 64(SI), Y10
	VMOVUPS 96(SI), Y11
	BOTH((R9), (R9)(R11*1))
	ADDQ    $128, SI
	INCQ    DX
	CMPQ    DX, R15
	JLT     two

store:
	VMOVUPS Y0, 0(R13)
	VMOVUPS Y1, 32(R13)
	VMOVUPS Y2, 64(R13)
	VMOVUPS Y3, 96(R13)
	VMOVUPS Y4, 128(R13)
	VMOVUPS Y5, 160(R13)
	VMOVUPS Y6, 192(R13)
	VMOVUPS Y7, 224(R13)
	ADDQ    $256, R13
	LEAQ    (R12)(R11*2), R12
	SUBQ    $2, CX
	JG      group

done:
	VZEROUPPER
	RET

// func divide256(a *pairArgs)
//
// As divide512. Y4-Y7 denominators, Y8-Y11 the lanes that are queries.
TEXT ·divide256(SB), NOSPLIT, $0-8
	MOVQ  a+0(FP), DI
	MASK(pairArgs_stored(DI))
	VMOVUPS 0(CX), Y8
	VMOVUPS 32(CX), Y9
	VMOVUPS 64(CX), Y10
	VMOVUPS 96(CX), Y11
	VMOVUPS (pairArgs_denominator+0)(DI), Y4
	VMOVUPS (pairArgs_denominator+32)(DI), Y5
	VMOVUPS (pairArgs_denominator+64)(DI), Y6
	VMOVUPS (pairArgs_denominator+96)(DI), Y7
	MOVQ  pairArgs_sums(DI), SI
	MOVQ  pairArgs_z(DI), R8
	MOVQ  pairArgs_zStride(DI), R9
	MOVQ  pairArgs_values(DI), DX
	TESTQ DX, DX
	JZ    done

value:
	VMOVUPS    0(SI), Y0
	VDIVPS     Y4, Y0, Y0
	VMASKMOVPS Y0, Y8, 0(R8)
	VMOVUPS    32(SI), Y0
	VDIVPS     Y5, Y0, Y0
	VMASKMOVPS Y0, Y9, 32(R8)
	VMOVUPS    64(SI), Y0
	VDIVPS     Y6, Y0, Y0
	VMASKMOVPS Y0, Y10, 64(R8)
	VMOVUPS    96(SI), Y0
	VDIVPS     Y7, Y0, Y0
	VMASKMOVPS Y0, Y11, 96(R8)
	ADDQ $128, SI
	ADDQ R9, R8
	DECQ DX
	JNZ  value

done:
	VZEROUPPER
	RET

// func beside256(to, from *float32, rows, stride int)
//
// Copies 32 columns of a matrix, whose rows are stride bytes apart, to rows side by side.
TEXT ·beside256(SB), NOSPLIT, $0-32
	MOVQ  to+0(FP), DI
	MOVQ  from+8(FP), SI
	MOVQ  rows+16(FP), CX
	MOVQ  stride+24(FP), R8
	TESTQ CX, CX
	JZ    done

row:
	VMOVUPS (SI), Y0
	VMOVUPS 32(SI), Y1
	VMOVUPS 64(SI), Y2
	VMOVUPS 96(SI), Y3
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, 64(DI)
	VMOVUPS Y3, 96(DI)
	ADDQ    R8, SI
	ADDQ    $128, DI
	DECQ    CX
	JNZ     row

done:
	VZEROUPPER
	RET
