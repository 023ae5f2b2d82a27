package inside_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/inside"
	"rasp/lang/value"
)

// headCircuits: what the QK circuits of a model say of a query and its keys is its scores,
// less a number for each query, and what the OV circuits say is what heads bring. It returns
// how many scores it compared.
func headCircuits(t *testing.T, x *inside.Model, input []value.Value) (compared int) {
	trace, err := x.Trace(input)
	require.NoError(t, err)
	circuits, err := x.Circuits(input)
	require.NoError(t, err)
	held := holdings{}
	for _, h := range trace.Given {
		held[h.SOp] = h
	}
	for _, l := range trace.Layers {
		for _, h := range l.Heads {
			require.Equal(t, []int{l.Layer, h.Head}, []int{circuits[0].Layer, circuits[0].Head})
			if len(circuits[0].QK.Unlisted) == 0 {
				compared += held.compare(t, circuits[0].QK, h)
			}
			if len(circuits[0].OV.Unlisted) == 0 {
				held.bring(t, circuits[0].OV, h)
			}
			circuits = circuits[1:]
		}
		for _, h := range l.Held {
			held[h.SOp] = h
		}
	}
	assert.Empty(t, circuits)
	return compared
}

// holdings are s-ops with their values, by name.
type holdings map[string]inside.Holding

// terms are those of a position of the input, from -1 for BOS; nil if a value is not known.
func (held holdings) terms(list []inside.Term, position int) []int {
	at := []int{}
	for i, t := range list {
		h, known := held[t.SOp]
		switch {
		case t.SOp == "":
			if t.Name == inside.Any && position >= 0 || t.Name == inside.BOS && position < 0 {
				at = append(at, i)
			}
		case position < 0:
		case !known || h.Program == nil || slices.Contains(h.Differ, position):
			return nil
		case h.Program[position] == t.Value:
			at = append(at, i)
		}
	}
	return at
}

// compare the scores of a head with its circuit.
func (held holdings) compare(t *testing.T, c inside.Circuit, h inside.HeadTrace) (compared int) {
	for i, scores := range h.Scores[1:] {
		rows := held.terms(c.Rows, i)
		var shift, most float64
		first := true
		for j, score := range scores {
			columns := held.terms(c.Columns, j-1)
			if score == nil || len(rows) == 0 || len(columns) == 0 {
				continue
			}
			sum := total(c, rows, columns)
			if math.IsNaN(sum) {
				continue
			}
			most = max(most, math.Abs(float64(*score)), math.Abs(sum))
			if first {
				shift, first = float64(*score)-sum, false
			}
			require.InDelta(t, float64(*score), sum+shift, 1e-4*most+1e-3, "%s, query %d, key %d", h.Name, i, j-1)
			compared++
		}
	}
	return compared
}

// bring: what a head adds is the mean of what its keys hold.
func (held holdings) bring(t *testing.T, c inside.Circuit, h inside.HeadTrace) {
	for i, weights := range h.Weights {
		for d := range c.Rows {
			want, most := 0.0, 0.0
			for j, w := range weights {
				if w == 0 {
					continue
				}
				columns := held.terms(c.Columns, j-1)
				if len(columns) == 0 {
					return
				}
				cell := total(c, []int{d}, columns)
				want, most = want+float64(w)*cell, max(most, math.Abs(float64(w)*cell))
			}
			if !math.IsNaN(want) {
				require.InDelta(t, want, h.Brought[i][d], 1e-4*most+1e-4, "%s, position %d, %s", h.Name, i-1, c.Rows[d].Name)
			}
		}
	}
}

func total(c inside.Circuit, rows, columns []int) (sum float64) {
	for _, i := range rows {
		for _, j := range columns {
			sum += c.Cells[i][j]
		}
	}
	return sum
}
