package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"reflect"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// Read reads the rows of a file of so many bytes. Row is a struct with tags, as FieldsOf has
// it; the file has these columns, compressed and encoded as Writer or parquet-go do it for
// such fields. A row group is in memory at a time.
func Read[Row any](from io.ReaderAt, size int64) (iter.Seq2[*Row, error], error) {
	file, err := readFooter(from, size)
	if err != nil {
		return nil, err
	}
	roots, columns := schemaOf(FieldsOf(reflect.TypeFor[Row]()))
	return func(yield func(*Row, error) bool) {
		for i := range file.RowGroups {
			group := &file.RowGroups[i]
			chunks, err := readGroup(from, group, columns)
			for j := int64(0); err == nil && j < group.NumRows; j++ {
				row := new(Row)
				if err = assemble(roots, reflect.ValueOf(row).Elem(), chunks); err == nil && !yield(row, nil) {
					return
				}
			}
			if err != nil {
				yield(nil, err)
				return
			}
		}
	}, nil
}

// readFooter reads what a file ends with: its metadata, their size, and the magic word.
func readFooter(from io.ReaderAt, size int64) (*format.FileMetaData, error) {
	end, err := readAt(from, size-8, 8)
	if err != nil || string(end[4:]) != magic {
		return nil, errors.New("it does not end as a Parquet file does")
	}
	n := int64(binary.LittleEndian.Uint32(end))
	footer, err := readAt(from, size-8-n, n)
	if err != nil {
		return nil, err
	}
	file := new(format.FileMetaData)
	if err := thrift.Unmarshal(&compact, footer, file); err != nil {
		return nil, err
	}
	rows := int64(0)
	for i := range file.RowGroups {
		rows += file.RowGroups[i].NumRows
	}
	if rows != file.NumRows {
		return nil, fmt.Errorf("it has %d rows, and says %d", rows, file.NumRows)
	}
	return file, nil
}

// readGroup reads what columns have in a row group.
func readGroup(from io.ReaderAt, group *format.RowGroup, columns []*column) (map[*column]*chunk, error) {
	chunks := map[*column]*chunk{}
	for _, c := range columns {
		i := slices.IndexFunc(group.Columns, func(k format.ColumnChunk) bool { return slices.Equal(k.MetaData.PathInSchema, c.path) })
		if i < 0 {
			return nil, fmt.Errorf("there is no column %s", strings.Join(c.path, "."))
		}
		k, err := readChunk(from, c, &group.Columns[i].MetaData, group.NumRows)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", strings.Join(c.path, "."), err)
		}
		chunks[c] = k
	}
	return chunks, nil
}

// assemble reads the next value of each field into a struct.
func assemble(fields []*node, into reflect.Value, chunks map[*column]*chunk) error {
	for i, n := range fields {
		v := into.Field(i)
		if !n.List {
			if err := n.assemble(v, chunks); err != nil {
				return err
			}
			continue
		}
		if v.Set(reflect.MakeSlice(v.Type(), 0, 0)); n.skipEmpty(chunks) {
			continue
		}
		for k := chunks[n.first()]; ; {
			v.Grow(1)
			v.SetLen(v.Len() + 1)
			if err := n.assemble(v.Index(v.Len()-1), chunks); err != nil {
				return err
			}
			if k.endsAt(n.depth) {
				break
			}
		}
	}
	return nil
}

func (n *node) assemble(v reflect.Value, chunks map[*column]*chunk) error {
	if n.column != nil {
		return chunks[n.column].read(v)
	}
	return assemble(n.children, v, chunks)
}

// skipEmpty says whether the next list is empty, and goes on behind it if so.
func (n *node) skipEmpty(chunks map[*column]*chunk) bool {
	if k := chunks[n.first()]; k.level == len(k.definition) || k.definition[k.level] >= n.depth {
		return false
	}
	n.skip(chunks)
	return true
}

// skip goes one level on in all columns of a node.
func (n *node) skip(chunks map[*column]*chunk) {
	if n.column != nil {
		if k := chunks[n.column]; k.level < len(k.definition) {
			k.level++
		}
		return
	}
	for _, child := range n.children {
		child.skip(chunks)
	}
}
