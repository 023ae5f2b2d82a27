// Softmax attention, fused: no T x T matrix ever exists. For each query i of a
// head
//
//	out_i = (sum_j e_ij v_j) / (sum_j e_ij),   e_ij = exp(q_i . k_j - max_j q_i . k_j)
//
// over the keys j of its sequence, in a causal model those up to its own
// position. Keys come in blocks; the largest score so far is kept, and when a
// block has a larger one, what was added up before is scaled down by the exp of
// the difference (Milakov and Gimelshein 2018, "Online normalizer calculation for
// softmax"; Dao et al. 2022, "FlashAttention", algorithm 1). Numerator and
// denominator are kept apart and divided once, exp(0) is exactly 1, and 104 below
// the largest score exp is exactly 0, so that heads of compiled models are exact.
//
//	attention_row    a block a query: easy to read, any d_head, and the choice
//	                 where there are few queries, as in decoding with a KV cache
//	attention_tiled  a block 64 queries, products by 8 x 4 and 8 x 8 elements in
//	                 registers, d_head up to 64
//
// A batch is ragged: sequence s has the queries query[s] .. query[s+1]-1 and the
// keys key[s] .. key[s+1]-1; its last query sees its last key. Rows of q have
// the stride q_stride, those of k and v kv_stride, those of out out_stride; head h
// has the columns h*d .. h*d+d-1. The grid is blocks of queries in x, heads in y, sequences in z.

#ifdef __CUDACC__
#define KERNEL extern "C" __global__ void
#define DEVICE __device__ static inline
#else
#include "simulator.h"
#endif

// weight is exp(x) for x <= 0, within 1.01 units in the last place: exactly 1 at 0, and
// exactly 0 from -104 on, since half of the smallest float32, 2^-150, is exp(-103.97).
//
// With n the integer nearest to x / ln 2 it is 2^n exp(r), |r| <= ln 2 / 2, and
// exp(r) = 1 + r + r^2 P(r), P as on the CPU (runtime/attention/softmax.go). The
// bound of CUDA's expf is wider than what package runtime promises. Here each
// operation is rounded as IEEE 754 says, nothing is left to fuse, and the simulator
// computes the same bits.
DEVICE float weight(float x) {
	x = x < -105 ? -105 : x; // whose exp is rounded to 0
	// The last bit of a float around 1.5 * 2^23 is 1.
	const float shift = 12582912;
	float shifted = fmaf(x, 1.44269502f, shift), n = shifted - shift;
	float r = fmaf(n, -0.693147182f, x); // ln 2, rounded
	r = fmaf(n, 1.90465421e-9f, r);      // and the rest of it
	float p = 0.0013814541f;
	p = fmaf(p, r, 0.00836874545f);
	p = fmaf(p, r, 0.0416683890f);
	p = fmaf(p, r, 0.166665211f);
	p = fmaf(p, r, 0.499999940f);
	p = fmaf(r * r, p, r) + 1;
	// 2^n in two factors, the exponents of floats: what is subnormal is rounded once.
	int i = __float_as_int(shifted) - __float_as_int(shift), half = i / 2;
	return p * __int_as_float((unsigned)(half + 127) << 23) * __int_as_float((unsigned)(i - half + 127) << 23);
}

DEVICE int least(int x, int y) { return x < y ? x : y; }

// Threads of attention_row, and the keys of one of its blocks; how many dims of
// these stand in shared memory at once, where neighbouring threads have copied
// neighbouring dims, and each then reads its own key.
enum { ROW_THREADS = 128, DIMS = 32 };

