//go:build !noasm

#include "go_asm.h"
#include "textflag.h"
#include "avx512_amd64.h"

// func attend512(a *attendArgs)
//
// Lanes are queries. First the scores of eight keys at a time, and the largest. Then,
// for each block of so many keys that their weights stay in the first-level cache, the
// list of the keys that some query weighs; their weights; and, of 16 values at a time,
// the weighted sums, which between blocks are in memory.
//
// Z31 visible, Z30 largest score, Z29 -inf, Z28 Cut, Z27 denominator; DI
// arguments, SI scores, R8 live keys, R15 how many.
TEXT ·attend512(SB), NOSPLIT, $0-8
	MOVQ         a+0(FP), DI
	VMOVDQU32    attendArgs_visible(DI), Z31
	VBROADCASTSS softmax<>+0(SB), Z29
	VBROADCASTSS softmax<>+4(SB), Z28
	VMOVAPS      Z29, Z30
	MOVL         $1, AX
	VPBROADCASTD AX, Z26
	MOVQ         attendArgs_scores(DI), SI
	MOVQ         attendArgs_qStride(DI), R11
	MOVQ         attendArgs_kStride(DI), R12
	MOVQ         attendArgs_all(DI), R13
	MOVQ         attendArgs_keys(DI), R14
	MOVQ         SI, BX
	XORQ         DX, DX

keys:
	MOVQ   attendArgs_q(DI), R9
	MOVQ   attendArgs_k(DI), R10
	LEAQ   (R10)(DX*4), R10
	MOVQ   attendArgs_dims(DI), CX
	VPXORQ Z0, Z0, Z0
	VPXORQ Z1, Z1, Z1
	VPXORQ Z2, Z2, Z2
	VPXORQ Z3, Z3, Z3
	VPXORQ Z4, Z4, Z4
	VPXORQ Z5, Z5, Z5
	VPXORQ Z6, Z6, Z6
	VPXORQ Z7, Z7, Z7
	TESTQ  CX, CX
	JZ     mask
	CMPQ   attendArgs_far(DI), $0
	JNE    fetched

dims:
	VMOVUPS          (R9), Z8
	VFMADD231PS.BCST (R10), Z8, Z0
	VFMADD231PS.BCST 4(R10), Z8, Z1
	VFMADD231PS.BCST 8(R10), Z8, Z2
	VFMADD231PS.BCST 12(R10), Z8, Z3
	VFMADD231PS.BCST 16(R10), Z8, Z4
	VFMADD231PS.BCST 20(R10), Z8, Z5
	VFMADD231PS.BCST 24(R10), Z8, Z6
	VFMADD231PS.BCST 28(R10), Z8, Z7
	ADDQ             R11, R9
	ADDQ             R12, R10
	DECQ             CX
	JNZ              dims
	JMP              mask

fetched:
	VMOVUPS          (R9), Z8
	PREFETCHT0       64(R10)
	VFMADD231PS.BCST (R10), Z8, Z0
	VFMADD231PS.BCST 4(R10), Z8, Z1
	VFMADD231PS.BCST 8(R10), Z8, Z2
	VFMADD231PS.BCST 12(R10), Z8, Z3
	VFMADD231PS.BCST 16(R10), Z8, Z4
	VFMADD231PS.BCST 20(R10), Z8, Z5
	VFMADD231PS.BCST 24(R10), Z8, Z6
	VFMADD231PS.BCST 28(R10), Z8, Z7
	ADDQ             R11, R9
	ADDQ             R12, R10
	DECQ             CX
	JNZ              fetched

