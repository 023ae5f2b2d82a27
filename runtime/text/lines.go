package text

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
)

// A batch of lines is what has been read while the one before was worked on, but
// not more than this: memory is bounded, and results come soon.
const (
	batchLines = 512
	batchBytes = 1 << 16
)

// line is one without its end, or the error that there is no more.
type line struct {
	text string
	err  error
}

// Lines are the lines of r without their ends, some at a time and in a slice that is used again;
// an error other than the end of r is the last element. Reading goes on in a
// goroutine, since the context may end while r, a terminal, waits.
func Lines(ctx context.Context, r io.Reader) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		read := make(chan line, batchLines)
		go readLines(ctx, r, read)
		var batch []string
		for {
			var err error
			select {
			case l := <-read:
				batch, err = collect(batch[:0], l, read)
			case <-ctx.Done():
				batch, err = nil, ctx.Err()
			}
			if len(batch) > 0 && !yield(batch, nil) {
				return
			}
			if err != nil {
				if err != io.EOF {
					yield(nil, err)
				}
				return
			}
		}
	}
}

// collect appends lines that are there, without waiting for more.
func collect(batch []string, l line, read <-chan line) ([]string, error) {
	for bytes := 0; ; {
		if l.err != nil {
			return batch, l.err
		}
		batch = append(batch, l.text)
		if bytes += len(l.text); len(batch) == batchLines || bytes >= batchBytes {
			return batch, nil
		}
		select {
		case l = <-read:
		default:
			return batch, nil
		}
	}
}

func readLines(ctx context.Context, r io.Reader, read chan<- line) {
	send := func(l line) {
		select {
		case read <- l:
		case <-ctx.Done():
		}
	}
	buffered := bufio.NewReader(r)
	for n := 1; ctx.Err() == nil; n++ {
		text, err := readLine(buffered)
		if err == errLong {
			err = fmt.Errorf("line %d has more than %d bytes", n, longestLine)
		} else if len(text) > 0 {
			send(line{text: strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r")})
		}
		if err != nil {
			send(line{err: err})
			return
		}
	}
}

// longestLine bounds the memory for a line, in bytes.
const longestLine = 1 << 26

var errLong = errors.New("a line that is too long")

// readLine reads up to the end of a line, which it includes.
func readLine(r *bufio.Reader) (text []byte, err error) {
	for {
		part, err := r.ReadSlice('\n')
		text = append(text, part...)
		switch {
		case len(text) > longestLine:
			return nil, errLong
		case err != bufio.ErrBufferFull:
			return text, err
		}
	}
}
