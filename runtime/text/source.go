package text

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
)

// Source is a text that can be read more than once.
type Source struct {
	// Progress, if not nil, is told how many bytes of all have been read, all
	// times together.
	Progress func(done, total int)

	ctx         context.Context
	name        string
	all         []byte // of what can be read only once
	done, total int
}

// longestPipe bounds what is kept of a text that can be read only once.
const longestPipe = 1 << 28

// NewSource prepares to read a file, or stdin for -, so many times. Reading ends
// with ctx.
func NewSource(ctx context.Context, name string, stdin io.Reader, times int) (*Source, error) {
	s := &Source{ctx: ctx, name: name}
	if name != "-" {
		info, err := os.Stat(name)
		if err != nil {
			return nil, err
		}
		if info.Mode().IsRegular() {
			s.total = times * int(info.Size())
			return s, nil
		}
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		stdin = file
	}
	var err error
	if s.all, err = io.ReadAll(io.LimitReader(stdin, longestPipe+1)); err != nil {
		return nil, err
	}
	if len(s.all) > longestPipe {
		return nil, fmt.Errorf("%s: more than %d bytes; write it to a file first", name, longestPipe)
	}
	s.total = times * len(s.all)
	return s, nil
}

// Open starts to read from the beginning, as Plain does.
func (s *Source) Open() (io.ReadCloser, error) {
	from := io.NopCloser(bytes.NewReader(s.all))
	if s.all == nil {
		file, err := os.Open(s.name)
		if err != nil {
			return nil, err
		}
		from = file
	}
	name := s.name
	if name == "-" {
		name = "stdin"
	}
	return plainFile(name, pass{s, from}, from)
}

// pass is one time that a source is read.
type pass struct {
	*Source
	io.ReadCloser
}

func (p pass) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := p.ReadCloser.Read(b)
	p.done += n
	if p.Progress != nil && p.total > 0 {
		p.Progress(p.done, p.total)
	}
	return n, err
}
