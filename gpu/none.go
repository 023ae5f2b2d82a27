//go:build !cgo || !linux || !(amd64 || arm64)

package gpu

import (
	"fmt"

	"rasp/runtime"
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
func (*Device) NewSession(*runtime.Model) (*Session, error) {
	_, err := Open()
	return nil, err
}

// Close does nothing.
func (*Session) Close() {}
