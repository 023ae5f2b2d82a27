package parquet

import (
	"bytes"
	"cmp"
	"encoding/binary"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// longestBound is the longest text, in bytes, that is kept as a bound: the bounds of all row
// groups are in the footer, which every reader reads.
const longestBound = 64

// bounds are the least and the largest value of a column in a row group, by which readers skip
// those that have nothing of what they look for. Lists have none, nor have numbers with a
// fraction, of which -0 and NaN take rules of their own.
type bounds struct {
	least, most []byte // PLAIN; nil: no value yet
}

// add takes a value in, PLAIN, of which nothing is kept.
func (b *bounds) add(k Kind, value []byte) {
	if b.least == nil || k.compare(value, b.least) < 0 {
		b.least = append(make([]byte, 0, len(value)), value...)
	}
	if b.most == nil || k.compare(value, b.most) > 0 {
		b.most = append(make([]byte, 0, len(value)), value...)
	}
}

// compare orders two values of a kind, PLAIN, as the format defines it.
func (k Kind) compare(a, b []byte) int {
	order := binary.LittleEndian
	switch k {
	case Int32:
		return cmp.Compare(int32(order.Uint32(a)), int32(order.Uint32(b)))
	case Int64:
		return cmp.Compare(int64(order.Uint64(a)), int64(order.Uint64(b)))
	case Uint64:
		return cmp.Compare(order.Uint64(a), order.Uint64(b))
	}
	return bytes.Compare(a, b)
}

// bounded says whether a column has bounds.
func (c *column) bounded() bool { return c.depth == 0 && c.kind != Float && c.kind != Double }

// statistics are the bounds of the row group, for its metadata.
func (c *column) statistics() (s format.Statistics) {
	if len(c.bounds.least) <= longestBound && len(c.bounds.most) <= longestBound {
		s.MinValue, s.MaxValue = c.bounds.least, c.bounds.most
	}
	return s
}

// byType says of each column that its bounds are in the order that the format defines for its
// type; without it readers leave them aside.
func byType(columns []*column) thrift.Slice[format.ColumnOrder] {
	orders := make(thrift.Slice[format.ColumnOrder], len(columns))
	for i := range orders {
		orders[i].Value = &format.TypeDefinedOrder{}
	}
	return orders
}
