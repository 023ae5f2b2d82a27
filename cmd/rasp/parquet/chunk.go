package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"reflect"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

var errDamaged = errors.New("its pages are damaged")

// chunk is what a column has in a row group, and how far it was read.
type chunk struct {
	kind                   Kind
	depth                  uint8
	repetition, definition []uint8  // none of a column that is in no list
	data                   []byte   // as in a column, but truth values take a byte
	ends                   []uint32 // of texts, a 0 before them
	level, value           int      // the next ones
}

// readChunk reads the pages that a column has in a row group.
func readChunk(from io.ReaderAt, c *column, m *format.ColumnMetaData, rows int64) (*chunk, error) {
	if m.Type != physical[c.kind].of || m.Codec != format.Zstd || m.DictionaryPageOffset != 0 {
		return nil, fmt.Errorf("it has the type %v, compressed by %v, and not what rasp writes", m.Type, m.Codec)
	}
	content, err := readAt(from, m.DataPageOffset, m.TotalCompressedSize)
	if err != nil {
		return nil, err
	}
	k := &chunk{kind: c.kind, depth: c.depth, ends: []uint32{0}}
	for len(content) > 0 {
		if content, err = k.readPage(content); err != nil {
			return nil, err
		}
	}
	return k, k.check(rows, m.NumValues)
}

// readAt reads a part of a file, whose place may be nonsense.
func readAt(from io.ReaderAt, offset, size int64) ([]byte, error) {
	if offset < 0 || size < 0 {
		return nil, errDamaged
	}
	content, err := io.ReadAll(io.NewSectionReader(from, offset, size))
	if err == nil && int64(len(content)) < size {
		err = io.ErrUnexpectedEOF
	}
	return content, err
}

// readPage adds the first page of some content, and returns what is behind it.
func (k *chunk) readPage(content []byte) (rest []byte, err error) {
	var h format.PageHeader
	reader := compact.NewReaderFromBytes(content)
	if err := thrift.NewDecoder(reader).Decode(&h); err != nil {
		return nil, err
	}
	content = content[reader.BytesRead():]
	p, size := &h.DataPageHeaderV2.V, int(h.CompressedPageSize)
	levels := int(p.RepetitionLevelsByteLength) + int(p.DefinitionLevelsByteLength)
	if p.RepetitionLevelsByteLength < 0 || p.DefinitionLevelsByteLength < 0 || levels > size || size > len(content) || p.NumValues < 0 {
		return nil, errDamaged
	}
	body, rest := content[:size], content[size:]
	if h.Type != format.DataPageV2 || p.IsCompressed.Valid && !p.IsCompressed.V || int32(crc32.ChecksumIEEE(body)) != h.CRC {
		return nil, errDamaged
	}
	if k.depth > 0 {
		if k.repetition, err = k.addLevels(k.repetition, body[:p.RepetitionLevelsByteLength], int(p.NumValues)); err != nil {
			return nil, err
		}
		if k.definition, err = k.addLevels(k.definition, body[p.RepetitionLevelsByteLength:levels], int(p.NumValues)); err != nil {
			return nil, err
		}
	}
	data, err := compression.Decode(nil, body[levels:])
	if err != nil {
		return nil, err
	}
	return rest, k.addValues(data, p)
}

// addLevels adds those of a page. Eight of them may be encoded together, more than there are.
func (k *chunk) addLevels(to []uint8, encoded []byte, n int) ([]uint8, error) {
	decoded, err := levels(k.depth).DecodeLevels(nil, encoded)
	switch {
	case err != nil:
		return nil, err
	case len(decoded) < n:
		return nil, errDamaged
	}
	for _, level := range decoded[:n] {
		if level > k.depth {
			return nil, errDamaged
		}
	}
	return append(to, decoded[:n]...), nil
}

// addValues adds those of a page.
func (k *chunk) addValues(data []byte, p *format.DataPageHeaderV2) error {
	n := int(p.NumValues) - int(p.NumNulls)
	switch {
	case n < 0:
		return errDamaged
	case p.Encoding == format.DeltaLengthByteArray && physical[k.kind].of == format.ByteArray:
		texts, ends, err := textLengths.DecodeByteArray(nil, data, nil)
		if err != nil {
			return err
		}
		start := len(k.data)
		if int64(start)+int64(len(texts)) > math.MaxUint32 || len(ends) != n+1 {
			return errDamaged
		}
		k.data = append(k.data, texts...)
		for _, end := range ends[1:] {
			k.ends = append(k.ends, uint32(start)+end)
		}
		return nil
	case p.Encoding != format.Plain:
		return fmt.Errorf("it is encoded as %v, and not as rasp writes it", p.Encoding)
	case k.kind == Bool && len(data) == (n+7)/8:
		for i := range n {
			k.data = append(k.data, data[i/8]>>(i%8)&1)
		}
		return nil
	case k.kind != Bool && len(data) == n*physical[k.kind].size:
		k.data = append(k.data, data...)
		return nil
	}
	return errDamaged
}

// check says whether there are as many rows and values as there are to be; empty lists are
// among the values, as in a file.
func (k *chunk) check(rows, values int64) error {
	count := len(k.data) / max(physical[k.kind].size, 1)
	if physical[k.kind].of == format.ByteArray {
		count = len(k.ends) - 1
	}
	if k.depth == 0 {
		if int64(count) != rows || rows != values {
			return errDamaged
		}
		return nil
	}
	begun, present := int64(0), 0
	for i, level := range k.repetition {
		if level == 0 {
			begun++
		}
		if k.definition[i] == k.depth {
			present++
		}
	}
	if begun != rows || int64(len(k.definition)) != values || present != count || len(k.repetition) > 0 && k.repetition[0] != 0 {
		return errDamaged
	}
	return nil
}

// endsAt says whether the list of a depth ends before the next value, if there is one:
// whether a list around it goes on, or a row begins.
func (k *chunk) endsAt(depth uint8) bool {
	return k.level == len(k.repetition) || k.repetition[k.level] < depth
}

// read reads the next value.
func (k *chunk) read(v reflect.Value) error {
	if k.depth > 0 {
		if k.level == len(k.definition) || k.definition[k.level] != k.depth {
			return errDamaged
		}
		k.level++
	}
	i := k.value
	k.value++
	at := k.data[i*physical[k.kind].size:]
	switch k.kind {
	case Bool:
		v.SetBool(k.data[i] == 1)
	case Int32:
		v.SetInt(int64(int32(binary.LittleEndian.Uint32(at))))
	case Int64:
		v.SetInt(int64(binary.LittleEndian.Uint64(at)))
	case Uint64:
		v.SetUint(binary.LittleEndian.Uint64(at))
	case Float:
		v.SetFloat(float64(math.Float32frombits(binary.LittleEndian.Uint32(at))))
	case Double:
		v.SetFloat(math.Float64frombits(binary.LittleEndian.Uint64(at)))
	default:
		v.SetString(string(k.data[k.ends[i]:k.ends[i+1]]))
	}
	return nil
}
