// A libcuda.so.1 for tests: device memory is the computer's, a launch runs the
// kernel on the simulator. RASP_FAKE_CUDA asks for a fault: nodriver (cuInit finds
// no device), nodevice (there are none), ptx (the kernels are refused), oldptx (they
// are too new), memory (1 KB in all), little (100 KB).
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attention.cu"
#include "forward.cu"
#include "gemm.cu"

static void **args;
#define INT(i) (*(int *)args[i])
#define FLOAT(i) (*(float *)args[i])
#define PTR(i) (*(void **)args[i])

#define GEMM(kernel)                                                                                                       \
	static void run_##kernel(void) {                                                                                       \
		kernel(INT(0), INT(1), INT(2), FLOAT(3), PTR(4), INT(5), PTR(6), INT(7), FLOAT(8), PTR(9), INT(10), PTR(11),       \
		       INT(12));                                                                                                   \
	}
#define ATTENTION(kernel)                                                                                                  \
	static void run_##kernel(void) {                                                                                       \
		kernel(PTR(0), PTR(1), PTR(2), PTR(3), INT(4), INT(5), INT(6), PTR(7), PTR(8), INT(9), INT(10));                   \
	}
GEMM(gemm_naive)
GEMM(gemm_shared)
GEMM(gemm_tiled)
ATTENTION(attention_row)
ATTENTION(attention_tiled)
static void run_embed(void) { embed(PTR(0), PTR(1), PTR(2), PTR(3), PTR(4), INT(5), INT(6)); }
static void run_decode(void) { decode(PTR(0), INT(1), INT(2), INT(3), INT(4), FLOAT(5), PTR(6)); }
static void run_copy_rows(void) { copy_rows(PTR(0), INT(1), PTR(2), INT(3), INT(4), INT(5), INT(6)); }

#define KERNELS(X)                                                                                                         \
	X(gemm_naive) X(gemm_shared) X(gemm_tiled) X(attention_row) X(attention_tiled) X(embed) X(decode) X(copy_rows)
static const struct kernel {
	const char *name;
	void (*run)(void);
} kernels[] = {
#define ENTRY(name) {#name, run_##name},
    KERNELS(ENTRY)};

enum { OK, INVALID = 1, OUT_OF_MEMORY = 2, NO_DEVICE = 100, NO_CONTEXT = 201, INVALID_PTX = 218, OLD_DRIVER = 222, NOT_FOUND = 500 };

static int fault(const char *name) {
	const char *asked = getenv("RASP_FAKE_CUDA");
	return asked && !strcmp(asked, name);
}

static int current; // is there a context on this thread
static size_t taken, alive;

int cuInit(unsigned flags) { return flags ? INVALID : fault("nodriver") ? NO_DEVICE : OK; }
int cuGetErrorName(int status, const char **name) {
	*name = status == OUT_OF_MEMORY ? "CUDA_ERROR_OUT_OF_MEMORY"
	        : status == INVALID_PTX ? "CUDA_ERROR_INVALID_PTX"
	        : status == OLD_DRIVER  ? "CUDA_ERROR_UNSUPPORTED_PTX_VERSION"
	                                : "CUDA_ERROR";
	return OK;
}
int cuGetErrorString(int status, const char **text) {
	*text = "of the fake driver";
	return OK;
}
int cuDeviceGetCount(int *count) {
	*count = !fault("nodevice");
	return OK;
}
int cuDeviceGet(int *device, int ordinal) {
	*device = ordinal;
	return ordinal ? INVALID : OK;
}
int cuDeviceGetName(char *name, int size, int device) {
	snprintf(name, size, "Simulator");
	return OK;
}
int cuDeviceGetAttribute(int *value, int attribute, int device) {
	*value = attribute == 75 ? 9 : attribute == 76 ? 0 : attribute == 16 ? 1 : 1000000;
	return OK;
}
static size_t memory(void) { return fault("memory") ? 1 << 10 : fault("little") ? 100 << 10 : (size_t)1 << 30; }
int cuDeviceTotalMem_v2(size_t *bytes, int device) {
	*bytes = memory();
	return OK;
}
int cuDevicePrimaryCtxRetain(void **context, int device) {
	*context = &current;
	return OK;
}
int cuDevicePrimaryCtxRelease_v2(int device) { return alive ? INVALID : OK; } // what was taken has to be given back
int cuCtxSetCurrent(void *context) {
	current = context == &current;
	return current ? OK : NO_CONTEXT;
}
int cuCtxSynchronize(void) { return current ? OK : NO_CONTEXT; }

