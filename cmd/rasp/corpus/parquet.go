//go:build !noparquet

package corpus

import (
	"io"

	"github.com/parquet-go/parquet-go"
)

type parquetRows struct {
	*parquet.GenericWriter[Row]
}

// rowsOfGroup bounds what is in memory at a time.
const rowsOfGroup = 1000

// newParquet names what writes the file itself: the bytes do not change with the version of
// the library's name.
func newParquet(to io.Writer) rows {
	return parquetRows{parquet.NewGenericWriter[Row](to, parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(rowsOfGroup), parquet.CreatedBy("rasp", "1", "corpus"))}
}

func (p parquetRows) write(r *Row) error {
	_, err := p.Write([]Row{*r})
	return err
}

func (p parquetRows) close() error { return p.Close() }
