package rewrite

import (
	"strings"
	"testing"

	"rasp/lang/graph"
	"rasp/lang/langtest"
)

const small = "#rasp:vocab \"abc\"\n#rasp:length 5\n"

// programOf is the graph of a program as the language hands it over.
func programOf(t testing.TB, text string) *Program {
	t.Helper()
	outputs, _ := langtest.Outputs(t, text)
	return Of(graph.Roots(outputs))
}

// printed writes a graph, its nodes numbered from 0.
func printed(roots []*graph.Node) string {
	nodes := graph.Reachable(roots...)
	copies := map[*graph.Node]*graph.Node{}
	var b strings.Builder
	for i, n := range nodes {
		c := *n
		c.ID, c.Args = i, nil
		for _, a := range n.Args {
			c.Args = append(c.Args, copies[a])
		}
		copies[n] = &c
		b.WriteString(c.String() + "\n")
	}
	return b.String()
}
