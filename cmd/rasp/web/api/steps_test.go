package api

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/cmd/rasp/puzzle"
)

const before = "#rasp:vocab \"0123456789\"\n#rasp:length 8\nbefore = select(indices, indices, <);\nmean = aggregate(before, tokens_int, 0);\n"

func TestWalk(t *testing.T) {
	h := New("test")
	w := asked[Walk](t, h, "rasp.walk", walkParams{Program{Text: before}, "31415"})
	assert.Equal(t, []any{"before", "mean", "<", "0"}, []any{w.Selector, w.Output, w.Operator, w.Default})
	assert.Equal(t, []string{"0", "3", "2.0", "2.667", "2.25"}, w.Results)
	assert.Equal(t, w.Results, w.Model)
	assert.True(t, w.Agree)
	assert.Zero(t, w.Deviation)
	assert.Equal(t, []bool{true, true, true, false, false}, w.Selected[3])
	assert.Nil(t, w.Shares[0])
	assert.Equal(t, []float64{0.5, 0.5, 0, 0, 0}, w.Shares[2])
}

func TestDeviation(t *testing.T) {
	assert.InDelta(t, 0.1, deviation([]float64{0.6, 0.4}, []bool{true, true}), 1e-12)
	assert.Zero(t, deviation(nil, []bool{false, false}))
	assert.Equal(t, 1.0, deviation(nil, []bool{true, false}))
	assert.Equal(t, 2.0, deviation([]float64{1, 0}, []bool{false, false}))
}

// TestCheckPuzzle: the solutions are right, what one begins with is wrong, and faults have
// their text.
func TestCheckPuzzle(t *testing.T) {
	h := New("test")
	for _, e := range asked[[]EasyPuzzle](t, h, "rasp.puzzles", struct{}{}) {
		p, _ := puzzle.Find(e.Name)
		right := asked[Judged](t, h, "rasp.check", solution{e.Name, p.Solution})
		assert.True(t, right.Solved, e.Name)
		assert.Equal(t, right.Best, *right.Sizes, e.Name)
		wrong := asked[Judged](t, h, "rasp.check", solution{e.Name, e.Start})
		assert.False(t, wrong.Solved, e.Name)
		if assert.NotNil(t, wrong.Wrong, e.Name) {
			assert.NotEqual(t, wrong.Wrong.Expected[wrong.Wrong.Position], wrong.Wrong.Got[wrong.Wrong.Position])
		}
	}
	fault := asked[Judged](t, h, "rasp.check", solution{"shift", "answer = tokens"})
	assert.False(t, fault.Solved)
	assert.Contains(t, fault.Faults[0].Text, "statements end with a semicolon")
	assert.Contains(t, fault.Faults[0].Text, "program.rasp:1:")
	fails := asked[Judged](t, h, "rasp.check", solution{"divide", "answer = 12 / tokens_int;"})
	assert.Contains(t, fails.Wrong.Fault.Message, "division by zero")
}
