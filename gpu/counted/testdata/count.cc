// Runs gemm_naive (0) or gemm_shared (1) for matrices of a side on the simulator, with
// pointers that count, and prints the loads of A and B and the stores to C.
//
//   count VERSION N
#include <cstdio>
#include <cstdlib>
#include <vector>

extern "C" {
#include "simulator.h"
}

static long loads, stores;

struct counted_pointer {
	const float *p;
	float operator[](size_t i) const {
		loads++;
		return p[i];
	}
};

// A thread asks for its place in C once, to write there; with beta 0 it reads nothing.
struct written_pointer {
	float *p;
	float *at() const {
		stores++;
		return p;
	}
};

#include "gemm.inc"

static int n;
static std::vector<float> a, b, c;

static void naive() { gemm_naive(n, n, n, 1, {a.data()}, n, {b.data()}, n, 0, {c.data()}, n, nullptr, 0); }
static void shared() { gemm_shared(n, n, n, 1, {a.data()}, n, {b.data()}, n, 0, {c.data()}, n, nullptr, 0); }

int main(int, char **argument) {
	n = atoi(argument[2]);
	a.resize(n * n), b.resize(n * n), c.resize(n * n);
	unsigned blocks = (n + SIDE - 1) / SIDE;
	int failed = simulate({blocks, blocks, 1}, {SIDE, SIDE, 1}, 0, atoi(argument[1]) ? shared : naive);
	printf("%ld %ld\n", loads, stores);
	return failed;
}
