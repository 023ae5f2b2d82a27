package compiler_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler"
	"rasp/compiler/compilertest"
	"rasp/compiler/verify"
	"rasp/lang/diag"
	"rasp/lang/domain"
)

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
				outputs, domain := compilertest.Parse(t, test.name, test.program)
				m, _, err := compiler.Compile(outputs, domain, compilertest.At(level))
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
	outputs, domain := compilertest.Parse(t, "sort", "#rasp:vocab \"abcd\"\n#rasp:length 10\nx = sort(tokens, tokens);")
	var layers, parameters [3]int
	for level := range 3 {
		m, _, err := compiler.Compile(outputs, domain, compilertest.At(level))
		require.NoError(t, err)
		layers[level] = m.Layers
		parameters[level], _ = m.Parameters()
	}
	assert.LessOrEqual(t, layers[2], min(layers[0], layers[1]))
	assert.LessOrEqual(t, parameters[2], min(parameters[0], parameters[1]))
}

// TestSameProgramSameModel: compiling twice gives the same weights.
func TestSameProgramSameModel(t *testing.T) {
	outputs, domain := compilertest.Parse(t, "sort", "#rasp:vocab \"abcd\"\n#rasp:length 8\nx = sort(tokens, tokens);\ny = selector_width(select(x, tokens, ==));")
	first, _, err := compiler.Compile(outputs, domain, compilertest.At(1))
	require.NoError(t, err)
	for range 3 {
		again, _, err := compiler.Compile(outputs, domain, compilertest.At(1))
		require.NoError(t, err)
		require.Equal(t, first, again)
	}
}

// TestSeveralOutputs: they share a model, and what they have in common.
func TestSeveralOutputs(t *testing.T) {
	outputs, domain := compilertest.Parse(t, "several", `#rasp:vocab "abc"
#rasp:length 6
#rasp:output number, mean, back
same = select(tokens, tokens, ==);
number = selector_width(same);
mean = aggregate(same, indices) * 1.0;
back = aggregate(select(indices, indices - 1, ==), tokens, "-");`)
	require.Len(t, outputs, 3)
	m, _, err := compiler.Compile(outputs, domain, compilertest.At(1))
	require.NoError(t, err)
	require.Len(t, m.Outputs, 3)
	assert.Equal(t, 1, m.Layers)
	compilertest.Exact(t, m, outputs, domain)
}

