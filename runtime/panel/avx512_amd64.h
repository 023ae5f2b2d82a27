// What several kernels with vectors of 512 bits need.

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

// Constants of softmax: -inf, Cut, log2 e, and ln 2 in two parts, the
// first with so few bits that its product with an exponent is exact. Then 2^24/n!
// for n from 7 to 2, and 2^24; ln 2 / 2 to the power of 8, over 8!, is 0.09 ulp. All weights,
// and so the sums above and below the line, are 2^24 times as large as they are
// called: the bits are the same, and sums of the least weights are normal numbers.
DATA softmax<>+0(SB)/4, $0xff800000
DATA softmax<>+4(SB)/4, $-87.0
DATA softmax<>+8(SB)/4, $1.4426950408889634
DATA softmax<>+12(SB)/4, $0.693359375
DATA softmax<>+16(SB)/4, $-2.1219444005469058e-4
DATA softmax<>+20(SB)/4, $3328.8126984126984
DATA softmax<>+24(SB)/4, $23301.688888888889
DATA softmax<>+28(SB)/4, $139810.13333333333
DATA softmax<>+32(SB)/4, $699050.66666666667
DATA softmax<>+36(SB)/4, $2796202.6666666667
DATA softmax<>+40(SB)/4, $8388608.0
DATA softmax<>+44(SB)/4, $16777216.0
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

// EXP_Z0_TO_Z2 takes the largest score, top, from those in Z0 and makes weights of
// them: e^x = 2^n e^r with n the nearest integer to x log2 e and r = x - n ln 2,
// or 0 at Cut, Z28, and below. K1 is where they are not 0.
#define EXP_Z0_TO_Z2(top) \
	VSUBPS       top, Z0, Z0; \
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
