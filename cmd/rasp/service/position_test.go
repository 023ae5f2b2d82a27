package service

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

// TestPositions: an accented letter and an emoji, counted in three ways, and back.
func TestPositions(t *testing.T) {
	const text = "# é 😀 x\r\ny\rz\n"
	at := strings.Index(text, "x")
	for e, character := range map[Encoding]int{UTF8: 10, UTF16: 7, UTF32: 6} {
		n := NewText(text, e)
		assert.Equal(t, Position{0, character}, n.Position(at), e)
		assert.Equal(t, at, n.Offset(Position{0, character}), e)
		assert.Equal(t, Position{1, 1}, n.Position(strings.Index(text, "y")+1), e)
		assert.Equal(t, Position{2, 0}, n.Position(strings.Index(text, "z")), e)
		assert.Equal(t, Position{3, 0}, n.Position(len(text)), e)
		assert.Equal(t, at+1, n.Offset(Position{0, 99}), "beyond a line")
		assert.Equal(t, len(text), n.Offset(Position{99, 0}), "beyond the text")
		assert.Zero(t, n.Offset(Position{-1, 0}), "before it")
	}
	smile := strings.Index(text, "😀")
	assert.Equal(t, smile, NewText(text, UTF16).Offset(Position{0, 5}), "inside of an emoji")
}

// TestLongLines: the places of a line in which marks stand within characters.
func TestLongLines(t *testing.T) {
	for shift := range 5 {
		text := strings.Repeat("a", shift) + strings.Repeat("é😀", 300) + "\n" + strings.Repeat("😀", 200)
		for _, e := range []Encoding{UTF8, UTF16, UTF32} {
			n, line, units := NewText(text, e), 0, 0
			for at, r := range text {
				assert.Equal(t, Position{line, units}, n.Position(at), e)
				units += n.units(r, utf8.RuneLen(r))
				if r == '\n' {
					line, units = line+1, 0
				}
			}
			assert.Equal(t, Position{line, units}, n.Position(len(text)), e)
		}
	}
}

// TestSplice: random edits, counted in UTF-16, against a text of UTF-16 units.
func TestSplice(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	letters := []string{"a", "é", "😀", "\n", "\r\n", " ", "x = tokens;\n"}
	text, units := NewText("", UTF16), []uint16{}
	for range 2000 {
		from := before(text.String(), r.IntN(len(text.String())+1))
		to := max(from, before(text.String(), min(from+r.IntN(8), len(text.String()))))
		at := Range{text.Position(from), text.Position(to)}
		with := letters[r.IntN(len(letters))]
		start, end := placeIn(units, at.Start), placeIn(units, at.End)
		tail := append(utf16.Encode([]rune(with)), units[end:]...)
		units = append(units[:start:start], tail...)
		text = NewText(text.Splice(at, with), UTF16)
		assert.Equal(t, string(utf16.Decode(units)), text.String())
	}
}

// before is the nearest place to the left at which a cursor can stand.
func before(text string, at int) int {
	for at > 0 && at < len(text) && (!utf8.RuneStart(text[at]) || text[at-1:at+1] == "\r\n") {
		at--
	}
	return at
}

// placeIn is where a position is among units.
func placeIn(units []uint16, p Position) int {
	at := 0
	for line := 0; line < p.Line; at++ {
		if units[at] == '\n' || units[at] == '\r' && (at+1 == len(units) || units[at+1] != '\n') {
			line++
		}
	}
	return at + p.Character
}

// TestDifferences: the hunks make one text of the other, and what is equal stays.
func TestDifferences(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	random := func() (lines []string) {
		for range r.IntN(8) {
			lines = append(lines, string(rune('a'+r.IntN(3))))
		}
		return lines
	}
	for range 2000 {
		a, b := random(), random()
		var made []string
		last := 0
		for _, h := range differences(a, b) {
			made = append(append(made, a[last:h.from]...), b[h.start:h.stop]...)
			last = h.to
		}
		made = append(made, a[last:]...)
		assert.Equal(t, strings.Join(b, ""), strings.Join(made, ""))
	}
	assert.Empty(t, differences([]string{"a"}, []string{"a"}))
	assert.Len(t, differences([]string{"x", "a", "y"}, []string{"z", "a", "w"}), 2)
}
