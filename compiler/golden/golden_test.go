package golden_test

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rasp/compiler"
	"rasp/compiler/compilertest"
	"rasp/compiler/facts/factstest"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/domain"
	"rasp/lang/golden"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/predict"
	"rasp/lang/value"
	"rasp/runtime/model"
)

var (
	update     = flag.Bool("update", false, "rewrite the #> and #= lines of the golden programs")
	interpOnly = flag.Bool("interp", false, "golden programs: run the interpreter only, compile nothing")
)

// TestMain goes to a folder that stands beside testdata: from there golden programs name
// those that they load.
func TestMain(m *testing.M) {
	if err := os.Chdir(".."); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// TestGolden runs every golden program, every ready-made program of the library
// and the solution of every puzzle (see package golden for the notation): the interpreter must give the
// outputs, and so must the model, at all levels (with -short at level 1), if the
// program says for which vocabulary and length it is.
func TestGolden(t *testing.T) {
	for _, path := range goldenFiles(t) {
		t.Run(strings.TrimPrefix(filepath.ToSlash(path), "../"), func(t *testing.T) {
			t.Parallel()
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
	files, err := golden.Files("..")
	if err != nil {
		t.Fatal(err)
	}
	puzzles, err := golden.Puzzles("..")
	if err != nil {
		t.Fatal(err)
	}
	return append(files, puzzles...)
}

// examination is a golden program on its way through all checks.
type examination struct {
	*golden.Chunk
	edits    golden.Edits
	program  *lang.Program
	outputs  []graph.Output
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
	outputs, missing := program.Outputs(nil, program.File.Directives.Vocab)
	if _, fault := program.Domain(); fault != nil {
		faults = append(faults, fault)
	}
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
		if level == 1 || !testing.Short() {
			x.compile(level)
		}
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
	d := x.program.File.Directives
	e := predict.New(x.outputs, d.Vocab, d.Causal)
	for _, k := range x.Cases {
		results, err := e.Run(k.Input)
		outputs := notation(results)
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

// notation writes each output in golden notation.
func notation(results []predict.Result) []string {
	texts := make([]string, len(results))
	for i, r := range results {
		switch {
		case r.Next != nil:
			texts[i] = probabilities(r.Next)
		case r.Matrix != nil:
			texts[i] = golden.Matrix(r.Matrix)
		default:
			texts[i] = golden.Sequence(r.Sequence)
		}
	}
	return texts
}

// probabilities writes those of the tokens of the vocabulary, at each position, to
// four digits.
func probabilities(rows [][]float64) string {
	texts := make([]string, len(rows))
	for i, row := range rows {
		numbers := make([]string, len(row))
		for t, log := range row {
			numbers[t] = fmt.Sprintf("%.4g", math.Exp(log))
		}
		texts[i] = "[" + strings.Join(numbers, ",") + "]"
	}
	return "[" + strings.Join(texts, ",") + "]"
}

// compile checks the model of one level: expected faults, sizes, and that it
// gives what the interpreter gives.
func (x *examination) compile(level int) {
	d := compilertest.DomainOf(x.program)
	options := compilertest.At(level)
	options.Partial = x.program.File.Directives.Partial
	m, report, err := compiler.Compile(x.outputs, d, options)
	var faults diag.List
	switch {
	case err == nil:
		faults = report.Warnings
	case !errors.As(err, &faults):
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
		x.measure(m)
	}
	x.compare(level, m, d)
}

// measure checks the sizes of the default model.
func (x *examination) measure(m *model.Model) {
	parameters, _ := m.Parameters()
	actual := map[string]int{"parameters": parameters, "layers": m.Layers, "heads": m.Heads, "d_model": m.DModel, "d_head": m.DHead, "d_mlp": m.DMLP}
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
func (x *examination) compare(level int, m *model.Model, d domain.Domain) {
	batch := compilertest.InputsOf(d, d.Length, 200, factstest.Often(150), 1)
	for _, k := range x.Cases {
		if k.Fault != nil {
			continue // the model owes nothing where the program fails
		}
		ids, err := encode(m, k.Input)
		if err != nil {
			x.mistake(k.Line, "level %d: input %s: %v", level, golden.Sequence(k.Input), err)
			return
		}
		if d.Has(ids) { // of others the model says nothing
			batch = append(batch, ids)
		}
	}
	_, difference, err := compilertest.Compare(m, x.outputs, d, batch)
	if err != nil || difference != "" {
		x.mistake(x.Line, "level %d: %s (%v)", level, difference, err)
	}
	x.otherwise(level, m, d)
}

// encode finds the token ids of an input.
func encode(m *model.Model, input []value.Value) ([]int, error) {
	tokens := make([]model.Token, len(input))
	for i, v := range input {
		tokens[i] = model.Token(v.JSON())
	}
	return m.Encode(tokens)
}
