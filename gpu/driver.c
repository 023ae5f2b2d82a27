//go:build cgo && linux && (amd64 || arm64)

#include "driver.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

// One line a function: its name here, the driver's symbol, its parameters. cuda.h
// gives newer versions of a function the old name by macros; the symbols have the
// version in their names.
#define FUNCTIONS(X)                                                                                                       \
	X(cuInit, "cuInit", (unsigned))                                                                                        \
	X(cuGetErrorName, "cuGetErrorName", (CUresult, const char **))                                                         \
	X(cuGetErrorString, "cuGetErrorString", (CUresult, const char **))                                                     \
	X(cuDeviceGetCount, "cuDeviceGetCount", (int *))                                                                       \
	X(cuDeviceGet, "cuDeviceGet", (CUdevice *, int))                                                                       \
	X(cuDeviceGetName, "cuDeviceGetName", (char *, int, CUdevice))                                                         \
	X(cuDeviceGetAttribute, "cuDeviceGetAttribute", (int *, int, CUdevice))                                                \
	X(cuDeviceTotalMem, "cuDeviceTotalMem_v2", (size_t *, CUdevice))                                                       \
	X(cuDevicePrimaryCtxRetain, "cuDevicePrimaryCtxRetain", (CUcontext *, CUdevice))                                       \
	X(cuDevicePrimaryCtxRelease, "cuDevicePrimaryCtxRelease_v2", (CUdevice))                                               \
	X(cuCtxSetCurrent, "cuCtxSetCurrent", (CUcontext))                                                                     \
	X(cuCtxSynchronize, "cuCtxSynchronize", (void))                                                                        \
	X(cuModuleLoadDataEx, "cuModuleLoadDataEx", (CUmodule *, const void *, unsigned, int *, void **))                      \
	X(cuModuleUnload, "cuModuleUnload", (CUmodule))                                                                        \
	X(cuModuleGetFunction, "cuModuleGetFunction", (CUfunction *, CUmodule, const char *))                                  \
	X(cuMemAlloc, "cuMemAlloc_v2", (CUdeviceptr *, size_t))                                                                \
	X(cuMemFree, "cuMemFree_v2", (CUdeviceptr))                                                                            \
	X(cuMemGetInfo, "cuMemGetInfo_v2", (size_t *, size_t *))                                                               \
	X(cuMemcpyHtoD, "cuMemcpyHtoD_v2", (CUdeviceptr, const void *, size_t))                                                \
	X(cuMemcpyDtoH, "cuMemcpyDtoH_v2", (void *, CUdeviceptr, size_t))                                                      \
	X(cuLaunchKernel, "cuLaunchKernel",                                                                                    \
	  (CUfunction, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, CUstream, void **, void **))      \
	X(cuEventCreate, "cuEventCreate", (CUevent *, unsigned))                                                               \
	X(cuEventRecord, "cuEventRecord", (CUevent, CUstream))                                                                 \
	X(cuEventSynchronize, "cuEventSynchronize", (CUevent))                                                                 \
	X(cuEventElapsedTime, "cuEventElapsedTime", (float *, CUevent, CUevent))                                               \
	X(cuEventDestroy, "cuEventDestroy_v2", (CUevent))

#define DECLARE(name, symbol, parameters) static CUresult(*name) parameters;
FUNCTIONS(DECLARE)

int gpu_open(char *message, size_t size) {
	void *library = dlopen("libcuda.so.1", RTLD_NOW);
	if (!library) {
		snprintf(message, size, "%s", dlerror());
		return NO_DRIVER;
	}
#define FIND(name, symbol, parameters)                                                                                     \
	if (!(*(void **)&name = dlsym(library, symbol))) {                                                                     \
		snprintf(message, size, "%s", symbol);                                                                             \
		return NO_SYMBOL;                                                                                                  \
	}
	FUNCTIONS(FIND)
	return cuInit(0);
}

void gpu_error(int status, char *message, size_t size) {
	const char *name = NULL, *text = NULL;
	if (cuGetErrorName(status, &name) || !name)
		name = "unknown error";
	if (cuGetErrorString(status, &text) || !text)
		text = "";
	snprintf(message, size, "%s (%d) %s", name, status, text);
}

int gpu_count(int *count) { return cuDeviceGetCount(count); }

