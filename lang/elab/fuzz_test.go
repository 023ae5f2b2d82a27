package elab

import (
	"testing"

	"rasp/stdlib"
)

// FuzzElaborate: whatever parses elaborates without a panic, and every fault has
// a place.
func FuzzElaborate(f *testing.F) {
	entries, err := stdlib.FS.ReadDir(".")
	if err != nil {
		f.Fatal(err)
	}
	for _, entry := range entries {
		text, err := stdlib.FS.ReadFile(entry.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	for _, text := range []string{
		"x, y = 1, tokens; z = x in y; out;",
		`load "a"; [f(i) for i in {1:2}]; {k: tokens[k] for k in range(3)};`,
		"def f(x) { return x if x == 0 else f(x - 1); } f(3); tokens[-1];",
		`draw(tokens, "ab"); sort(tokens, indices)("abc"); "ab"[indices]; {1:[2],3:4}[tokens_int];`,
		"full_s + 1; 1 if full_s else 2; [1] * 3 + [[2]]; -[]; 9^9^9^9; lenght;",
	} {
		f.Add(text)
	}
	loads := files{"a.rasp": "x = 1; def f(q) { return q + x; } y = ;"}
	f.Fuzz(func(t *testing.T, text string) {
		s := New(loads.read)
		s.budget = 10_000
		_, faults := s.Run(parse(text))
		for _, d := range faults {
			if d.Span.Source == nil {
				t.Errorf("no place: %s", d)
			}
			d.Render()
		}
		if nodes, kinds := len(s.graph.Nodes), len(s.elements); nodes != kinds {
			t.Errorf("%d nodes, %d element kinds", nodes, kinds)
		}
	})
}
