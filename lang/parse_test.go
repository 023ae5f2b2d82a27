package lang

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rasp/lang/diag"
	"rasp/lang/graph"
)

func names(list []graph.Output) string {
	var b strings.Builder
	for _, binding := range list {
		b.WriteString(binding.Name + " ")
	}
	return strings.TrimSpace(b.String())
}

func TestBindings(t *testing.T) {
	for text, want := range map[string]string{
		"x = tokens; y = 1; z = full_s;":     "x z",
		"x = tokens; y = indices; x = y;":    "y x",
		"for i in [1,2] { x = tokens[i]; }":  "x",
		"x = tokens; tokens;":                "x",
		"tokens; indices + 1;":               "out",
		"def f(a) { return a; }\nf(tokens);": "out",
		`tokens("abc");`:                     "out",
		"x = 3; x;":                          "",
		"x = tokens; x = 1/0;":               "",
		"x = tokens;\nexit\ny = x;":          "x",
	} {
		p, _ := Parse("test.rasp", text)
		if got := names(p.Bindings); got != want {
			t.Errorf("%s\n got %q\nwant %q", text, got, want)
		}
	}
}

func TestOutputs(t *testing.T) {
	for _, test := range []struct{ text, want, kind string }{
		{"x = tokens; y = 1;", "x", ""},
		{"x = tokens; y = indices;", "y", ""},
		{"#rasp:output x\nx = tokens; y = indices;", "x", ""},
		{"#rasp:output y, x\nx = tokens; y = indices;", "y x", ""},
		{"#rasp:output length\nx = tokens;", "length", ""},
		{"#rasp:output z\nx = tokens;", "", "undefined"},
		{"#rasp:output z\nz = 3;", "", "type"},
		{"y = 1;", "", "domain"},
		{"indices + 1;", "out", ""},
	} {
		p, faults := Parse("test.rasp", test.text)
		if len(faults) > 0 {
			t.Errorf("%s\n%s", test.text, faults)
		}
		list, fault := p.Outputs(nil, nil)
		kind := diag.Kind("")
		if fault != nil {
			kind = fault.Kind
		}
		if got := names(list); got != test.want || string(kind) != test.kind {
			t.Errorf("%s\n got %q %s\nwant %q %s", test.text, got, kind, test.want, test.kind)
		}
	}
}

func TestNamedOutputs(t *testing.T) {
	p, _ := Parse("test.rasp", "#rasp:output other\nsorted = sort(tokens, tokens);\nn = 3;")
	if list, fault := p.Outputs([]string{"sorted", "tokens"}, nil); fault != nil || names(list) != "sorted tokens" || list[0].Span.Line() != 2 || list[1].Node == nil {
		t.Errorf("sorted, tokens: %v %v", list, fault)
	}
	if _, fault := p.Outputs([]string{"sortde"}, nil); fault == nil || fault.Hint != "did you mean sorted?" || fault.Span.Source != nil {
		t.Errorf("sortde: %v", fault)
	}
	if _, fault := p.Outputs([]string{"n"}, nil); fault == nil || fault.Kind != diag.Type {
		t.Errorf("n: %v", fault)
	}
	if v, ok := p.Lookup("n"); !ok || v == nil {
		t.Error("n cannot be looked up")
	}
}

// TestOrder: faults of syntax and of meaning stand in the order of the text.
func TestOrder(t *testing.T) {
	_, faults := Parse("test.rasp", "a = x;\nb = ;\nc = y;\nd = ;")
	var lines []int
	for _, d := range faults {
		lines = append(lines, d.Span.Line())
	}
	if len(lines) != 4 || lines[0] != 1 || lines[1] != 2 || lines[2] != 3 || lines[3] != 4 {
		t.Errorf("lines %v: %s", lines, faults)
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	write := func(name, text string) {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("main.rasp", "load \"sub/a\";\ny = x + 1;\n")
	write("sub/a.rasp", "load \"sub/b\";\nx = _x;\n")
	write("sub/b.rasp", "_x = 1;\nz = indices;\n")
	p, faults := Load("main.rasp")
	if len(faults) != 1 || faults[0].Span.String() != "sub/a.rasp:2:5" {
		t.Errorf("a private name is not seen outside, and once: %v", faults)
	}
	if got := names(p.Bindings); got != "z" {
		t.Errorf("bindings %q", got)
	}
	if p, faults := Load("none.rasp"); p != nil || len(faults) != 1 || faults[0].Kind != diag.Undefined {
		t.Errorf("a file that is not there: %v", faults)
	}

	if os.Symlink(os.DevNull, "device.rasp") != nil {
		t.Skip("no links")
	}
	write("main.rasp", "load \"device\";\n")
	if _, faults := Load("main.rasp"); len(faults) != 1 || !strings.Contains(faults[0].Message, "not a regular file") {
		t.Errorf("a program loads a device: %v", faults)
	}
	if p, faults := Load("device.rasp"); p == nil || len(faults) > 0 {
		t.Errorf("a command is given a device: %v", faults)
	}
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		Parse("test.rasp", "sorted = sort(tokens, tokens);")
	}
}
