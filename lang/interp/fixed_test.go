package interp

import (
	"testing"

	"rasp/lang/graph"
	"rasp/lang/value"
)

// TestFixed: a value that is fixed is what all is computed from that depends on it, and a
// position that is not there makes no difference.
func TestFixed(t *testing.T) {
	b := &builder{}
	indices := b.indices()
	double := b.binary(indices, value.Mul, b.int(2))
	sum := b.binary(double, value.Add, indices)
	next := b.aggregate(b.sel(double, b.binary(indices, value.Add, b.int(1)), value.Eq), indices, num(-1))
	e := New(false, sum, next)
	e.Fixed = map[*graph.Node]map[int]value.Value{double: {1: num(3), 9: num(5)}}
	if err := e.Run(sequence("abc")); err != nil {
		t.Fatal(err)
	}
	for node, want := range map[*graph.Node]string{indices: "[0, 1, 2] (ints)", double: "[0, 3, 4] (ints)", sum: "[0, 4, 6] (ints)", next: "[-1, -1, 1] (ints)"} {
		if got := value.FormatSequence(e.Sequence(node)); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
