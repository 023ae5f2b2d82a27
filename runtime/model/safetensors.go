package model

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
)

// entry describes one tensor in the header of a safetensors file: Offsets are
// its first byte and the byte after its last, counted from the end of the header.
type entry struct {
	name    string
	DType   string  `json:"dtype"`
	Shape   []int   `json:"shape"`
	Offsets []int64 `json:"data_offsets"`
}

func (e entry) size() int64 { return e.Offsets[1] - e.Offsets[0] }

// header is the text of the header, keys sorted, padded with spaces to a multiple of 8
// so that the data is aligned.
func header(metadata map[string]string, entries []entry) ([]byte, error) {
	all := map[string]any{keyMetadata: metadata}
	for _, e := range entries {
		all[e.name] = e
	}
	var text bytes.Buffer
	size := 0
	for _, value := range metadata {
		size += len(value)
	}
	text.Grow(size + size/4) // with what quotes take
	if err := writeObject(&text, all); err != nil {
		return nil, err
	}
	text.WriteString(strings.Repeat(" ", (8-text.Len()%8)%8))
	if text.Len() > maxHeader {
		return nil, fmt.Errorf("the header would have %d bytes, safetensors allows %d", text.Len(), maxHeader)
	}
	return text.Bytes(), nil
}

// writeObject writes an object as marshal does, keys sorted, one value after the other: the
// text of all of them together, which may be 100 MB, is there once.
func writeObject[T any](b *bytes.Buffer, members map[string]T) error {
	b.WriteByte('{')
	for i, name := range slices.Sorted(maps.Keys(members)) {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := encode(b, name); err != nil {
			return err
		}
		b.WriteByte(':')
		var err error
		if inner, ok := any(members[name]).(map[string]string); ok {
			err = writeObject(b, inner)
		} else {
			err = encode(b, members[name])
		}
		if err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

// readHeader reads the text of the header.
func readHeader(r io.Reader, size int64) ([]byte, error) {
	var length uint64
	if err := binary.Read(r, binary.LittleEndian, &length); err != nil {
		return nil, ended(err, "the length of the header")
	}
	if length < 2 || length > maxHeader {
		return nil, fmt.Errorf("not a safetensors file: a header of %d bytes", length)
	}
	// The buffer grows with what is there, not with what is claimed.
	var text bytes.Buffer
	if int64(length) < size {
		text.Grow(int(length) + bytes.MinRead)
	}
	if _, err := io.CopyN(&text, r, int64(length)); err != nil {
		return nil, ended(err, fmt.Sprintf("the header of %d bytes", length))
	}
	return text.Bytes(), nil
}

// parseHeader finds the metadata, and the tensors in the order of their data, which
// they cover without holes, as the format demands.
func parseHeader(text []byte) (map[string]string, []entry, error) {
	if err := checkHeader(text); err != nil {
		return nil, nil, err
	}
	header, err := membersOf(text)
	if err != nil {
		return nil, nil, fmt.Errorf("not a safetensors file: the header is not a JSON object: %w", inWords(err))
	}
	if err := checkKeys(text, metadataNames()); err != nil {
		return nil, nil, fmt.Errorf("header: %w", err)
	}
	var metadata map[string]string
	var entries []entry
	for _, name := range slices.Sorted(maps.Keys(header)) {
		raw := header[name]
		if name == keyMetadata {
			if metadata, err = stringsOf(raw); err != nil {
				return nil, nil, fmt.Errorf("header: the metadata is not an object of strings: %w", err)
			}
			continue
		}
		e, err := parseEntry(name, raw)
		if err != nil {
			return nil, nil, err
		}
		entries = append(entries, e)
	}
	return metadata, entries, inOrder(entries)
}

func parseEntry(name string, raw part) (entry, error) {
	e := entry{name: name}
	if err := parseJSON(raw, &e); err != nil {
		return e, fmt.Errorf("header: tensor %s: %w", brief(name), err)
	}
	if wanted := dtypesOf(name); !slices.Contains(wanted, e.DType) {
		return e, fmt.Errorf("header: tensor %s has dtype %q, expected %s", brief(name), e.DType, strings.Join(wanted, " or "))
	}
	if len(e.Shape) > mostDims {
		return e, fmt.Errorf("header: tensor %s has %d dimensions", brief(name), len(e.Shape))
	}
	if len(e.Offsets) != 2 || e.Offsets[0] < 0 || e.Offsets[1] < e.Offsets[0] {
		return e, fmt.Errorf("header: tensor %s has data_offsets %v, expected [begin, end]", brief(name), e.Offsets)
	}
	if slices.ContainsFunc(e.Shape, func(d int) bool { return d < 0 }) {
		return e, fmt.Errorf("header: tensor %s has shape %v", brief(name), e.Shape)
	}
	if n := elements(e.Shape); n < 0 || e.size() != e.itemSize()*int64(n) {
		return e, fmt.Errorf("header: tensor %s has %d bytes, not those of %s %v", brief(name), e.size(), map[string]string{float32Type: "float32", int32Type: "int32", int64Type: "int64"}[e.DType], e.Shape)
	}
	return e, nil
}

// mostDims is how many dimensions messages show, far more than tensors have.
const mostDims = 16

// dtypesOf are the types that a tensor of that name may have.
func dtypesOf(name string) []string {
	if strings.HasSuffix(name, indicesSuffix) {
		return []string{int32Type, int64Type}
	}
	return []string{float32Type}
}

// itemSize is the bytes of an element.
func (e entry) itemSize() int64 {
	if e.DType == int64Type {
		return 8
	}
	return 4
}

// inOrder sorts the entries by place and checks that each starts where the one
// before it ends.
func inOrder(entries []entry) error {
	slices.SortFunc(entries, func(a, b entry) int {
		if c := slices.Compare(a.Offsets, b.Offsets); c != 0 {
			return c
		}
		return strings.Compare(a.name, b.name)
	})
	end := int64(0)
	for _, e := range entries {
		if e.Offsets[0] < end {
			return fmt.Errorf("header: tensor %s overlaps the one before it: it starts at %d, that one ends at %d", brief(e.name), e.Offsets[0], end)
		}
		if e.Offsets[0] > end {
			return fmt.Errorf("header: a hole of %d bytes before tensor %s", e.Offsets[0]-end, brief(e.name))
		}
		end = e.Offsets[1]
	}
	return nil
}

// chunk is the number of floats converted at a time.
const chunk = 1 << 14

func writeFloats(w io.Writer, floats []float32) error {
	buffer := make([]byte, 0, 4*min(chunk, len(floats)))
	for part := range slices.Chunk(floats, chunk) {
		buffer = buffer[:0]
		for _, f := range part {
			buffer = binary.LittleEndian.AppendUint32(buffer, math.Float32bits(f))
		}
		if _, err := w.Write(buffer); err != nil {
			return err
		}
	}
	return nil
}

// writeMatrix writes all weights of a matrix, of a sparse one without making them all.
func writeMatrix(w io.Writer, m Matrix) error {
	if m.dense != nil {
		return writeFloats(w, m.dense)
	}
	buffer, begin := make([]byte, 4*min(chunk, m.Len())), 0 // at which place that begins
	flush := func() error {
		part := buffer[:4*min(chunk, m.Len()-begin)]
		_, err := w.Write(part)
		clear(part)
		begin += chunk
		return err
	}
	for place, x := range m.places {
		for place >= begin+chunk {
			if err := flush(); err != nil {
				return err
			}
		}
		binary.LittleEndian.PutUint32(buffer[4*(place-begin):], math.Float32bits(x))
	}
	for begin < m.Len() {
		if err := flush(); err != nil {
			return err
		}
	}
	return nil
}

// readFloats adds n floats to a list that is empty. What it allocates grows with what r
// delivers, unless they are sure to be there.
func readFloats(r io.Reader, n int, sure bool, floats []float32) ([]float32, error) {
	floats = slices.Grow(floats, capacity(n, sure))
	buffer := make([]byte, 4*min(chunk, n))
	for len(floats) < n {
		part := buffer[:4*min(chunk, n-len(floats))]
		if _, err := io.ReadFull(r, part); err != nil {
			return nil, err
		}
		floats = slices.Grow(floats, len(part)/4)
		for ; len(part) > 0; part = part[4:] {
			floats = append(floats, math.Float32frombits(binary.LittleEndian.Uint32(part)))
		}
	}
	return floats, nil
}

// readIndices reads n whole numbers of so many bytes, one after the other. What no int
// holds becomes negative.
func readIndices(r io.Reader, n int, size int64, each func(place int) error) error {
	buffer := make([]byte, int(size)*min(chunk, n))
	for n > 0 {
		part := buffer[:int(size)*min(chunk, n)]
		if _, err := io.ReadFull(r, part); err != nil {
			return err
		}
		n -= len(part) / int(size)
		for ; len(part) > 0; part = part[size:] {
			place := int64(int32(binary.LittleEndian.Uint32(part)))
			if size == 8 {
				place = int64(binary.LittleEndian.Uint64(part))
			}
			if int64(int(place)) != place {
				place = -1
			}
			if err := each(int(place)); err != nil {
				return err
			}
		}
	}
	return nil
}

// capacity is for how many of n numbers there is room from the start.
func capacity(n int, sure bool) int {
	if sure {
		return n
	}
	return min(chunk, n)
}

// ended words the end of a file in the middle of something.
func ended(err error, where string) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("the file is truncated: it ends within %s", where)
	}
	return err
}
