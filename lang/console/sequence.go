package console

import (
	"strings"
	"unicode/utf8"

	"rasp/lang/value"
)

// showFull shows a sequence below the input, position by position; one that is
// the same everywhere stays short and goes after label.
func (c *Console) showFull(at place, label string, input, output []value.Value) {
	if same(output) {
		c.printf("%s %s [skipped full display: identical values]\n", label, c.sequence(output))
		return
	}
	typ, _ := value.TypeOf(output) // has one: it was computed
	in, out := cells(input), cells(output)
	width := 0
	for _, cell := range append(in[:len(in):len(in)], out...) {
		width = max(width, utf8.RuneCountInString(cell))
	}
	c.printf("\n%s \t\tinput:   %s \t (strings)\n", at.indent, c.value(aligned(in, width)))
	c.printf("%s \t\toutput:  %s \t (%s)\n", at.indent, c.value(aligned(out, width)), typ)
}

func same(sequence []value.Value) bool {
	for _, v := range sequence {
		if !value.Equal(v, sequence[0]) {
			return false
		}
	}
	return true
}

// cells are the texts of a sequence. Of bools only the rarer value is shown,
// both if there are as many of each.
func cells(sequence []value.Value) []string {
	texts := make([]string, len(sequence))
	trues := 0
	for i, v := range sequence {
		texts[i] = v.String()
		if v.Truthy() {
			trues++
		}
	}
	if sequence[0].Kind() != value.Bool {
		return texts
	}
	for i, v := range sequence {
		switch truthy := v.Truthy(); {
		case truthy && 2*trues <= len(sequence):
			texts[i] = "T"
		case !truthy && 2*trues >= len(sequence):
			texts[i] = "F"
		default:
			texts[i] = ""
		}
	}
	return texts
}

// aligned puts cells to the right of columns of a width.
func aligned(cells []string, width int) string {
	padded := make([]string, len(cells))
	for i, cell := range cells {
		padded[i] = strings.Repeat(" ", width-utf8.RuneCountInString(cell)) + cell
	}
	return strings.Join(padded, " ")
}
