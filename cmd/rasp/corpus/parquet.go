package corpus

import (
	"io"
	"iter"
	"os"
	"reflect"

	"rasp/cmd/rasp/parquet"
)

type parquetRows struct {
	*parquet.Writer
	weights int // of the row group
}

// What is in memory at a time, and a row group of the file: so many rows, or so many weights.
const (
	rowsOfGroup    = 1000
	weightsOfGroup = 4 << 20
)

func newParquet(to io.Writer) rows {
	fields := parquet.FieldsOf(reflect.TypeFor[Row]())
	return &parquetRows{Writer: parquet.NewWriter(to, fields, parquet.Options{Name: "Row", CreatedBy: "rasp version 1 (build corpus)", Rows: rowsOfGroup})}
}

func (p *parquetRows) write(r *Row) error {
	if err := p.Write(*r); err != nil {
		return err
	}
	if p.weights += len(r.Weights); p.weights < weightsOfGroup {
		return nil
	}
	p.weights = 0
	return p.Flush()
}

func (p *parquetRows) close() error { return p.Close() }

func readParquet(from *os.File) (iter.Seq2[*Row, error], error) {
	info, err := from.Stat()
	if err != nil {
		return nil, err
	}
	return parquet.Read[Row](from, info.Size())
}
