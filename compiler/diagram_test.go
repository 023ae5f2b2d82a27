package compiler

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/compiler/demand"
	"rasp/compiler/facts/factstest"
)

// TestDiagramsEqualTheProgram: models of random formulas of many things give what
// the interpreter gives, and nearly all have a single layer.
func TestDiagramsEqualTheProgram(t *testing.T) {
	saved, deep := 0, 0
	for seed := range uint64(factstest.Often(60)) {
		w := formulaWriter{rand.New(rand.NewPCG(seed, 6))}
		text := "#rasp:vocab \"abcd\"\n#rasp:length 7\nx = " + w.formula(3+w.IntN(2)) + ";"
		if seed%2 == 0 {
			text = "#rasp:causal\n" + text
		}
		c := through(t, "verify", text)
		if p, err := c.lowerBy(demand.Policy{}); err != nil || p.Layers() > c.best.model.Layers {
			saved++
		}
		assert.False(t, c.isWrong(t, c.best.model, 80), text)
		deep += max(0, c.best.model.Layers-1)
	}
	t.Logf("%d diagrams save a layer, %d layers too many", saved, deep)
	assert.Greater(t, saved, factstest.Often(6))
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
