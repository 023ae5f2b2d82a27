package table

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// at is the cell at a state of each axis.
func (t Partial) at(states []int) int32 {
	i := 0
	for axis, s := range states {
		i = i*t.Sizes[axis] + s
	}
	return t.Cells[i]
}

// eachTable runs a test on random tables, with an axis of each.
func eachTable(test func(r *rand.Rand, t Partial, axis int)) {
	r := rand.New(rand.NewPCG(3, 5))
	for range 2000 {
		sizes, cells := randomCells(r)
		test(r, Partial{sizes, cells}, r.IntN(len(sizes)))
	}
}

func TestDropKeepsTheFunction(t *testing.T) {
	dropped := 0
	eachTable(func(_ *rand.Rand, p Partial, axis int) {
		q, ok := p.Drop(axis)
		if !ok {
			return
		}
		dropped++
		for c, x := range p.Cells {
			states := cell(p.Sizes, c)
			if y := q.at(slices.Delete(states, axis, axis+1)); x != None {
				require.Equal(t, x, y)
			}
		}
	})
	require.Positive(t, dropped)
}

func TestPermuteMovesTheAxes(t *testing.T) {
	eachTable(func(r *rand.Rand, p Partial, _ int) {
		order := r.Perm(len(p.Sizes))
		q := p.Permute(order)
		for c, x := range p.Cells {
			states := cell(p.Sizes, c)
			moved := make([]int, len(order))
			for i, axis := range order {
				moved[i] = states[axis]
			}
			require.Equal(t, x, q.at(moved))
		}
	})
}

func TestPickKeepsStates(t *testing.T) {
	eachTable(func(r *rand.Rand, p Partial, axis int) {
		keep := r.Perm(p.Sizes[axis])[:1+r.IntN(p.Sizes[axis])]
		q := p.Pick(axis, keep)
		for c, x := range q.Cells {
			states := cell(q.Sizes, c)
			states[axis] = keep[states[axis]]
			require.Equal(t, p.at(states), x)
		}
	})
}

// TestMergeMakesStatesOfAKindAlike: what was defined stays, and states of one kind that
// occur differ nowhere.
func TestMergeMakesStatesOfAKindAlike(t *testing.T) {
	merged := 0
	eachTable(func(_ *rand.Rand, p Partial, axis int) {
		q, ok := p.Merge(axis, func(s int) int64 { return int64(s / 2) })
		if !ok {
			return
		}
		merged++
		classes := p.Classes(axis)
		for c, x := range p.Cells {
			if x != None {
				require.Equal(t, x, q.Cells[c])
			}
			if classes[cell(p.Sizes, c)[axis]] == None {
				require.EqualValues(t, None, q.Cells[c], "a state that does not occur is not filled in")
			}
		}
		for s := 0; s+1 < p.Sizes[axis]; s += 2 {
			if classes[s] != None && classes[s+1] != None {
				require.True(t, q.Alike(axis, s, s+1, func(x, y int32) bool { return x == y }))
			}
		}
	})
	require.Positive(t, merged)
}

// TestClassesTellStatesApart: two states have one class exactly if the table is the same.
func TestClassesTellStatesApart(t *testing.T) {
	eachTable(func(_ *rand.Rand, p Partial, axis int) {
		classes := p.Classes(axis)
		for s := range classes {
			for u := range classes {
				same := slices.Equal(p.Pick(axis, []int{s}).Cells, p.Pick(axis, []int{u}).Cells)
				require.Equal(t, same, classes[s] == classes[u])
			}
		}
	})
}

// TestSiftFindsTheOrder of a cost that each pair adds to.
func TestSiftFindsTheOrder(t *testing.T) {
	want, last := []int{2, 0, 3, 1}, []int(nil)
	Sift(4, 1000, func(order []int) int {
		wrong := 0
		for i, x := range order {
			for _, y := range order[i+1:] {
				if slices.Index(want, x) > slices.Index(want, y) {
					wrong++
				}
			}
		}
		if wrong == 0 {
			last = slices.Clone(order)
		}
		return wrong
	})
	require.Equal(t, want, last)
	count := 0
	Permutations(4, func([]int) { count++ })
	require.Equal(t, 24, count)
}