mask:
	LEAQ 8(DX), DX
	CMPQ DX, R13
	JLE  largest

	// Not all queries see all of these keys: -inf for those that do not.
	LEAQ         -8(DX), AX
	VPBROADCASTD AX, Z8
	VPCMPD       $5, Z31, Z8, K1
	VMOVAPS      Z29, K1, Z0
	VPADDD       Z26, Z8, Z8
	VPCMPD       $5, Z31, Z8, K1
	VMOVAPS      Z29, K1, Z1
	VPADDD       Z26, Z8, Z8
	VPCMPD       $5, Z31, Z8, K1
	VMOVAPS      Z29, K1, Z2
	VPADDD       Z26, Z8, Z8
	VPCMPD       $5, Z31, Z8, K1
	VMOVAPS      Z29, K1, Z3
	VPADDD       Z26, Z8, Z8
	VPCMPD       $5, Z31, Z8, K1
	VMOVAPS      Z29, K1, Z4
	VPADDD       Z26, Z8, Z8
	VPCMPD       $5, Z31, Z8, K1
	VMOVAPS      Z29, K1, Z5
	VPADDD       Z26, Z8, Z8
	VPCMPD       $5, Z31, Z8, K1
	VMOVAPS      Z29, K1, Z6
	VPADDD       Z26, Z8, Z8
	VPCMPD       $5, Z31, Z8, K1
	VMOVAPS      Z29, K1, Z7

largest:
	VMAXPS  Z0, Z1, Z8
	VMAXPS  Z2, Z3, Z9
	VMAXPS  Z4, Z5, Z10
	VMAXPS  Z6, Z7, Z11
	VMAXPS  Z8, Z9, Z8
	VMAXPS  Z10, Z11, Z10
	VMAXPS  Z8, Z10, Z8
	VMAXPS  Z8, Z30, Z30
	VMOVUPS Z0, (BX)
	VMOVUPS Z1, 64(BX)
	VMOVUPS Z2, 128(BX)
	VMOVUPS Z3, 192(BX)
	VMOVUPS Z4, 256(BX)
	VMOVUPS Z5, 320(BX)
	VMOVUPS Z6, 384(BX)
	VMOVUPS Z7, 448(BX)
	ADDQ    $512, BX
	CMPQ    DX, R14
	JLT     keys

	EXP_CONSTANTS
	VPXORQ Z27, Z27, Z27
	XORQ   DX, DX

next:
	MOVQ    DX, attendArgs_from(DI)
	MOVQ    attendArgs_keys(DI), R14
	ADDQ    $const_blockKeys, DX
	CMPQ    DX, R14
	CMOVQLT DX, R14
	MOVQ    R14, attendArgs_to(DI)
	MOVQ    attendArgs_live(DI), R8
	MOVQ    attendArgs_from(DI), DX
	MOVQ    attendArgs_to(DI), R14
	MOVQ    DX, BX
	SHLQ    $6, BX
	ADDQ    SI, BX
	XORQ    R15, R15
	XORL    AX, AX

	// The list grows by a key without a branch.
list:
	VMOVUPS  (BX), Z0
	VSUBPS   Z30, Z0, Z0
	VCMPPS   $14, Z28, Z0, K1
	MOVL     DX, (R8)(R15*4)
	KORTESTW K1, K1
	SETNE    AL
	ADDQ     AX, R15
	ADDQ     $64, BX
	INCQ     DX
	CMPQ     DX, R14
	JLT      list

	XORQ  DX, DX
	TESTQ R15, R15
	JZ    values

weights:
	MOVL         (R8)(DX*4), AX
	SHLQ         $6, AX
	VMOVUPS      (SI)(AX*1), Z0
	EXP_Z0_TO_Z2(Z30)
	VADDPS       Z2, Z27, Z27
	VMOVUPS      Z2, (SI)(AX*1)
	INCQ         DX
	CMPQ         DX, R15
	JLT          weights

	// Sixteen values at a time, eight or one: R12 value, R9 every fourth after it,
	// R11 and R14 one and three strides, R13 sums, BX where to write the result, R10
	// its stride, CX values left.
values:
	MOVQ  attendArgs_stored(DI), CX
	MOVL  $0xffff, AX
	BZHIL CX, AX, AX
	KMOVW AX, K1
	MOVQ  attendArgs_v(DI), R12
	MOVQ  attendArgs_vStride(DI), R11
	LEAQ  (R11)(R11*2), R14
	MOVQ  attendArgs_sums(DI), R13
	MOVQ  attendArgs_z(DI), BX
	MOVQ  attendArgs_zStride(DI), R10
	MOVQ  attendArgs_values(DI), CX

