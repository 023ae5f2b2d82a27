//go:build cgo && linux && (amd64 || arm64)

package gpu

// #cgo LDFLAGS: -ldl
// #include "driver.h"
import "C"

import (
	"errors"
	"fmt"
	"math"
	"sync"
	"time"
	"unsafe"
)

// Device is a GPU. Its methods may be called by one goroutine at a time.
type Device struct {
	handle    C.gpu_device
	modules   []C.CUmodule
	functions map[string]C.CUfunction
}

// driver is opened once for the process.
var driver = sync.OnceValue(func() error {
	message := make([]byte, 512)
	status := C.gpu_open(text(message), C.size_t(len(message)))
	switch {
	case status == C.NO_DRIVER:
		return fmt.Errorf("gpu: %w: %s", ErrNoDriver, goText(message))
	case status == C.NO_SYMBOL:
		return fmt.Errorf("gpu: %w: it has no %s", ErrOldDriver, goText(message))
	case causes[status] == ErrNoDevice:
		return fmt.Errorf("gpu: %w", ErrNoDevice)
	}
	return failure("starting the CUDA driver", status)
})

// causes are the statuses of the driver that have an error of their own.
var causes = map[C.int]error{
	2:   ErrMemory,
	100: ErrNoDevice,
	209: ErrRefused,   // CUDA_ERROR_NO_BINARY_FOR_GPU
	218: ErrRefused,   // CUDA_ERROR_INVALID_PTX
	221: ErrRefused,   // CUDA_ERROR_JIT_COMPILER_NOT_FOUND
	222: ErrOldDriver, // CUDA_ERROR_UNSUPPORTED_PTX_VERSION
	803: ErrOldDriver, // CUDA_ERROR_SYSTEM_DRIVER_MISMATCH
}

