package elab

import (
	"math/big"
	"strings"
	"testing"
)

// TestLimits: programs that would run forever or fill the memory.
func TestLimits(t *testing.T) {
	for text, want := range map[string]string{
		"def f(n) { return f(n+1); }\nf(0);":                          "limit 1:19",
		"def f(n) { return g(n); }\ndef g(n) { return f(n); }\nf(0);": "limit 2:19",
		"range(100000000);":                                           "limit 1:1",
		"range(9223372036854775807);":                                 "limit 1:1",
		"range(-9223372036854775807, 9223372036854775807);":           "limit 1:1",
		"range(9^99);":   "limit 1:1",
		"[1]*99999999;":  "limit 1:1",
		"[1]*9^99;":      "limit 1:1",
		`"a"*99999999;`:  "limit 1:1",
		"9^9^9^9^9^9^9;": "limit 1:1",
		"l = [1];\nfor i in range(2000) { l = [l]; }":                   "limit 2:28",
		"l = [1];\nfor i in range(100) { l = [l,l]; }":                  "limit 2:27",
		"l = [1];\nfor i in range(100) { l = l + l; }":                  "limit 2:27",
		"def f(n) { return 1 if n == 0 else f(n-1) + f(n-1); }\nf(60);": "limit 1:36",
		"for a in range(9999) { for b in range(9999) { x = 1; } }":      "limit 1:24",
		"l = range(9999);\nfor a in l { for b in l { x = l == l; } }":   "limit 2:31",
		"x = 3^99999;\nl = range(99999);\nfor i in l { b = x == x; }":   "limit 3:18",
		strings.Repeat("a = range(99999);\n", 20):                       "limit 11:5",
		"[[b for b in range(9999)] for a in range(9999)];":              "limit 1:14",
	} {
		s := New(nil)
		s.budget = 200_000
		_, faults := s.Run(parse(text))
		if got := places(faults); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

// TestDeep: what is deep but finite works, or fails as an ordinary fault.
func TestDeep(t *testing.T) {
	if got := form(last(t, "def f(n) { return 0 if n == 0 else 1 + f(n-1); } f(900);")); got != "900" {
		t.Errorf("900 calls give %s", got)
	}
	if got := form(last(t, "x = indices; for i in range(5000) { x = x + 1; } len([x]);")); got != "1" {
		t.Errorf("a chain of 5000 s-ops gives %s", got)
	}
	elaborate("1"+strings.Repeat("+1", 50_000)+";", nil)
	elaborate(strings.Repeat("(", 50_000)+"1"+strings.Repeat(")", 50_000)+";", nil)
}

func TestRangeLength(t *testing.T) {
	for _, test := range []struct{ start, stop, step, want string }{
		{"0", "3", "1", "3"}, {"0", "3", "2", "2"}, {"0", "4", "2", "2"}, {"3", "0", "-1", "3"}, {"3", "0", "-2", "2"},
		{"0", "0", "1", "0"}, {"1", "0", "1", "0"}, {"0", "1", "-1", "0"},
		{"-99999999999999999999", "99999999999999999999", "99999999999999999999", "2"},
		{"99999999999999999999", "0", "-1", "99999999999999999999"},
	} {
		if got := rangeLength(number(test.start), number(test.stop), number(test.step)).String(); got != test.want {
			t.Errorf("range(%s,%s,%s) has %s, want %s", test.start, test.stop, test.step, got, test.want)
		}
	}
}

func number(text string) *big.Int {
	i, _ := new(big.Int).SetString(text, 10)
	return i
}