group:
	CMPQ  CX, $0
	JLE   done
	CMPQ  attendArgs_far(DI), $0
	JEQ   begin

	// The next sixteen are fetched: those of these keys, or in the end those of the next.
	MOVQ  attendArgs_from(DI), DX
	LEAQ  (R12)(DX*4), R9
	LEAQ  (R9)(R11*8), R9
	LEAQ  (R9)(R11*8), R9
	MOVL  $16, AX
	CMPQ  CX, $16
	JGT   fetch
	MOVQ  attendArgs_v(DI), R9
	LEAQ  (4*const_blockKeys)(R9)(DX*4), R9

fetch:
	PREFETCHT0 (R9)
	PREFETCHT0 64(R9)
	PREFETCHT0 128(R9)
	PREFETCHT0 192(R9)
	PREFETCHT0 256(R9)
	PREFETCHT0 320(R9)
	PREFETCHT0 384(R9)
	PREFETCHT0 448(R9)
	ADDQ       R11, R9
	DECL       AX
	JNZ        fetch

begin:
	XORQ  DX, DX
	CMPQ  CX, $2
	JLE   begin1
	CMPQ  CX, $8
	JLE   begin8

	CMPQ attendArgs_from(DI), $0
	JNE  load16
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
	JMP  count16

load16:
	VMOVUPS 0(R13), Z0
	VMOVUPS 64(R13), Z1
	VMOVUPS 128(R13), Z2
	VMOVUPS 192(R13), Z3
	VMOVUPS 256(R13), Z4
	VMOVUPS 320(R13), Z5
	VMOVUPS 384(R13), Z6
	VMOVUPS 448(R13), Z7
	VMOVUPS 512(R13), Z8
	VMOVUPS 576(R13), Z9
	VMOVUPS 640(R13), Z10
	VMOVUPS 704(R13), Z11
	VMOVUPS 768(R13), Z12
	VMOVUPS 832(R13), Z13
	VMOVUPS 896(R13), Z14
	VMOVUPS 960(R13), Z15

count16:
	TESTQ R15, R15
	JZ    end16

sixteen:
	MOVL             (R8)(DX*4), AX
	LEAQ             (R12)(AX*4), R9
	SHLQ             $6, AX
	VMOVUPS          (SI)(AX*1), Z26
	VFMADD231PS.BCST (R9), Z26, Z0
	VFMADD231PS.BCST (R9)(R11*1), Z26, Z1
	VFMADD231PS.BCST (R9)(R11*2), Z26, Z2
	VFMADD231PS.BCST (R9)(R14*1), Z26, Z3
	LEAQ             (R9)(R11*4), R9
	VFMADD231PS.BCST (R9), Z26, Z4
	VFMADD231PS.BCST (R9)(R11*1), Z26, Z5
	VFMADD231PS.BCST (R9)(R11*2), Z26, Z6
	VFMADD231PS.BCST (R9)(R14*1), Z26, Z7
	LEAQ             (R9)(R11*4), R9
	VFMADD231PS.BCST (R9), Z26, Z8
	VFMADD231PS.BCST (R9)(R11*1), Z26, Z9
	VFMADD231PS.BCST (R9)(R11*2), Z26, Z10
	VFMADD231PS.BCST (R9)(R14*1), Z26, Z11
	LEAQ             (R9)(R11*4), R9
	VFMADD231PS.BCST (R9), Z26, Z12
	VFMADD231PS.BCST (R9)(R11*1), Z26, Z13
	VFMADD231PS.BCST (R9)(R11*2), Z26, Z14
	VFMADD231PS.BCST (R9)(R14*1), Z26, Z15
	INCQ             DX
	CMPQ             DX, R15
	JLT              sixteen

