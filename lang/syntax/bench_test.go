package syntax

import (
	"fmt"
	"strings"
	"testing"

	"rasp/lang/diag"
)

func BenchmarkDict(b *testing.B) {
	benchmarkTable(b, "{", func(i int) string { return fmt.Sprintf("\"k%d\": %d", i, i) }, "}")
}

func BenchmarkList(b *testing.B) {
	benchmarkTable(b, "[", func(i int) string { return fmt.Sprintf("-%d.5", i) }, "]")
}

// BenchmarkExpressions is a table that is no plain data.
func BenchmarkExpressions(b *testing.B) {
	benchmarkTable(b, "[", func(i int) string { return fmt.Sprintf("%d+1", i) }, "]")
}

func benchmarkTable(b *testing.B, open string, item func(int) string, closing string) {
	var text strings.Builder
	text.WriteString("d = " + open)
	for i := range 100000 {
		text.WriteString(item(i) + ", ")
	}
	text.WriteString(item(0) + closing + ";\n")
	src := diag.NewSource("table.rasp", text.String())
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		if _, faults := Parse(src); len(faults) > 0 {
			b.Fatal(faults)
		}
	}
}
