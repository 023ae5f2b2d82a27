#include "forward.cu"
#include "simulated.h"

static struct {
	const float *x, *y;
	float *out;
	const int *id, *position;
	float tie;
	int *best, rows, cols, stride, out_stride, first;
} args;

static void run_embed(void) { embed(args.x, args.y, args.id, args.position, args.out, args.rows, args.cols); }
static void run_decode(void) { decode(args.x, args.stride, args.rows, args.first, args.cols, args.tie, args.best); }
static void run_copy_rows(void) { copy_rows(args.x, args.stride, args.out, args.out_stride, args.first, args.rows, args.cols); }

// A grid of blocks of one row that covers count threads.
static int simulate_row(unsigned order, int count, int threads, void (*kernel)(void)) {
	dim3 grid = {(count + threads - 1) / threads, 1, 1}, block = {threads, 1, 1};
	return simulate(grid, block, order, kernel);
}

int simulate_embed(unsigned order, const float *tokens, const float *positions, const int *id, const int *position, float *x, int rows, int d) {
	args.x = tokens, args.y = positions, args.id = id, args.position = position, args.out = x, args.rows = rows, args.cols = d;
	return simulate_row(order, rows * d, 256, run_embed);
}

int simulate_decode(unsigned order, const float *logits, int stride, int rows, int from, int width, float tie, int *best) {
	dim3 grid = {(rows + DECODED_ROWS - 1) / DECODED_ROWS, 1, 1}, block = {LANES, DECODED_ROWS, 1};
	args.x = logits, args.stride = stride, args.rows = rows, args.first = from, args.cols = width, args.tie = tie, args.best = best;
	return simulate(grid, block, order, run_decode);
}

int simulate_copy_rows(unsigned order, const float *from, int from_stride, float *to, int to_stride, int first, int rows, int cols) {
	args.x = from, args.stride = from_stride, args.out = to, args.out_stride = to_stride, args.first = first, args.rows = rows, args.cols = cols;
	return simulate_row(order, rows * cols, 256, run_copy_rows);
}
