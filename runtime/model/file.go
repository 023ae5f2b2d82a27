package model

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"rasp/runtime/atomicfile"
)

// Load reads the model file at path. The errors name the file and what is wrong
// with it; what is allocated is bounded by the size of the file.
func Load(path string) (*Model, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size := int64(0)
	if info, err := f.Stat(); err == nil {
		size = info.Size()
	}
	m, err := read(bufio.NewReader(f), size)
	if err != nil {
		var file *fs.PathError
		if errors.As(err, &file) { // which names it
			return nil, err
		}
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

// Save writes the model to path, atomically: whoever reads path sees the old
// file or all of the new one, and after an error the old file is as it was.
func (m *Model) Save(path string) error { return atomicfile.Write(path, m.Write) }

// Write writes the model file to w, the same bytes for the same model. An
// invalid model is an error before anything is written.
func (m *Model) Write(w io.Writer) error {
	if err := m.Validate(); err != nil {
		return err
	}
	tensors := m.stored()
	metadata, err := m.metadata(shapesOf(tensors))
	if err != nil {
		return err
	}
	text, err := header(metadata, layout(tensors))
	if err != nil {
		return err
	}
	at, err := digestIn(text, noDigest)
	if err != nil {
		return err
	}
	hash := newDigest(text, at)
	if err := writeAll(hash, tensors); err != nil {
		return err
	}
	copy(text[at:], hex.EncodeToString(hash.Sum(nil)))
	b := bufio.NewWriter(w)
	b.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(text))))
	b.Write(text) // an error stays with the writer
	if err := writeAll(b, tensors); err != nil {
		return err
	}
	return b.Flush()
}

func writeAll(w io.Writer, tensors []*stored) error {
	for _, t := range tensors {
		if err := t.write(w); err != nil {
			return err
		}
	}
	return nil
}

// layout places the tensors one after the other.
func layout(tensors []*stored) []entry {
	var entries []entry
	end := int64(0)
	for _, t := range tensors {
		for _, e := range t.layout() {
			begin := end
			end += e.itemSize() * int64(elements(e.Shape))
			e.Offsets = []int64{begin, end}
			entries = append(entries, e)
		}
	}
	return entries
}

// Read reads a model file from r to its end. The model is valid. An error says
// what is wrong with the file.
func Read(r io.Reader) (*Model, error) { return read(r, 0) }

// read reads a model file of that size, in bytes; 0 if that is not known. What stands in a
// file that large is allocated at once, else what is allocated grows with what is there.
func read(r io.Reader, size int64) (*Model, error) {
	text, err := readHeader(r, size)
	if err != nil {
		return nil, err
	}
	metadata, entries, err := parseHeader(text)
	if err != nil {
		return nil, err
	}
	m := &Model{}
	config, err := m.setConfig(metadata)
	if err != nil {
		return nil, err
	}
	sparse, err := sparseShapes(metadata, config)
	if err != nil {
		return nil, err
	}
	targets, err := m.match(entries, sparse, config)
	if err != nil {
		return nil, err
	}
	if err := m.setMetadata(metadata, config); err != nil {
		return nil, err
	}
	hash, compareDigest, err := digestOf(text, metadata)
	if err != nil {
		return nil, err
	}
	r = io.TeeReader(r, hash)
	var room []float32
	for i, e := range entries {
		if err := targets[i].read(r, e, e.Offsets[1] <= size, &room); err != nil {
			return nil, ended(err, "tensor "+e.name)
		}
	}
	if extra, err := io.CopyN(io.Discard, r, 1); extra > 0 || err != io.EOF {
		return nil, errors.New("the file goes on after the last tensor")
	}
	joinAll(targets)
	if err := m.Validate(); err != nil {
		return nil, err
	}
	return m, compareDigest(m)
}

// match makes the blocks of m and finds, for each entry, the tensor of m that its
// data belongs to. Names and shapes must be those that the config asks for.
func (m *Model) match(entries []entry, sparse map[string][]int, config fileConfig) ([]*stored, error) {
	if err := m.checkConfig(); err != nil {
		return nil, err
	}
	if m.Layers > len(entries) { // before Blocks is allocated: the claim may be absurd
		return nil, fmt.Errorf("%d tensors are too few for %d layers", len(entries), m.Layers)
	}
	m.Blocks = make([]Block, m.Layers)
	wanted, of := map[string][]int{}, map[string]*stored{}
	var order []string
	for _, t := range m.tensors(config.Vocab, config.VocabOut) {
		s, err := expected(t, sparse)
		if err != nil {
			return nil, err
		}
		for _, e := range s.layout() {
			wanted[e.name], of[e.name] = e.Shape, s
			order = append(order, e.name)
		}
	}
	targets := make([]*stored, len(entries))
	for i, e := range entries {
		shape, ok := wanted[e.name]
		if !ok {
			return nil, fmt.Errorf("tensor %s does not belong to a model of %d layers", brief(e.name), m.Layers)
		}
		if !of[e.name].sparse && !slices.Equal(e.Shape, shape) {
			return nil, fmt.Errorf("tensor %s has shape %v, the config asks for %v", e.name, e.Shape, shape)
		}
		targets[i] = of[e.name]
		delete(wanted, e.name)
	}
	for _, name := range order {
		if _, missing := wanted[name]; missing {
			return nil, fmt.Errorf("tensor %s is missing", name)
		}
	}
	return targets, checkSparse(entries, targets)
}
