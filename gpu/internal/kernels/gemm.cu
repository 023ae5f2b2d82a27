// Matrix products, C = relu((alpha A B + bias) + beta C), three times: each version
// keeps the numbers that it needs again one step closer to the arithmetic.
//
//	gemm_naive   one thread an element: every number comes from global memory
//	             K times, 1/4 FLOP a byte
//	gemm_shared  a block copies a tile of A and one of B into shared memory and
//	             all its threads use them: each number comes 1/32 as often
//	gemm_tiled   a thread computes 8 x 8 elements in registers: for 16 numbers
//	             that it reads from shared memory it does 64 multiply-adds
//
// A [m, k], B [k, n] and C [m, n] are row-major with row strides lda, ldb, ldc.
// bias [n] or null; with beta 0, C is not read. The blocks of the grid go along
// the columns of C in x and along its rows in y.
//
// This text is C11 and CUDA C++: nvcc makes PTX of it, gcc the simulator.

#ifdef __CUDACC__
#define KERNEL extern "C" __global__ void
#define DEVICE __device__ static inline
#else
#include "simulator.h"
#endif

// epilogue turns a sum into an element of C.
DEVICE float epilogue(float sum, float alpha, float beta, const float *c, const float *bias, int column, int relu) {
	float x = alpha * sum;
	if (bias)
		x += bias[column];
	if (beta != 0)
		x += beta * *c;
	return relu && x < 0 ? 0 : x;
}

KERNEL gemm_naive(int m, int n, int k, float alpha, const float *a, int lda, const float *b, int ldb,
                  float beta, float *c, int ldc, const float *bias, int relu) {
	int row = blockIdx.y * blockDim.y + threadIdx.y, column = blockIdx.x * blockDim.x + threadIdx.x;
	if (row >= m || column >= n)
		return;
	float sum = 0;
	for (int i = 0; i < k; i++)
		sum += a[(size_t)row * lda + i] * b[(size_t)i * ldb + column];
	float *out = c + (size_t)row * ldc + column;
	*out = epilogue(sum, alpha, beta, out, bias, column, relu);
}

// A block of 32 x 32 threads computes 32 x 32 elements.
enum { SIDE = 32 };

KERNEL gemm_shared(int m, int n, int k, float alpha, const float *a, int lda, const float *b, int ldb,
                   float beta, float *c, int ldc, const float *bias, int relu) {
	__shared__ float as[SIDE][SIDE], bs[SIDE][SIDE];
	int y = threadIdx.y, x = threadIdx.x;
	int row = blockIdx.y * SIDE + y, column = blockIdx.x * SIDE + x;
	float sum = 0;
	for (int from = 0; from < k; from += SIDE) {
		as[y][x] = row < m && from + x < k ? a[(size_t)row * lda + from + x] : 0;
		bs[y][x] = from + y < k && column < n ? b[(size_t)(from + y) * ldb + column] : 0;
		__syncthreads();
		for (int i = 0; i < SIDE; i++)
			sum += as[y][i] * bs[i][x];
		__syncthreads();
	}
	if (row < m && column < n) {
		float *out = c + (size_t)row * ldc + column;
		*out = epilogue(sum, alpha, beta, out, bias, column, relu);
	}
}

// A block of 256 threads computes 128 x 128 elements, 16 columns of A at a time.
// Its 8 warps stand 2 x 4 and compute 64 x 32 each; in a warp the threads stand 8
// x 4 and compute four quads of 4 x 4 each, 32 rows and 16 columns apart: so the
// threads of a warp read neighbouring quads of shared memory, or the same one.
enum { TILE = 128, DEPTH = 16, THREADS = 256, QUAD = 4, PAD = 4 };

// load4 reads four neighbours of a row, 0 beyond the end.
DEVICE void load4(float *to, const float *row, int at, int end, int aligned) {
	if (aligned && at + 3 < end) {
		*(float4 *)to = *(const float4 *)(row + at);
		return;
	}
	for (int i = 0; i < 4; i++)
		to[i] = at + i < end ? row[at + i] : 0;
}

