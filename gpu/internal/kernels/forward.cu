// What a forward pass needs beside products and attention: the embedding before
// them, the decoding of logits after them. Both are bound by memory.

#ifdef __CUDACC__
#define KERNEL extern "C" __global__ void
#else
#include "simulator.h"
#endif

// embed writes the residual stream x [rows, d]: row i is what token id[i] is plus
// where position[i] stands. A thread a number; the grid covers rows * d in x.
KERNEL embed(const float *tokens, const float *positions, const int *id, const int *position, float *x, int rows, int d) {
	size_t at = (size_t)blockIdx.x * blockDim.x + threadIdx.x;
	if (at >= (size_t)rows * d)
		return;
	int row = at / d, n = at % d;
	x[at] = tokens[(size_t)id[row] * d + n] + positions[(size_t)position[row] * d + n];
}

// A block decodes 8 rows, with 32 threads each.
enum { DECODED_ROWS = 8, LANES = 32 };

// decode writes to best[row] which of the logits [from, from + width) of a row is
// the largest, the first of equals. Rows have the stride given.
KERNEL decode(const float *logits, int stride, int rows, int from, int width, int *best) {
	__shared__ float top[DECODED_ROWS][LANES];
	__shared__ int where[DECODED_ROWS][LANES];
	int y = threadIdx.y, lane = threadIdx.x, row = blockIdx.x * DECODED_ROWS + y;
	float largest = -INFINITY;
	int at = 0;
	if (row < rows) {
		const float *l = logits + (size_t)row * stride + from;
		for (int c = lane; c < width; c += LANES)
			if (l[c] > largest) {
				largest = l[c];
				at = c;
			}
	}
	top[y][lane] = largest;
	where[y][lane] = at;
	__syncthreads();
	for (int half = LANES / 2; half > 0; half /= 2) {
		if (lane < half) {
			float other = top[y][lane + half];
			int place = where[y][lane + half];
			if (other > top[y][lane] || (other == top[y][lane] && place < where[y][lane])) {
				top[y][lane] = other;
				where[y][lane] = place;
			}
		}
		__syncthreads();
	}
	if (lane == 0 && row < rows)
		best[row] = where[y][0];
}

// copy_rows copies a matrix [rows, cols] into another, from its row first on. A
// thread a number; the grid covers rows * cols in x.
KERNEL copy_rows(const float *from, int from_stride, float *to, int to_stride, int first, int rows, int cols) {
	size_t at = (size_t)blockIdx.x * blockDim.x + threadIdx.x;
	if (at >= (size_t)rows * cols)
		return;
	int row = at / cols, n = at % cols;
	to[(size_t)(first + row) * to_stride + n] = from[(size_t)row * from_stride + n];
}
