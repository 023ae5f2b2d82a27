package spell

import "testing"

func TestNearest(t *testing.T) {
	names := []string{"length", "tokens", "indices", "sort", "max", "min", "full_s"}
	for name, want := range map[string]string{
		"lenght": "length", "Tokens": "tokens", "token": "tokens", "indicies": "indices", "sotr": "sort",
		"mex": "max", "x": "", "q": "", "nothing_like_it": "", "full": "", "fulls": "full_s",
	} {
		if got := Nearest(name, names); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// TestNearestOfEqual does not depend on the order of the candidates.
func TestNearestOfEqual(t *testing.T) {
	for _, candidates := range [][]string{{"bat", "cat"}, {"cat", "bat"}} {
		if got := Nearest("rat", candidates); got != "bat" {
			t.Errorf("%q, want bat", got)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0}, {"abc", "abd", 1}, {"abc", "acb", 1},
		{"kitten", "sitting", 3}, {"ca", "abc", 3},
	} {
		if got := Distance(test.a, test.b); got != test.want {
			t.Errorf("%q to %q: %d, want %d", test.a, test.b, got, test.want)
		}
	}
}
