//go:build !noasm

#include "go_asm.h"
#include "textflag.h"
#include "avx2_amd64.h"

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
