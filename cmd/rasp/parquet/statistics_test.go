package parquet

import (
	"bytes"
	"encoding/binary"
	"math"
	"reflect"
	"strings"
	"testing"

	library "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type bounded struct {
	Text   string  `parquet:"text"`
	Small  int32   `parquet:"small"`
	Large  int64   `parquet:"large"`
	Seed   uint64  `parquet:"seed"`
	True   bool    `parquet:"true"`
	Number float64 `parquet:"number"`
	List   []int32 `parquet:"list,list"`
}

// statisticsOf are those of each column of each row group.
func statisticsOf(t *testing.T, rows []bounded, group int) (all []map[string]format.Statistics) {
	var content bytes.Buffer
	w := NewWriter(&content, FieldsOf(reflect.TypeFor[bounded]()), Options{Name: "row", Rows: group})
	for _, r := range rows {
		require.NoError(t, w.Write(r))
	}
	require.NoError(t, w.Close())
	f, err := library.OpenFile(bytes.NewReader(content.Bytes()), int64(content.Len()))
	require.NoError(t, err)
	require.Len(t, f.Metadata().ColumnOrders, len(f.Metadata().RowGroups[0].Columns))
	for _, g := range f.Metadata().RowGroups {
		of := map[string]format.Statistics{}
		for _, c := range g.Columns {
			of[c.MetaData.PathInSchema[0]] = c.MetaData.Statistics
		}
		all = append(all, of)
	}
	return all
}

// TestBounds: each row group has its own, in the order of its type: -1 below 0, 2^63 above 1, é
// above z.
func TestBounds(t *testing.T) {
	all := statisticsOf(t, []bounded{
		{"b", 3, -1, 1, true, 0.5, []int32{7}}, {"é", -70000, 1 << 40, 1 << 63, true, 1, nil}, {"z", 0, math.MinInt64, 2, true, 0, nil},
		{"a", 1, 2, 3, false, 0, nil}, {"", 1, 2, 4, true, 0, nil},
	}, 3)
	order := binary.LittleEndian
	of := func(least, most []byte) format.Statistics { return format.Statistics{MinValue: least, MaxValue: most} }
	int32s := func(least, most int32) format.Statistics {
		return of(order.AppendUint32(nil, uint32(least)), order.AppendUint32(nil, uint32(most)))
	}
	int64s := func(least, most int64) format.Statistics {
		return of(order.AppendUint64(nil, uint64(least)), order.AppendUint64(nil, uint64(most)))
	}
	uint64s := func(least, most uint64) format.Statistics {
		return of(order.AppendUint64(nil, least), order.AppendUint64(nil, most))
	}
	require.Len(t, all, 2)
	assert.Equal(t, map[string]format.Statistics{
		"text": of([]byte("b"), []byte("é")), "small": int32s(-70000, 3), "large": int64s(math.MinInt64, 1<<40), "seed": uint64s(1, 1<<63),
		"true": of([]byte{1}, []byte{1}), "number": {}, "list": {},
	}, all[0])
	assert.Equal(t, "a", string(all[1]["text"].MaxValue))
	assert.Equal(t, int32s(1, 1), all[1]["small"])
	assert.Equal(t, uint64s(3, 4), all[1]["seed"])
	assert.Equal(t, of([]byte{0}, []byte{1}), all[1]["true"])
}

// TestLongTexts have no bounds: the footer would have them all.
func TestLongTexts(t *testing.T) {
	for n, want := range map[int]int{longestBound: longestBound, longestBound + 1: 0} {
		for _, rows := range [][]bounded{{{Text: "a"}, {Text: strings.Repeat("b", n)}}, {{Text: "b"}, {Text: strings.Repeat("a", n)}}} {
			s := statisticsOf(t, rows, 2)[0]["text"]
			assert.Equal(t, want, max(len(s.MinValue), len(s.MaxValue)))
		}
	}
}
