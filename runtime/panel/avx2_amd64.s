//go:build !noasm

#include "go_asm.h"
#include "textflag.h"

// MASK points CX at the masks of the first n of 64 lanes: of lanes 8v to 8v+7 at
// 32v(CX). R14 is lost.
#define MASK(n) \
	LEAQ ·lanes256(SB), CX; \
	MOVQ $64, R14;          \
	SUBQ n, R14;            \
	LEAQ (CX)(R14*4), CX

#define ALL(op) op(0, Y0) op(32, Y1) op(64, Y2) op(96, Y3) op(128, Y4) op(160, Y5) op(192, Y6) op(224, Y7)

#define ZERO(at, sum) VXORPS sum, sum, sum;
#define WEIGH(at, sum) VFMADD231PS at(R9)(AX*1), Y8, sum;
#define PLUS(at, sum) VADDPS Y8, sum, sum;
#define CUT(at, sum) VMAXPS sum, Y8, sum;
#define ONTO(at, sum) VADDPS at(AX), sum, sum;
#define STORE(at, sum) VMOVUPS sum, at(AX);
#define STOREPART(at, sum) VMOVUPS at(CX), Y8; VMASKMOVPS sum, Y8, at(AX);

// func sparse256(a *sparseArgs)
//
// As sparse512: for each tile of 64 positions, for each output, Y0-Y7 sum weight
// times input. DI arguments, R8 and R9 tile of y and x, R10 and R11 their strides,
// R12 positions left, SI row, BX rows left, DX entry.
TEXT ·sparse256(SB), NOSPLIT, $0-8
	MOVQ a+0(FP), DI
	MOVQ sparseArgs_y(DI), R8
	MOVQ sparseArgs_x(DI), R9
	MOVQ sparseArgs_yStride(DI), R10
	MOVQ sparseArgs_xStride(DI), R11
	MOVQ sparseArgs_positions(DI), R12
	MOVQ sparseArgs_mode(DI), R13

tile:
	MOVQ sparseArgs_rows(DI), SI
	MOVQ sparseArgs_outputs(DI), BX
	MOVQ sparseArgs_entries(DI), DX

row:
	MOVL  row_entries(SI), CX
	ALL(ZERO)
	TESTL CX, CX
	JZ    bias

weight:
	MOVL         Entry_In(DX), AX
	IMULQ        R11, AX
	VBROADCASTSS Entry_Weight(DX), Y8
	ALL(WEIGH)
	ADDQ         $Entry__size, DX
	DECL         CX
	JNZ          weight

bias:
	VBROADCASTSS row_bias(SI), Y8
	ALL(PLUS)
	MOVL         row_out(SI), AX
	IMULQ        R10, AX
	ADDQ         R8, AX
	CMPQ         R13, $const_ReLU
	JLT          store
	JGT          add
	VXORPS       Y8, Y8, Y8
	ALL(CUT)
	JMP          store

add:
	ALL(ONTO)

store:
	CMPQ R12, $64
	JLT  part
	ALL(STORE)
	JMP  next

part:
	MASK(R12)
	ALL(STOREPART)

next:
	ADDQ $row__size, SI
	DECQ BX
	JNZ  row

	ADDQ $256, R8
	ADDQ $256, R9
	SUBQ $64, R12
	JG   tile
	VZEROUPPER
	RET

// EXP makes weights of the scores in x, whose largest is in top: e^x = 2^n e^r as
// in attend512, 2^n as a product of two powers since it may be less than the
// smallest normal number. Y10, Y11 and Y12 are lost.
#define EXP(x, top) \
	VSUBPS       top, x, x;                \
	VMULPS       ·exp256+0(SB), x, Y10;    \
	VCVTPS2DQ    Y10, Y10;                 \
	VCVTDQ2PS    Y10, Y11;                 \
	VMOVAPS      x, Y12;                   \
	VFNMADD231PS ·exp256+32(SB), Y11, Y12; \
	VFNMADD231PS ·exp256+64(SB), Y11, Y12; \
	VMOVUPS      ·exp256+96(SB), Y11;      \
	VFMADD213PS  ·exp256+128(SB), Y12, Y11; \
	VFMADD213PS  ·exp256+160(SB), Y12, Y11; \
	VFMADD213PS  ·exp256+192(SB), Y12, Y11; \
	VFMADD213PS  ·exp256+224(SB), Y12, Y11; \
	VFMADD213PS  ·exp256+256(SB), Y12, Y11; \
	VFMADD213PS  ·exp256+288(SB), Y12, Y11; \
	VFMADD213PS  ·exp256+288(SB), Y12, Y11; \
	VCMPPS       $14, ·exp256+320(SB), x, x; \
	VPSRAD       $1, Y10, Y12;             \
	VPSUBD       Y12, Y10, Y10;            \
	VPSLLD       $23, Y12, Y12;            \
	VPSLLD       $23, Y10, Y10;            \
	VPADDD       ·exp256+288(SB), Y12, Y12; \
	VPADDD       ·exp256+288(SB), Y10, Y10; \
	VMULPS       Y12, Y11, Y11;            \
	VMULPS       Y10, Y11, Y11;            \
	VANDPS       Y11, x, x

