//go:build !cgo || !linux || !(amd64 || arm64)

package gpu

import (
	"fmt"
	"time"

	"rasp/runtime"
	"rasp/runtime/model"
)

// Device is a GPU; here there is none.
type Device struct{}

// Session runs a model on a device; here there is none.
type Session struct{ runtime.Engine }

// Open says that this program was built without CUDA.
func Open() (*Device, error) {
	return nil, fmt.Errorf("gpu: %w", ErrNotBuilt)
}

// Close does nothing.
func (*Device) Close() {}

// Info of no device.
func (*Device) Info() Info { return Info{} }

// NewSession is Open's error.
func (*Device) NewSession(*model.Model) (*Session, error) {
	_, err := Open()
	return nil, err
}

// Close does nothing.
func (*Session) Close() {}

// Measure is Open's error.
func (*Session) Measure([][]int) ([][][]model.Token, Times, error) {
	_, err := Open()
	return nil, Times{}, err
}

// Product is a product to be measured; here there is none.
type Product struct{}

// NewProduct is Open's error.
func (*Device) NewProduct(int) (*Product, error) {
	_, err := Open()
	return nil, err
}

// Run is Open's error.
func (*Product) Run(Version) (time.Duration, error) {
	_, err := Open()
	return 0, err
}

// Close does nothing.
func (*Product) Close() {}

// Heads is attention to be measured; here there is none.
type Heads struct{}

// NewHeads is Open's error.
func (*Device) NewHeads(sequences, length, heads, dims int) (*Heads, error) {
	_, err := Open()
	return nil, err
}

// Run is Open's error.
func (*Heads) Run(bool) (time.Duration, error) {
	_, err := Open()
	return 0, err
}

// Close does nothing.
func (*Heads) Close() {}
