#include "gemm.cu"
#include "simulated.h"

static struct {
	int m, n, k, lda, ldb, ldc, relu;
	float alpha, beta, *c;
	const float *a, *b, *bias;
} args;

#define BODY(kernel)                                                                                                       \
	static void run_##kernel(void) {                                                                                       \
		kernel(args.m, args.n, args.k, args.alpha, args.a, args.lda, args.b, args.ldb, args.beta, args.c, args.ldc,        \
		       args.bias, args.relu);                                                                                      \
	}

BODY(gemm_naive)
BODY(gemm_shared)
BODY(gemm_tiled)

int simulate_gemm(int version, unsigned order, int m, int n, int k, float alpha, const float *a, int lda, const float *b,
                  int ldb, float beta, float *c, int ldc, const float *bias, int relu) {
	static const struct {
		void (*run)(void);
		int tile;
		dim3 block;
	} versions[] = {{run_gemm_naive, SIDE, {SIDE, SIDE, 1}}, {run_gemm_shared, SIDE, {SIDE, SIDE, 1}}, {run_gemm_tiled, TILE, {THREADS, 1, 1}}};
	int tile = versions[version].tile;
	dim3 grid = {(n + tile - 1) / tile, (m + tile - 1) / tile, 1};
	args.m = m, args.n = n, args.k = k, args.alpha = alpha, args.a = a, args.lda = lda, args.b = b, args.ldb = ldb;
	args.beta = beta, args.c = c, args.ldc = ldc, args.bias = bias, args.relu = relu;
	return simulate(grid, versions[version].block, order, versions[version].run);
}
