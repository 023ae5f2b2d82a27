//go:build cgo && linux && (amd64 || arm64)

// The part of NVIDIA's driver API that this package uses, opened at run time: no
// CUDA header or library is needed to build. Every call returns a status, 0 for
// success; the others are the driver's, and those below.
#ifndef DRIVER_H
#define DRIVER_H

#include <stddef.h>
#include <stdint.h>

typedef int CUresult;
typedef int CUdevice;
typedef struct CUctx_st *CUcontext;
typedef struct CUmod_st *CUmodule;
typedef struct CUfunc_st *CUfunction;
typedef struct CUstream_st *CUstream;
typedef struct CUevent_st *CUevent;
typedef uint64_t CUdeviceptr; // CUDA 3.2 and later, 64 bits

enum { NO_DRIVER = -1, NO_SYMBOL = -2 };

// gpu_open loads libcuda.so.1. With NO_DRIVER or NO_SYMBOL, message says which one
// is missing.
int gpu_open(char *message, size_t size);

// gpu_error is the driver's name and text for a status.
void gpu_error(int status, char *message, size_t size);

typedef struct {
	CUdevice device;
	CUcontext context;
	char name[128];
	size_t memory;
	int multiprocessors, clock, major, minor; // clock in kHz
} gpu_device;

int gpu_count(int *count);
int gpu_retain(gpu_device *d, int ordinal);
int gpu_release(gpu_device *d);

// gpu_module compiles PTX, which ends in NUL. log receives the compiler's errors.
int gpu_module(gpu_device *d, CUmodule *module, const char *ptx, char *log, size_t size);
int gpu_unload(gpu_device *d, CUmodule module);
int gpu_function(gpu_device *d, CUfunction *function, CUmodule module, const char *name);

int gpu_alloc(gpu_device *d, CUdeviceptr *memory, size_t bytes);
int gpu_free(gpu_device *d, CUdeviceptr memory);
int gpu_upload(gpu_device *d, CUdeviceptr to, const void *from, size_t bytes);
int gpu_download(gpu_device *d, void *to, CUdeviceptr from, size_t bytes);
int gpu_free_memory(gpu_device *d, size_t *bytes);

// gpu_launch starts a kernel. args holds one 8-byte slot an argument.
int gpu_launch(gpu_device *d, CUfunction function, const unsigned grid[3], const unsigned block[3], uint64_t *args, int count);
int gpu_wait(gpu_device *d);

// gpu_time_start and gpu_time_stop measure the milliseconds between them on the
// device.
int gpu_time_start(gpu_device *d, CUevent *start);
int gpu_time_stop(gpu_device *d, CUevent start, float *milliseconds);

#endif
