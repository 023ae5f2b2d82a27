package elab

import (
	"errors"
	"testing"
	"unicode/utf8"

	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
	"rasp/runtime/bounded"
	"rasp/stdlib"
)

// programs to start from: the library, the ready-made programs, and a few with
// everything in them.
func programs(f *testing.F) (texts []string) {
	entries, err := stdlib.FS.ReadDir(".")
	if err != nil {
		f.Fatal(err)
	}
	for _, entry := range entries {
		text, err := stdlib.FS.ReadFile(entry.Name())
		if err != nil {
			f.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	return append(texts,
		"x, y = 1, tokens; z = x in y; out;",
		`load "a"; [f(i) for i in {1:2}]; {k: tokens[k] for k in range(3)};`,
		"def f(x) { return x if x == 0 else f(x - 1); } f(3); tokens[-1];",
		`draw(tokens, "ab"); sort(tokens, indices)("abc"); "ab"[indices]; {1:[2],3:4}[tokens_int];`,
		"full_s + 1; 1 if full_s else 2; [1] * 3 + [[2]]; -[]; 9^9^9^9; lenght;",
	)
}

// FuzzElaborate: whatever parses elaborates without a panic, and every fault has
// a place.
func FuzzElaborate(f *testing.F) {
	for _, text := range programs(f) {
		f.Add(text)
	}
	loads := files{"a.rasp": "x = 1; def f(q) { return q + x; } y = ;"}
	f.Fuzz(func(t *testing.T, text string) {
		bounded.Work(t)
		s := New(loads.read)
		s.budget = 10_000
		_, faults := s.Run(parse(text))
		for _, d := range faults {
			if d.Span.Source == nil {
				t.Errorf("no place: %s", d)
			}
			bounded.Words(t, d.Render(), text)
		}
		if nodes, kinds := len(s.graph.Nodes), len(s.elements); nodes != kinds {
			t.Errorf("%d nodes, %d element kinds", nodes, kinds)
		}
	})
}

// FuzzInterpret: whatever elaborates runs on any input without a panic; it gives
// a sequence of one type for each s-op, or a fault at one of its nodes.
func FuzzInterpret(f *testing.F) {
	for _, text := range programs(f) {
		f.Add(text, "hello")
	}
	f.Add("x = tokens_int + tokens_float; y = [1.5, True][tokens_bool]; z = {1: 2}[tokens_asis];", "")
	f.Fuzz(func(t *testing.T, text, tokens string) {
		bounded.Work(t)
		s := New(files{}.read)
		s.budget = 1_000
		results, _ := s.Run(parse(text))
		input := inputOf(tokens)
		nodes := shown(s, results)
		for _, n := range nodes[max(0, len(nodes)-3):] {
			e := interp.New(len(text)%2 == 0, n)
			err := e.Run(input)
			var fault *interp.Fault
			switch {
			case errors.As(err, &fault):
				if fault.Node == nil || fault.Position < 0 || fault.Position >= len(input) {
					t.Errorf("no place: %v", fault)
				}
				bounded.Words(t, fault.Error(), text, tokens)
			case n.IsSelector() && len(e.Matrix(n)) != len(input):
				t.Errorf("%d rows for %d tokens", len(e.Matrix(n)), len(input))
			case !n.IsSelector():
				sequence := e.Sequence(n)
				if _, err := value.TypeOf(sequence); err != nil || len(sequence) != len(input) {
					t.Errorf("%v: %v", sequence, err)
				}
				value.FormatSequence(sequence)
			}
		}
	})
}

// inputOf is some input that the fuzzer steers: characters, or numbers of each
// kind if the text is not UTF-8.
func inputOf(tokens string) []value.Value {
	const most = 80
	input := characters(tokens + "a")
	if !utf8.ValidString(tokens) {
		for i := range input {
			b := int64(tokens[i%len(tokens)])
			input[i] = [...]value.Value{value.OfInt(b - 128), value.OfFloat(float64(b) / 3), value.OfBool(b > 99)}[b%3]
		}
	}
	return input[:min(most, len(input))]
}

// shown are the s-ops and selectors that a program binds or shows.
func shown(s *Session, results []Result) (nodes []*graph.Node) {
	add := func(v Value) {
		if n := nodeOf(v); n != nil {
			nodes = append(nodes, n)
		}
	}
	for _, b := range s.Bindings() {
		add(b.Value)
	}
	for _, r := range results {
		add(r.Value)
	}
	return nodes
}
