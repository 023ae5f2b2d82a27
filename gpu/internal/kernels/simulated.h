// The kernels on the simulator, as Go calls them: order is that of simulate, the
// result too.
int simulate_gemm(int version, unsigned order, int m, int n, int k, float alpha, const float *a, int lda, const float *b,
                  int ldb, float beta, float *c, int ldc, const float *bias, int relu);
int simulate_attention(int version, unsigned order, const float *q, const float *k, const float *v, float *out, int q_stride,
                       int kv_stride, int out_stride, const int *query, const int *key, int sequences, int heads, int d, int causal);
