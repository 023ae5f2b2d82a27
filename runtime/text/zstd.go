//go:build !js

package text

import (
	"io"

	"github.com/klauspost/compress/zstd"
)

// windowLimit is the most memory that a Zstandard file may ask for, in bytes.
const windowLimit = 1 << 27

func unzstd(r io.Reader) (io.Reader, error) {
	return zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(windowLimit))
}
