package parquet

import (
	"encoding/binary"
	"io"
	"reflect"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

const magic = "PAR1"

// Options of a file.
type Options struct {
	Name      string // of the schema
	CreatedBy string // APPLICATION version VERSION
	Rows      int    // in a row group, at most
}

// Writer writes rows to a file. A row group is in memory, compressed, until it is complete.
type Writer struct {
	Options
	to      io.Writer
	roots   []*node
	columns []*column
	offset  int64 // bytes written
	rows    int   // in the row group
	file    format.FileMetaData
}

// NewWriter makes a file of rows with some fields, at least one in each struct.
func NewWriter(to io.Writer, fields []Field, o Options) *Writer {
	w := &Writer{Options: o, to: to}
	w.roots, w.columns = schemaOf(fields)
	w.file = format.FileMetaData{Version: 2, Schema: elements(o.Name, w.roots), CreatedBy: o.CreatedBy, ColumnOrders: byType(w.columns)}
	return w
}

// Write writes a row: a struct, or a slice, with a value for each field.
func (w *Writer) Write(row any) error {
	shred(w.roots, reflect.ValueOf(row), 0)
	w.rows++
	if w.rows >= w.Rows {
		return w.Flush()
	}
	for _, c := range w.columns {
		if c.full() {
			if err := c.endPage(); err != nil {
				return err
			}
		}
	}
	return nil
}

// shred hands the values of a struct to the columns of its fields. Repetition is the level at
// which the list goes on in which the struct is.
func shred(fields []*node, of reflect.Value, repetition uint8) {
	for i, n := range fields {
		v := fieldOf(of, i)
		if !n.List {
			n.shred(v, repetition)
			continue
		}
		if v.Len() == 0 {
			n.absent(repetition, n.depth-1)
		}
		for j := range v.Len() {
			at := n.depth
			if j == 0 {
				at = repetition
			}
			n.shred(v.Index(j), at)
		}
	}
}

func (n *node) shred(v reflect.Value, repetition uint8) {
	if n.column != nil {
		n.column.add(v, repetition)
		return
	}
	shred(n.children, v, repetition)
}

// absent notes in all columns of a node that a list was empty, which leaves a level.
func (n *node) absent(repetition, definition uint8) {
	if n.column != nil {
		n.column.level(repetition, definition)
		return
	}
	for _, child := range n.children {
		child.absent(repetition, definition)
	}
}

// fieldOf is a field of a struct, or an element of a slice.
func fieldOf(v reflect.Value, i int) reflect.Value {
	if v.Kind() == reflect.Struct {
		return v.Field(i)
	}
	if v = v.Index(i); v.Kind() == reflect.Interface {
		return v.Elem()
	}
	return v
}

// Flush writes the rows of a row group.
func (w *Writer) Flush() error {
	if w.rows == 0 {
		return nil
	}
	group := format.RowGroup{NumRows: int64(w.rows), Ordinal: int16(len(w.file.RowGroups))}
	if err := w.begin(); err != nil {
		return err
	}
	group.FileOffset = w.offset
	for _, c := range w.columns {
		if err := c.endPage(); err != nil {
			return err
		}
		chunk := c.endChunk(w.offset)
		group.TotalByteSize += chunk.MetaData.TotalUncompressedSize
		group.TotalCompressedSize += chunk.MetaData.TotalCompressedSize
		group.Columns = append(group.Columns, chunk)
		if err := w.write(c.pages.Bytes()); err != nil {
			return err
		}
		c.pages.Reset()
	}
	w.file.RowGroups = append(w.file.RowGroups, group)
	w.file.NumRows += group.NumRows
	w.rows = 0
	return nil
}

// begin writes what a file begins with, once.
func (w *Writer) begin() error {
	if w.offset > 0 {
		return nil
	}
	return w.write([]byte(magic))
}

func (w *Writer) write(content []byte) error {
	n, err := w.to.Write(content)
	w.offset += int64(n)
	return err
}

// Close ends the file; it does not close what it writes to.
func (w *Writer) Close() error {
	if err := w.Flush(); err != nil {
		return err
	}
	if err := w.begin(); err != nil {
		return err
	}
	footer, err := thrift.Marshal(&compact, &w.file)
	if err != nil {
		return err
	}
	footer = binary.LittleEndian.AppendUint32(footer, uint32(len(footer)))
	return w.write(append(footer, magic...))
}
