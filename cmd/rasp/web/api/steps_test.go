package api

import (
	"rasp/cmd/rasp/web/rpc/rpctest"
	"testing"

	"github.com/stretchr/testify/assert"
)

const before = "#rasp:vocab \"0123456789\"\n#rasp:length 8\nbefore = select(indices, indices, <);\nmean = aggregate(before, tokens_int, 0);\n"

func TestWalk(t *testing.T) {
	h := New("test")
	w := rpctest.Asked[Walk](t, h, "rasp.walk", walkParams{Program{Text: before}, "31415"})
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
