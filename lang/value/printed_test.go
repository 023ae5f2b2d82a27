package value

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// Sequences of all kinds, long texts and short, print as their atoms do one by one.
func TestPrintedSequences(t *testing.T) {
	atoms := []Value{
		OfInt(0), OfInt(1), OfInt(9), OfInt(-12), OfInt(math.MaxInt64), OfFloat(1), OfFloat(0.12345), OfFloat(1e300),
		OfFloat(math.NaN()), OfFloat(math.Inf(-1)), OfBool(true), OfBool(false), OfString("a"), OfString(""),
		OfString("é"), OfString("\x00"), OfString("a\"b"), OfString("sixsix"), OfString("seven77"), OfString(strings.Repeat("long", 9)),
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 5_000 {
		some := []Value{atoms[random.IntN(len(atoms))], atoms[random.IntN(len(atoms))]}
		if random.IntN(2) == 0 {
			some = atoms
		}
		var sequence []Value
		var printed []*Printed
		for range random.IntN(12) {
			sequence = append(sequence, some[random.IntN(len(some))])
			printed = append(printed, Print(sequence[len(sequence)-1]))
		}
		if random.IntN(2) == 0 { // the same atom is often the same pointer
			for i := range printed {
				printed[i] = printed[slices.Index(sequence, sequence[i])]
			}
		}
		if got, want := string(AppendPrinted([]byte("x"), printed)), string(AppendSequence([]byte("x"), sequence)); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	}
}

// Room is not written beyond.
func TestPrintedRoom(t *testing.T) {
	a := Print(OfString("a"))
	room := []byte("0123456789")
	text := appendFurther(room[:0:5], []*Printed{a})
	if string(text) != ", a" || string(room[5:]) != "56789" {
		t.Errorf("%q, %q", text, room)
	}
}
