//go:build amd64 && !noasm

#include "go_asm.h"
#include "textflag.h"

// Constants of exp, see softmax.go.
DATA constants<>+0(SB)/4, $0xc2d20000  // -105
DATA constants<>+4(SB)/4, $0x3fb8aa3b  // 1 / ln 2
DATA constants<>+8(SB)/4, $0x3f317218  // ln 2, rounded
DATA constants<>+12(SB)/4, $0xb102e308 // and the rest of it
DATA constants<>+16(SB)/4, $0x3ab511e8 // 0.0013814541
DATA constants<>+20(SB)/4, $0x3c091d10 // 0.0083687454
DATA constants<>+24(SB)/4, $0x3d2aac79 // 0.041668389
DATA constants<>+28(SB)/4, $0x3e2aaa49 // 0.16666521
DATA constants<>+32(SB)/4, $0x3efffffe // 0.49999994
DATA constants<>+36(SB)/4, $0x3f800000 // 1
GLOBL constants<>(SB), RODATA|NOPTR, $40

// lanes read from 32-4n bytes on is a mask of the first n of 8 lanes.
DATA lanes<>+0(SB)/8, $-1
DATA lanes<>+8(SB)/8, $-1
DATA lanes<>+16(SB)/8, $-1
DATA lanes<>+24(SB)/8, $-1
DATA lanes<>+32(SB)/8, $0
DATA lanes<>+40(SB)/8, $0
DATA lanes<>+48(SB)/8, $0
DATA lanes<>+56(SB)/8, $0
GLOBL lanes<>(SB), RODATA|NOPTR, $64

// EXPONENT turns Z1 into n and r with exp(Z1) = 2^n exp(r): n in Z2, r in Z1.
// The order of VMAXPS lets NaN through.
#define EXPONENT512 \
	VSUBPS       Z0, Z1, Z1        \
	VMULPS       Z31, Z1, Z1       \
	VMAXPS       Z1, Z16, Z1       \
	VMULPS       Z17, Z1, Z2       \
	VRNDSCALEPS  $8, Z2, Z2        \
	VFNMADD231PS Z18, Z2, Z1       \
	VFNMADD231PS Z19, Z2, Z1

// POLYNOMIAL sets Z3 to 1 + r + r^2 P(r).
#define POLYNOMIAL512 \
	VMOVAPS     Z20, Z3      \
	VFMADD213PS Z21, Z1, Z3  \
	VFMADD213PS Z22, Z1, Z3  \
	VFMADD213PS Z23, Z1, Z3  \
	VFMADD213PS Z24, Z1, Z3  \
	VMULPS      Z1, Z1, Z4   \
	VFMADD213PS Z1, Z4, Z3   \
	VADDPS      Z25, Z3, Z3

#define EXP512 \
	EXPONENT512          \
	POLYNOMIAL512        \
	VSCALEFPS Z2, Z3, Z3

// func softmax512(r *scores)
TEXT ·softmax512(SB), NOSPLIT, $0-8
	MOVQ         r+0(FP), DI
	MOVQ         scores_x(DI), SI
	MOVQ         scores_n(DI), CX
	MOVQ         CX, AX
	ANDQ         $15, CX
	MOVQ         $1, DX
	SHLQ         CX, DX
	DECQ         DX
	KMOVW        DX, K1
	SHRQ         $4, AX
	VBROADCASTSS scores_largest(DI), Z0
	MOVQ         SI, BX
	MOVQ         AX, CX
	JMP          maxtest

max:
	VMAXPS (BX), Z0, Z0
	ADDQ   $64, BX
	DECQ   CX

maxtest:
	TESTQ         CX, CX
	JNE           max
	VMOVAPS       Z0, Z1
	VMOVUPS       (BX), K1, Z1
	VMAXPS        Z1, Z0, Z0
	VEXTRACTF64X4 $1, Z0, Y1
	VMAXPS        Y1, Y0, Y0
	VEXTRACTF128  $1, Y0, X1
	VMAXPS        X1, X0, X0
	VPERMILPS     $0x4e, X0, X1
	VMAXPS        X1, X0, X0
	VPERMILPS     $0xb1, X0, X1
	VMAXPS        X1, X0, X0
	VMOVSS        X0, scores_largest(DI)
	VBROADCASTSS  X0, Z0
	VBROADCASTSS  scores_scale(DI), Z31
	VBROADCASTSS  constants<>+0(SB), Z16
	VBROADCASTSS  constants<>+4(SB), Z17
	VBROADCASTSS  constants<>+8(SB), Z18
	VBROADCASTSS  constants<>+12(SB), Z19
	VBROADCASTSS  constants<>+16(SB), Z20
	VBROADCASTSS  constants<>+20(SB), Z21
	VBROADCASTSS  constants<>+24(SB), Z22
	VBROADCASTSS  constants<>+28(SB), Z23
	VBROADCASTSS  constants<>+32(SB), Z24
	VBROADCASTSS  constants<>+36(SB), Z25
	VPXORQ        Z5, Z5, Z5                // the sum
	JMP           exptest

