#include "textflag.h"

// Constants: 16-bit ones, ±127 as floats, the order of what VPACKSSDW and VPACKSSWB leave behind.
DATA ones16<>+0(SB)/8, $0x0001000100010001
GLOBL ones16<>(SB), RODATA|NOPTR, $8
DATA most<>+0(SB)/4, $0x42fe0000
GLOBL most<>(SB), RODATA|NOPTR, $4
DATA least<>+0(SB)/4, $0xc2fe0000
GLOBL least<>(SB), RODATA|NOPTR, $4
DATA high<>+0(SB)/8, $0x8080808080808080
GLOBL high<>(SB), RODATA|NOPTR, $8
DATA lanes<>+0(SB)/8, $0x0000000400000000
DATA lanes<>+8(SB)/8, $0x0000000500000001
DATA lanes<>+16(SB)/8, $0x0000000600000002
DATA lanes<>+24(SB)/8, $0x0000000700000003
GLOBL lanes<>(SB), RODATA|NOPTR, $32

// BOUND makes whole numbers of at most ±127 of eight floats. The bound comes before the rounding: a float
// beyond 32 bits has no integer.
#define BOUND(y) \
	VMINPS Y9, y, y \
	VMAXPS Y10, y, y \
	VCVTPS2DQ y, y

// func quantizeAVX2(dst *int8, src *float32, n int, scale float32)
// n is a multiple of 32.
TEXT ·quantizeAVX2(SB), NOSPLIT, $0-28
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ n+16(FP), CX
	VBROADCASTSS scale+24(FP), Y8
	VBROADCASTSS most<>(SB), Y9
	VBROADCASTSS least<>(SB), Y10
	VMOVDQU lanes<>(SB), Y11

quantize:
	VMULPS 0(SI), Y8, Y0
	VMULPS 32(SI), Y8, Y1
	VMULPS 64(SI), Y8, Y2
	VMULPS 96(SI), Y8, Y3
	BOUND(Y0)
	BOUND(Y1)
	BOUND(Y2)
	BOUND(Y3)
	VPACKSSDW Y1, Y0, Y0
	VPACKSSDW Y3, Y2, Y2
	VPACKSSWB Y2, Y0, Y0
	VPERMD Y0, Y11, Y0
	VMOVDQU Y0, (DI)
	ADDQ $128, SI
	ADDQ $32, DI
	SUBQ $32, CX
	JNZ quantize
	VZEROUPPER
	RET

// All products take four columns of b at a time, cols being a multiple of 4. SI is at a, R13 goes down the
// columns, which lie R9 apart (R11 is three times that), R12 is how far they are; X14 is the factor, R8 at
// the bias and DI at what comes out.

// STORE adds up each of four sums and writes them, scaled, with their bias.
#define STORE(y0, y1, y2, y3, x0, to) \
	VPHADDD y1, y0, y0 \
	VPHADDD y3, y2, y2 \
	VPHADDD y2, y0, y0 \
	VEXTRACTI128 $1, y0, X13 \
	VPADDD X13, x0, x0 \
	VCVTDQ2PS x0, x0 \
	VMULPS X14, x0, x0 \
	VADDPS (R8), x0, x0 \
	VMOVUPS x0, to

// NEXT goes to the next four columns; no flag says zero after the last ones.
#define NEXT \
	ADDQ $16, DI \
	ADDQ $16, R8 \
	LEAQ (DX)(R9*4), DX \
	SUBQ $4, R10

// The signs of a move to b, so that products of unsigned and signed bytes, which is all that AVX2
// multiplies, fit in pairs into 16 bits: nothing saturates.

// ROW32 reads 32 bytes of a row, and their sizes.
#define ROW32(from, signs, sizes) \
	VMOVDQU from, signs \
	VPABSB signs, sizes

// DOT32 adds the products of a row's bytes and those of the column in Y12.
#define DOT32(signs, sizes, sum) \
	VPSIGNB signs, Y12, Y13 \
	VPMADDUBSW Y13, sizes, Y13 \
	VPMADDWD Y15, Y13, Y13 \
	VPADDD Y13, sum, sum

// ZERO32 empties four sums.
#define ZERO32(y0, y1, y2, y3) \
	VPXOR y0, y0, y0 \
	VPXOR y1, y1, y1 \
	VPXOR y2, y2, y2 \
	VPXOR y3, y3, y3

