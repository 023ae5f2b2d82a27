package main

import (
	"bufio"
	"context"
	"io"
	"iter"
	"strings"
)

// lines are those of r without their ends, one at a time; an error other than
// the end of r is the last element. Reading goes on in a goroutine, since the
// context may end while r, a terminal, waits.
func lines(ctx context.Context, r io.Reader) iter.Seq2[string, error] {
	type line struct {
		text string
		err  error
	}
	return func(yield func(string, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		read := make(chan line)
		go func() {
			defer close(read)
			buffered := bufio.NewReader(r)
			for {
				text, err := buffered.ReadString('\n')
				if err == io.EOF && text == "" {
					return
				}
				select {
				case read <- line{strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r"), err}:
				case <-ctx.Done():
				}
				if err != nil || ctx.Err() != nil {
					return
				}
			}
		}()
		for {
			select {
			case l, ok := <-read:
				if !ok {
					return
				}
				if l.err == io.EOF {
					l.err = nil
				}
				if !yield(l.text, l.err) {
					return
				}
			case <-ctx.Done():
				yield("", ctx.Err())
				return
			}
		}
	}
}
