package compiler_test

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rasp/compiler"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/golden"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
	"rasp/runtime"
	"rasp/runtime/model"
)

var (
	update     = flag.Bool("update", false, "rewrite the #> and #= lines of the golden programs")
	interpOnly = flag.Bool("interp", false, "golden programs: run the interpreter only, compile nothing")
)

// TestGolden runs every golden program and every ready-made program of the
// library (see package golden for the notation): the interpreter must give the
// outputs, and so must the model, at all levels, if the program says for which
// vocabulary and length it is.
func TestGolden(t *testing.T) {
	for _, path := range goldenFiles(t) {
		t.Run(strings.TrimPrefix(filepath.ToSlash(path), "../"), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			chunks, err := golden.Read(path, string(data))
			if err != nil {
				t.Fatal(err)
			}
			edits := golden.Edits{}
			for _, c := range chunks {
				t.Run(c.Title, func(t *testing.T) {
					for _, mistake := range examine(c, edits) {
						t.Error(mistake)
					}
				})
			}
			if *update && len(edits) > 0 {
				if err := os.WriteFile(path, []byte(edits.Apply(string(data))), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func goldenFiles(t testing.TB) []string {
	files := readyPrograms(t)
	err := filepath.WalkDir("../testdata", func(path string, d fs.DirEntry, err error) error {
		if path == filepath.FromSlash("../testdata/check") {
			return fs.SkipDir // for the checker alone, which finds more
		}
		if err == nil && filepath.Ext(path) == ".rasp" {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// readyPrograms are the programs of the standard library, without the library
// of functions itself.
func readyPrograms(t testing.TB) []string {
	files, err := filepath.Glob("../stdlib/*.rasp")
	if err != nil || len(files) == 0 {
		t.Fatalf("no programs in stdlib (%v)", err)
	}
	return slices.DeleteFunc(files, func(path string) bool { return filepath.Base(path) == "library.rasp" })
}

// examination is a golden program on its way through all checks.
type examination struct {
	*golden.Chunk
	edits    golden.Edits
	program  *lang.Program
	outputs  []lang.Binding
	mistakes []string
}

// examine returns a sentence for each thing that the chunk does not do as it
// should, and adds to edits what an update would write.
func examine(c *golden.Chunk, edits golden.Edits) []string {
	x := &examination{Chunk: c, edits: edits}
	if c.Empty() {
		return []string{fmt.Sprintf("%s:%d: the chunk expects nothing", c.File, c.Line)}
	}
	program, faults := lang.Parse(c.File, c.Text)
	x.program = program
	prediction, fault := program.Prediction(program.File.Directives.Vocab)
	if fault != nil {
		x.mistakes = append(x.mistakes, c.Match(append(faults, fault))...)
		return x.mistakes
	}
	if prediction != nil {
		x.predict(prediction, faults)
		return x.mistakes
	}
	outputs, missing := program.Main()
	if missing == nil {
		x.outputs = outputs
		x.interpret()
	} else if len(c.Cases) > 0 || faults.Err() == nil {
		faults = append(faults, missing)
	}
	if faults.Err() != nil || x.outputs == nil || *interpOnly || !compilable(program) {
		x.mistakes = append(x.mistakes, c.Match(faults)...)
		return x.mistakes
	}
	for level := range 3 {
		x.compile(level)
	}
	return x.mistakes
}

// compilable: the program says something about the domain of a model.
func compilable(p *lang.Program) bool {
	d := p.File.Directives
	return d.Vocab != nil || d.Length != 0
}

func (x *examination) mistake(line int, format string, args ...any) {
	x.mistakes = append(x.mistakes, fmt.Sprintf("%s:%d: %s", x.File, line, fmt.Sprintf(format, args...)))
}

// interpret checks the cases against the interpreter.
func (x *examination) interpret() {
	e := evaluator(x.program, x.outputs)
	for _, k := range x.Cases {
		outputs, err := evaluate(e, x.outputs, k.Input)
		var fault *interp.Fault
		switch {
		case errors.As(err, &fault) && (k.Fault == nil || !k.Fault.Says(fault.Kind, fault.Message)):
			x.edits.Fault(k, fault.Kind, fault.Message)
			x.mistake(k.Line, "the interpreter fails: %s: %s", fault.Kind, fault.Message)
		case err == nil && (k.Fault != nil || !slices.Equal(outputs, k.Outputs)):
			x.mistake(k.Line, "the interpreter gives %s", strings.Join(outputs, " "))
			x.edits.Outputs(k, outputs)
		}
	}
}

func evaluator(p *lang.Program, outputs []lang.Binding) *interp.Evaluator {
	nodes := make([]*graph.Node, len(outputs))
	for i, o := range outputs {
		nodes[i] = o.Node
	}
	return interp.New(p.File.Directives.Causal, nodes...)
}

// evaluate runs the interpreter and writes each output in golden notation.
func evaluate(e *interp.Evaluator, outputs []lang.Binding, input []value.Value) ([]string, error) {
	if err := e.Run(input); err != nil {
		return nil, err
	}
	texts := make([]string, len(outputs))
	for i, o := range outputs {
		if o.Node.IsSelector() {
			texts[i] = golden.Matrix(e.Matrix(o.Node))
		} else {
			texts[i] = golden.Sequence(e.Sequence(o.Node))
		}
	}
	return texts, nil
}

// compile checks the model of one level: expected faults, sizes, and that it
// gives what the interpreter gives.
func (x *examination) compile(level int) {
	d := x.program.File.Directives
	domain := compiler.Domain{Vocab: d.Vocab, Length: d.Length, Causal: d.Causal}
	model, _, err := compiler.Compile(x.program, x.outputs, domain, compiler.Options{Level: level})
	var faults diag.List
	if err != nil && !errors.As(err, &faults) {
		x.mistake(x.Line, "level %d: %v", level, err)
		return
	}
	for _, m := range x.Match(faults) {
		x.mistakes = append(x.mistakes, fmt.Sprintf("level %d: %s", level, m))
	}
	if err != nil {
		return
	}
	if level == 1 {
		x.measure(model)
	}
	x.compare(level, model, domain)
}

// measure checks the sizes of the default model.
func (x *examination) measure(m *model.Model) {
	actual := map[string]int{"layers": m.Layers, "heads": m.Heads, "d_model": m.DModel, "d_head": m.DHead, "d_mlp": m.DMLP}
	for _, s := range x.Sizes {
		values := make([]int, len(s.Names))
		for i, name := range s.Names {
			v, ok := actual[name]
			if values[i] = v; !ok {
				x.mistake(s.Line, "no size is called %s", name)
			} else if v != s.Values[i] {
				x.mistake(s.Line, "%s %d, not %d", name, v, s.Values[i])
			}
		}
		if !slices.Equal(values, s.Values) {
			x.edits.Sizes(s, values)
		}
	}
}

// compare runs model and interpreter on the cases and on inputs of the domain.
func (x *examination) compare(level int, model *model.Model, domain compiler.Domain) {
	e := evaluator(x.program, x.outputs)
	session := runtime.NewSession(model)
	inputs := sample(domain, 200)
	for _, k := range x.Cases {
		inputs = append(inputs, k.Input)
	}
	for _, in := range inputs {
		if e.Run(in) != nil {
			continue // the model owes nothing where the program fails
		}
		got, err := run(session, model, in)
		if err != nil {
			x.mistake(x.Line, "level %d: input %s: %v", level, golden.Sequence(in), err)
			return
		}
		for o, b := range x.outputs {
			if want := e.Sequence(b.Node); !slices.EqualFunc(want, got[o], agrees) {
				x.mistake(x.Line, "level %d: %s: input %s: the model gives %v, the interpreter %s",
					level, b.Name, golden.Sequence(in), got[o], golden.Sequence(want))
				return
			}
		}
	}
}

// run is the outputs of the model for one input.
func run(s *runtime.Session, m *model.Model, input []value.Value) ([][]model.Token, error) {
	tokens := make([]model.Token, len(input))
	for i, v := range input {
		tokens[i] = model.Token(v.JSON())
	}
	ids, err := m.Encode(tokens)
	if err != nil {
		return nil, err
	}
	out, err := s.Run([][]int{ids})
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

// agrees compares an atom with what a model says: floats to 1e-5, relative; all
// else exactly, types included.
func agrees(want value.Value, got model.Token) bool {
	if want.Kind() != value.Float || want.JSON() == string(got) {
		return want.JSON() == string(got)
	}
	g, err := value.ParseAtom(string(got))
	if err != nil || g.Kind() != value.Float {
		return false
	}
	w := want.Float64()
	return math.Abs(g.Float64()-w) <= 1e-5*math.Max(1, math.Abs(w))
}
