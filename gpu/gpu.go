// Package gpu runs models on an NVIDIA GPU, with kernels of its own.
//
// It needs nothing to build but Go and gcc: the kernels (internal/kernels, to be
// read there) were compiled to PTX beforehand and are embedded, and the driver's
// library is opened at run time. Without cgo, on other systems, or where there is
// no driver or device, Open returns an error that wraps ErrUnavailable.
//
// A Device is one GPU. NewSession uploads the weights of a model once; then it is
// used as a runtime.Session is. The forward pass stays on the device from the
// token ids to the logits, or to the classes that they decode to:
//
//	embed      x = W_E[id] + W_pos[position]
//	products   q k v = x W_QKV + b,  x = x + (z W_O + b),  MLP with ReLU
//	attention  z, with online softmax
//	products   logits = x W_U + b
//	decode     the largest logit of each output
//
// What is computed is what package runtime documents: sums in another order and
// with fused multiply-adds, an online softmax over blocks of keys, and an exp of our
// own that is off by 1.01 units in the last place at most, exactly 1 at 0 and exactly
// 0 from -104 on. So the certificate of a compiled model holds here too.
//
//	gpu.go      this page; errors
//	driver.h/c  the driver's functions, found by name
//	cuda.go     devices, memory, launches
//	kernels.go  the embedded PTX, and a Go function for each kernel
//	session.go  a model on a device
//	batch.go    batches: the forward pass
//	decoder.go  a sequence that grows, with a KV cache
//	measure.go  how long all that takes
//	none.go     all of that, where there is no cgo
//
// Package gputest makes a driver of the kernels' simulator, for tests without a
// GPU; measure.sh runs the tests and measurements on a machine that has one.
package gpu

import (
	"errors"
	"fmt"
	"time"
)

// ErrUnavailable is wrapped by the error of Open where there is no GPU to use, and
// says more as one of ErrNotBuilt, ErrNoDriver and ErrNoDevice.
var (
	ErrUnavailable = errors.New("CUDA is unavailable")
	ErrNotBuilt    = fmt.Errorf("%w: this program was built without cgo, or not for Linux", ErrUnavailable)
	ErrNoDriver    = fmt.Errorf("%w: no CUDA driver", ErrUnavailable)
	ErrNoDevice    = fmt.Errorf("%w: the driver sees no device", ErrUnavailable)
)

// What a driver or a device that is there cannot do.
var (
	ErrOldDriver = errors.New("the CUDA driver is too old")
	ErrRefused   = errors.New("the driver does not take the kernels")
	ErrMemory    = errors.New("not enough device memory")
)

// Version names a kernel for products, from the first that one would write to the
// one that is used.
type Version int

// The versions of internal/kernels/gemm.cu.
const (
	Naive Version = iota
	Shared
	Tiled
)

func (v Version) String() string { return [...]string{"naive", "shared", "tiled"}[v] }

// Times says where the time of a batch goes.
type Times struct {
	Total   time.Duration // from the call of Run to its end
	Kernels time.Duration // what the device computes
	Copies  time.Duration // to the device and back; the rest is Go's
}

// Info describes a device.
type Info struct {
	Name            string
	Memory          int // bytes
	Multiprocessors int
	ClockMHz        int // 0 if the driver does not tell
	Capability      string
}

// PeakFLOPS is what the device could do in float32, 0 if its clock is unknown.
func (i Info) PeakFLOPS() float64 {
	// Multiply-adds of a multiprocessor in a cycle (CUDA C++ Programming Guide,
	// "Arithmetic Instructions").
	lanes := 128.0
	if i.Capability == "7.5" || i.Capability == "8.0" {
		lanes = 64
	}
	return 2 * lanes * float64(i.Multiprocessors) * float64(i.ClockMHz) * 1e6
}