KERNEL attention_row(const float *q, const float *k, const float *v, float *out, int q_stride, int kv_stride, int out_stride,
                     const int *query, const int *key, int d, int causal) {
	__shared__ float e[ROW_THREADS], top[ROW_THREADS], part[ROW_THREADS][DIMS + 1];
	int t = threadIdx.x, s = blockIdx.z, i = query[s] + blockIdx.x;
	if (i >= query[s + 1])
		return;
	int keys = key[s + 1] - key[s], first = keys - (query[s + 1] - query[s]);
	int visible = causal ? first + (int)blockIdx.x + 1 : keys;
	q += (size_t)i * q_stride + blockIdx.y * d;
	k += (size_t)key[s] * kv_stride + blockIdx.y * d;
	v += (size_t)key[s] * kv_stride + blockIdx.y * d;
	out += (size_t)i * out_stride + blockIdx.y * d;

	float largest = -INFINITY, denominator = 0;
	for (int from = 0; from < visible; from += ROW_THREADS) {
		int count = least(ROW_THREADS, visible - from);
		// A thread a key: its score.
		float score = t < count ? 0 : -INFINITY;
		for (int first_dim = 0; first_dim < d; first_dim += DIMS) {
			int dims = least(DIMS, d - first_dim);
			__syncthreads();
			for (int i = t; i < count * DIMS; i += ROW_THREADS)
				if (i % DIMS < dims)
					part[i / DIMS][i % DIMS] = k[(size_t)(from + i / DIMS) * kv_stride + first_dim + i % DIMS];
			__syncthreads();
			for (int n = 0; n < dims && t < count; n++)
				score += q[first_dim + n] * part[t][n];
		}
		top[t] = score;
		__syncthreads();
		for (int half = ROW_THREADS / 2; half > 0; half /= 2) {
			if (t < half)
				top[t] = fmaxf(top[t], top[t + half]);
			__syncthreads();
		}
		float now = fmaxf(largest, top[0]), before = weight(largest - now);
		largest = now;
		e[t] = t < count ? weight(score - now) : 0;
		__syncthreads();
		denominator *= before;
		for (int j = 0; j < count; j++)
			denominator += e[j];
		// A thread a dimension: the sum of the values so far.
		for (int n = t; n < d; n += ROW_THREADS) {
			float z = from > 0 ? out[n] * before : 0;
			for (int j = 0; j < count; j++)
				z += e[j] * v[(size_t)(from + j) * kv_stride + n];
			out[n] = z;
		}
	}
	for (int n = t; n < d; n += ROW_THREADS)
		out[n] /= denominator;
}

// A block of 64 threads has 64 queries and goes through the keys by 32. The
// threads stand 8 x 8: thread (y, x) has the queries 8 y .. 8 y + 7, the scores of
// the keys 4 x .. 4 x + 3, and the dimensions 4 x .. 4 x + 3 and 32 + 4 x .. + 3
// of the result.
enum { QUERIES = 64, KEYS = 32, D = 64, ATTENTION_THREADS = 64, VEC = 4, GAP = 4 };

// load_vec reads four neighbours of a row, 0 from end on, or anywhere if the row
// is not there.
DEVICE void load_vec(float *to, const float *row, int there, int at, int end, int aligned) {
	if (there && aligned && at + 3 < end) {
		*(float4 *)to = *(const float4 *)(row + at);
		return;
	}
	for (int i = 0; i < VEC; i++)
		to[i] = there && at + i < end ? row[at + i] : 0;
}

// load_transposed copies count rows of a matrix with d columns, from one on, to the
// columns of shared memory of the given pitch; rows from end on are 0. Neighbouring
// threads have neighbouring rows, and so write to different banks.
DEVICE void load_transposed(float *to, int pitch, const float *matrix, int stride, int from, int count, int end, int d, int aligned) {
#pragma unroll 4
	for (int i = threadIdx.x; i < count * (D / VEC); i += ATTENTION_THREADS) {
		int r = i % count, column = i / count * VEC;
		float quad[VEC];
		load_vec(quad, matrix + (size_t)(from + r) * stride, from + r < end, column, d, aligned);
		for (int n = 0; n < VEC; n++)
			to[(column + n) * pitch + r] = quad[n];
	}
}

