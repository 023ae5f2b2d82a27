package text

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
)

// Section is a part of a file for one of many machines: the lines that begin at the bytes
// From, to before To.
type Section struct {
	From, To int64
}

// Sections cuts a file into sections of so many bytes, the last of which may have fewer. A
// packed file is one section, as is an empty one.
func Sections(name string, size int64) ([]Section, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("no file, which could be read in parts")}
	}
	file, err := Open(name, nil)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if file.Packed || info.Size() <= size {
		return []Section{{0, max(info.Size(), 1)}}, nil
	}
	var all []Section
	for from := int64(0); from < info.Size(); from += size {
		all = append(all, Section{from, min(from+size, info.Size())})
	}
	return all, nil
}

// Open opens a section of a file. The first is read as the function Open does, the others, which
// no file begins with, as they are: there a Scanner gets a byte order mark to leave out, so that
// it takes none of the text for one.
func (s Section) Open(name string) (*File, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	from := &section{from: bufio.NewReaderSize(file, 1<<16), at: s.From, to: s.To}
	if s.From > 0 {
		// A line begins here if one ends just before.
		if _, err := file.Seek(s.From-1, io.SeekStart); err != nil {
			file.Close()
			return nil, err
		}
		from.at--
		if err := from.skipLine(); err != nil && err != io.EOF {
			file.Close()
			return nil, err
		}
		return &File{name: name, from: io.MultiReader(strings.NewReader(mark), from), file: file}, nil
	}
	return plainFile(name, from, file)
}

// section reads up to the end of the line in which to stands, or of the line before if one
// begins there.
type section struct {
	from  *bufio.Reader
	at    int64 // of the next byte
	to    int64
	ended bool
}

func (s *section) skipLine() error {
	for {
		part, err := s.from.ReadSlice('\n')
		s.at += int64(len(part))
		if err != bufio.ErrBufferFull {
			return err
		}
	}
}

func (s *section) Read(p []byte) (int, error) {
	if s.ended || s.at >= s.to {
		return 0, io.EOF // also if the line that was skipped goes beyond the section
	}
	if most := s.to - 1 - s.at; most > 0 { // no line that ends here is the last
		n, err := s.from.Read(p[:min(int64(len(p)), most)])
		s.at += int64(n)
		return n, err
	}
	part, err := s.from.Peek(min(len(p), max(s.from.Buffered(), 1)))
	n := copy(p, part)
	for i, c := range part {
		if c == '\n' {
			n, s.ended = i+1, true
			break
		}
	}
	if n > 0 {
		err = nil
	}
	s.to += int64(n) // the line goes on
	s.at += int64(n)
	s.from.Discard(n)
	return n, err
}