end16:
	LEAQ (R12)(R11*8), R12
	LEAQ (R12)(R11*8), R12
	MOVQ attendArgs_to(DI), AX
	CMPQ AX, attendArgs_keys(DI)
	JEQ  write16
	VMOVUPS Z0, 0(R13)
	VMOVUPS Z1, 64(R13)
	VMOVUPS Z2, 128(R13)
	VMOVUPS Z3, 192(R13)
	VMOVUPS Z4, 256(R13)
	VMOVUPS Z5, 320(R13)
	VMOVUPS Z6, 384(R13)
	VMOVUPS Z7, 448(R13)
	VMOVUPS Z8, 512(R13)
	VMOVUPS Z9, 576(R13)
	VMOVUPS Z10, 640(R13)
	VMOVUPS Z11, 704(R13)
	VMOVUPS Z12, 768(R13)
	VMOVUPS Z13, 832(R13)
	VMOVUPS Z14, 896(R13)
	VMOVUPS Z15, 960(R13)
	ADDQ $1024, R13
	SUBQ $16, CX
	JMP  group

#define WRITE(sum) \
	VDIVPS  Z27, sum, sum; \
	VMOVUPS sum, K1, (BX); \
	ADDQ    R10, BX;        \
	DECQ    CX;             \
	JZ      done

write16:
	WRITE(Z0)
	WRITE(Z1)
	WRITE(Z2)
	WRITE(Z3)
	WRITE(Z4)
	WRITE(Z5)
	WRITE(Z6)
	WRITE(Z7)
	WRITE(Z8)
	WRITE(Z9)
	WRITE(Z10)
	WRITE(Z11)
	WRITE(Z12)
	WRITE(Z13)
	WRITE(Z14)
	WRITE(Z15)
	ADDQ $1024, R13
	JMP  group

begin8:
	CMPQ attendArgs_from(DI), $0
	JNE  load8
	VPXORQ Z0, Z0, Z0
	VPXORQ Z1, Z1, Z1
	VPXORQ Z2, Z2, Z2
	VPXORQ Z3, Z3, Z3
	VPXORQ Z4, Z4, Z4
	VPXORQ Z5, Z5, Z5
	VPXORQ Z6, Z6, Z6
	VPXORQ Z7, Z7, Z7
	JMP  count8

load8:
	VMOVUPS 0(R13), Z0
	VMOVUPS 64(R13), Z1
	VMOVUPS 128(R13), Z2
	VMOVUPS 192(R13), Z3
	VMOVUPS 256(R13), Z4
	VMOVUPS 320(R13), Z5
	VMOVUPS 384(R13), Z6
	VMOVUPS 448(R13), Z7

count8:
	TESTQ R15, R15
	JZ    end8

eight:
	MOVL             (R8)(DX*4), AX
	LEAQ             (R12)(AX*4), R9
	SHLQ             $6, AX
	VMOVUPS          (SI)(AX*1), Z26
	VFMADD231PS.BCST (R9), Z26, Z0
	VFMADD231PS.BCST (R9)(R11*1), Z26, Z1
	VFMADD231PS.BCST (R9)(R11*2), Z26, Z2
	VFMADD231PS.BCST (R9)(R14*1), Z26, Z3
	LEAQ             (R9)(R11*4), R9
	VFMADD231PS.BCST (R9), Z26, Z4
	VFMADD231PS.BCST (R9)(R11*1), Z26, Z5
	VFMADD231PS.BCST (R9)(R11*2), Z26, Z6
	VFMADD231PS.BCST (R9)(R14*1), Z26, Z7
	INCQ             DX
	CMPQ             DX, R15
	JLT              eight

end8:
	MOVQ attendArgs_to(DI), AX
	CMPQ AX, attendArgs_keys(DI)
	JEQ  write8
	VMOVUPS Z0, 0(R13)
	VMOVUPS Z1, 64(R13)
	VMOVUPS Z2, 128(R13)
	VMOVUPS Z3, 192(R13)
	VMOVUPS Z4, 256(R13)
	VMOVUPS Z5, 320(R13)
	VMOVUPS Z6, 384(R13)
	VMOVUPS Z7, 448(R13)
	JMP  done

