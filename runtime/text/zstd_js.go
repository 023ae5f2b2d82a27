package text

import (
	"errors"
	"io"
)

// unzstd is missing in a page, whose texts are what somebody typed: the decoder is 3 % of the
// engine, which each page loads.
func unzstd(io.Reader) (io.Reader, error) { return nil, errors.New("unpack it first") }
