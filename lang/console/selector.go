package console

import (
	"strings"

	"rasp/lang/value"
)

// showMatrix shows a selector: a line for each query, a column for each key.
func (c *Console) showMatrix(at place, tokens []value.Value, matrix [][]bool) {
	header := make([]string, len(tokens))
	for i, t := range tokens {
		header[i] = t.String()
	}
	c.printf("%s \t\t\t     %s\n", at.indent, c.value(strings.Join(header, " ")))
	for i, row := range matrix {
		if c.session.Console.Interrupted() {
			return
		}
		cells := make([]string, len(row))
		for j, selected := range row {
			cells[j] = " "
			if selected {
				cells[j] = "1"
			}
		}
		c.printf("%s \t\t\t %s | %s\n", at.indent, c.value(header[i]), c.value(strings.Join(cells, " ")))
	}
}
