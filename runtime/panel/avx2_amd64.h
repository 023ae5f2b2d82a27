// What several kernels with vectors of 256 bits need.

// MASK points CX at the masks of the first n of 64 lanes: of lanes 8v to 8v+7 at
// 32v(CX). R14 is lost.
#define MASK(n) \
	LEAQ ·lanes256(SB), CX; \
	MOVQ $64, R14;          \
	SUBQ n, R14;            \
	LEAQ (CX)(R14*4), CX

#define ALL(op) op(0, Y0) op(32, Y1) op(64, Y2) op(96, Y3) op(128, Y4) op(160, Y5) op(192, Y6) op(224, Y7)
#define ZERO(at, sum) VXORPS sum, sum, sum;

// EXP makes weights of the scores in x, whose largest is in top: e^x = 2^n e^r, 2^24 times
// as large, as in avx512_amd64.h, 2^n as a product of two powers since it may be less than
// the smallest normal number. What is below Cut is computed as Cut, and what is to be made
// a whole number is one of float32 before: numbers that are not normal would take many
// times as long there. Y10, Y11 and Y12 are lost.
#define EXP(x, top) \
	VSUBPS       top, x, x;                \
	VMAXPS       ·exp256+320(SB), x, Y12;  \
	VMULPS       ·exp256+0(SB), Y12, Y10;  \
	VROUNDPS     $8, Y10, Y11;             \
	VCVTPS2DQ    Y11, Y10;                 \
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
	VPADDD       ·exp256+384(SB), Y12, Y12; \
	VPADDD       ·exp256+288(SB), Y10, Y10; \
	VMULPS       Y12, Y11, Y11;            \
	VMULPS       Y10, Y11, Y11;            \
	VANDPS       Y11, x, x

#define KEY(at, low, high) \
	VBROADCASTSS at(R10), Y10;    \
	VFMADD231PS  Y10, Y8, low;    \
	VFMADD231PS  Y10, Y9, high

// SEEN puts -inf where a query does not see key DX, which it then counts. Of the keys that
// queries see, the first eight are at visible, the others at more.
#define SEEN(low, high, visible, more) \
	VMOVQ        DX, X10;                         \
	VPBROADCASTD X10, Y10;                        \
	VMOVDQU      visible, Y11;                    \
	VPCMPGTD     Y10, Y11, Y11;                   \
	VBLENDVPS    Y11, low, Y15, low;              \
	VMOVDQU      more, Y11;                       \
	VPCMPGTD     Y10, Y11, Y11;                   \
	VBLENDVPS    Y11, high, Y15, high;            \
	INCQ         DX

#define KEEP(at, low, high) \
	VMAXPS  low, Y13, Y13;       \
	VMAXPS  high, Y14, Y14;      \
	VMOVUPS low, at(BX);         \
	VMOVUPS high, (at+32)(BX)

#define VALUE(at, low, high) \
	VBROADCASTSS at, Y10;      \
	VFMADD231PS  Y10, Y8, low; \
	VFMADD231PS  Y10, Y9, high
