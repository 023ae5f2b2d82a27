package prove

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/lang/graph"
)

// TestWrittenEnds: nodes of a witness that share their operands, level by level, are written
// out in the end.
func TestWrittenEnds(t *testing.T) {
	n := &graph.Node{Op: graph.Select, Args: []*graph.Node{{Op: graph.Indices}, {Op: graph.Indices}}}
	for range 60 {
		n = &graph.Node{Op: graph.SelAnd, Args: []*graph.Node{n, n}}
	}
	text := describe(n)
	assert.Contains(t, text, "...")
	assert.LessOrEqual(t, len(text), 240)
}