exp:
	VMOVUPS (SI), Z1
	EXP512
	VMOVUPS Z3, (SI)
	VADDPS  Z3, Z5, Z5
	ADDQ    $64, SI
	DECQ    AX

exptest:
	TESTQ     AX, AX
	JNE       exp
	VMOVUPS.Z (SI), K1, Z1
	EXP512
	VMOVUPS   Z3, K1, (SI)
	VADDPS    Z3, Z5, K1, Z5

	VEXTRACTF64X4 $1, Z5, Y1
	VADDPS        Y1, Y5, Y5
	VEXTRACTF128  $1, Y5, X1
	VADDPS        X1, X5, X5
	VPERMILPS     $0x4e, X5, X1
	VADDPS        X1, X5, X5
	VPERMILPS     $0xb1, X5, X1
	VADDPS        X1, X5, X5
	VMOVSS        X5, scores_sum(DI)
	VZEROUPPER
	RET

// The same on 8 lanes, with the constants in memory and 2^n as two factors, each a
// float made of its exponent, so that the result is rounded only once even where
// it is subnormal.
#define CONSTANT(OFFSET, REG) VBROADCASTSS constants<>+OFFSET(SB), REG

#define EXP256 \
	VSUBPS       Y0, Y1, Y1     \
	VMULPS       Y15, Y1, Y1    \
	CONSTANT(0, Y3)                 \
	VMAXPS       Y1, Y3, Y1     \
	VMULPS       Y14, Y1, Y2    \
	VROUNDPS     $8, Y2, Y2     \
	VFNMADD231PS Y13, Y2, Y1    \
	VFNMADD231PS Y12, Y2, Y1    \
	CONSTANT(16, Y3)                \
	VFMADD213PS  Y11, Y1, Y3    \
	VFMADD213PS  Y10, Y1, Y3    \
	VFMADD213PS  Y9, Y1, Y3     \
	VFMADD213PS  Y8, Y1, Y3     \
	VMULPS       Y1, Y1, Y4     \
	VFMADD213PS  Y1, Y4, Y3     \
	VADDPS       Y7, Y3, Y3     \
	VCVTPS2DQ    Y2, Y2         \
	VPSRAD       $1, Y2, Y4     \
	VPSUBD       Y4, Y2, Y2     \
	VPSLLD       $23, Y4, Y4    \
	VPADDD       Y7, Y4, Y4     \
	VMULPS       Y4, Y3, Y3     \
	VPSLLD       $23, Y2, Y2    \
	VPADDD       Y7, Y2, Y2     \
	VMULPS       Y2, Y3, Y3

// func softmax256(r *scores)
TEXT ·softmax256(SB), NOSPLIT, $0-8
	MOVQ         r+0(FP), DI
	MOVQ         scores_x(DI), SI
	MOVQ         scores_n(DI), CX
	MOVQ         CX, AX
	ANDQ         $7, CX
	SHLQ         $2, CX
	LEAQ         lanes<>+32(SB), DX
	SUBQ         CX, DX
	VMOVUPS      (DX), Y6
	SHRQ         $3, AX
	VBROADCASTSS scores_largest(DI), Y0
	MOVQ         SI, BX
	MOVQ         AX, CX
	JMP          maxtest

max:
	VMAXPS (BX), Y0, Y0
	ADDQ   $32, BX
	DECQ   CX

maxtest:
	TESTQ        CX, CX
	JNE          max
	VMASKMOVPS   (BX), Y6, Y1
	VBLENDVPS    Y6, Y1, Y0, Y1
	VMAXPS       Y1, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VMAXPS       X1, X0, X0
	VPERMILPS    $0x4e, X0, X1
	VMAXPS       X1, X0, X0
	VPERMILPS    $0xb1, X0, X1
	VMAXPS       X1, X0, X0
	VMOVSS       X0, scores_largest(DI)
	VBROADCASTSS X0, Y0
	VBROADCASTSS scores_scale(DI), Y15
	CONSTANT(4, Y14)
	CONSTANT(8, Y13)
	CONSTANT(12, Y12)
	CONSTANT(20, Y11)
	CONSTANT(24, Y10)
	CONSTANT(28, Y9)
	CONSTANT(32, Y8)
	CONSTANT(36, Y7)
	VXORPS       Y5, Y5, Y5
	JMP          exptest

exp:
	VMOVUPS (SI), Y1
	EXP256
	VMOVUPS Y3, (SI)
	VADDPS  Y3, Y5, Y5
	ADDQ    $32, SI
	DECQ    AX

exptest:
	TESTQ      AX, AX
	JNE        exp
	VMASKMOVPS (SI), Y6, Y1
	EXP256
	VMASKMOVPS Y3, Y6, (SI)
	VANDPS     Y3, Y6, Y3
	VADDPS     Y3, Y5, Y5

	VEXTRACTF128 $1, Y5, X1
	VADDPS       X1, X5, X5
	VPERMILPS    $0x4e, X5, X1
	VADDPS       X1, X5, X5
	VPERMILPS    $0xb1, X5, X1
	VADDPS       X1, X5, X5
	VMOVSS       X5, scores_sum(DI)
	VZEROUPPER
	RET
