package table

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// cell is the states of a cell of a table.
func cell(sizes []int, c int) []int {
	states := make([]int, len(sizes))
	for i := len(sizes) - 1; i >= 0; i-- {
		states[i] = c % sizes[i]
		c /= sizes[i]
	}
	return states
}

func (b Box) has(states []int) bool {
	for i, set := range b.In {
		if set != nil && !slices.Contains(set, states[i]) {
			return false
		}
	}
	return true
}

func randomCells(r *rand.Rand) (sizes []int, cells []int32) {
	n := 1
	for range 1 + r.IntN(4) {
		sizes = append(sizes, 1+r.IntN(4))
		n *= sizes[len(sizes)-1]
	}
	classes, rare := 1+r.IntN(4), 1+r.IntN(5)
	cells = make([]int32, n)
	for i := range cells {
		cells[i] = int32(r.IntN(classes))
		if r.IntN(rare) == 0 {
			cells[i] = -1
		}
	}
	return sizes, cells
}

// TestBoxesCoverTheTable: each cell that matters is in one box, whose table says
// its class; no cell is in two.
func TestBoxesCoverTheTable(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 3000 {
		sizes, cells := randomCells(r)
		depth := r.IntN(len(sizes) + 1)
		rest := 1
		for _, n := range sizes[depth:] {
			rest *= n
		}
		before := slices.Clone(cells)
		boxes := Partial{sizes, cells}.Boxes(depth)
		assert.Len(t, boxes, Partial{sizes, cells}.CountBoxes(depth))
		require.Equal(t, before, cells, "the table is the caller's")
		for c, class := range cells {
			states, owners := cell(sizes, c), 0
			for _, b := range boxes {
				require.Len(t, b.In, depth)
				require.Len(t, b.Table, rest)
				if !b.has(states) {
					continue
				}
				owners++
				if class >= 0 {
					require.Equal(t, class, b.Table[c%rest], "cell %v of %v %v", states, sizes, cells)
				}
			}
			require.LessOrEqual(t, owners, 1, "cell %v of %v %v", states, sizes, cells)
			if class >= 0 {
				require.Equal(t, 1, owners, "cell %v of %v %v", states, sizes, cells)
			}
		}
	}
}

func TestBoxesAreFew(t *testing.T) {
	for _, test := range []struct {
		name  string
		sizes []int
		depth int
		cells []int32
		want  []Box
	}{
		{"constant", []int{2, 3}, 2, []int32{7, 7, -1, -1, 7, 7}, []Box{{[][]int{nil, nil}, []int32{7}}}},
		{"one input matters", []int{2, 2}, 2, []int32{0, 0, 1, 1},
			[]Box{{[][]int{{0}, nil}, []int32{0}}, {[][]int{{1}, nil}, []int32{1}}}},
		{"equal rows share a box", []int{3, 2}, 2, []int32{0, 1, 0, 0, 0, 1},
			[]Box{{[][]int{{0, 2}, {0}}, []int32{0}}, {[][]int{{0, 2}, {1}}, []int32{1}}, {[][]int{{1}, nil}, []int32{0}}}},
		{"impossible cells join", []int{2, 2}, 1, []int32{0, -1, -1, 1}, []Box{{[][]int{nil}, []int32{0, 1}}}},
		{"impossible states are nowhere", []int{3, 1}, 2, []int32{0, -1, 1},
			[]Box{{[][]int{{0}, nil}, []int32{0}}, {[][]int{{2}, nil}, []int32{1}}}},
		{"no depth", []int{2}, 0, []int32{3, 4}, []Box{{nil, []int32{3, 4}}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, test.want, Partial{test.sizes, test.cells}.Boxes(test.depth))
		})
	}
}
