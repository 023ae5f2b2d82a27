package text

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// What a file begins with: the byte order mark that UTF-8 may have, which is no text, and
// the numbers of gzip (RFC 1952, section 2.3.1) and Zstandard (RFC 8878, section 3.1.1).
const (
	mark      = "\ufeff"
	gzipped   = "\x1f\x8b"
	zstandard = "\x28\xb5\x2f\xfd"
)

// others are the starts of files that are no text, and what is to be done about them.
var others = []struct{ start, what string }{
	{"\xff\xfe", "text in UTF-16: save it as UTF-8"},
	{"\xfe\xff", "text in UTF-16: save it as UTF-8"},
	{"PK\x03\x04", "a zip file: unpack it first"},
	{"\xfd7zXZ\x00", "an xz file: unpack it first"},
	{"BZh91AY&SY", "a bzip2 file: unpack it first"},
}

// Plain is the text of r: unpacked, if it is a file of gzip or Zstandard, and without a
// byte order mark.
func Plain(r io.Reader) (io.Reader, error) {
	plain, err := unpack(bufio.NewReader(r))
	if err != nil {
		return nil, err
	}
	for _, other := range others {
		if begins(plain, other.start) {
			return nil, errors.New(other.what)
		}
	}
	if begins(plain, mark) {
		if _, err := plain.Discard(len(mark)); err != nil {
			return nil, err
		}
	}
	return plain, nil
}

// unpack is what a file holds.
func unpack(r *bufio.Reader) (plain *bufio.Reader, err error) {
	unpacked := unpacker{}
	switch {
	case begins(r, gzipped):
		unpacked.kind = "gzip"
		unpacked.from, err = gzip.NewReader(r)
	case begins(r, zstandard):
		unpacked.kind = "Zstandard"
		unpacked.from, err = unzstd(r)
	default:
		return r, nil
	}
	if err != nil {
		return nil, unpacked.failed(err)
	}
	return bufio.NewReader(unpacked), nil
}

// unpacker says what is wrong with a packed file.
type unpacker struct {
	from io.Reader
	kind string
}

func (u unpacker) Read(p []byte) (int, error) {
	n, err := u.from.Read(p)
	if err != nil && err != io.EOF {
		err = u.failed(err)
	}
	return n, err
}

func (u unpacker) failed(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("a %s file that is cut off", u.kind)
	}
	return fmt.Errorf("a %s file that cannot be unpacked: %w", u.kind, err)
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

// File is a text that is opened for reading. What goes wrong is an *fs.PathError.
type File struct {
	Packed bool // it was one of gzip or Zstandard
	name   string
	from   io.Reader
	file   io.Closer
}

// Open opens a file, or stdin for - unless that is nil, and reads it as Plain does.
func Open(name string, stdin io.Reader) (*File, error) {
	if name == "-" && stdin != nil {
		return plainFile("stdin", stdin, io.NopCloser(nil))
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	return plainFile(name, file, file)
}

// plainFile reads the text of a file that is read through from.
func plainFile(name string, from io.Reader, file io.Closer) (*File, error) {
	f := &File{name: name, file: file}
	start := bufio.NewReader(from)
	f.Packed = begins(start, gzipped) || begins(start, zstandard)
	var err error
	if f.from, err = Plain(start); err != nil {
		file.Close()
		return nil, f.failed(err)
	}
	return f, nil
}

func (f *File) Read(p []byte) (int, error) {
	n, err := f.from.Read(p)
	if err != nil && err != io.EOF {
		err = f.failed(err)
	}
	return n, err
}

// failed names the file once.
func (f *File) failed(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return &fs.PathError{Op: "read", Path: f.name, Err: err}
}

// Close closes the file.
func (f *File) Close() error { return f.file.Close() }
