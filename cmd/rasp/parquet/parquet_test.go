package parquet

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	library "github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type part struct {
	Name  string  `parquet:"name"`
	Shape []int32 `parquet:"shape,list"`
	Is    bool    `parquet:"is"`
}

type row struct {
	ID      string    `parquet:"id"`
	Seed    uint64    `parquet:"seed"`
	Small   int32     `parquet:"small"`
	Large   int64     `parquet:"large"`
	Half    float32   `parquet:"half"`
	Number  float64   `parquet:"number"`
	True    bool      `parquet:"true"`
	Words   []string  `parquet:"words,list"`
	Bools   []bool    `parquet:"bools,list"`
	Weights []float32 `parquet:"weights,list"`
	Parts   []part    `parquet:"parts,list"`
	Inside  struct {
		Deep []int64 `parquet:"deep,list"`
	} `parquet:"inside"`
}

// randomRows are rows whose lists are empty or short, and of one of them long enough for many pages.
func randomRows(n int, random *rand.Rand) []row {
	rows := make([]row, n)
	for i := range rows {
		r := &rows[i]
		r.ID, r.Seed, r.Small, r.Large = fmt.Sprint("é", i), random.Uint64(), int32(random.Uint32()), int64(random.Uint64())
		r.Half, r.Number, r.True = random.Float32(), random.NormFloat64(), random.IntN(2) == 0
		r.Words, r.Bools, r.Weights = make([]string, random.IntN(4)), make([]bool, random.IntN(20)), make([]float32, random.IntN(2)*random.IntN(900))
		r.Parts, r.Inside.Deep = make([]part, random.IntN(4)), make([]int64, random.IntN(3))
		for j := range r.Words {
			r.Words[j] = strings.Repeat("w", random.IntN(5))
		}
		for j := range r.Bools {
			r.Bools[j] = random.IntN(3) == 0
		}
		for j := range r.Weights {
			r.Weights[j] = random.Float32()
		}
		for j := range r.Parts {
			p := &r.Parts[j]
			p.Name, p.Shape, p.Is = fmt.Sprint(j), make([]int32, random.IntN(3)), random.IntN(2) == 0
			for k := range p.Shape {
				p.Shape[k] = int32(k)
			}
		}
		for j := range r.Inside.Deep {
			r.Inside.Deep[j] = int64(j)
		}
	}
	return rows
}

func written(t testing.TB, rows []row, group int) []byte {
	var content bytes.Buffer
	w := NewWriter(&content, FieldsOf(reflect.TypeFor[row]()), Options{Name: "row", CreatedBy: "rasp version 1", Rows: group})
	for i := range rows {
		require.NoError(t, w.Write(rows[i]))
	}
	require.NoError(t, w.Close())
	return content.Bytes()
}

func read(content []byte) (rows []row, err error) {
	all, err := Read[row](bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, err
	}
	for r, err := range all {
		if err != nil {
			return rows, err
		}
		rows = append(rows, *r)
	}
	return rows, nil
}

// What is written parquet-go reads, and what parquet-go writes is read.
func TestBesideTheLibrary(t *testing.T) {
	for _, n := range []int{0, 1, 2, 9, 700} {
		for _, group := range []int{1, 8, 300, 1000} {
			rows := randomRows(n, rand.New(rand.NewPCG(uint64(n), uint64(group))))
			content := written(t, rows, group)
			f, err := library.OpenFile(bytes.NewReader(content), int64(len(content)))
			require.NoError(t, err)
			assert.Equal(t, library.SchemaOf(row{}).String(), f.Schema().String())
			assert.Len(t, f.RowGroups(), (n+group-1)/group)
			got := make([]row, n)
			reader := library.NewGenericReader[row](f)
			if n > 0 {
				read, err := reader.Read(got)
				require.True(t, err == nil || err == io.EOF, err)
				require.Equal(t, n, read)
			}
			assert.Equal(t, fmt.Sprint(rows), fmt.Sprint(got)) // empty lists are nil there

			got, err = read(content)
			require.NoError(t, err)
			require.Len(t, got, n)
			for i := range got {
				require.Equal(t, rows[i], got[i])
			}

			var theirs bytes.Buffer
			w := library.NewGenericWriter[row](&theirs, library.Compression(&library.Zstd), library.MaxRowsPerRowGroup(int64(group)))
			_, err = w.Write(rows)
			require.NoError(t, err)
			require.NoError(t, w.Close())
			got, err = read(theirs.Bytes())
			require.NoError(t, err)
			assert.Equal(t, fmt.Sprint(rows), fmt.Sprint(got))
		}
	}
}

// A row may be a slice, too, and its lists of any length.
func TestRowsOfSlices(t *testing.T) {
	type numbers struct {
		At   int64     `parquet:"at"`
		List []float64 `parquet:"list,list"`
	}
	var content bytes.Buffer
	w := NewWriter(&content, FieldsOf(reflect.TypeFor[numbers]()), Options{Name: "row", Rows: 10})
	require.NoError(t, w.Write([]any{int64(3), []float64{0.5, 2}}))
	require.NoError(t, w.Close())
	rows, err := Read[numbers](bytes.NewReader(content.Bytes()), int64(content.Len()))
	require.NoError(t, err)
	for r, err := range rows {
		require.NoError(t, err)
		assert.Equal(t, &numbers{3, []float64{0.5, 2}}, r)
	}
}

// A file which ends too soon is an error; one in which a byte is another one, too, or that byte
// says nothing of the rows.
func TestDamaged(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	rows := randomRows(3, random)
	for i := range rows {
		rows[i].Weights = []float32{1}
	}
	content := written(t, rows, 2)
	for i := range content {
		got, err := read(content[:i])
		require.Error(t, err)
		require.Empty(t, got)
		damaged := bytes.Clone(content)
		damaged[i] ^= byte(1 + random.IntN(255))
		if got, err = read(damaged); err == nil {
			require.Equal(t, rows, got, "byte %d", i)
		}
	}
}

// TestDamagedHeaders: the header of a page has no checksum. If it says that there are fewer
// values, eight truth values still take a byte.
func TestDamagedHeaders(t *testing.T) {
	type bools struct {
		List []bool `parquet:"list,list"`
	}
	want := []bools{{[]bool{true, false, true, true}}, {[]bool{}}, {[]bool{true, false, false, true, true, false, true, true}}}
	var content bytes.Buffer
	w := NewWriter(&content, FieldsOf(reflect.TypeFor[bools]()), Options{Name: "row", Rows: 10})
	for _, r := range want {
		require.NoError(t, w.Write(r))
	}
	require.NoError(t, w.Close())
	damaged := content.Bytes()
	for i := range damaged {
		for range 255 {
			damaged[i]++
			rows, err := Read[bools](bytes.NewReader(damaged), int64(len(damaged)))
			if err != nil {
				continue
			}
			got := []bools{}
			for r, fault := range rows {
				if err = fault; err == nil {
					got = append(got, *r)
				}
			}
			if err == nil {
				require.Equal(t, want, got, "byte %d", i)
			}
		}
		damaged[i]++
	}
}

func TestOtherColumns(t *testing.T) {
	type other struct {
		Absent string `parquet:"absent"`
	}
	content := written(t, randomRows(1, rand.New(rand.NewPCG(1, 2))), 3)
	rows, err := Read[other](bytes.NewReader(content), int64(len(content)))
	require.NoError(t, err)
	for _, err := range rows {
		require.ErrorContains(t, err, "there is no column absent")
	}
}
