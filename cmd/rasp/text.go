package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
)

// textFile is a text that can be read more than once, with progress.
type textFile struct {
	ctx   context.Context
	name  string
	all   []byte // of what can be read only once
	line  progress
	total int64 // bytes to be read, all times together
	done  int64
}

// longestPipe bounds what is kept of a text that can be read only once.
const longestPipe = 1 << 28

// openText prepares to read a file, or stdin for -, so many times.
func openText(cmd *cobra.Command, name string, times int64) (*textFile, error) {
	t := &textFile{ctx: cmd.Context(), name: name}
	t.line = progress{to: terminal(cmd.ErrOrStderr()), what: "bytes"}
	in := cmd.InOrStdin()
	if name != "-" {
		info, err := os.Stat(name)
		if err != nil {
			return nil, err
		}
		if info.Mode().IsRegular() {
			t.total = times * info.Size()
			return t, nil
		}
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	var err error
	if t.all, err = io.ReadAll(io.LimitReader(in, longestPipe+1)); err != nil {
		return nil, err
	}
	if len(t.all) > longestPipe {
		return nil, fmt.Errorf("%s: more than %d bytes; write it to a file first", name, longestPipe)
	}
	t.total = times * int64(len(t.all))
	return t, nil
}

func (t *textFile) open() (io.ReadCloser, error) {
	if t.all != nil {
		return reading{t, io.NopCloser(bytes.NewReader(t.all))}, nil
	}
	file, err := os.Open(t.name)
	if err != nil {
		return nil, err
	}
	return reading{t, file}, nil
}

// reading shows progress and ends with the context.
type reading struct {
	*textFile
	io.ReadCloser
}

func (r reading) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := r.ReadCloser.Read(p)
	r.done += int64(n)
	if r.line.to != nil && r.total > 0 {
		r.line.show(int(r.done), int(r.total))
	}
	return n, err
}

// stopped is a writer that ends with the context.
type stopped struct {
	ctx context.Context
	w   io.Writer
}

func (s *stopped) Write(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.w.Write(p)
}

// baseName is the name of a file for a comment: no folders of this machine.
func baseName(file string) string {
	if file == "-" {
		return "standard input"
	}
	return filepath.Base(file)
}