KERNEL gemm_tiled(int m, int n, int k, float alpha, const float *a, int lda, const float *b, int ldb,
                  float beta, float *c, int ldc, const float *bias, int relu) {
	__shared__ __align__(16) float as[2][DEPTH][TILE + PAD]; // A, transposed: a column of A is a row here
	__shared__ __align__(16) float bs[2][DEPTH][TILE];
	int t = threadIdx.x, warp = t / 32, lane = t % 32;
	int row0 = blockIdx.y * TILE, column0 = blockIdx.x * TILE;
	int aligned_a = lda % 4 == 0 && (size_t)a % 16 == 0, aligned_b = ldb % 4 == 0 && (size_t)b % 16 == 0;

	// What a thread copies: two quads of a row of A, 8 columns apart, so that a warp
	// writes them, transposed, to 32 different banks; and two of B, 8 rows apart.
	int a_row = t / 2, a_column = t % 2 * QUAD, b_row = t / 32, b_column = t % 32 * QUAD;
	float next_a[2][QUAD], next_b[2][QUAD];

	// What it computes: rows row + {0..3, 32..35}, columns column + {0..3, 16..19}.
	int row = warp / 4 * 64 + lane / 4 * QUAD, column = warp % 4 * 32 + lane % 4 * QUAD;
	float sum[8][8];
	for (int i = 0; i < 8; i++)
		for (int j = 0; j < 8; j++)
			sum[i][j] = 0;

	// While one tile is multiplied, the next one is on its way from global memory.
	for (int from = -DEPTH, half = 0; from < k; from += DEPTH, half ^= 1) {
		int ahead = from + DEPTH;
		if (ahead < k) {
#pragma unroll
			for (int i = 0; i < 2; i++) {
				int r = row0 + a_row, d = ahead + b_row + 8 * i;
				load4(next_a[i], a + (size_t)(r < m ? r : 0) * lda, ahead + a_column + 8 * i, r < m ? k : 0, aligned_a);
				load4(next_b[i], b + (size_t)(d < k ? d : 0) * ldb, column0 + b_column, d < k ? n : 0, aligned_b);
			}
		}
		if (from >= 0) {
#pragma unroll
			for (int d = 0; d < DEPTH; d++) {
				float x[8], y[8];
				*(float4 *)x = *(const float4 *)&as[half ^ 1][d][row];
				*(float4 *)(x + 4) = *(const float4 *)&as[half ^ 1][d][row + 32];
				*(float4 *)y = *(const float4 *)&bs[half ^ 1][d][column];
				*(float4 *)(y + 4) = *(const float4 *)&bs[half ^ 1][d][column + 16];
#pragma unroll
				for (int i = 0; i < 8; i++)
#pragma unroll
					for (int j = 0; j < 8; j++)
						sum[i][j] += x[i] * y[j];
			}
		}
		if (ahead < k) {
#pragma unroll
			for (int i = 0; i < 2; i++) {
				for (int j = 0; j < QUAD; j++)
					as[half][a_column + 8 * i + j][a_row] = next_a[i][j];
				*(float4 *)&bs[half][b_row + 8 * i][b_column] = *(float4 *)next_b[i];
			}
		}
		__syncthreads();
	}

	int aligned_c = ldc % 4 == 0 && (size_t)c % 16 == 0;
#pragma unroll
	for (int i = 0; i < 8; i++) {
		int r = row0 + row + (i < 4 ? i : 28 + i);
		if (r >= m)
			continue;
#pragma unroll
		for (int h = 0; h < 2; h++) {
			int j = column0 + column + 16 * h;
			float *out = c + (size_t)r * ldc + j;
			float quad[QUAD];
			for (int q = 0; q < QUAD; q++)
				if (j + q < n)
					quad[q] = epilogue(sum[i][4 * h + q], alpha, beta, out + q, bias, j + q, relu);
			if (aligned_c && j + 3 < n)
				*(float4 *)out = *(float4 *)quad;
			else
				for (int q = 0; q < QUAD && j + q < n; q++)
					out[q] = quad[q];
		}
	}
}
