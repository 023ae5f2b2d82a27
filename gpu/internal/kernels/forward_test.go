//go:build cgo && linux

package kernels

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEmbed(t *testing.T) {
	for _, order := range orders {
		for _, size := range [][2]int{{1, 1}, {7, 5}, {64, 16}, {100, 33}} {
			r := rand.New(rand.NewPCG(5, uint64(size[0])))
			rows, d := size[0], size[1]
			tokens, positions, x := matrix(r, 6, d, 0), matrix(r, 9, d, 0), matrix(r, rows, d, 0)
			id, position := make([]int32, rows), make([]int32, rows)
			for i := range id {
				id[i], position[i] = r.Int32N(6), r.Int32N(9)
			}
			require.NoError(t, Embed(order, tokens, positions, id, position, x))
			for i := range rows {
				for n := range d {
					require.Equal(t, tokens.Data[int(id[i])*d+n]+positions.Data[int(position[i])*d+n], x.Data[i*d+n])
				}
			}
		}
	}
}

// TestDecode: the first of the largest, where many are equal, or nearly so within
// tie, whatever stands outside the columns; -1 where one is NaN or the largest infinite.
func TestDecode(t *testing.T) {
	for _, order := range orders {
		for _, width := range []int{1, 2, 31, 32, 33, 200} {
			r := rand.New(rand.NewPCG(6, uint64(width)))
			const from, rows = 3, 19
			logits, best := matrix(r, rows, from+width+2, 1), make([]int32, rows)
			for i := range rows {
				row := logits.Data[i*logits.Stride:]
				row[from-1], row[from+width] = 1000, 1000
				for c := range width {
					switch i {
					case 0:
						row[from+c] = float32(math.Inf(-1))
					case 1:
						row[from+c] = float32(math.NaN())
					}
				}
				if i == 2 || i == 3 {
					row[from+width/2] = []float32{float32(math.NaN()), float32(math.Inf(1))}[i-2]
				}
			}
			for _, tie := range []float32{0, 1.5} {
				require.NoError(t, Decode(order, logits, from, width, tie, best))
				for i := range rows {
					row, want := logits.Data[i*logits.Stride+from:][:width], 0
					for want < width && !(row[want] >= slices.Max(row)-tie) {
						want++
					}
					if i < 4 {
						want = -1
					}
					require.Equal(t, int32(want), best[i], "width %d, order %d, row %d", width, order, i)
				}
			}
		}
	}
}

func TestCopyRows(t *testing.T) {
	for _, order := range orders {
		r := rand.New(rand.NewPCG(7, 1))
		from, to := matrix(r, 23, 17, 2), matrix(r, 40, 17, 5)
		want := append([]float32(nil), to.Data...)
		for i := range from.Rows {
			copy(want[(i+11)*to.Stride:][:to.Cols], from.Data[i*from.Stride:])
		}
		require.NoError(t, CopyRows(order, from, to, 11))
		for i := range want {
			require.Equal(t, math.Float32bits(want[i]), math.Float32bits(to.Data[i]))
		}
	}
}
