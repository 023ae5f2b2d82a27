package analysis

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/facts"
	"rasp/lang/value"
)

// TestRanks: places compare as the values do.
func TestRanks(t *testing.T) {
	x := []value.Value{value.OfBool(false), value.OfInt(0), value.OfInt(7), value.OfString("b"), value.OfString("c")}
	y := []value.Value{value.OfInt(-1), value.OfBool(true), value.OfInt(7), value.OfString("a"), value.OfString("c")}
	ranks, common := ranksOf(x, y)
	assert.True(t, common)
	for i, v := range x {
		for k, w := range y {
			d := ranks[0][i] - ranks[1][k]
			assert.Equal(t, value.Equal(v, w), d == 0, "%v %v", v, w)
			if order, err := value.Compare(v, w); err == nil {
				assert.Equal(t, order < 0, d < 0, "%v %v", v, w)
			}
		}
	}
	_, common = ranksOf(x[:2], y[3:])
	assert.False(t, common)
}

// TestWordsAreComparedByPlaces: many words are, few are a table, and words that are never the
// same are a constant.
func TestWordsAreComparedByPlaces(t *testing.T) {
	many, few := "#rasp:vocab 100..199\n#rasp:length 3\n", "#rasp:vocab \"abc\"\n#rasp:length 3\n"
	p := factsOf(t, many+`x = tokens == shift(tokens, 1, "");`)
	require.NotNil(t, p.analysis.Comparisons[p.roots[0]])
	assert.Equal(t, facts.Compared, p.analysis.Own[p.roots[0]].Source)
	p = factsOf(t, few+`x = tokens == shift(tokens, 1, "");`)
	assert.Nil(t, p.analysis.Comparisons[p.roots[0]])
	p = factsOf(t, many+`x = tokens == shift(tokens + "!", 1, "");`)
	assert.Empty(t, p.analysis.Table(p.roots[0]).Vars)
}
