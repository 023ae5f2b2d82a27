//go:build !noparquet

package corpus

import (
	"errors"
	"io"
	"iter"
	"os"

	"github.com/parquet-go/parquet-go"
)

func init() { formats[".parquet"] = format{write: newParquet, read: readParquet} }

type parquetRows struct {
	*parquet.GenericWriter[Row]
	weights int // of the row group
}

// What is in memory at a time, and a row group of the file: so many rows, or so many weights.
const (
	rowsOfGroup    = 1000
	weightsOfGroup = 4 << 20
)

// newParquet names what writes the file itself: the bytes do not change with the version of
// the library's name.
func newParquet(to io.Writer) rows {
	return &parquetRows{GenericWriter: parquet.NewGenericWriter[Row](to, parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(rowsOfGroup), parquet.CreatedBy("rasp", "1", "corpus"))}
}

func (p *parquetRows) write(r *Row) error {
	if _, err := p.Write([]Row{*r}); err != nil {
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
	file, err := parquet.OpenFile(from, info.Size())
	if err != nil {
		return nil, err
	}
	return func(yield func(*Row, error) bool) {
		reader := parquet.NewGenericReader[Row](file)
		defer reader.Close()
		for {
			row := make([]Row, 1)
			n, err := reader.Read(row)
			if n == 1 && !yield(&row[0], nil) {
				return
			}
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(nil, err)
				return
			}
		}
	}, nil
}
