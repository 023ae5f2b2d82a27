//go:build amd64 && !noasm

#include "go_asm.h"
#include "textflag.h"

// Y8 to Y11 become four elements of B, AT bytes on.
#define ELEMENTS(B, AT) \
	VBROADCASTSS (AT+0)(B), Y8  \
	VBROADCASTSS (AT+4)(B), Y9  \
	VBROADCASTSS (AT+8)(B), Y10 \
	VBROADCASTSS (AT+12)(B), Y11

// The rows of A of a strip are at A and R10, R11, AX and DI bytes from it: 1, 3, 5 and 7
// times rowA. Four columns of them, AT bytes on, become the vectors Y0 to Y3, and their
// products with Y8 to Y11 are added to SUM, one after the other.
#define ADD4(A, AT, SUM) \
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
	VUNPCKLPD    Y6, Y4, Y0               \
	VUNPCKHPD    Y6, Y4, Y1               \
	VUNPCKLPD    Y7, Y5, Y2               \
	VUNPCKHPD    Y7, Y5, Y3               \
	VFMADD231PS  Y8, Y0, SUM              \
	VFMADD231PS  Y9, Y1, SUM              \
	VFMADD231PS  Y10, Y2, SUM             \
	VFMADD231PS  Y11, Y3, SUM

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
#define APART4(AT) \
	ELEMENTS(BX, AT)   \
	ADD4(SI, AT, Y12)  \
	ELEMENTS(DX, AT)   \
	ADD4(R8, AT, Y13)  \
	ELEMENTS(R13, AT)  \
	ADD4(R9, AT, Y14)  \
	ELEMENTS(R15, AT)  \
	ADD4(R12, AT, Y15)

// The same if they all are at the same column.
#define ABREAST4(AT) \
	ELEMENTS(BX, AT)  \
	ADD4(SI, AT, Y12) \
	ADD4(R8, AT, Y13) \
	ADD4(R9, AT, Y14) \
	ADD4(R12, AT, Y15)

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
	CMPQ    BX, DX
	JNE     apart
	CMPQ    BX, R13
	JNE     apart
	CMPQ    BX, R15
	JNE     apart

abreast:
	FETCH(SI)
	ABREAST4(0)
	FETCH(R8)
	ABREAST4(16)
	FETCH(R9)
	ABREAST4(32)
	FETCH(R12)
	ABREAST4(48)
	NEXT($64)
	SUBQ $16, CX
	JGE  abreast
	JMP  few

apart:
	FETCH(SI)
	APART4(0)
	FETCH(R8)
	APART4(16)
	FETCH(R9)
	APART4(32)
	FETCH(R12)
	APART4(48)
	NEXT($64)
	SUBQ $16, CX
	JGE  apart

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
