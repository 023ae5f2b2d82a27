//go:build !noasm

#include "go_asm.h"
#include "textflag.h"
#include "avx2_amd64.h"

#define ONE(at, sum) \
	VBROADCASTSS at, Y9; \
	VFMADD231PS  Y9, Y8, sum

// HIDE puts -inf where a query does not see key DX, which it then counts.
#define HIDE(scores) \
	VMOVQ        DX, X10;            \
	VPBROADCASTD X10, Y10;           \
	VPCMPGTD     Y10, Y14, Y10;      \
	VBLENDVPS    Y10, scores, Y15, scores; \
	INCQ         DX

// TURN takes four keys' scores of 8 queries, which lie 128 bytes apart, to a vector for each key.
// Y8 to Y12 are lost.
#define TURN(at, first, second, third, fourth) \
	VMOVUPS     at(R9), X8;                   \
	VMOVUPS     at+128(R9), X9;               \
	VMOVUPS     at+256(R9), X10;              \
	VMOVUPS     at+384(R9), X11;              \
	VINSERTF128 $1, at+512(R9), Y8, Y8;       \
	VINSERTF128 $1, at+640(R9), Y9, Y9;       \
	VINSERTF128 $1, at+768(R9), Y10, Y10;     \
	VINSERTF128 $1, at+896(R9), Y11, Y11;     \
	VUNPCKLPS   Y9, Y8, Y12;                  \
	VUNPCKHPS   Y9, Y8, Y8;                   \
	VUNPCKLPS   Y11, Y10, Y9;                 \
	VUNPCKHPS   Y11, Y10, Y10;                \
	VUNPCKLPD   Y9, Y12, first;               \
	VUNPCKHPD   Y9, Y12, second;              \
	VUNPCKLPD   Y10, Y8, third;               \
	VUNPCKHPD   Y10, Y8, fourth

// func half256(a *attendArgs)
//
// As attend512, with 8 queries in one vector and eight keys, then eight values, at a time. If dims
// is below 0, half512 has made the scores, [keys/32, 8, 32] from q on. Y13
// largest scores, Y14 visible, Y15 -inf; DI arguments, SI scores, R8 live keys, R15 how many.
TEXT ·half256(SB), NOSPLIT, $0-8
	MOVQ    a+0(FP), DI
	VMOVDQU attendArgs_visible(DI), Y14
	VMOVUPS ·exp256+352(SB), Y15
	VMOVAPS Y15, Y13
	MOVQ    attendArgs_scores(DI), SI
	MOVQ    attendArgs_qStride(DI), R11
	MOVQ    attendArgs_kStride(DI), R12
	MOVQ    attendArgs_keys(DI), R14
	MOVQ    SI, BX
	XORQ    DX, DX

keys:
	MOVQ  attendArgs_q(DI), R9
	MOVQ  attendArgs_k(DI), R10
	LEAQ  (R10)(DX*4), R10
	MOVQ  attendArgs_dims(DI), CX
	ALL(ZERO)
	TESTQ CX, CX
	JZ    mask
	JS    given

dims:
	VMOVUPS    (R9), Y8
	PREFETCHT0 64(R10)
	ONE(0(R10), Y0)
	ONE(4(R10), Y1)
	ONE(8(R10), Y2)
	ONE(12(R10), Y3)
	ONE(16(R10), Y4)
	ONE(20(R10), Y5)
	ONE(24(R10), Y6)
	ONE(28(R10), Y7)
	ADDQ       R11, R9
	ADDQ       R12, R10
	DECQ       CX
	JNZ        dims
	JMP        mask

given:
	MOVQ DX, AX
	ANDQ $~31, AX
	SHLQ $5, AX
	ADDQ AX, R9
	MOVQ DX, AX
	ANDQ $31, AX
	LEAQ (R9)(AX*4), R9
	TURN(0, Y0, Y1, Y2, Y3)
	TURN(16, Y4, Y5, Y6, Y7)

mask:
	LEAQ 8(DX), AX
	CMPQ AX, attendArgs_all(DI)
	JLE  largest
	HIDE(Y0)
	HIDE(Y1)
	HIDE(Y2)
	HIDE(Y3)
	HIDE(Y4)
	HIDE(Y5)
	HIDE(Y6)
	HIDE(Y7)

