// Products of matrices by a BLAS library: a process that reads lines
//
//	product M N K REPEATS
//
// and answers each with the seconds of its thread's CPU time that one product takes, or,
// if OMP_NUM_THREADS allows more than one thread, the seconds that pass.
// Its first line names the library and the kernels that it chose for this CPU.
//
//	cc -O2 products.c -ldl -o products
//	./products openblas libscipy_openblas64_.so
//	./products mkl libmkl_rt.so.3
//	./products onednn libdnnl.so.3
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { row_major = 101, as_it_is = 111 };

static void *library;

static void *symbol(const char *name) {
	void *s = dlsym(library, name);
	if (!s) {
		fprintf(stderr, "%s\n", dlerror());
		exit(1);
	}
	return s;
}

static int threads(void) {
	const char *number = getenv("OMP_NUM_THREADS");
	return number && atoi(number) > 1 ? atoi(number) : 1;
}

// OpenBLAS, with 64-bit integers, as SciPy has it; it says what it calls its core.

static void (*openblas_sgemm)(int, int, int, int64_t, int64_t, int64_t, float, const float *, int64_t, const float *, int64_t, float, float *, int64_t);

static void openblas_start(void) {
	char *(*config)(void) = symbol("scipy_openblas_get_config64_"), *(*core)(void) = symbol("scipy_openblas_get_corename64_");
	openblas_sgemm = symbol("scipy_cblas_sgemm64_");
	printf("%s, kernels %s\n", config(), core());
}

static void openblas_multiply(int m, int n, int k, const float *a, const float *b, float *c) {
	openblas_sgemm(row_major, as_it_is, as_it_is, m, n, k, 1, a, k, b, n, 0, c, n);
}

// MKL, which says what it runs by the code of its "conditional numerical reproducibility" branch.

static void (*mkl_sgemm)(int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);

static void mkl_start(void) {
	char version[200] = "";
	void (*get)(char *, int) = symbol("mkl_get_version_string");
	int (*branch)(void) = symbol("mkl_cbwr_get_auto_branch");
	mkl_sgemm = symbol("cblas_sgemm");
	get(version, sizeof version - 1); // fills it with blanks
	for (char *end = version + strlen(version); end > version && end[-1] == ' '; end--)
		end[-1] = 0;
	printf("%s, branch %d\n", version, branch());
}

static void mkl_multiply(int m, int n, int k, const float *a, const float *b, float *c) {
	mkl_sgemm(row_major, as_it_is, as_it_is, m, n, k, 1, a, k, b, n, 0, c, n);
}

// OneDNN, whose threads are TBB's: as many as the process has cores when it first asks for them.

static int (*onednn_sgemm)(char, char, int64_t, int64_t, int64_t, float, const float *, int64_t, const float *, int64_t, float, float *, int64_t);

static void onednn_multiply(int m, int n, int k, const float *a, const float *b, float *c) {
	onednn_sgemm('N', 'N', m, n, k, 1, a, k, b, n, 0, c, n);
}

static float *matrix(size_t elements);

static void onednn_start(void) {
	const struct {
		int major, minor, patch;
	} *(*version)(void) = symbol("dnnl_version"), *v = version();
	int (*isa)(void) = symbol("dnnl_get_effective_cpu_isa");
	onednn_sgemm = symbol("dnnl_sgemm");

	cpu_set_t all, few;
	sched_getaffinity(0, sizeof all, &all);
	CPU_ZERO(&few);
	for (int cpu = 0; CPU_COUNT(&few) < threads() && cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &all))
			CPU_SET(cpu, &few);
	sched_setaffinity(0, sizeof few, &few);
	enum { side = 512 };
	float *a = matrix(side * side), *b = matrix(side * side), *c = matrix(side * side);
	onednn_multiply(side, side, side, a, b, c);
	free(a), free(b), free(c);
	sched_setaffinity(0, sizeof all, &all);
	printf("oneDNN %d.%d.%d, instructions %#x\n", v->major, v->minor, v->patch, isa());
}

static const struct rival {
	const char *name;
	void (*start)(void); // prints what it is
	void (*multiply)(int, int, int, const float *, const float *, float *);
} rivals[] = {
	{"openblas", openblas_start, openblas_multiply},
	{"mkl", mkl_start, mkl_multiply},
	{"onednn", onednn_start, onednn_multiply},
};

static const struct rival *find(const char *name) {
	for (size_t i = 0; i < sizeof rivals / sizeof *rivals; i++)
		if (!strcmp(name, rivals[i].name))
			return &rivals[i];
	return NULL;
}

static float *matrix(size_t elements) {
	float *x = aligned_alloc(64, (4 * elements + 63) / 64 * 64);
	for (size_t i = 0; i < elements; i++)
		x[i] = (float)((int)(i % 17) - 8) / 8;
	return x;
}

static double now(void) {
	struct timespec t;
	clock_gettime(threads() > 1 ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec * 1e-9;
}

int main(int argc, char **argv) {
	const struct rival *r = argc == 3 ? find(argv[1]) : NULL;
	if (!r) {
		fprintf(stderr, "products openblas|mkl|onednn LIBRARY\n");
		return 1;
	}
	if (!(library = dlopen(argv[2], RTLD_NOW | RTLD_GLOBAL))) {
		fprintf(stderr, "%s\n", dlerror());
		return 1;
	}
	r->start();
	fflush(stdout);

	int m, n, k;
	long repeats;
	while (scanf(" product %d %d %d %ld", &m, &n, &k, &repeats) == 4) {
		float *a = matrix((size_t)m * k), *b = matrix((size_t)k * n), *c = matrix((size_t)m * n);
		double start = 0;
		for (long i = -1; i < repeats; i++) { // the first is not counted
			if (i == 0)
				start = now();
			r->multiply(m, n, k, a, b, c);
		}
		printf("%.9g\n", (now() - start) / repeats);
		fflush(stdout);
		free(a), free(b), free(c);
	}
}