// Attributes of cuDeviceGetAttribute.
enum { CLOCK_RATE = 13, MULTIPROCESSORS = 16, MAJOR = 75, MINOR = 76 };

int gpu_retain(gpu_device *d, int ordinal) {
	int status;
	if ((status = cuDeviceGet(&d->device, ordinal)) || (status = cuDeviceGetName(d->name, sizeof d->name, d->device)) ||
	    (status = cuDeviceTotalMem(&d->memory, d->device)) ||
	    (status = cuDeviceGetAttribute(&d->multiprocessors, MULTIPROCESSORS, d->device)) ||
	    (status = cuDeviceGetAttribute(&d->major, MAJOR, d->device)) || (status = cuDeviceGetAttribute(&d->minor, MINOR, d->device)))
		return status;
	if (cuDeviceGetAttribute(&d->clock, CLOCK_RATE, d->device))
		d->clock = 0; // newer drivers may not tell
	return cuDevicePrimaryCtxRetain(&d->context, d->device);
}

int gpu_release(gpu_device *d) { return cuDevicePrimaryCtxRelease(d->device); }

// A context belongs to a thread of the operating system, a goroutine does not stay
// on one: each call makes the context current first.
#define ENTER(d)                                                                                                           \
	do {                                                                                                                   \
		int status = cuCtxSetCurrent((d)->context);                                                                        \
		if (status)                                                                                                        \
			return status;                                                                                                 \
	} while (0)

// Options of cuModuleLoadDataEx.
enum { ERROR_LOG = 5, ERROR_LOG_SIZE = 6 };

int gpu_module(gpu_device *d, CUmodule *module, const char *ptx, char *log, size_t size) {
	int options[] = {ERROR_LOG, ERROR_LOG_SIZE};
	void *values[] = {log, (void *)size};
	ENTER(d);
	return cuModuleLoadDataEx(module, ptx, 2, options, values);
}

int gpu_unload(gpu_device *d, CUmodule module) {
	ENTER(d);
	return cuModuleUnload(module);
}

int gpu_function(gpu_device *d, CUfunction *function, CUmodule module, const char *name) {
	ENTER(d);
	return cuModuleGetFunction(function, module, name);
}

int gpu_alloc(gpu_device *d, CUdeviceptr *memory, size_t bytes) {
	ENTER(d);
	return cuMemAlloc(memory, bytes);
}

int gpu_free(gpu_device *d, CUdeviceptr memory) {
	ENTER(d);
	return cuMemFree(memory);
}

int gpu_upload(gpu_device *d, CUdeviceptr to, const void *from, size_t bytes) {
	ENTER(d);
	return cuMemcpyHtoD(to, from, bytes);
}

int gpu_download(gpu_device *d, void *to, CUdeviceptr from, size_t bytes) {
	ENTER(d);
	return cuMemcpyDtoH(to, from, bytes);
}

int gpu_free_memory(gpu_device *d, size_t *bytes) {
	size_t total;
	ENTER(d);
	return cuMemGetInfo(bytes, &total);
}

enum { MOST_ARGS = 24 };

int gpu_launch(gpu_device *d, CUfunction function, const unsigned grid[3], const unsigned block[3], uint64_t *args, int count) {
	void *pointers[MOST_ARGS];
	for (int i = 0; i < count && i < MOST_ARGS; i++)
		pointers[i] = &args[i];
	ENTER(d);
	return cuLaunchKernel(function, grid[0], grid[1], grid[2], block[0], block[1], block[2], 0, NULL, pointers, NULL);
}

int gpu_wait(gpu_device *d) {
	ENTER(d);
	return cuCtxSynchronize();
}

int gpu_time_start(gpu_device *d, CUevent *start) {
	int status;
	ENTER(d);
	if ((status = cuEventCreate(start, 0)))
		return status;
	return cuEventRecord(*start, NULL);
}

int gpu_time_stop(gpu_device *d, CUevent start, float *milliseconds) {
	CUevent stop;
	int status;
	ENTER(d);
	if (!(status = cuEventCreate(&stop, 0))) {
		if (!(status = cuEventRecord(stop, NULL)) && !(status = cuEventSynchronize(stop)))
			status = cuEventElapsedTime(milliseconds, start, stop);
		cuEventDestroy(stop);
	}
	cuEventDestroy(start);
	return status;
}
