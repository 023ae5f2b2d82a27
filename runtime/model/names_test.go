package model

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestReadNames: names fit the model that they are of, and a file without any says so.
func TestReadNames(t *testing.T) {
	m := &Model{Config: Config{Layers: 1, Heads: 1, DModel: 2, DMLP: 1}}
	_, err := m.ReadNames()
	require.ErrorIs(t, err, ErrNoNames)
	n := &Names{
		SOps:    []SOp{{Name: "x", Of: "sop", Node: 3, Values: []Token{"1", "2", "3"}}},
		Dims:    []DimName{{Name: "x = 1", Kind: "is", SOp: "x", Written: "embed", Codes: Codes{1, 0, math.NaN()}}, {Name: "is BOS", Kind: "bos", Written: "embed"}},
		Heads:   [][]HeadName{{{Name: "h", Kind: "copies", Brings: []int{1}}}},
		Neurons: [][]PartName{{{Name: "n", Kind: "relu"}}},
	}
	require.NoError(t, m.SetNames(n))
	assert.Contains(t, m.Names, `"codes":[1,0,null]`)
	read, err := m.ReadNames()
	require.NoError(t, err)
	assert.True(t, math.IsNaN(read.Dims[0].Codes[2]))
	for _, damage := range []func(){
		func() { n.Dims[0].Codes = n.Dims[0].Codes[:2] },
		func() { n.Dims[0].SOp = "y" },
		func() { n.Heads[0][0].Brings[0] = 2 },
		func() { n.Neurons[0] = nil },
		func() { n.Dims = n.Dims[:1] },
	} {
		damage()
		require.NoError(t, m.SetNames(n))
		_, err := m.ReadNames()
		assert.Error(t, err)
	}
}
