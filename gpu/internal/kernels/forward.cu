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

// decode writes to best[row] the first of the logits [from, from + width) of a row
// that is not more than tie below the largest, or -1 if one of them is NaN or the
// largest is infinite. Rows have the stride given.
KERNEL decode(const float *logits, int stride, int rows, int from, int width, float tie, int *best) {
	__shared__ float top[DECODED_ROWS][LANES];
	__shared__ int where[DECODED_ROWS][LANES];
	int y = threadIdx.y, lane = threadIdx.x, row = blockIdx.x * DECODED_ROWS + y;
	const float *l = logits + (size_t)(row < rows ? row : 0) * stride + from;
	float largest = -INFINITY;
	for (int c = lane; c < width; c += LANES)
		if (!(l[c] <= largest) && largest == largest) // NaN stays
			largest = l[c];
	top[y][lane] = largest;
	__syncthreads();
	for (int half = LANES / 2; half > 0; half /= 2) {
		if (lane < half && !(top[y][lane + half] <= top[y][lane]) && top[y][lane] == top[y][lane])
			top[y][lane] = top[y][lane + half];
		__syncthreads();
	}
	int first = lane;
	while (first < width && !(l[first] >= top[y][0] - tie))
		first += LANES;
	where[y][lane] = first;
	__syncthreads();
	for (int half = LANES / 2; half > 0; half /= 2) {
		if (lane < half && where[y][lane + half] < where[y][lane])
			where[y][lane] = where[y][lane + half];
		__syncthreads();
	}
	if (lane == 0 && row < rows)
		best[row] = top[y][0] - top[y][0] == 0 ? where[y][0] : -1;
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