int cuModuleLoadDataEx(char **module, const void *image, unsigned count, int *options, void **values) {
	if (fault("ptx") || fault("oldptx")) {
		for (unsigned i = 0; i < count; i++)
			if (options[i] == 5)
				strcpy(values[i], fault("ptx") ? "ptxas: error in line 1" : "ptxas: unsupported .version 7.0");
		return fault("ptx") ? INVALID_PTX : OLD_DRIVER;
	}
	*module = strdup(image);
	return current ? OK : NO_CONTEXT;
}
int cuModuleUnload(char *module) {
	free(module);
	return OK;
}
int cuModuleGetFunction(const struct kernel **function, char *module, const char *name) {
	char entry[64];
	snprintf(entry, sizeof entry, ".entry %s(", name);
	if (!strstr(module, entry))
		return NOT_FOUND;
	for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++)
		if (!strcmp(kernels[i].name, name)) {
			*function = &kernels[i];
			return OK;
		}
	return NOT_FOUND;
}

// An allocation has its size in front, and begins as NaN.
enum { HEADER = 256 };
int cuMemAlloc_v2(size_t *address, size_t bytes) {
	if (!current || bytes == 0)
		return INVALID;
	if (taken + bytes > memory())
		return OUT_OF_MEMORY;
	char *block = aligned_alloc(HEADER, (HEADER + bytes + HEADER - 1) / HEADER * HEADER);
	if (!block)
		return OUT_OF_MEMORY;
	*(size_t *)block = bytes;
	memset(block + HEADER, 0xff, bytes);
	*address = (size_t)(block + HEADER);
	taken += bytes;
	alive++;
	return OK;
}
int cuMemFree_v2(size_t address) {
	char *block = (char *)address - HEADER;
	taken -= *(size_t *)block;
	alive--;
	free(block);
	return OK;
}
int cuMemGetInfo_v2(size_t *left, size_t *total) {
	*total = memory();
	*left = *total - taken;
	return OK;
}
int cuMemcpyHtoD_v2(size_t to, const void *from, size_t bytes) {
	memcpy((void *)to, from, bytes);
	return current ? OK : NO_CONTEXT;
}
int cuMemcpyDtoH_v2(void *to, size_t from, size_t bytes) {
	memcpy(to, (void *)from, bytes);
	return current ? OK : NO_CONTEXT;
}
int cuLaunchKernel(const struct kernel *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                   unsigned shared, void *stream, void **params, void **extra) {
	dim3 grid = {gx, gy, gz}, block = {bx, by, bz};
	if (!current)
		return NO_CONTEXT;
	if (!gx || !gy || !gz || gy > 65535 || gz > 65535 || bx * by * bz > 1024 || shared || stream || extra)
		return INVALID;
	args = params;
	return simulate(grid, block, 1, function->run) ? INVALID : OK;
}

int cuEventCreate(void **event, unsigned flags) {
	*event = &current;
	return OK;
}
int cuEventRecord(void *event, void *stream) { return OK; }
int cuEventSynchronize(void *event) { return OK; }
int cuEventElapsedTime(float *milliseconds, void *start, void *stop) {
	*milliseconds = 1;
	return OK;
}
#ifndef NO_EVENT_DESTROY // without it, it is a driver that is too old
int cuEventDestroy_v2(void *event) { return OK; }
#endif