write8:
	WRITE(Z0)
	WRITE(Z1)
	WRITE(Z2)
	WRITE(Z3)
	WRITE(Z4)
	WRITE(Z5)
	WRITE(Z6)
	WRITE(Z7)

begin1:
	VPXORQ  Z0, Z0, Z0
	CMPQ    attendArgs_from(DI), $0
	JEQ     count1
	VMOVUPS (R13), Z0

count1:
	TESTQ R15, R15
	JZ    end1

one:
	MOVL             (R8)(DX*4), AX
	LEAQ             (R12)(AX*4), R9
	SHLQ             $6, AX
	VMOVUPS          (SI)(AX*1), Z26
	VFMADD231PS.BCST (R9), Z26, Z0
	INCQ             DX
	CMPQ             DX, R15
	JLT              one

end1:
	ADDQ    R11, R12
	MOVQ    attendArgs_to(DI), AX
	CMPQ    AX, attendArgs_keys(DI)
	JEQ     write1
	VMOVUPS Z0, (R13)
	ADDQ    $64, R13
	DECQ    CX
	JMP     group

write1:
	ADDQ $64, R13
	WRITE(Z0)
	JMP  group

done:
	MOVQ    attendArgs_to(DI), DX
	CMPQ    DX, attendArgs_keys(DI)
	JLT     next
	VZEROUPPER
	RET

// func query512(a *attendArgs)
//
// Lanes are keys, 64 of them in a step. First the scores, those that are there if
// dims is below 0, -inf where there is no key, and their largest; then the
// weights; then the sums for one value after another, while the next is fetched if
// attendArgs_far says so.
TEXT ·query512(SB), NOSPLIT, $0-8
	MOVQ         a+0(FP), DI
	VBROADCASTSS softmax<>+0(SB), Z29
	VBROADCASTSS softmax<>+4(SB), Z28
	VMOVAPS      Z29, Z30
	MOVQ         attendArgs_qStride(DI), R11
	MOVQ         attendArgs_kStride(DI), R12
	MOVQ         attendArgs_keys(DI), R14
	MOVQ         attendArgs_k(DI), R8
	MOVQ         attendArgs_scores(DI), SI
	MOVQ         SI, BX

keys:
	MASKS(R14)
	MOVQ   attendArgs_q(DI), R9
	MOVQ   R8, R10
	MOVQ   attendArgs_dims(DI), CX
	VPXORQ Z0, Z0, Z0
	VPXORQ Z1, Z1, Z1
	VPXORQ Z2, Z2, Z2
	VPXORQ Z3, Z3, Z3
	TESTQ  CX, CX
	JZ     largest
	JS     given

dims:
	VBROADCASTSS (R9), Z4
	VFMADD231PS  (R10), Z4, Z0
	VFMADD231PS  64(R10), Z4, Z1
	VFMADD231PS  128(R10), Z4, Z2
	VFMADD231PS  192(R10), Z4, Z3
	ADDQ         R11, R9
	ADDQ         R12, R10
	DECQ         CX
	JNZ          dims
	JMP          largest

given:
	VMOVUPS (BX), Z0
	VMOVUPS 64(BX), Z1
	VMOVUPS 128(BX), Z2
	VMOVUPS 192(BX), Z3

largest:
	VBLENDMPS Z0, Z29, K1, Z0
	VBLENDMPS Z1, Z29, K2, Z1
	VBLENDMPS Z2, Z29, K3, Z2
	VBLENDMPS Z3, Z29, K4, Z3
	VMOVUPS   Z0, (BX)
	VMOVUPS   Z1, 64(BX)
	VMOVUPS   Z2, 128(BX)
	VMOVUPS   Z3, 192(BX)
	VMAXPS    Z0, Z1, Z0
	VMAXPS    Z2, Z3, Z2
	VMAXPS    Z0, Z2, Z0
	VMAXPS    Z0, Z30, Z30
	ADDQ      $256, R8
	ADDQ      $256, BX
	SUBQ      $64, R14
	JG        keys

	// The largest of all lanes, in all lanes.
	VSHUFF32X4 $0x4e, Z30, Z30, Z0
	VMAXPS     Z0, Z30, Z30
	VSHUFF32X4 $0xb1, Z30, Z30, Z0
	VMAXPS     Z0, Z30, Z30
	VPERMILPS  $0x4e, Z30, Z0
	VMAXPS     Z0, Z30, Z30
	VPERMILPS  $0xb1, Z30, Z0
	VMAXPS     Z0, Z30, Z30

	EXP_CONSTANTS
	VPXORQ Z27, Z27, Z27
	MOVQ   SI, DX

