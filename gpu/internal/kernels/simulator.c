// A simulator of blocks and threads. Blocks run one after the other. A thread
// runs until it meets a barrier or ends; when all have, the next turn begins. So
// what is missing at a barrier shows: in one of the orders a thread reads what
// another has not written yet, and shared memory that nobody wrote is NaN.
//
// Warps, memory banks, atomics and the GPU's own rounding are not modelled.

#include "simulator.h"

#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

dim3 threadIdx, blockIdx, blockDim, gridDim;

extern char __start_cu_shared[], __stop_cu_shared[];

enum { STACK = 64 * 1024 };

enum { READY, WAITING, ENDED };

typedef struct {
	ucontext_t context;
	dim3 index;
	int state;
} fibre;

static ucontext_t scheduler;
static fibre *current;
static void (*entry)(void);

void __syncthreads(void) {
	current->state = WAITING;
	swapcontext(&current->context, &scheduler);
	threadIdx = current->index;
}

static void body(void) {
	entry();
	current->state = ENDED;
}

// step is the next number of a small generator (Marsaglia 2003, xorshift).
static unsigned step(unsigned *seed) {
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void arrange(int *turns, int count, unsigned order, unsigned *seed) {
	for (int i = 0; i < count; i++)
		turns[i] = order == 1 ? count - 1 - i : i;
	for (int i = count - 1; order > 1 && i > 0; i--) {
		int j = step(seed) % (i + 1), swap = turns[i];
		turns[i] = turns[j];
		turns[j] = swap;
	}
}

static int block(fibre *fibres, char *stacks, int *turns, int count, unsigned order, unsigned *seed) {
	memset(__start_cu_shared, 0xff, __stop_cu_shared - __start_cu_shared);
	for (int i = 0; i < count; i++) {
		fibre *f = &fibres[i];
		f->index.x = i % blockDim.x;
		f->index.y = i / blockDim.x % blockDim.y;
		f->index.z = i / blockDim.x / blockDim.y;
		f->state = READY;
		getcontext(&f->context);
		f->context.uc_stack.ss_sp = stacks + (size_t)i * STACK;
		f->context.uc_stack.ss_size = STACK;
		f->context.uc_link = &scheduler;
		makecontext(&f->context, body, 0);
	}
	for (;;) {
		int ended = 0;
		arrange(turns, count, order, seed);
		for (int i = 0; i < count; i++) {
			current = &fibres[turns[i]];
			threadIdx = current->index;
			swapcontext(&scheduler, &current->context);
			ended += current->state == ENDED;
		}
		if (ended)
			return ended < count;
	}
}

int simulate(dim3 grid, dim3 size, unsigned order, void (*kernel)(void)) {
	int count = size.x * size.y * size.z, failed = 2;
	fibre *fibres = malloc(count * sizeof *fibres);
	char *stacks = malloc((size_t)count * STACK);
	int *turns = malloc(count * sizeof *turns);
	unsigned seed = order + 1;
	gridDim = grid, blockDim = size, entry = kernel;
	if (fibres && stacks && turns) {
		failed = 0;
		for (unsigned b = 0; b < grid.x * grid.y * grid.z && !failed; b++) {
			blockIdx.x = b % grid.x, blockIdx.y = b / grid.x % grid.y, blockIdx.z = b / grid.x / grid.y;
			failed = block(fibres, stacks, turns, count, order, &seed);
		}
	}
	free(turns), free(stacks), free(fibres);
	return failed;
}
