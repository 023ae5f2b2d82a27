package text

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"strings"
)

// batchBytes is how much is read at a time: memory is bounded, and results come soon.
const batchBytes = 1 << 15

// batch is the lines that end in what was read at a time, and the error that there are no more.
type batch struct {
	lines []string
	err   error
}

// Lines are the lines of r without their ends, some at a time: those that one read has brought.
// An error other than the end of r is the last element. Reading goes on in a goroutine, since
// the context may end while r, a terminal, waits.
func Lines(ctx context.Context, r io.Reader) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		read := make(chan batch)
		go readLines(ctx, r, read)
		for b := (batch{}); b.err == nil; {
			select {
			case b = <-read:
			case <-ctx.Done():
				b = batch{err: ctx.Err()}
			}
			if len(b.lines) > 0 && !yield(b.lines, nil) {
				return
			}
			if b.err != nil && b.err != io.EOF {
				yield(nil, b.err)
			}
		}
	}
}

func readLines(ctx context.Context, r io.Reader, read chan<- batch) {
	s := &splitter{from: r}
	for ctx.Err() == nil {
		lines, err := s.next()
		if len(lines) == 0 && err == nil {
			continue
		}
		select {
		case read <- batch{lines, err}:
		case <-ctx.Done():
		}
		if err != nil {
			return
		}
	}
}

// splitter makes lines of what it reads.
type splitter struct {
	from  io.Reader
	read  [batchBytes]byte
	begun []byte // a line whose end has not been read
	lines int    // so far
}

// longestLine bounds the memory for a line, in bytes.
const longestLine = 1 << 26

// next reads once, and gives the lines that end there. The last needs no end.
func (s *splitter) next() ([]string, error) {
	n, err := s.from.Read(s.read[:])
	end := bytes.LastIndexByte(s.read[:n], '\n') + 1
	if err != nil {
		end = n
	}
	if s.begun = append(s.begun, s.read[:end]...); end > 0 || err != nil {
		lines, fault := s.split(string(s.begun))
		s.begun = append(s.begun[:0], s.read[end:n]...)
		if fault != nil {
			err = fault
		}
		return lines, err
	}
	if s.begun = append(s.begun, s.read[:n]...); len(s.begun) > longestLine {
		err = s.tooLong()
	}
	return nil, err
}

func (s *splitter) split(text string) (list []string, err error) {
	list = make([]string, 0, strings.Count(text, "\n")+1)
	for len(text) > 0 {
		line, rest, _ := strings.Cut(text, "\n")
		if len(line) > longestLine {
			return list, s.tooLong()
		}
		list, text = append(list, strings.TrimSuffix(line, "\r")), rest
		s.lines++
	}
	return list, nil
}

func (s *splitter) tooLong() error {
	return fmt.Errorf("line %d has more than %d bytes", s.lines+1, longestLine)
}
