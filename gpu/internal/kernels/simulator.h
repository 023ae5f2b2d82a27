// What the kernels need of CUDA, for gcc: a block's threads are fibres that take
// turns at barriers, shared memory is a section of its own.
#ifndef SIMULATOR_H
#define SIMULATOR_H

#include <math.h>
#include <stddef.h>
#include <string.h>

#define KERNEL void
#define DEVICE static inline
#define __shared__ static __attribute__((section("cu_shared")))
#define __align__(n) __attribute__((aligned(n)))

typedef struct {
	float x, y, z, w;
} float4;

typedef struct {
	unsigned x, y, z;
} dim3;

extern dim3 threadIdx, blockIdx, blockDim, gridDim;

void __syncthreads(void);

static inline int __float_as_int(float x) {
	int i;
	memcpy(&i, &x, sizeof i);
	return i;
}

static inline float __int_as_float(int i) {
	float x;
	memcpy(&x, &i, sizeof x);
	return x;
}

// simulate runs a kernel for a grid of blocks, the threads of a block in the given
// order: 0 upwards, 1 downwards, others shuffled, another way in each turn. It
// returns 0, or 1 if some threads of a block ended while others waited at a
// barrier, 2 if there is no memory for so many threads.
int simulate(dim3 grid, dim3 block, unsigned order, void (*kernel)(void));

#endif
