package table

import "testing"

// BenchmarkBoxes splits a table of 16 inputs of two states each.
func BenchmarkBoxes(b *testing.B) {
	sizes, cells := make([]int, 16), make([]int32, 1<<16)
	for i := range sizes {
		sizes[i] = 2
	}
	for c := range cells {
		if c&0x11 == 0x11 || c&0x2200 == 0x2200 {
			cells[c] = 1
		}
	}
	for b.Loop() {
		Partial{sizes, cells}.Boxes(len(sizes))
	}
}
