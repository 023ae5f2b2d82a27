//go:build !noasm

#include "go_asm.h"
#include "textflag.h"
#include "avx2_amd64.h"

// func attend256(a *attendArgs)
//
// As attend512, with 16 queries in two vectors and four keys, then four values, at
// a time. Y13 and Y14 largest scores, Y15 -inf; DI arguments, SI scores, R8 live
// keys, R15 how many.
TEXT ·attend256(SB), NOSPLIT, $0-8
	MOVQ    a+0(FP), DI
	VMOVUPS ·exp256+352(SB), Y15
	VMOVAPS Y15, Y13
	VMOVAPS Y15, Y14
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

dims:
	VMOVUPS (R9), Y8
	VMOVUPS 32(R9), Y9
	KEY(0, Y0, Y4)
	KEY(4, Y1, Y5)
	KEY(8, Y2, Y6)
	KEY(12, Y3, Y7)
	ADDQ    R11, R9
	ADDQ    R12, R10
	DECQ    CX
	JNZ     dims

mask:
	LEAQ 4(DX), AX
	CMPQ AX, attendArgs_all(DI)
	JLE  seen
	SEEN(Y0, Y4, attendArgs_visible(DI), (attendArgs_visible+32)(DI))
	SEEN(Y1, Y5, attendArgs_visible(DI), (attendArgs_visible+32)(DI))
	SEEN(Y2, Y6, attendArgs_visible(DI), (attendArgs_visible+32)(DI))
	SEEN(Y3, Y7, attendArgs_visible(DI), (attendArgs_visible+32)(DI))

seen:
	MOVQ AX, DX
	KEEP(0, Y0, Y4)
	KEEP(64, Y1, Y5)
	KEEP(128, Y2, Y6)
	KEEP(192, Y3, Y7)
	ADDQ $256, BX
	CMPQ DX, R14
	JLT  keys

	// The list grows by a key without a branch.
	MOVQ attendArgs_live(DI), R8
	XORQ R15, R15
	XORQ DX, DX
	MOVQ SI, BX

list:
	VMOVUPS   (BX), Y0
	VMOVUPS   32(BX), Y1
	VSUBPS    Y13, Y0, Y0
	VSUBPS    Y14, Y1, Y1
	VCMPPS    $14, ·exp256+320(SB), Y0, Y0
	VCMPPS    $14, ·exp256+320(SB), Y1, Y1
	VORPS     Y0, Y1, Y0
	VMOVMSKPS Y0, CX
	MOVL      DX, (R8)(R15*4)
	XORL      AX, AX
	TESTL     CX, CX
	SETNE     AL
	ADDQ      AX, R15
	ADDQ      $64, BX
	INCQ      DX
	CMPQ      DX, R14
	JLT       list

	VXORPS Y8, Y8, Y8
	VXORPS Y9, Y9, Y9
	XORQ   DX, DX
	TESTQ  R15, R15
	JZ     values

weights:
	MOVL    (R8)(DX*4), AX
	SHLQ    $6, AX
	VMOVUPS (SI)(AX*1), Y0
	EXP(Y0, Y13)
	VADDPS  Y0, Y8, Y8
	VMOVUPS Y0, (SI)(AX*1)
	VMOVUPS 32(SI)(AX*1), Y0
	EXP(Y0, Y14)
	VADDPS  Y0, Y9, Y9
	VMOVUPS Y0, 32(SI)(AX*1)
	INCQ    DX
	CMPQ    DX, R15
	JLT     weights

	// Y13 and Y14 are the denominators from here on, Y11 and Y12 the lanes to write.
values:
	VMOVAPS Y8, Y13
	VMOVAPS Y9, Y14
	MASK(attendArgs_stored(DI))
	VMOVUPS (CX), Y11
	VMOVUPS 32(CX), Y12
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
	TESTQ R15, R15
	JZ    write

four:
	MOVL    (R8)(DX*4), AX
	LEAQ    (R12)(AX*4), R9
	SHLQ    $6, AX
	VMOVUPS (SI)(AX*1), Y8
	VMOVUPS 32(SI)(AX*1), Y9
	VALUE((R9), Y0, Y4)
	VALUE((R9)(R11*1), Y1, Y5)
	VALUE((R9)(R11*2), Y2, Y6)
	VALUE((R9)(R14*1), Y3, Y7)
	INCQ    DX
	CMPQ    DX, R15
	JLT     four
	LEAQ    (R12)(R11*4), R12

#define WRITE(low, high) \
	VDIVPS     Y13, low, low;         \
	VDIVPS     Y14, high, high;       \
	VMASKMOVPS low, Y11, (R13);       \
	VMASKMOVPS high, Y12, 32(R13);    \
	ADDQ       R10, R13;              \
	DECQ       CX;                    \
	JZ         done

write:
	WRITE(Y0, Y4)
	WRITE(Y1, Y5)
	WRITE(Y2, Y6)
	WRITE(Y3, Y7)
	JMP group

done:
	VZEROUPPER
	RET
