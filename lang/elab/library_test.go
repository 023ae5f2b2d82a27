package elab

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"rasp/lang/graph"
)

func TestLibraryValues(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"length;", "[5]*5 (ints)"},
		{"full_s;", "11111 11111 11111 11111 11111"},
		{"selector_width(select(tokens,tokens,==));", "[1, 1, 2, 2, 1] (ints)"},
		{"selector_width(select(indices,indices,<));", "[0, 1, 2, 3, 4] (ints)"},
		{"selector_width(not full_s);", "[0]*5 (ints)"},
		{"has_focus(select(indices,indices,<));", "[F, T, T, T, T] (bools)"},
		{`count(tokens,"l");`, "[2]*5 (ints)"},
		{"count(tokens,tokens);", "[5]*5 (ints)"},
		{`contains(tokens,"z");`, "[F]*5 (bools)"},
		{`contains(tokens,"o");`, "[T]*5 (bools)"},
		{"max(indices,2);", "[2, 2, 2, 3, 4] (ints)"},
		{"min(indices,2);", "[0, 1, 2, 2, 2] (ints)"},
		{"average(indices);", "[2.0]*5 (floats)"},
		{"load_from_location(tokens,4-indices);", "[o, l, l, e, h] (strings)"},
		{"load_from_location(indices,-1);", "[0]*5 (ints)"},
		{"load_from_location(indices,2.0);", "[2]*5 (ints)"},
		{`shift(tokens,-1,"-");`, "[e, l, l, o, -] (strings)"},
		{`shift(tokens,1.5,"-");`, "[-]*5 (strings)"},
		{"shift(indices,indices,0);", "[0, 0, 1, 0, 2] (ints)"},
		{"shift(indices,-indices,9);", "[2.0, 9, 9, 9, 9] (floats)"},
		{`mark_last_instance(tokens,"l");`, "[F, F, F, T, F] (bools)"},
		{`mark_first_instance(tokens,"l");`, "[F, F, T, F, F] (bools)"},
		{"mark_last_instance(tokens,tokens);", "[T, T, F, T, T] (bools)"},
		{`select_from_last(tokens,"l");`, "00010 00010 00010 00010 00010"},
		{`select_from_first(tokens,"l");`, "00100 00100 00100 00100 00100"},
		{"sort(tokens,tokens);", "[e, h, l, l, o] (strings)"},
		{"sort(tokens,-indices);", "[o, l, l, e, h] (strings)"},
		{`sort(indices,tokens=="l");`, "[0, 1, 4, 2, 3] (ints)"},
		{"sort(tokens,1);", "[h, e, l, l, o] (strings)"},
		{"select_next_identical(tokens);", "00000 00000 00010 00000 00000"},
		{`latest(tokens,"l",indices,-1);`, "[-1, -1, 2, 3, 3] (ints)"},
		{`latest(tokens,"z",tokens,"?");`, "[?]*5 (strings)"},
		{`latest(tokens=="l",False,tokens,"?");`, "[h, e, e, e, o] (strings)"},
		{`"l" in tokens;`, "[T]*5 (bools)"},
		{"tokens[-1];", "[o]*5 (strings)"},
		{"tokens[9];", "[0]*5 (ints)"},
	} {
		if got := evaluate(t, last(t, test.text), false, "hello"); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.text, got, test.want)
		}
	}
}

// TestCausalLibrary: with causal selectors each name means what it says for the
// sequence up to i.
func TestCausalLibrary(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"length;", "[1, 2, 3, 4, 5] (ints)"},
		{"full_s;", "10000 11000 11100 11110 11111"},
		{"selector_width(select(tokens,tokens,==));", "[1, 1, 1, 2, 1] (ints)"},
		{"selector_width(select(indices,0,>));", "[0, 1, 2, 3, 4] (ints)"},
		{"selector_width(not full_s);", "[0]*5 (ints)"},
		{`count(tokens,"l");`, "[0, 0, 1, 2, 2] (ints)"},
		{`contains(tokens,"l");`, "[F, F, T, T, T] (bools)"},
		{"average(indices);", "[0, 0.5, 1.0, 1.5, 2.0] (floats)"},
		{`has_focus(select(tokens,"l",==));`, "[F, F, T, T, T] (bools)"},
		{`shift(tokens,1,"-");`, "[-, h, e, l, l] (strings)"},
		{`mark_first_instance(tokens,"l");`, "[F, F, T, F, F] (bools)"},
		{"tokens[-1];", "[h, e, l, l, o] (strings)"},
		{`latest(tokens,"l",indices,-1);`, "[-1, -1, 2, 3, 3] (ints)"},
	} {
		if got := evaluate(t, last(t, test.text), true, "hello"); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.text, got, test.want)
		}
	}
}

// TestLength: on every length, and on width 0 to n.
func TestLength(t *testing.T) {
	text := ""
	for n := 1; n <= 70; n++ {
		text += "x"
		if got, want := evaluate(t, last(t, "length == "+fmt.Sprint(n)+";"), false, text), "T"; got[1:2] != want {
			t.Errorf("length %d: %s", n, got)
		}
		sel := "selector_width(select(indices,indices,<=)) == indices + 1;"
		if got := evaluate(t, last(t, sel), false, text); got[1:2] != "T" || n > 1 && got[2:4] != "]*" {
			t.Errorf("width at length %d: %s", n, got)
		}
	}
}

// heads counts the selectors that the aggregates of each layer use, as the
// language's description does.
func heads(n *graph.Node) string {
	depth := map[*graph.Node]int{}
	used := map[int]map[*graph.Node]bool{}
	for _, n := range graph.Reachable(n) {
		deepest := 0
		for _, a := range n.Args {
			deepest = max(deepest, depth[a])
		}
		switch n.Op {
		case graph.Select:
			deepest++
		case graph.Aggregate:
			deepest = max(1+depth[n.Args[1]], depth[n.Args[0]])
			if used[deepest] == nil {
				used[deepest] = map[*graph.Node]bool{}
			}
			used[deepest][n.Args[0]] = true
		}
		depth[n] = deepest
	}
	layers := make([]int, len(used))
	for i, layer := range slices.Sorted(maps.Keys(used)) {
		layers[i] = len(used[layer])
	}
	return fmt.Sprint(layers)
}

func TestLayersAndHeads(t *testing.T) {
	for text, want := range map[string]string{
		"length;": "[1]",
		"selector_width(select(tokens,tokens,==));":              "[2]",
		"sort(tokens,tokens);":                                   "[2 1]",
		"aggregate(select(indices,length-1-indices,==),tokens);": "[1 1]",
		"tokens[-1];": "[1 1]",
		"tokens[1];":  "[1]",
		"indices+1;":  "[]",
		`count(tokens,"a") + average(indices) + length;`:                     "[1]",
		`contains(tokens,"a") and ("a" in tokens) and ("b" in tokens);`:      "[2]",
		"has_focus(select(tokens,tokens,==) and select(indices,indices,<));": "[1]",
	} {
		if got := heads(nodeOf(last(t, text))); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}
