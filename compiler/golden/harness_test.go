package golden_test

import (
	"strings"
	"testing"

	"rasp/lang/golden"
)

// TestHarness gives the harness chunks that are wrong on purpose. Each must be
// found out, in these words.
func TestHarness(t *testing.T) {
	for _, test := range []struct{ name, chunk, mistake string }{
		{"nothing expected", "x = indices;", "expects nothing"},
		{"wrong output", "x = indices;\n#> \"ab\" => [0, 2]", "the interpreter gives [0,1]"},
		{"int for float", "x = indices / 1;\n#> \"a\" => [0]", "the interpreter gives [0.0]"},
		{"wrong pairs", "s = select(indices, indices, <);\n#> \"ab\" => [[0, 1]]", "the interpreter gives [[1,0]]"},
		{"fails", "x = 1 / indices;\n#> \"a\" => [1.0]", "the interpreter fails: value"},
		{"should fail", "x = indices;\n#> \"a\" => error value: zero", "the interpreter gives [0]"},
		{"fails otherwise", "x = 1 / indices;\n#> \"a\" => error type: zero", "the interpreter fails: value"},
		{"fault not found", "x = indices;\n#  ^ type: selector\n#> \"a\" => [0]", "no type error"},
		{"fault not expected", "x = indices;\ny = nothing;\n#> \"a\" => [0]", "unexpected"},
		{"fault in another column", "x = 1 + nothing;\n#  ^ undefined: nothing", "no undefined error"},
		{"fault of another kind", "x = 1 + nothing;\n#       ^ type: nothing", "no type error"},
		{"no such hint", "x = 1 + nothing;\n#       ^ undefined: nothing\n#       ^ hint: zzz", "no undefined error"},
		{"no such output", "#rasp:output y\nx = indices;\n#> \"a\" => [0]", "unexpected"},
	} {
		t.Run(test.name, func(t *testing.T) { mustFail(t, test.chunk, test.mistake) })
	}
}

// TestHarnessCompiles is the same for what only a compiled model shows.
func TestHarnessCompiles(t *testing.T) {
	if *interpOnly {
		t.Skip("-interp")
	}
	domain := "#rasp:vocab \"ab\"\n#rasp:length 3\n"
	mustFail(t, domain+"x = indices;\n#> \"c\" => [0]", "input [\"c\"]")
	mustFail(t, domain+"x = indices;\n#  ^ limit: too large\n#> \"a\" => [0]", "level 1")
	mustFail(t, domain+"x = length;\n#= layers 7", "layers 1, not 7")
	mustFail(t, domain+"x = length;\n#= legs 2", "no size is called legs")
}

func mustFail(t *testing.T, chunk, mistake string) {
	t.Helper()
	chunks, err := golden.Read("broken.rasp", chunk)
	if err != nil {
		t.Fatal(err)
	}
	if all := strings.Join(examine(chunks[0], golden.Edits{}), "\n"); !strings.Contains(all, mistake) {
		t.Errorf("the harness says %q of\n%s\nwant %q", all, chunk, mistake)
	}
}
