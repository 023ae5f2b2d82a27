package compiler_test

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler"
	"rasp/compiler/agree"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
	"rasp/runtime"
	"rasp/runtime/model"
	"rasp/stdlib"
)

// parse reads a program and the domain that its directives name.
func parse(t testing.TB, name, text string) (*lang.Program, []lang.Binding, compiler.Domain) {
	t.Helper()
	p, faults := lang.Parse(name, text)
	require.NoError(t, faults.Err())
	outputs, fault := p.Main()
	require.Nil(t, fault)
	d := p.File.Directives
	return p, outputs, compiler.Domain{Vocab: d.Vocab, Length: d.Length, Causal: d.Causal}
}

// lengthDirective is the length that a program names.
var lengthDirective = regexp.MustCompile(`#rasp:length \d+`)

// TestReadyProgramsAreExact: the models of all ready-made programs, at two
// lengths and all levels, give what the interpreter gives, be it values or the
// probabilities of the next token.
func TestReadyProgramsAreExact(t *testing.T) {
	files, err := fs.Glob(stdlib.FS, "*.rasp")
	require.NoError(t, err)
	require.Greater(t, len(files), 15)
	for _, file := range files {
		if file == "library.rasp" {
			continue
		}
		text, err := fs.ReadFile(stdlib.FS, file)
		require.NoError(t, err)
		for _, length := range []int{5, 20} {
			for level := range 3 {
				t.Run(fmt.Sprintf("%s/%d/O%d", strings.TrimSuffix(file, ".rasp"), length, level), func(t *testing.T) {
					t.Parallel()
					options := compiler.Options{Level: level}
					if predicts(t, string(text)) {
						of := lengthDirective.ReplaceAllString(string(text), fmt.Sprintf("#rasp:length %d", length))
						m, inputs, refused := predictions(t, of, options, rand.New(rand.NewPCG(7, uint64(level))))
						require.NoError(t, refused)
						require.Greater(t, inputs, 100)
						require.Equal(t, length, m.Certificate.Length)
						require.Greater(t, m.Certificate.Slack, 1.0)
						return
					}
					p, outputs, domain := parse(t, file, string(text))
					domain.Length = length
					m, report, err := compiler.Compile(p, outputs, domain, options)
					require.NoError(t, err)
					require.Empty(t, report.Warnings)
					require.True(t, m.Certificate.Exact)
					require.Equal(t, length, m.Certificate.Length)
					require.Greater(t, m.Certificate.Slack, 1.0)
					checkExact(t, m, outputs, domain)
				})
			}
		}
	}
}

// predicts tells programs whose output is a distribution.
func predicts(t *testing.T, text string) bool {
	p, faults := lang.Parse("program.rasp", text)
	require.NoError(t, faults.Err())
	prediction, fault := p.Prediction(p.File.Directives.Vocab)
	require.Nil(t, fault)
	return prediction != nil
}

// checkExact compares the model with the interpreter on short inputs and on
// random ones.
func checkExact(t *testing.T, m *model.Model, outputs []lang.Binding, d compiler.Domain) {
	t.Helper()
	var nodes []*graph.Node
	for _, o := range outputs {
		nodes = append(nodes, o.Node)
	}
	e, s := interp.New(d.Causal, nodes...), runtime.NewSession(m)
	for _, ids := range append(shortInputs(len(d.Vocab), d.Length), randomInputs(len(d.Vocab), d.Length)...) {
		input := make([]value.Value, len(ids))
		for i, id := range ids {
			input[i] = d.Vocab[id]
		}
		require.NoError(t, e.Run(input), "%v", input)
		got, err := s.Run([][]int{ids})
		require.NoError(t, err)
		for k, n := range nodes {
			values, err := agree.Values(got[0][k])
			require.NoError(t, err)
			require.Equal(t, -1, agree.Differ(e.Sequence(n), values), "%s of %v: interpreter %v, model %v", outputs[k].Name, input, e.Sequence(n), values)
		}
	}
}

// shortInputs are all inputs of each length up to 4 at which there are 3000 at
// most.
func shortInputs(vocab, length int) (inputs [][]int) {
	count := 1
	for n := 1; n <= min(4, length); n++ {
		if count *= vocab; count > 3000 {
			break
		}
		for k := range count {
			ids := make([]int, n)
			for i := range ids {
				ids[i] = k % vocab
				k /= vocab
			}
			inputs = append(inputs, ids)
		}
	}
	return inputs
}

// randomInputs are 300 inputs of all lengths. Some use few tokens, so that many
// are equal, and every third one is as long as can be.
func randomInputs(vocab, length int) (inputs [][]int) {
	r := rand.New(rand.NewPCG(1, 10))
	for k := range 300 {
		ids := make([]int, 1+r.IntN(length))
		if k%3 == 0 {
			ids = make([]int, length)
		}
		few, from := 1+r.IntN(vocab), r.IntN(vocab)
		for i := range ids {
			ids[i] = (from + r.IntN(few)) % vocab
		}
		inputs = append(inputs, ids)
	}
	return inputs
}