#define KEY(at, low, high) \
	VBROADCASTSS at(R10), Y10;    \
	VFMADD231PS  Y10, Y8, low;    \
	VFMADD231PS  Y10, Y9, high

// SEEN puts -inf where a query does not see key DX, which it then counts.
#define SEEN(low, high) \
	MOVQ         DX, X10;                         \
	VPBROADCASTD X10, Y10;                        \
	VMOVDQU      attendArgs_visible(DI), Y11;     \
	VPCMPGTD     Y10, Y11, Y11;                   \
	VBLENDVPS    Y11, low, Y15, low;              \
	VMOVDQU      (attendArgs_visible+32)(DI), Y11; \
	VPCMPGTD     Y10, Y11, Y11;                   \
	VBLENDVPS    Y11, high, Y15, high;            \
	INCQ         DX

#define KEEP(at, low, high) \
	VMAXPS  low, Y13, Y13;       \
	VMAXPS  high, Y14, Y14;      \
	VMOVUPS low, at(BX);         \
	VMOVUPS high, (at+32)(BX)

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
	SEEN(Y0, Y4)
	SEEN(Y1, Y5)
	SEEN(Y2, Y6)
	SEEN(Y3, Y7)

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

#define VALUE(at, low, high) \
	VBROADCASTSS at, Y10;      \
	VFMADD231PS  Y10, Y8, low; \
	VFMADD231PS  Y10, Y9, high

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

#define ROWS(op) op((SI), Y8, Y1) op((SI)(R8*1), Y9, Y2) op((SI)(R8*2), Y10, Y3) op((SI)(R9*1), Y11, Y0) op((R10), Y12, Y1) op((R10)(R8*1), Y13, Y2) op((R10)(R8*2), Y14, Y3) op((R10)(R9*1), Y15, Y0)
#define WHOLE(at, x, sum) VFMADD231PS at, x, sum;
#define PART(at, x, sum) VMASKMOVPS at, Y4, Y5; VFMADD231PS Y5, x, sum;

// func vector256(y, w, x *float32, outputs, stride int)
//
// As vector512: y += x0 w0 + ... + x7 w7 for eight rows of a matrix, stride bytes
// apart: four from SI on and four from R10 on; those from R12 and R13 are fetched.
TEXT ·vector256(SB), NOSPLIT, $0-40
	MOVQ         y+0(FP), DI
	MOVQ         w+8(FP), SI
	MOVQ         x+16(FP), DX
	MOVQ         outputs+24(FP), BX
	MOVQ         stride+32(FP), R8
	LEAQ         (R8)(R8*2), R9
	LEAQ         (SI)(R8*4), R10
	LEAQ         (SI)(R8*8), R12
	LEAQ         (R10)(R8*8), R13
	VBROADCASTSS (DX), Y8
	VBROADCASTSS 4(DX), Y9
	VBROADCASTSS 8(DX), Y10
	VBROADCASTSS 12(DX), Y11
	VBROADCASTSS 16(DX), Y12
	VBROADCASTSS 20(DX), Y13
	VBROADCASTSS 24(DX), Y14
	VBROADCASTSS 28(DX), Y15

outputs:
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	CMPQ   BX, $8
	JLT    part
	PREFETCHT1 (R12)
	PREFETCHT1 (R12)(R8*1)
	PREFETCHT1 (R12)(R8*2)
	PREFETCHT1 (R12)(R9*1)
	PREFETCHT1 (R13)
	PREFETCHT1 (R13)(R8*1)
	PREFETCHT1 (R13)(R8*2)
	PREFETCHT1 (R13)(R9*1)
	VMOVUPS    (DI), Y0
	ROWS(WHOLE)
	VADDPS     Y1, Y2, Y1
	VADDPS     Y3, Y0, Y0
	VADDPS     Y1, Y0, Y0
	VMOVUPS    Y0, (DI)
	ADDQ       $32, DI
	ADDQ       $32, SI
	ADDQ       $32, R10
	ADDQ       $32, R12
	ADDQ       $32, R13
	SUBQ       $8, BX
	JG         outputs
	VZEROUPPER
	RET

part:
	TESTQ      BX, BX
	JZ         done
	MASK(BX)
	VMOVUPS    (CX), Y4
	VMASKMOVPS (DI), Y4, Y0
	ROWS(PART)
	VADDPS     Y1, Y2, Y1
	VADDPS     Y3, Y0, Y0
	VADDPS     Y1, Y0, Y0
	VMASKMOVPS Y0, Y4, (DI)

done:
	VZEROUPPER
	RET