// TestDomain: what a transformer needs to know, and does not say by itself.
func TestDomain(t *testing.T) {
	for _, test := range []struct {
		name, program string
		change        func(*domain.Domain)
		kind          diag.Kind
		message, hint string
	}{
		{"no vocabulary", "x = indices;", func(d *domain.Domain) { d.Vocab = nil }, diag.Domain, "no vocabulary", "#rasp:vocab"},
		{"no length", "x = indices;", func(d *domain.Domain) { d.Length = 0 }, diag.Domain, "no length", "#rasp:length"},
		{"too long", "x = indices;", func(d *domain.Domain) { d.Length = 1<<16 + 1 }, diag.Limit, "65537 is above the limit of 65536", ""},
		{"too many lengths", "x = selector_width(select(indices, indices - 1, ==));", func(d *domain.Domain) { d.Length = 5000 }, diag.Limit, "is found for each length by itself: the limit is 4096, and this is 5000", ""},
		{"a selector", "x = full_s;", func(d *domain.Domain) {}, diag.Type, "x is a selector", "aggregate"},
		{"never right", "x = 1 / (indices - indices);", func(d *domain.Domain) {}, diag.Value, "division", "change the program"},
	} {
		t.Run(test.name, func(t *testing.T) {
			outputs, domain := compilertest.Parse(t, "test.rasp", "#rasp:vocab \"ab\"\n#rasp:length 4\n"+test.program)
			test.change(&domain)
			m, _, err := compiler.Compile(outputs, domain, compilertest.At(0))
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

// TestNoEngine: no model leaves the compiler that it has not seen run.
func TestNoEngine(t *testing.T) {
	outputs, domain := compilertest.Parse(t, "test.rasp", "#rasp:vocab \"ab\"\n#rasp:length 4\nx = indices;")
	m, _, err := compiler.Compile(outputs, domain, compiler.Options{})
	assert.Nil(t, m)
	assert.ErrorContains(t, err, "Options.Engine is not set")
}

// TestDump: each pass prints something that a person can use, and so do the offers.
func TestDump(t *testing.T) {
	outputs, domain := compilertest.Parse(t, "test.rasp", "#rasp:vocab \"ab\"\n#rasp:length 4\nsame = select(tokens, tokens, ==);\nx = selector_width(same) > 1;")
	dumped := func(name string) string {
		var b strings.Builder
		options := compilertest.At(1)
		options.Dump, options.DumpTo, options.Debug = name, &b, true
		_, _, err := compiler.Compile(outputs, domain, options)
		require.NoError(t, err)
		return b.String()
	}
	wanted := map[string]string{
		"share":   "# inverted",
		"widths":  "= selector_width %",
		"facts":   ": 5 values over (%",
		"support": "no output predicts the next token",
		"failing": "doubts: 0",
		"lower":   "layer 1 head: head of same",
		"offers":  "  * count",
		"basis":   "output x: logit of true = ",
		"emit":    "d_model",
		"certify": "exact: ",
		"choose":  "taken",
		"observe": "hold on ",
		"name":    "dim 0: is BOS",
		"attest":  "layer 0 head 0: tally of node ",
		"verify":  "interpreter and model agree on 64 inputs",
	}
	for _, name := range compiler.DumpNames() {
		require.Contains(t, wanted, name)
		assert.Contains(t, dumped(name), wanted[name], name)
	}
	assert.Len(t, wanted, len(compiler.DumpNames()))
}

// TestDumpOfOffers: for what is asked of a mean several constructions offer, and the
// first that is there wins.
func TestDumpOfOffers(t *testing.T) {
	outputs, domain := compilertest.Parse(t, "test.rasp", "#rasp:vocab 0..3\n#rasp:length 5\nx = average(tokens_int) > 1.2;")
	var b strings.Builder
	options := compilertest.At(1)
	options.Dump, options.DumpTo = "offers", &b
	_, _, err := compiler.Compile(outputs, domain, options)
	require.NoError(t, err)
	assert.Regexp(t, `(?m)average\(tokens_int\) coded\n  \* thresholds +layer 1 MLP, 1 head, 2 neurons, 2 columns\n    moments +layer 1 MLP`, b.String())
}

// TestMergedValues: an output of which a replay makes values one that the order of an
// addition tells apart is as far from the interpreter's as that, which shows, and no farther
// than the certificate says.
func TestMergedValues(t *testing.T) {
	outputs, d := compilertest.Parse(t, "merged", `#rasp:vocab [0.1, 0.7, 0.3]
#rasp:length 5
m = aggregate(full_s, tokens_float);
x = m * 1000000000 if indices == 0 else 0.5 if m > 0.3 else 0.25;`)
	m, _, err := compiler.Compile(outputs, d, compilertest.At(1))
	require.NoError(t, err)
	c, err := verify.NewComparer(m, outputs, compilertest.OnCPU(m))
	require.NoError(t, err)
	farthest := 0.0
	require.NoError(t, c.Compare(compilertest.InputsOf(d, 5, 1000, 0, 1), func(k int, pairs []verify.Pair, fault error) error {
		for i, x := range pairs[0].Interpreter.Sequence {
			farthest = max(farthest, math.Abs(x.Float64()-pairs[0].Model.Sequence[i].Float64()))
		}
		return fault
	}))
	assert.Positive(t, farthest)
	assert.LessOrEqual(t, farthest, m.Certificate.Within[0])
	assert.LessOrEqual(t, m.Certificate.Within[0], 10*farthest)
}
