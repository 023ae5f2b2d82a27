#include "attention.cu"
#include "simulated.h"

static struct {
	const float *q, *k, *v;
	float *out;
	int q_stride, kv_stride, out_stride, d, causal;
	const int *query, *key;
} args;

#define BODY(kernel)                                                                                                       \
	static void run_##kernel(void) {                                                                                       \
		kernel(args.q, args.k, args.v, args.out, args.q_stride, args.kv_stride, args.out_stride, args.query, args.key, args.d, args.causal);  \
	}

BODY(attention_row)
BODY(attention_tiled)

int simulate_attention(int version, unsigned order, const float *q, const float *k, const float *v, float *out, int q_stride,
                       int kv_stride, int out_stride, const int *query, const int *key, int sequences, int heads, int d, int causal) {
	int longest = 0;
	for (int s = 0; s < sequences; s++)
		if (query[s + 1] - query[s] > longest)
			longest = query[s + 1] - query[s];
	dim3 row = {longest, heads, sequences}, row_block = {ROW_THREADS, 1, 1};
	dim3 tiled = {(longest + QUERIES - 1) / QUERIES, heads, sequences}, tiled_block = {ATTENTION_THREADS, 1, 1};
	args.q = q, args.k = k, args.v = v, args.out = out, args.q_stride = q_stride, args.kv_stride = kv_stride, args.out_stride = out_stride;
	args.query = query, args.key = key, args.d = d, args.causal = causal;
	return version == 0 ? simulate(row, row_block, order, run_attention_row) : simulate(tiled, tiled_block, order, run_attention_tiled);
}

void simulate_weight(const float *x, float *out, int n) {
	for (int i = 0; i < n; i++)
		out[i] = weight(x[i]);
}
