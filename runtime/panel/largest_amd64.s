//go:build !noasm

#include "textflag.h"

// func largest512(list *int32, x *float32, stride, rows, vectors int)
//
// For each vector of 16 positions, row by row: Z0 the largest so far, Z1 its row, Z2 the row
// at hand, K1 where a number is none or the largest is infinite. Z5 is 1 in all lanes, Z6 -1,
// Z7 +Inf, Z8 all bits but the sign.
TEXT ·largest512(SB), NOSPLIT, $0-40
	MOVQ         list+0(FP), DI
	MOVQ         x+8(FP), SI
	MOVQ         stride+16(FP), R10
	MOVQ         vectors+32(FP), BX
	VPTERNLOGD   $0xff, Z6, Z6, Z6
	VPABSD       Z6, Z5
	VPSRLD       $1, Z6, Z8
	MOVL         $0x7f800000, AX
	VPBROADCASTD AX, Z7

vector:
	MOVQ    rows+24(FP), CX
	MOVQ    SI, AX
	VMOVUPS (AX), Z0
	VPXORQ  Z1, Z1, Z1
	VPXORQ  Z2, Z2, Z2
	VCMPPS  $3, Z0, Z0, K1 // unordered: not a number
	JMP     next

row:
	ADDQ      R10, AX
	VPADDD    Z5, Z2, Z2
	VMOVUPS   (AX), Z3
	VCMPPS    $3, Z3, Z3, K2
	KORW      K2, K1, K1
	VCMPPS    $30, Z0, Z3, K2 // greater
	VMOVAPS   Z3, K2, Z0
	VMOVDQA32 Z2, K2, Z1

next:
	DECQ CX
	JNZ  row

	VPANDD    Z8, Z0, Z3
	VPCMPEQD  Z7, Z3, K2
	KORW      K2, K1, K1
	VMOVDQA32 Z6, K1, Z1
	VMOVDQU32 Z1, (DI)
	ADDQ      $64, DI
	ADDQ      $64, SI
	DECQ      BX
	JNZ       vector
	VZEROUPPER
	RET

// func largest256(list *int32, x *float32, stride, rows, vectors int)
//
// As largest512, for vectors of 8; Y4 is where a number is none or the largest is infinite.
TEXT ·largest256(SB), NOSPLIT, $0-40
	MOVQ         list+0(FP), DI
	MOVQ         x+8(FP), SI
	MOVQ         stride+16(FP), R10
	MOVQ         vectors+32(FP), BX
	VPCMPEQD     Y6, Y6, Y6
	VPABSD       Y6, Y5
	VPSRLD       $1, Y6, Y8
	MOVL         $0x7f800000, AX
	VMOVD        AX, X7
	VPBROADCASTD X7, Y7

vector:
	MOVQ    rows+24(FP), CX
	MOVQ    SI, AX
	VMOVUPS (AX), Y0
	VPXOR   Y1, Y1, Y1
	VPXOR   Y2, Y2, Y2
	VCMPPS  $3, Y0, Y0, Y4
	JMP     next

row:
	ADDQ      R10, AX
	VPADDD    Y5, Y2, Y2
	VMOVUPS   (AX), Y3
	VCMPPS    $3, Y3, Y3, Y9
	VORPS     Y9, Y4, Y4
	VCMPPS    $30, Y0, Y3, Y9
	VBLENDVPS Y9, Y3, Y0, Y0
	VBLENDVPS Y9, Y2, Y1, Y1

next:
	DECQ CX
	JNZ  row

	VPAND    Y8, Y0, Y3
	VPCMPEQD Y7, Y3, Y3
	VPOR     Y3, Y4, Y4
	VPOR     Y4, Y1, Y1 // all bits of -1 are 1
	VMOVDQU  Y1, (DI)
	ADDQ     $32, DI
	ADDQ     $32, SI
	DECQ     BX
	JNZ      vector
	VZEROUPPER
	RET