// Open takes the first GPU. The error wraps ErrUnavailable if there is none.
func Open() (*Device, error) {
	if err := driver(); err != nil {
		return nil, err
	}
	var count C.int
	if err := failure("counting devices", C.gpu_count(&count)); err != nil {
		return nil, err
	}
	if count == 0 {
		return nil, fmt.Errorf("gpu: %w", ErrNoDevice)
	}
	d := &Device{functions: map[string]C.CUfunction{}}
	if err := failure("opening the device", C.gpu_retain(&d.handle, 0)); err != nil {
		return nil, err
	}
	if err := d.loadKernels(); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// Close gives the device back. Sessions on it must be closed before.
func (d *Device) Close() {
	for _, m := range d.modules {
		C.gpu_unload(&d.handle, m)
	}
	d.modules = nil
	C.gpu_release(&d.handle)
}

// Info describes the device.
func (d *Device) Info() Info {
	return Info{
		Name: C.GoString(&d.handle.name[0]), Memory: int(d.handle.memory),
		Multiprocessors: int(d.handle.multiprocessors), ClockMHz: int(d.handle.clock) / 1000,
		Capability: fmt.Sprintf("%d.%d", d.handle.major, d.handle.minor),
	}
}

// load compiles PTX for the device and finds the functions in it.
func (d *Device) load(ptx string, names ...string) error {
	source, log := append([]byte(ptx), 0), make([]byte, 8192)
	var module C.CUmodule
	status := C.gpu_module(&d.handle, &module, text(source), text(log), C.size_t(len(log)))
	if err := failure("compiling the kernels for the device", status); err != nil {
		if details := goText(log); details != "" {
			err = fmt.Errorf("%w\n%s", err, details)
		}
		return err
	}
	d.modules = append(d.modules, module)
	for _, name := range names {
		var f C.CUfunction
		entry := append([]byte(name), 0)
		if err := failure("finding the kernel "+name, C.gpu_function(&d.handle, &f, module, text(entry))); err != nil {
			return err
		}
		d.functions[name] = f
	}
	return nil
}

// address is memory of the device; 0 is none.
type address uint64

// at is the address so many 4-byte numbers further on.
func (a address) at(n int) address { return a + address(4*n) }

// buffer is memory of the device that grows as needed.
type buffer struct {
	address
	size int // in 4-byte numbers
}

// reserve makes room for so many 4-byte numbers; what was there is lost.
func (d *Device) reserve(b *buffer, size int) error {
	if size <= b.size {
		return nil
	}
	d.release(b)
	var memory C.CUdeviceptr
	if err := failure(fmt.Sprintf("taking %d bytes of device memory", 4*size), C.gpu_alloc(&d.handle, &memory, C.size_t(4*size))); err != nil {
		return err
	}
	*b = buffer{address(memory), size}
	return nil
}

// release gives the memory of a buffer back.
func (d *Device) release(b *buffer) {
	if b.address != 0 {
		C.gpu_free(&d.handle, C.CUdeviceptr(b.address))
	}
	*b = buffer{}
}

// freeMemory is how many bytes the device has left.
func (d *Device) freeMemory() (int, error) {
	var bytes C.size_t
	err := failure("asking for device memory", C.gpu_free_memory(&d.handle, &bytes))
	return int(bytes), err
}

// number is what kernels compute with.
type number interface{ float32 | int32 }

// upload copies numbers to the device.
func upload[T number](d *Device, to address, from []T) error {
	if len(from) == 0 {
		return nil
	}
	return failure("copying to the device", C.gpu_upload(&d.handle, C.CUdeviceptr(to), unsafe.Pointer(unsafe.SliceData(from)), C.size_t(4*len(from))))
}

// download copies numbers from the device, after all kernels before it are done.
func download[T number](d *Device, to []T, from address) error {
	if len(to) == 0 {
		return nil
	}
	return failure("copying from the device", C.gpu_download(&d.handle, unsafe.Pointer(unsafe.SliceData(to)), C.CUdeviceptr(from), C.size_t(4*len(to))))
}

// grid counts blocks, or the threads of one.
type grid [3]int

// launch starts a kernel. Arguments are address, int, float32 or bool; they are
// passed as pointer, int, float and int.
func (d *Device) launch(kernel string, blocks, threads grid, args ...any) error {
	slots := make([]C.uint64_t, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case address:
			slots[i] = C.uint64_t(a)
		case int:
			slots[i] = C.uint64_t(uint32(int32(a)))
		case float32:
			slots[i] = C.uint64_t(math.Float32bits(a))
		case bool:
			if a {
				slots[i] = 1
			}
		}
	}
	size := func(g grid) [3]C.uint { return [3]C.uint{C.uint(g[0]), C.uint(g[1]), C.uint(g[2])} }
	b, t := size(blocks), size(threads)
	return failure("starting the kernel "+kernel, C.gpu_launch(&d.handle, d.functions[kernel], &b[0], &t[0], unsafe.SliceData(slots), C.int(len(slots))))
}

// timed is how long the device takes for what f starts.
func (d *Device) timed(f func() error) (time.Duration, error) {
	var start C.CUevent
	if err := failure("starting a clock", C.gpu_time_start(&d.handle, &start)); err != nil {
		return 0, err
	}
	err := f()
	var milliseconds C.float
	stopped := failure("stopping a clock", C.gpu_time_stop(&d.handle, start, &milliseconds))
	return time.Duration(float64(milliseconds) * float64(time.Millisecond)), errors.Join(err, stopped)
}

// failure is the error for a status of the driver, nil for success.
func failure(what string, status C.int) error {
	if status == 0 {
		return nil
	}
	message := make([]byte, 256)
	C.gpu_error(status, text(message), C.size_t(len(message)))
	if cause := causes[status]; cause != nil {
		return fmt.Errorf("gpu: %s: %w: %s", what, cause, goText(message))
	}
	return fmt.Errorf("gpu: %s: %s", what, goText(message))
}

func text(b []byte) *C.char { return (*C.char)(unsafe.Pointer(unsafe.SliceData(b))) }

// goText is the text before the first NUL.
func goText(b []byte) string { return C.GoString(text(b)) }