// TestSizes holds the compiler to the sizes that these programs need.
func TestSizes(t *testing.T) {
	const length = "\n#rasp:length 20\n"
	for _, test := range []struct {
		name, program      string
		layers, parameters int
	}{
		{"reverse", "#rasp:vocab \"abcd\"" + length + "x = aggregate(select(indices, length - 1 - indices, ==), tokens);", 2, 20_000},
		{"histogram", "#rasp:vocab \"abcdefgh\"" + length + "x = selector_width(select(tokens, tokens, ==));", 1, 20_000},
		{"double histogram", "#rasp:vocab \"abcdefgh\"" + length + `
			often = selector_width(select(tokens, tokens, ==));
			first = not has_focus(select(tokens, tokens, ==) and select(indices, indices, <));
			x = selector_width(select(often, often, ==) and select(first, True, ==));`, 2, 150_000},
		{"sort", "#rasp:vocab 0..19" + length + "x = sort(tokens_int, tokens_int);", 3, 150_000},
		{"shift", "#rasp:vocab \"abcd\"" + length + "x = shift(tokens, 1, \"-\");", 1, 20_000},
		{"majority", "#rasp:vocab \"ab\"" + length + "x = count(tokens, \"a\") > count(tokens, \"b\");", 2, 20_000},
	} {
		for level := 1; level <= 2; level++ {
			t.Run(fmt.Sprintf("%s/O%d", test.name, level), func(t *testing.T) {
				t.Parallel()
				p, outputs, domain := parse(t, test.name, test.program)
				m, _, err := compiler.Compile(p, outputs, domain, compiler.Options{Level: level})
				require.NoError(t, err)
				parameters, _ := m.Parameters()
				t.Logf("%d layers, %d parameters", m.Layers, parameters)
				assert.LessOrEqual(t, m.Layers, test.layers)
				assert.LessOrEqual(t, parameters, test.parameters)
			})
		}
	}
}

// TestHigherLevelsAreNoLarger: level 2 has no more layers than the others, and
// with as many layers no more parameters.
func TestHigherLevelsAreNoLarger(t *testing.T) {
	p, outputs, domain := parse(t, "sort", "#rasp:vocab \"abcd\"\n#rasp:length 10\nx = sort(tokens, tokens);")
	var layers, parameters [3]int
	for level := range 3 {
		m, _, err := compiler.Compile(p, outputs, domain, compiler.Options{Level: level})
		require.NoError(t, err)
		layers[level] = m.Layers
		parameters[level], _ = m.Parameters()
	}
	assert.LessOrEqual(t, layers[2], min(layers[0], layers[1]))
	assert.LessOrEqual(t, parameters[2], min(parameters[0], parameters[1]))
}

// TestSameProgramSameModel: compiling twice gives the same weights.
func TestSameProgramSameModel(t *testing.T) {
	p, outputs, domain := parse(t, "sort", "#rasp:vocab \"abcd\"\n#rasp:length 8\nx = sort(tokens, tokens);\ny = selector_width(select(x, tokens, ==));")
	first, _, err := compiler.Compile(p, outputs, domain, compiler.Options{Level: 1})
	require.NoError(t, err)
	for range 3 {
		again, _, err := compiler.Compile(p, outputs, domain, compiler.Options{Level: 1})
		require.NoError(t, err)
		require.Equal(t, first, again)
	}
}

// TestSeveralOutputs: they share a model, and what they have in common.
func TestSeveralOutputs(t *testing.T) {
	p, outputs, domain := parse(t, "several", `#rasp:vocab "abc"
#rasp:length 6
#rasp:output number, mean, back
same = select(tokens, tokens, ==);
number = selector_width(same);
mean = aggregate(same, indices) * 1.0;
back = aggregate(select(indices, indices - 1, ==), tokens, "-");`)
	require.Len(t, outputs, 3)
	m, _, err := compiler.Compile(p, outputs, domain, compiler.Options{Level: 1})
	require.NoError(t, err)
	require.Len(t, m.Outputs, 3)
	assert.Equal(t, 1, m.Layers)
	checkExact(t, m, outputs, domain)
}

// TestDomain: what a transformer needs to know, and does not say by itself.
func TestDomain(t *testing.T) {
	for _, test := range []struct {
		name, program string
		change        func(*compiler.Domain)
		kind          diag.Kind
		message, hint string
	}{
		{"no vocabulary", "x = indices;", func(d *compiler.Domain) { d.Vocab = nil }, diag.Domain, "no vocabulary", "#rasp:vocab"},
		{"no length", "x = indices;", func(d *compiler.Domain) { d.Length = 0 }, diag.Domain, "no length", "#rasp:length"},
		{"too long", "x = indices;", func(d *compiler.Domain) { d.Length = 4097 }, diag.Limit, "4097 is above the limit of 4096", ""},
		{"a selector", "x = full_s;", func(d *compiler.Domain) {}, diag.Type, "x is a selector", "aggregate"},
		{"never right", "x = 1 / (indices - indices);", func(d *compiler.Domain) {}, diag.Value, "division", "--partial"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, outputs, domain := parse(t, "test.rasp", "#rasp:vocab \"ab\"\n#rasp:length 4\n"+test.program)
			test.change(&domain)
			m, _, err := compiler.Compile(p, outputs, domain, compiler.Options{})
			require.Nil(t, m)
			var list diag.List
			require.ErrorAs(t, err, &list)
			require.Len(t, list, 1)
			assert.Equal(t, test.kind, list[0].Kind)
			assert.Contains(t, list[0].Message, test.message)
			assert.Contains(t, list[0].Hint, test.hint)
			assert.Equal(t, 3, list[0].Span.Line())
		})
	}
}

func TestDump(t *testing.T) {
	p, outputs, domain := parse(t, "test.rasp", "#rasp:vocab \"ab\"\n#rasp:length 4\nsame = select(tokens, tokens, ==);\nx = selector_width(same);")
	for pass, want := range map[string]string{
		"share":     "# inverted",
		"recognise": "= selector_width %",
		"values":    "5 values over",
		"lower":     "layer 1: same head of same",
		"emit":      "exact for every input over this vocabulary up to length 4",
	} {
		assert.Contains(t, compiler.PassNames(), pass)
		var b strings.Builder
		_, _, err := compiler.Compile(p, outputs, domain, compiler.Options{Level: 1, Dump: pass, DumpTo: &b})
		require.NoError(t, err)
		assert.Contains(t, b.String(), want, pass)
	}
}
