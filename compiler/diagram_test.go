package compiler

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/lower"
	"rasp/lang/graph"
)

// lowered plans a program and returns the lowering, to look into.
func planned(t *testing.T, text string) *lower.Lowering {
	c := through(t, "failing", text)
	l := lower.NewLowering(c.analysis.Facts, policies(1)[0])
	for i, b := range c.outputs {
		l.ReadOut(b, c.roots[i])
	}
	l.Produce()
	require.NoError(t, l.Err, text)
	return l
}

// TestDiagram: an "or" of "and"s of 16 things that heads bring takes one MLP, for
// which there is no table.
func TestDiagram(t *testing.T) {
	var terms []string
	for i, x := range "abcdefgh" {
		terms = append(terms, fmt.Sprintf("(contains(tokens, \"%c\") and shift(tokens, %d, \"-\") == \"%c\")", x, i+1, "badcfehg"[i]))
	}
	l := planned(t, "#rasp:vocab \"abcdefgh\"\n#rasp:length 10\nx = "+strings.Join(terms, " or ")+";")
	assert.Equal(t, 1, l.Layers())
	assert.Less(t, len(l.Neurons), 260)
}

// TestDiagramsGiveUp: a parity of 14 things has 2^13 paths; it is computed from a
// table.
func TestDiagramsGiveUp(t *testing.T) {
	parity := `contains(tokens, "0")`
	for x := 1; x < 14; x++ {
		parity = fmt.Sprintf("(%s == (not contains(tokens, \"%d\")))", parity, x)
	}
	l := planned(t, "#rasp:vocab 0..13\n#rasp:length 6\nx = "+parity+";")
	for v, u := range l.Units {
		assert.True(t, u == nil || u.Cut == nil, graph.Describe(v.Node))
	}
}

// TestDiagramsEqualTheProgram: models of random formulas of many things give what
// the interpreter gives, and nearly all have a single layer.
func TestDiagramsEqualTheProgram(t *testing.T) {
	cut, deep := 0, 0
	for seed := range uint64(60) {
		w := formulaWriter{rand.New(rand.NewPCG(seed, 6))}
		text := "#rasp:vocab \"abcd\"\n#rasp:length 7\nx = " + w.formula(3+w.IntN(2)) + ";"
		if seed%2 == 0 {
			text = "#rasp:causal\n" + text
		}
		for _, u := range planned(t, text).Units {
			if u != nil && u.Cut != nil {
				cut++
			}
		}
		c := through(t, "verify", text)
		assert.False(t, c.isWrong(t, c.best.model, 80), text)
		deep += max(0, c.best.model.Layers-1)
	}
	t.Logf("%d diagrams, %d layers too many", cut, deep)
	assert.Greater(t, cut, 10)
	assert.Less(t, deep, 3, "only where there are too many paths")
}

// formulaWriter writes formulas of what one layer of heads can bring.
type formulaWriter struct{ *rand.Rand }

func (w formulaWriter) token() string { return fmt.Sprintf("\"%c\"", "abcd"[w.IntN(4)]) }

func (w formulaWriter) formula(depth int) string {
	if depth == 0 || w.IntN(8) == 0 {
		switch w.IntN(5) {
		case 0:
			return "contains(tokens, " + w.token() + ")"
		case 1:
			return "tokens == " + w.token()
		case 2:
			return "(tokens in [" + w.token() + ", " + w.token() + "])"
		case 3:
			return fmt.Sprintf("indices > %d", w.IntN(5))
		}
		return fmt.Sprintf("shift(tokens, %d, \"-\") == %s", w.IntN(7)-3, w.token())
	}
	a, b, c := w.formula(depth-1), w.formula(depth-1), w.formula(depth-1)
	switch w.IntN(4) {
	case 0:
		return fmt.Sprintf("(%s and %s)", a, b)
	case 1:
		return fmt.Sprintf("(%s or %s)", a, b)
	case 2:
		return fmt.Sprintf("((%s) if (%s) else (%s))", a, b, c)
	}
	return fmt.Sprintf("(not (%s and %s))", a, b)
}