KERNEL attention_tiled(const float *q, const float *k, const float *v, float *out, int q_stride, int kv_stride, int out_stride,
                       const int *query, const int *key, int d, int causal) {
	__shared__ __align__(16) float qs[D][QUERIES + GAP]; // queries, transposed
	__shared__ __align__(16) float ks[D][KEYS + GAP];    // keys, transposed
	__shared__ __align__(16) float vs[KEYS][D];
	__shared__ __align__(16) float es[KEYS][QUERIES + GAP]; // weights, transposed
	__shared__ float row[QUERIES][8 + 1];                    // a number of each thread for each query
	int t = threadIdx.x, y = t / 8, x = t % 8, s = blockIdx.z;
	int queries = query[s + 1] - query[s], keys = key[s + 1] - key[s], from_query = blockIdx.x * QUERIES;
	if (from_query >= queries)
		return;
	int first = keys - queries; // position of query 0
	q += (size_t)query[s] * q_stride + blockIdx.y * d;
	k += (size_t)key[s] * kv_stride + blockIdx.y * d;
	v += (size_t)key[s] * kv_stride + blockIdx.y * d;
	out += (size_t)query[s] * out_stride + blockIdx.y * d;

	int aligned_q = q_stride % 4 == 0 && (size_t)q % 16 == 0;
	int aligned_k = kv_stride % 4 == 0 && (size_t)k % 16 == 0, aligned_v = kv_stride % 4 == 0 && (size_t)v % 16 == 0;
	load_transposed(&qs[0][0], QUERIES + GAP, q, q_stride, from_query, QUERIES, queries, d, aligned_q);
	float sum[8][8], largest[8], denominator[8];
	for (int i = 0; i < 8; i++) {
		largest[i] = -INFINITY;
		denominator[i] = 0;
		for (int j = 0; j < 8; j++)
			sum[i][j] = 0;
	}
	int last = causal ? least(keys, first + from_query + QUERIES) : keys;
	for (int from = 0; from < last; from += KEYS) {
		__syncthreads();
		load_transposed(&ks[0][0], KEYS + GAP, k, kv_stride, from, KEYS, keys, d, aligned_k);
#pragma unroll 4
		for (int i = t; i < KEYS * (D / VEC); i += ATTENTION_THREADS) {
			int r = from + i / (D / VEC), column = i % (D / VEC) * VEC;
			load_vec(&vs[i / (D / VEC)][column], v + (size_t)r * kv_stride, r < keys, column, d, aligned_v);
		}
		__syncthreads();

		// Scores, 8 x 4 a thread.
		float score[8][4];
		for (int i = 0; i < 8; i++)
			for (int j = 0; j < 4; j++)
				score[i][j] = 0;
#pragma unroll 8
		for (int n = 0; n < d; n++) {
			float a[8], b[4];
			*(float4 *)a = *(const float4 *)&qs[n][8 * y];
			*(float4 *)(a + 4) = *(const float4 *)&qs[n][8 * y + 4];
			*(float4 *)b = *(const float4 *)&ks[n][4 * x];
#pragma unroll
			for (int i = 0; i < 8; i++)
#pragma unroll
				for (int j = 0; j < 4; j++)
					score[i][j] += a[i] * b[j];
		}

		// The largest score of each query so far, over the eight threads of its row.
#pragma unroll
		for (int i = 0; i < 8; i++) {
			int visible = causal ? first + from_query + 8 * y + i + 1 : keys;
			float top = -INFINITY;
#pragma unroll
			for (int j = 0; j < 4; j++) {
				if (from + 4 * x + j >= visible)
					score[i][j] = -INFINITY;
				top = fmaxf(top, score[i][j]);
			}
			row[8 * y + i][x] = top;
		}
		__syncthreads();
#pragma unroll
		for (int i = 0; i < 8; i++) {
			float now = largest[i];
			for (int j = 0; j < 8; j++)
				now = fmaxf(now, row[8 * y + i][j]);
			float before = weight(largest[i] - now); // 0 at first, when largest is -INFINITY
			largest[i] = now;
			denominator[i] *= before;
#pragma unroll
			for (int j = 0; j < 8; j++)
				sum[i][j] *= before;
#pragma unroll
			for (int j = 0; j < 4; j++) {
				score[i][j] = weight(score[i][j] - now);
				denominator[i] += score[i][j];
			}
		}
#pragma unroll
		for (int j = 0; j < 4; j++)
#pragma unroll
			for (int i = 0; i < 8; i += VEC) {
				float quad[VEC] = {score[i][j], score[i + 1][j], score[i + 2][j], score[i + 3][j]};
				*(float4 *)&es[4 * x + j][8 * y + i] = *(float4 *)quad;
			}
		__syncthreads();

		// Weighted values, 8 x 8 a thread.
#pragma unroll 8
		for (int j = 0; j < KEYS; j++) {
			float a[8], b[8];
			*(float4 *)a = *(const float4 *)&es[j][8 * y];
			*(float4 *)(a + 4) = *(const float4 *)&es[j][8 * y + 4];
			*(float4 *)b = *(const float4 *)&vs[j][4 * x];
			*(float4 *)(b + 4) = *(const float4 *)&vs[j][32 + 4 * x];
#pragma unroll
			for (int i = 0; i < 8; i++)
#pragma unroll
				for (int n = 0; n < 8; n++)
					sum[i][n] += a[i] * b[n];
		}
	}

	// Each thread has added up its own keys: the denominators of a row come together.
#pragma unroll
	for (int i = 0; i < 8; i++)
		row[8 * y + i][x] = denominator[i];
	__syncthreads();
#pragma unroll
	for (int i = 0; i < 8; i++) {
		int r = from_query + 8 * y + i;
		float whole = 0;
		for (int j = 0; j < 8; j++)
			whole += row[8 * y + i][j];
		if (r >= queries)
			continue;
#pragma unroll
		for (int n = 0; n < 8; n++) {
			int column = n < 4 ? 4 * x + n : 28 + 4 * x + n;
			if (column < d)
				out[(size_t)r * out_stride + column] = sum[i][n] / whole;
		}
	}
}