largest:
	MOVQ    AX, DX
	VMAXPS  Y0, Y1, Y8
	VMAXPS  Y2, Y3, Y9
	VMAXPS  Y4, Y5, Y10
	VMAXPS  Y6, Y7, Y11
	VMAXPS  Y8, Y9, Y8
	VMAXPS  Y10, Y11, Y10
	VMAXPS  Y8, Y10, Y8
	VMAXPS  Y8, Y13, Y13
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

	// The list grows by a key without a branch.
	VMOVUPS ·exp256+320(SB), Y15
	MOVQ    attendArgs_live(DI), R8
	XORQ    R15, R15
	XORQ    DX, DX
	MOVQ    SI, BX
	XORL    AX, AX

list:
	VMOVUPS   (BX), Y0
	VSUBPS    Y13, Y0, Y0
	VCMPPS    $14, Y15, Y0, Y0
	VMOVMSKPS Y0, CX
	MOVL      DX, (R8)(R15*4)
	TESTL     CX, CX
	SETNE     AL
	ADDQ      AX, R15
	ADDQ      $32, BX
	INCQ      DX
	CMPQ      DX, R14
	JLT       list

	// The weights take the place of the scores, one after the other, from BX on.
	VXORPS Y14, Y14, Y14
	XORQ   DX, DX
	MOVQ   SI, BX
	TESTQ  R15, R15
	JZ     values

weights:
	MOVL    (R8)(DX*4), AX
	SHLQ    $5, AX
	VMOVUPS (SI)(AX*1), Y0
	EXP(Y0, Y13)
	VADDPS  Y0, Y14, Y14
	VMOVUPS Y0, (BX)
	ADDQ    $32, BX
	INCQ    DX
	CMPQ    DX, R15
	JLT     weights

	// Y14 is the denominators, Y15 the lanes to write: R12 value, R9 every fourth after it,
	// R11 and R14 one and three strides, R13 where to write the result, R10 its stride, CX
	// values left.
values:
	MASK(attendArgs_stored(DI))
	VMOVUPS (CX), Y15
	MOVQ    attendArgs_v(DI), R12
	MOVQ    attendArgs_vStride(DI), R11
	LEAQ    (R11)(R11*2), R14
	MOVQ    attendArgs_z(DI), R13
	MOVQ    attendArgs_zStride(DI), R10
	MOVQ    attendArgs_values(DI), CX

group:
	CMPQ  CX, $0
	JLE   done
	ALL(ZERO)
	XORQ  DX, DX
	MOVQ  SI, BX
	TESTQ R15, R15
	JZ    write
	CMPQ  CX, $2
	JLE   one

eight:
	MOVL    (R8)(DX*4), AX
	LEAQ    (R12)(AX*4), R9
	VMOVUPS (BX), Y8
	ONE((R9), Y0)
	ONE((R9)(R11*1), Y1)
	ONE((R9)(R11*2), Y2)
	ONE((R9)(R14*1), Y3)
	LEAQ    (R9)(R11*4), R9
	ONE((R9), Y4)
	ONE((R9)(R11*1), Y5)
	ONE((R9)(R11*2), Y6)
	ONE((R9)(R14*1), Y7)
	ADDQ    $32, BX
	INCQ    DX
	CMPQ    DX, R15
	JLT     eight
	LEAQ    (R12)(R11*8), R12

#define WRITE(sum) \
	VDIVPS     Y14, sum, sum;   \
	VMASKMOVPS sum, Y15, (R13); \
	ADDQ       R10, R13;        \
	DECQ       CX;              \
	JZ         done

write:
	WRITE(Y0)
	WRITE(Y1)
	WRITE(Y2)
	WRITE(Y3)
	WRITE(Y4)
	WRITE(Y5)
	WRITE(Y6)
	WRITE(Y7)
	JMP group

one:
	MOVL    (R8)(DX*4), AX
	VMOVUPS (BX), Y8
	ONE((R12)(AX*4), Y0)
	ADDQ    $32, BX
	INCQ    DX
	CMPQ    DX, R15
	JLT     one
	ADDQ    R11, R12
	WRITE(Y0)
	JMP     group

done:
	VZEROUPPER
	RET
