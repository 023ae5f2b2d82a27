//go:build !noparquet

package main

import (
	"cmp"
	"io"
	"slices"

	"github.com/parquet-go/parquet-go"

	"rasp/lang/dataset"
	"rasp/lang/value"
)

// parquetType is how values of some kinds stand in a Parquet file.
type parquetType struct {
	node parquet.Node
	of   func(v value.Value) parquet.Value
}

func typeOf(k kinds) parquetType {
	switch k {
	case someInt:
		return parquetType{parquet.Int(64), func(v value.Value) parquet.Value {
			n, _ := v.Int64()
			return parquet.Int64Value(n)
		}}
	case someFloat, someInt | someFloat:
		return parquetType{parquet.Leaf(parquet.DoubleType), func(v value.Value) parquet.Value { return parquet.DoubleValue(v.Float64()) }}
	case someBool:
		return parquetType{parquet.Leaf(parquet.BooleanType), func(v value.Value) parquet.Value { return parquet.BooleanValue(v == value.OfBool(true)) }}
	case someString:
		return parquetType{parquet.String(), func(v value.Value) parquet.Value { return parquet.ByteArrayValue([]byte(v.Text())) }}
	}
	return parquetType{parquet.JSON(), func(v value.Value) parquet.Value { return parquet.ByteArrayValue([]byte(v.JSON())) }}
}

// parquetRows are rows of a Parquet file. Its columns are in the order of their names, which
// is that of the library.
type parquetRows struct {
	to      *parquet.GenericWriter[any]
	columns []column
	types   []parquetType
	row     parquet.Row
}

// rowsOfGroup bounds what is in memory at a time.
const rowsOfGroup = 1 << 16

func openParquet(to io.Writer, columns []column, all []kinds) encoder {
	order := make([]int, len(columns))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(columns[a].name, columns[b].name) })
	p, group := &parquetRows{}, parquet.Group{}
	for _, i := range order {
		t := typeOf(all[i])
		p.columns, p.types = append(p.columns, columns[i]), append(p.types, t)
		group[columns[i].name] = t.node
		if !columns[i].scalar {
			group[columns[i].name] = parquet.List(t.node)
		}
	}
	p.to = parquet.NewGenericWriter[any](to, parquet.NewSchema("rasp", group), parquet.MaxRowsPerRowGroup(rowsOfGroup),
		parquet.Compression(&parquet.Zstd))
	return p
}

// write writes a row. In the list of a required column the definition level of a value is 1,
// and the repetition level 0 for the first, 1 for the others.
func (p *parquetRows) write(x *dataset.Example) error {
	p.row = p.row[:0]
	for i, c := range p.columns {
		for n, v := range c.of(x) {
			definition := 1
			if c.scalar {
				definition = 0
			}
			p.row = append(p.row, p.types[i].of(v).Level(min(n, 1), definition, i))
		}
	}
	_, err := p.to.WriteRows([]parquet.Row{p.row})
	return err
}

func (p *parquetRows) close() error { return p.to.Close() }