weights:
	VMOVUPS (DX), Z0
	EXP_Z0_TO_Z2(Z30)
	VADDPS  Z2, Z27, Z27
	VMOVUPS Z2, (DX)
	ADDQ    $64, DX
	CMPQ    DX, BX
	JLT     weights

// SUM adds up the lanes of z, in lane 0; Z9 is lost.
#define SUM(z) \
	VSHUFF32X4 $0x4e, z, z, Z9; \
	VADDPS     Z9, z, z;        \
	VSHUFF32X4 $0xb1, z, z, Z9; \
	VADDPS     Z9, z, z;        \
	VPERMILPS  $0x4e, z, Z9;    \
	VADDPS     Z9, z, z;        \
	VPERMILPS  $0xb1, z, Z9;    \
	VADDPS     Z9, z, z

	SUM(Z27)
	MOVQ  attendArgs_v(DI), R12
	MOVQ  attendArgs_vStride(DI), R11
	MOVQ  attendArgs_z(DI), R13
	MOVQ  attendArgs_zStride(DI), R9
	MOVQ  attendArgs_values(DI), R15
	TESTQ R15, R15
	JZ    done

value:
	MOVQ   attendArgs_keys(DI), R14
	MOVQ   SI, BX
	MOVQ   R12, R10
	VPXORQ Z0, Z0, Z0
	VPXORQ Z1, Z1, Z1
	VPXORQ Z2, Z2, Z2
	VPXORQ Z3, Z3, Z3
	CMPQ   R14, $64
	JLT    rest

whole:
	CMPQ        attendArgs_far(DI), $0
	JEQ         fetched
	PREFETCHT1  (R10)(R11*1)
	PREFETCHT1  64(R10)(R11*1)
	PREFETCHT1  128(R10)(R11*1)
	PREFETCHT1  192(R10)(R11*1)

fetched:
	VMOVUPS     (R10), Z4
	VMOVUPS     64(R10), Z5
	VMOVUPS     128(R10), Z6
	VMOVUPS     192(R10), Z7
	VFMADD231PS (BX), Z4, Z0
	VFMADD231PS 64(BX), Z5, Z1
	VFMADD231PS 128(BX), Z6, Z2
	VFMADD231PS 192(BX), Z7, Z3
	ADDQ        $256, R10
	ADDQ        $256, BX
	SUBQ        $64, R14
	CMPQ        R14, $64
	JGE         whole

rest:
	TESTQ       R14, R14
	JZ          write
	MASKS(R14)
	VMOVUPS.Z   (R10), K1, Z4
	VMOVUPS.Z   64(R10), K2, Z5
	VMOVUPS.Z   128(R10), K3, Z6
	VMOVUPS.Z   192(R10), K4, Z7
	VFMADD231PS (BX), Z4, Z0
	VFMADD231PS 64(BX), Z5, Z1
	VFMADD231PS 128(BX), Z6, Z2
	VFMADD231PS 192(BX), Z7, Z3

write:
	VADDPS Z0, Z1, Z0
	VADDPS Z2, Z3, Z2
	VADDPS Z0, Z2, Z0
	SUM(Z0)
	VDIVSS X27, X0, X0
	VMOVSS X0, (R13)
	ADDQ   R9, R13
	ADDQ   R11, R12
	DECQ   R15
	JNZ    value

done:
	VZEROUPPER
	RET
