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
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef void sgemm32(int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);
typedef void sgemm64(int, int, int, int64_t, int64_t, int64_t, float, const float *, int64_t, const float *, int64_t, float, float *, int64_t);

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

// name says which kernels MKL runs, by the code of its "conditional numerical
// reproducibility" branch, or what OpenBLAS calls its core.
static void name(int mkl) {
	if (!mkl) {
		char *(*config)(void) = symbol("scipy_openblas_get_config64_"), *(*core)(void) = symbol("scipy_openblas_get_corename64_");
		printf("%s, kernels %s\n", config(), core());
		return;
	}
	char version[200] = "";
	void (*get)(char *, int) = symbol("mkl_get_version_string");
	int (*branch)(void) = symbol("mkl_cbwr_get_auto_branch");
	get(version, sizeof version);
	for (char *end = version + strlen(version); end > version && (end[-1] == ' ' || !end[-1]); end--)
		end[-1] = 0;
	printf("%s, branch %d\n", version, branch());
}

static float *matrix(size_t elements) {
	float *x = aligned_alloc(64, (4 * elements + 63) / 64 * 64);
	for (size_t i = 0; i < elements; i++)
		x[i] = (float)((int)(i % 17) - 8) / 8;
	return x;
}

static double now(void) {
	const char *threads = getenv("OMP_NUM_THREADS");
	struct timespec t;
	clock_gettime(threads && atoi(threads) > 1 ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec * 1e-9;
}

int main(int argc, char **argv) {
	if (argc != 3 || !(library = dlopen(argv[2], RTLD_NOW | RTLD_GLOBAL))) {
		fprintf(stderr, "products openblas|mkl LIBRARY: %s\n", argc == 3 ? dlerror() : "two arguments");
		return 1;
	}
	int mkl = !strcmp(argv[1], "mkl");
	sgemm32 *multiply32 = mkl ? symbol("cblas_sgemm") : NULL;
	sgemm64 *multiply64 = mkl ? NULL : symbol("scipy_cblas_sgemm64_");
	name(mkl);
	fflush(stdout);

	long m, n, k, repeats;
	while (scanf(" product %ld %ld %ld %ld", &m, &n, &k, &repeats) == 4) {
		float *a = matrix(m * k), *b = matrix(k * n), *c = matrix(m * n);
		double start = 0;
		for (long i = -1; i < repeats; i++) { // the first is not counted
			if (i == 0)
				start = now();
			if (mkl)
				multiply32(row_major, as_it_is, as_it_is, m, n, k, 1, a, k, b, n, 0, c, n);
			else
				multiply64(row_major, as_it_is, as_it_is, m, n, k, 1, a, k, b, n, 0, c, n);
		}
		printf("%.9g\n", (now() - start) / repeats);
		fflush(stdout);
		free(a), free(b), free(c);
	}
}
