package main

import (
	"cmp"
	"io"
	"slices"

	"rasp/cmd/rasp/parquet"
	"rasp/lang/dataset"
	"rasp/lang/value"
)

// parquetType is how values of some kinds stand in a Parquet file.
type parquetType struct {
	kind parquet.Kind
	list func(values []value.Value) any
	one  func(v value.Value) any
}

func typeOf(k kinds) parquetType {
	switch k {
	case someInt:
		return parquetTypeOf(parquet.Int64, func(v value.Value) int64 {
			n, _ := v.Int64()
			return n
		})
	case someFloat, someInt | someFloat:
		return parquetTypeOf(parquet.Double, value.Value.Float64)
	case someBool:
		return parquetTypeOf(parquet.Bool, func(v value.Value) bool { return v == value.OfBool(true) })
	case someString:
		return parquetTypeOf(parquet.Text, value.Value.Text)
	}
	return parquetTypeOf(parquet.JSON, value.Value.JSON)
}

func parquetTypeOf[T any](kind parquet.Kind, of func(v value.Value) T) parquetType {
	list := func(values []value.Value) any {
		list := make([]T, len(values))
		for i, v := range values {
			list[i] = of(v)
		}
		return list
	}
	return parquetType{kind, list, func(v value.Value) any { return of(v) }}
}

// parquetRows are rows of a Parquet file. Its columns are in the order of their names.
type parquetRows struct {
	*parquet.Writer
	columns []column
	types   []parquetType
}

// rowsOfGroup bounds what is in memory at a time.
const rowsOfGroup = 1 << 16

func openParquet(to io.Writer, columns []column, all []kinds) encoder {
	order := make([]int, len(columns))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(columns[a].name, columns[b].name) })
	p, fields := &parquetRows{}, []parquet.Field{}
	for _, i := range order {
		t := typeOf(all[i])
		p.columns, p.types = append(p.columns, columns[i]), append(p.types, t)
		fields = append(fields, parquet.Field{Name: columns[i].name, Kind: t.kind, List: !columns[i].scalar})
	}
	p.Writer = parquet.NewWriter(to, fields, parquet.Options{Name: "rasp", CreatedBy: "rasp version 1 (build sample)", Rows: rowsOfGroup})
	return p
}

func (p *parquetRows) write(x *dataset.Example) error {
	row := make([]any, len(p.columns))
	for i, c := range p.columns {
		if c.scalar {
			row[i] = p.types[i].one(c.of(x)[0])
		} else {
			row[i] = p.types[i].list(c.of(x))
		}
	}
	return p.Write(row)
}

func (p *parquetRows) close() error { return p.Close() }