// COLUMN1 and COLUMN2 multiply 32 bytes of a column with one row, and with two.
#define COLUMN1(from, sum0) \
	VMOVDQU from, Y12 \
	DOT32(Y8, Y10, sum0)

#define COLUMN2(from, sum0, sum1) \
	COLUMN1(from, sum0) \
	DOT32(Y9, Y11, sum1)

// func rows1AVX2(out *float32, a, b *int8, bias *float32, width, cols int, factor float32)
// One row; the width is a multiple of 32.
TEXT ·rows1AVX2(SB), NOSPLIT, $0-52
	MOVQ out+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), DX
	MOVQ bias+24(FP), R8
	MOVQ width+32(FP), R9
	MOVQ cols+40(FP), R10
	VBROADCASTSS factor+48(FP), X14
	VPBROADCASTQ ones16<>(SB), Y15
	LEAQ (R9)(R9*2), R11

columns1:
	ZERO32(Y0, Y1, Y2, Y3)
	XORQ R12, R12
	MOVQ DX, R13

dot1:
	ROW32((SI)(R12*1), Y8, Y10)
	COLUMN1((R13), Y0)
	COLUMN1((R13)(R9*1), Y1)
	COLUMN1((R13)(R9*2), Y2)
	COLUMN1((R13)(R11*1), Y3)
	ADDQ $32, R13
	ADDQ $32, R12
	CMPQ R12, R9
	JNE dot1

	STORE(Y0, Y1, Y2, Y3, X0, (DI))
	NEXT
	JNZ columns1
	VZEROUPPER
	RET

// func rows2AVX2(out *float32, a, b *int8, bias *float32, width, cols int, factor float32)
// Two rows; the width is a multiple of 32.
TEXT ·rows2AVX2(SB), NOSPLIT, $0-52
	MOVQ out+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), DX
	MOVQ bias+24(FP), R8
	MOVQ width+32(FP), R9
	MOVQ cols+40(FP), R10
	VBROADCASTSS factor+48(FP), X14
	VPBROADCASTQ ones16<>(SB), Y15
	LEAQ (R9)(R9*2), R11
	LEAQ (SI)(R9*1), R14
	LEAQ (DI)(R10*4), R15

columns2:
	ZERO32(Y0, Y1, Y2, Y3)
	ZERO32(Y4, Y5, Y6, Y7)
	XORQ R12, R12
	MOVQ DX, R13

dot2:
	ROW32((SI)(R12*1), Y8, Y10)
	ROW32((R14)(R12*1), Y9, Y11)
	COLUMN2((R13), Y0, Y4)
	COLUMN2((R13)(R9*1), Y1, Y5)
	COLUMN2((R13)(R9*2), Y2, Y6)
	COLUMN2((R13)(R11*1), Y3, Y7)
	ADDQ $32, R13
	ADDQ $32, R12
	CMPQ R12, R9
	JNE dot2

	STORE(Y0, Y1, Y2, Y3, X0, (DI))
	STORE(Y4, Y5, Y6, Y7, X4, (R15))
	ADDQ $16, R15
	NEXT
	JNZ columns2
	VZEROUPPER
	RET

// VPDPBUSD takes a as unsigned: 128 (Z31) is added to each, and 128 times the column's sum (Z20 to Z23)
// taken off again.

// ZERO64 empties four sums.
#define ZERO64(z0, z1, z2, z3) \
	VPXORQ z0, z0, z0 \
	VPXORQ z1, z1, z1 \
	VPXORQ z2, z2, z2 \
	VPXORQ z3, z3, z3

// COLUMN1V and COLUMN4V multiply 64 bytes of a column with one row, and with four.
#define COLUMN1V(from, column, sum0) \
	VMOVDQU64 from, Z28 \
	VPDPBUSD Z28, Z31, column \
	VPDPBUSD Z28, Z24, sum0

#define COLUMN4V(from, column, sum0, sum1, sum2, sum3) \
	COLUMN1V(from, column, sum0) \
	VPDPBUSD Z28, Z25, sum1 \
	VPDPBUSD Z28, Z26, sum2 \
	VPDPBUSD Z28, Z27, sum3

