package service

import (
	"fmt"
	"strings"
	"testing"
)

// longProgram has 500 lines.
func longProgram() string {
	var b strings.Builder
	b.WriteString("#rasp:vocab \"abcd\"\n#rasp:length 8\n")
	for i := range 83 {
		fmt.Fprintf(&b, `def same_%d(s, n) {
    before = select(indices, indices - n, ==) and select(s, s, <=);
    return selector_width(before) if has_focus(before) else %d;
}

count_%d = same_%d(tokens, %d) + length;
`, i, i, i, i, i%5)
	}
	return b.String()
}

// BenchmarkOpen is what each change costs.
func BenchmarkOpen(b *testing.B) {
	text := longProgram()
	b.Logf("%d lines, %d findings", strings.Count(text, "\n"), len(opened(text).Findings()))
	for b.Loop() {
		opened(text)
	}
}
