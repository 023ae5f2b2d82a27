package lower

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/demand"
)

// TestDiagram: an "or" of "and"s of 16 things that heads bring takes one MLP, for
// which there is no table.
func TestDiagram(t *testing.T) {
	var terms []string
	for i, x := range "abcdefgh" {
		terms = append(terms, fmt.Sprintf("(contains(tokens, \"%c\") and shift(tokens, %d, \"-\") == \"%c\")", x, i+1, "badcfehg"[i]))
	}
	r := planned(t, "#rasp:vocab \"abcdefgh\"\n#rasp:length 10\nx = "+strings.Join(terms, " or ")+";", fast)
	assert.Equal(t, 1, r.Plan.Layers())
	assert.Less(t, len(r.Plan.Neurons), 260)
}

// TestDiagramsGiveUp: a parity of 14 things has 2^13 paths; it is computed from a
// table, as where there are no diagrams.
func TestDiagramsGiveUp(t *testing.T) {
	parity := `contains(tokens, "0")`
	for x := 1; x < 14; x++ {
		parity = fmt.Sprintf("(%s == (not contains(tokens, \"%d\")))", parity, x)
	}
	text := "#rasp:vocab 0..13\n#rasp:length 6\nx = " + parity + ";"
	withTables := fast
	withTables.Packed = false
	assert.Equal(t, printedPlan(t, text, withTables), printedPlan(t, text, fast))
}

func printedPlan(t *testing.T, text string, p demand.Policy) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, planned(t, text, p).Plan.Print(&b))
	return b.String()
}
