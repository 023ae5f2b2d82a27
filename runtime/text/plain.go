package text

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/zstd"
)

// What a file begins with: the byte order mark that UTF-8 may have, which is no text, and
// the numbers of gzip (RFC 1952, section 2.3.1) and Zstandard (RFC 8878, section 3.1.1).
const (
	mark      = "\ufeff"
	gzipped   = "\x1f\x8b"
	zstandard = "\x28\xb5\x2f\xfd"
)

// windowLimit is the most memory that a Zstandard file may ask for, in bytes.
const windowLimit = 1 << 27

// Plain is the text of r: unpacked, if it is a file of gzip or Zstandard, and without a
// byte order mark.
func Plain(r io.Reader) (io.Reader, error) {
	packed := bufio.NewReader(r)
	plain := packed
	switch {
	case begins(packed, gzipped):
		unpacked, err := gzip.NewReader(packed)
		if err != nil {
			return nil, fmt.Errorf("a gzip file that cannot be unpacked: %w", err)
		}
		plain = bufio.NewReader(unpacked)
	case begins(packed, zstandard):
		unpacked, err := zstd.NewReader(packed, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(windowLimit))
		if err != nil {
			return nil, fmt.Errorf("a Zstandard file that cannot be unpacked: %w", err)
		}
		plain = bufio.NewReader(unpacked)
	}
	if begins(plain, mark) {
		if _, err := plain.Discard(len(mark)); err != nil {
			return nil, err
		}
	}
	return plain, nil
}

// begins looks no further than it must: a terminal gives no more before it is answered.
// What cannot be read is a fault when it is.
func begins(r *bufio.Reader, with string) bool {
	for n := range len(with) {
		if start, err := r.Peek(n + 1); err != nil || start[n] != with[n] {
			return false
		}
	}
	return true
}

// File is a text that is opened for reading.
type File struct {
	io.Reader
	file io.Closer
}

// Open opens a file, or stdin for -, and reads it as Plain does.
func Open(name string, stdin io.Reader) (*File, error) {
	from := io.NopCloser(stdin)
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		from = file
	}
	return plainFile(name, from, from)
}

// plainFile reads the text of a file that is read through from.
func plainFile(name string, from io.Reader, file io.Closer) (*File, error) {
	plain, err := Plain(from)
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &File{plain, file}, nil
}

// Close closes the file.
func (f *File) Close() error { return f.file.Close() }