// FOLD takes the column's sum off and adds the upper half to the lower one.
#define FOLD(column, sum, z, y) \
	VPSUBD column, sum, z \
	VEXTRACTI64X4 $1, z, Y13 \
	VPADDD Y13, y, y

// STOREV is STORE for sums twice as wide. What is folded already may be overwritten.
#define STOREV(sum0, sum1, sum2, sum3, to) \
	FOLD(Z20, sum0, Z0, Y0) \
	FOLD(Z21, sum1, Z1, Y1) \
	FOLD(Z22, sum2, Z2, Y2) \
	FOLD(Z23, sum3, Z3, Y3) \
	STORE(Y0, Y1, Y2, Y3, X0, to)

// func rows1VNNI(out *float32, a, b *int8, bias *float32, width, cols int, factor float32)
// One row; the width is a multiple of 64.
TEXT ·rows1VNNI(SB), NOSPLIT, $0-52
	MOVQ out+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), DX
	MOVQ bias+24(FP), R8
	MOVQ width+32(FP), R9
	MOVQ cols+40(FP), R10
	VBROADCASTSS factor+48(FP), X14
	VPBROADCASTQ high<>(SB), Z31
	LEAQ (R9)(R9*2), R11

columns1v:
	ZERO64(Z0, Z1, Z2, Z3)
	ZERO64(Z20, Z21, Z22, Z23)
	XORQ R12, R12
	MOVQ DX, R13

dot1v:
	VPXORQ (SI)(R12*1), Z31, Z24
	COLUMN1V((R13), Z20, Z0)
	COLUMN1V((R13)(R9*1), Z21, Z1)
	COLUMN1V((R13)(R9*2), Z22, Z2)
	COLUMN1V((R13)(R11*1), Z23, Z3)
	ADDQ $64, R13
	ADDQ $64, R12
	CMPQ R12, R9
	JNE dot1v

	STOREV(Z0, Z1, Z2, Z3, (DI))
	NEXT
	JNZ columns1v
	VZEROUPPER
	RET

// func rows4VNNI(out *float32, a, b *int8, bias *float32, width, cols int, factor float32)
// Four rows; the width is a multiple of 64.
TEXT ·rows4VNNI(SB), NOSPLIT, $0-52
	MOVQ out+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), DX
	MOVQ bias+24(FP), R8
	MOVQ width+32(FP), R9
	MOVQ cols+40(FP), R10
	VBROADCASTSS factor+48(FP), X14
	VPBROADCASTQ high<>(SB), Z31
	LEAQ (R9)(R9*2), R11
	MOVQ R10, R15
	SHLQ $2, R15

columns4v:
	ZERO64(Z0, Z1, Z2, Z3)
	ZERO64(Z4, Z5, Z6, Z7)
	ZERO64(Z8, Z9, Z10, Z11)
	ZERO64(Z16, Z17, Z18, Z19)
	ZERO64(Z20, Z21, Z22, Z23)
	XORQ R12, R12
	MOVQ DX, R13

dot4v:
	LEAQ (SI)(R12*1), R14
	VPXORQ (R14), Z31, Z24
	VPXORQ (R14)(R9*1), Z31, Z25
	VPXORQ (R14)(R9*2), Z31, Z26
	VPXORQ (R14)(R11*1), Z31, Z27
	COLUMN4V((R13), Z20, Z0, Z4, Z8, Z16)
	COLUMN4V((R13)(R9*1), Z21, Z1, Z5, Z9, Z17)
	COLUMN4V((R13)(R9*2), Z22, Z2, Z6, Z10, Z18)
	COLUMN4V((R13)(R11*1), Z23, Z3, Z7, Z11, Z19)
	ADDQ $64, R13
	ADDQ $64, R12
	CMPQ R12, R9
	JNE dot4v

	MOVQ DI, R14
	STOREV(Z0, Z1, Z2, Z3, (R14))
	ADDQ R15, R14
	STOREV(Z4, Z5, Z6, Z7, (R14))
	ADDQ R15, R14
	STOREV(Z8, Z9, Z10, Z11, (R14))
	ADDQ R15, R14
	STOREV(Z16, Z17, Z18, Z19, (R14))
	NEXT
	JNZ columns4v
	VZEROUPPER
	RET
