package main

import (
	"strings"
	"unicode/utf8"

	"rasp/lang/value"
)

// formatMatrix draws a selector as the reference does, the input above and at
// the left, rows are queries, columns keys, with a blank before each line:
//
//	    h i
//	h | 1
//	i |   1
//
// Tokens longer than a character widen the columns.
func formatMatrix(tokens []value.Value, selector [][]bool) string {
	width := 1
	for _, t := range tokens {
		width = max(width, utf8.RuneCountInString(t.String()))
	}
	cell := func(text string) string {
		return strings.Repeat(" ", 1+width-utf8.RuneCountInString(text)) + text
	}
	var b strings.Builder
	b.WriteString(cell("") + "  ")
	for _, t := range tokens {
		b.WriteString(cell(t.String()))
	}
	b.WriteByte('\n')
	for i, row := range selector {
		b.WriteString(cell(tokens[i].String()) + " |")
		for _, selected := range row {
			if selected {
				b.WriteString(cell("1"))
			} else {
				b.WriteString(cell(" "))
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// bits is a selector in JSON.
func bits(selector [][]bool) [][]int {
	rows := make([][]int, len(selector))
	for i, row := range selector {
		rows[i] = make([]int, len(row))
		for j, selected := range row {
			if selected {
				rows[i][j] = 1
			}
		}
	}
	return rows
}
