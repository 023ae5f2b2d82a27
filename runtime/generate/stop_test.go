package generate

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// before is where a text ends by the definition: before the string whose end comes first,
// of several the longest.
func before(text string, stops []string) (rest, found string) {
	for end := range len(text) + 1 {
		for _, stop := range stops {
			if strings.HasSuffix(text[:end], stop) && len(stop) > len(found) {
				found = stop
			}
		}
		if found != "" {
			return text[:end-len(found)], found
		}
	}
	return text, ""
}

// However a text is cut into pieces, it ends at the same place, and what is shown before is
// never taken back.
func TestStopsAcrossPieces(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	word := func(most int) string {
		b := make([]byte, 1+r.IntN(most))
		for i := range b {
			b[i] = "ab"[r.IntN(2)]
		}
		return string(b)
	}
	stopped := 0
	for range 20_000 {
		text, stops := word(14), []string{word(5), word(5)}[:1+r.IntN(2)]
		want, found := before(text, stops)
		s, shown, got := NewStops(stops), "", ""
		for rest := text; rest != "" && got == ""; {
			n := 1 + r.IntN(min(3, len(rest)))
			var sure string
			sure, got = s.Add(rest[:n])
			shown, rest = shown+sure, rest[n:]
			require.True(t, strings.HasPrefix(want, shown), "%q of %q, %q", shown, text, stops)
		}
		shown += s.Rest()
		require.Equal(t, want, shown, "%q, %q", text, stops)
		require.Equal(t, found, got)
		if got != "" {
			stopped++
		}
	}
	require.Greater(t, stopped, 5_000)
}
