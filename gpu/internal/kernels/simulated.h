// The kernels on the simulator, as Go calls them: order is that of simulate, the
// result too.
int simulate_gemm(int version, unsigned order, int m, int n, int k, float alpha, const float *a, int lda, const float *b,
                  int ldb, float beta, float *c, int ldc, const float *bias, int relu);
int simulate_attention(int version, unsigned order, const float *q, const float *k, const float *v, float *out, int q_stride,
                       int kv_stride, int out_stride, const int *query, const int *key, int sequences, int heads, int d, int causal);

// simulate_weight is exp as the attention kernels compute it.
void simulate_weight(const float *x, float *out, int n);

int simulate_embed(unsigned order, const float *tokens, const float *positions, const int *id, const int *position, float *x, int rows, int d);
int simulate_decode(unsigned order, const float *logits, int stride, int rows, int from, int width, float tie, int *best);
int simulate_copy_rows(unsigned order, const float *from, int from_stride, float *to, int to_stride, int first, int rows, int cols);
