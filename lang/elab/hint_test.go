package elab

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
