//go:build amd64 && !noasm

#include "go_asm.h"
#include "textflag.h"

// The rows of A of a strip are at A and R10, R11, AX and DI bytes from it: 1, 3, 5 and 7
// times rowA. Four columns of them, AT bytes on, become the vectors Y8 to Y11, and their
// products with four elements of B are added to SUM, one after the other.
#define ADD4(A, B, AT, SUM) \
	VMOVUPS      AT(A), X0                \
	VMOVUPS      AT(A)(R10*1), X1         \
	VMOVUPS      AT(A)(R10*2), X2         \
	VMOVUPS      AT(A)(R11*1), X3         \
	VINSERTF128  $1, AT(A)(R10*4), Y0, Y0 \
	VINSERTF128  $1, AT(A)(AX*1), Y1, Y1  \
	VINSERTF128  $1, AT(A)(R11*2), Y2, Y2 \
	VINSERTF128  $1, AT(A)(DI*1), Y3, Y3  \
	VUNPCKLPS    Y1, Y0, Y4               \
	VUNPCKHPS    Y1, Y0, Y5               \
	VUNPCKLPS    Y3, Y2, Y6               \
	VUNPCKHPS    Y3, Y2, Y7               \
	VUNPCKLPD    Y6, Y4, Y8               \
	VUNPCKHPD    Y6, Y4, Y9               \
	VUNPCKLPD    Y7, Y5, Y10              \
	VUNPCKHPD    Y7, Y5, Y11              \
	VBROADCASTSS (AT+0)(B), Y0            \
	VBROADCASTSS (AT+4)(B), Y1            \
	VBROADCASTSS (AT+8)(B), Y2            \
	VBROADCASTSS (AT+12)(B), Y3           \
	VFMADD231PS  Y0, Y8, SUM              \
	VFMADD231PS  Y1, Y9, SUM              \
	VFMADD231PS  Y2, Y10, SUM             \
	VFMADD231PS  Y3, Y11, SUM

// The same of one column.
#define ADD1(A, B, SUM) \
	VMOVSS       (A), X0                   \
	VMOVSS       (A)(R10*4), X1            \
	VINSERTPS    $0x10, (A)(R10*1), X0, X0 \
	VINSERTPS    $0x10, (A)(AX*1), X1, X1  \
	VINSERTPS    $0x20, (A)(R10*2), X0, X0 \
	VINSERTPS    $0x20, (A)(R11*2), X1, X1 \
	VINSERTPS    $0x30, (A)(R11*1), X0, X0 \
	VINSERTPS    $0x30, (A)(DI*1), X1, X1  \
	VINSERTF128  $1, X1, Y0, Y0            \
	VBROADCASTSS (B), Y2                   \
	VFMADD231PS  Y2, Y0, SUM

// What the rows of a strip have two lines on.
#define FETCH(A) \
	PREFETCHT0 128(A) \
	PREFETCHT0 128(A)(R10*1) \
	PREFETCHT0 128(A)(R10*2) \
	PREFETCHT0 128(A)(R11*1) \
	PREFETCHT0 128(A)(R10*4) \
	PREFETCHT0 128(A)(AX*1) \
	PREFETCHT0 128(A)(R11*2) \
	PREFETCHT0 128(A)(DI*1)

// The four strips in turn, so that a sum is ready when it is added to again.
#define STRIPS4(AT) \
	ADD4(SI, BX, AT, Y12)  \
	ADD4(R8, DX, AT, Y13)  \
	ADD4(R9, R13, AT, Y14) \
	ADD4(R12, R15, AT, Y15)

#define NEXT(BYTES) \
	ADDQ BYTES, SI  \
	ADDQ BYTES, R8  \
	ADDQ BYTES, R9  \
	ADDQ BYTES, R12 \
	ADDQ BYTES, BX  \
	ADDQ BYTES, DX  \
	ADDQ BYTES, R13 \
	ADDQ BYTES, R15

// func addStrips(s *[4]strip, rowA, k int)
TEXT ·addStrips(SB), NOSPLIT, $0-24
	MOVQ    s+0(FP), R14
	MOVQ    rowA+8(FP), R10
	MOVQ    k+16(FP), CX
	LEAQ    (R10)(R10*2), R11
	LEAQ    (R10)(R10*4), AX
	LEAQ    (R11)(R10*4), DI
	MOVQ    (strip_a+0*strip__size)(R14), SI
	MOVQ    (strip_a+1*strip__size)(R14), R8
	MOVQ    (strip_a+2*strip__size)(R14), R9
	MOVQ    (strip_a+3*strip__size)(R14), R12
	MOVQ    (strip_sums+0*strip__size)(R14), BX
	MOVQ    (strip_sums+1*strip__size)(R14), DX
	MOVQ    (strip_sums+2*strip__size)(R14), R13
	MOVQ    (strip_sums+3*strip__size)(R14), R15
	VMOVUPS (BX), Y12
	VMOVUPS (DX), Y13
	VMOVUPS (R13), Y14
	VMOVUPS (R15), Y15
	MOVQ    (strip_b+0*strip__size)(R14), BX
	MOVQ    (strip_b+1*strip__size)(R14), DX
	MOVQ    (strip_b+2*strip__size)(R14), R13
	MOVQ    (strip_b+3*strip__size)(R14), R15
	SUBQ    $16, CX
	JLT     few

loop:
	FETCH(SI)
	STRIPS4(0)
	FETCH(R8)
	STRIPS4(16)
	FETCH(R9)
	STRIPS4(32)
	FETCH(R12)
	STRIPS4(48)
	NEXT($64)
	SUBQ $16, CX
	JGE  loop

few:
	ADDQ $16, CX
	JEQ  done

one:
	ADD1(SI, BX, Y12)
	ADD1(R8, DX, Y13)
	ADD1(R9, R13, Y14)
	ADD1(R12, R15, Y15)
	NEXT($4)
	DECQ CX
	JNE  one

done:
	MOVQ    (strip_sums+0*strip__size)(R14), BX
	MOVQ    (strip_sums+1*strip__size)(R14), DX
	MOVQ    (strip_sums+2*strip__size)(R14), R13
	MOVQ    (strip_sums+3*strip__size)(R14), R15
	VMOVUPS Y12, (BX)
	VMOVUPS Y13, (DX)
	VMOVUPS Y14, (R13)
	VMOVUPS Y15, (R15)
	VZEROUPPER
	RET
