package syntax

import (
	"fmt"
	"strings"
	"testing"

	"rasp/lang/diag"
)

func BenchmarkDict(b *testing.B) {
	var text strings.Builder
	text.WriteString("d = {")
	for i := range 100000 {
		fmt.Fprintf(&text, "\"k%d\": %d, ", i, i)
	}
	text.WriteString("1: 1};\n")
	src := diag.NewSource("dict.rasp", text.String())
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		if _, faults := Parse(src); len(faults) > 0 {
			b.Fatal(faults)
		}
	}
}
