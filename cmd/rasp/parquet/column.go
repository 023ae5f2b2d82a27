package parquet

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math"
	"reflect"

	"github.com/parquet-go/parquet-go/compress/zstd"
	"github.com/parquet-go/parquet-go/encoding/delta"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// sizeOfPage is how many bytes of values are a page, before it is compressed.
const sizeOfPage = 256 << 10

var (
	compression zstd.Codec
	textLengths delta.LengthByteArrayEncoding
	compact     thrift.CompactProtocol
)

// column is a leaf of the schema and what of its row group was not written yet.
//
// As there are no missing values, of each value the repetition level says which of the lists
// around it goes on, 0 for a new row, and the definition level is the depth; an empty list
// leaves a definition level that is less, and no value.
type column struct {
	kind  Kind
	path  []string
	depth uint8 // of lists, and the largest level

	// The page that is being filled.
	repetition, definition []uint8
	rows                   int
	data                   []byte   // values, PLAIN; texts, one after the other
	ends                   []uint32 // of texts in data
	bools                  int      // truth values in data, 8 a byte

	// The pages before it, with their headers.
	pages        bytes.Buffer
	values       int64 // and empty lists
	uncompressed int64 // bytes
	bounds       bounds
}

// add adds a value, which is in a list that goes on at a level.
func (c *column) add(v reflect.Value, repetition uint8) {
	c.level(repetition, c.depth)
	start := len(c.data)
	switch c.kind {
	case Bool:
		c.addBool(v.Bool())
		return
	case Int32:
		c.data = binary.LittleEndian.AppendUint32(c.data, uint32(v.Int()))
	case Int64:
		c.data = binary.LittleEndian.AppendUint64(c.data, uint64(v.Int()))
	case Uint64:
		c.data = binary.LittleEndian.AppendUint64(c.data, v.Uint())
	case Float:
		c.data = binary.LittleEndian.AppendUint32(c.data, math.Float32bits(float32(v.Float())))
	case Double:
		c.data = binary.LittleEndian.AppendUint64(c.data, math.Float64bits(v.Float()))
	default:
		c.data = append(c.data, v.String()...)
		c.ends = append(c.ends, uint32(len(c.data)))
	}
	if c.bounded() {
		c.bounds.add(c.kind, c.data[start:])
	}
}

// addBool adds a truth value: a bit of the page, and a byte where it is a bound.
func (c *column) addBool(is bool) {
	bit := byte(0)
	if is {
		bit = 1
	}
	if c.bools%8 == 0 {
		c.data = append(c.data, 0)
	}
	c.data[c.bools/8] |= bit << (c.bools % 8)
	c.bools++
	if c.bounded() {
		c.bounds.add(Bool, []byte{bit})
	}
}

// level notes the levels of a value, or of an empty list.
func (c *column) level(repetition, definition uint8) {
	if repetition == 0 {
		c.rows++
	}
	c.repetition, c.definition = append(c.repetition, repetition), append(c.definition, definition)
}

// full says whether a page is complete; a row is never in two.
func (c *column) full() bool { return len(c.data)+len(c.repetition) >= sizeOfPage }

// encoding of the values.
func (c *column) encoding() format.Encoding {
	if physical[c.kind].of == format.ByteArray {
		return format.DeltaLengthByteArray
	}
	return format.Plain
}

// endPage adds the page to those before it.
func (c *column) endPage() (err error) {
	if c.rows == 0 {
		return nil
	}
	var repetition, definition []byte
	if c.depth > 0 {
		if repetition, err = levels(c.depth).EncodeLevels(nil, c.repetition); err != nil {
			return err
		}
		if definition, err = levels(c.depth).EncodeLevels(nil, c.definition); err != nil {
			return err
		}
	}
	data := c.data
	if c.encoding() == format.DeltaLengthByteArray {
		if data, err = textLengths.EncodeByteArray(nil, c.data, append([]uint32{0}, c.ends...)); err != nil {
			return err
		}
	}
	body := append(repetition, definition...)
	uncompressed := len(body) + len(data)
	packed, err := compression.Encode(nil, data)
	if err != nil {
		return err
	}
	body = append(body, packed...)
	absent := 0
	for _, level := range c.definition {
		if level < c.depth {
			absent++
		}
	}
	header, err := thrift.Marshal(&compact, &format.PageHeader{
		Type: format.DataPageV2, UncompressedPageSize: int32(uncompressed), CompressedPageSize: int32(len(body)), CRC: int32(crc32.ChecksumIEEE(body)),
		DataPageHeaderV2: thrift.New(format.DataPageHeaderV2{
			NumValues: int32(len(c.definition)), NumNulls: int32(absent), NumRows: int32(c.rows), Encoding: c.encoding(),
			DefinitionLevelsByteLength: int32(len(definition)), RepetitionLevelsByteLength: int32(len(repetition)), IsCompressed: thrift.New(true),
		}),
	})
	if err != nil {
		return err
	}
	c.pages.Write(header)
	c.pages.Write(body)
	c.values += int64(len(c.definition))
	c.uncompressed += int64(len(header) + uncompressed)
	c.repetition, c.definition, c.data, c.ends, c.rows, c.bools = c.repetition[:0], c.definition[:0], c.data[:0], c.ends[:0], 0, 0
	return nil
}

// endChunk describes the pages of a row group, which begin at an offset of the file.
func (c *column) endChunk(offset int64) format.ColumnChunk {
	m := format.ColumnMetaData{
		Type: physical[c.kind].of, Encoding: []format.Encoding{format.RLE, c.encoding()}, PathInSchema: c.path, Codec: format.Zstd,
		NumValues: c.values, TotalUncompressedSize: c.uncompressed, TotalCompressedSize: int64(c.pages.Len()), DataPageOffset: offset,
		Statistics: c.statistics(),
	}
	c.values, c.uncompressed, c.bounds = 0, 0, bounds{}
	return format.ColumnChunk{MetaData: m}
}
