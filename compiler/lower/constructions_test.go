package lower

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/demand"
	"rasp/compiler/facts"
	"rasp/lang/graph"
	"rasp/lang/langtest"
)

// offers prints what was asked for on the way to a plan, and what was offered.
func offers(t *testing.T, text string, p demand.Policy) string {
	t.Helper()
	return printedOffers(t, planned(t, text, p))
}

func printedOffers(t *testing.T, r *Result) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, r.Demands.PrintOffers(&b))
	return b.String()
}

// TestTableOfConstructions: each row has a name of its own and says what it does, and each
// source of a variable has a construction.
func TestTableOfConstructions(t *testing.T) {
	names := map[string]bool{}
	for _, c := range constructions {
		assert.False(t, names[c.name], c.name)
		assert.NotEmpty(t, c.what, c.name)
		names[c.name] = true
	}
	for source := facts.Token; source <= facts.Whole; source++ {
		assert.True(t, slices.ContainsFunc(constructions, func(c construction) bool { return c.reads(source) }), "source %d", source)
	}
}

const (
	abc         = "#rasp:vocab \"abc\"\n#rasp:length 5\n"
	digits      = "#rasp:vocab 0..3\n#rasp:length 5\n"
	letters     = "#rasp:vocab \"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-*/.,\"\n#rasp:length 8\n"
	hundred     = "#rasp:vocab 0..99\n#rasp:length 16\n"
	differences = "#rasp:vocab \"ab\"\n#rasp:length 5\na = aggregate(select(tokens, tokens, ==), indices);\nx = a - aggregate(select(tokens, tokens, !=), a, -1);"
	longer      = "#rasp:vocab 0..99\n#rasp:length 64\n"
	agreement   = `#rasp:vocab "abcd"
#rasp:length 16
p = contains(tokens, "a") == (count(tokens, "b") % 3 == 1);
q = contains(tokens, "c") == (count(tokens, "d") % 3 == 1);
x = p == (q == contains(tokens, "b"));`
	chain = `#rasp:vocab "abcdefgh"
#rasp:length 16
c = selector_width(select(tokens, "c", ==));
x = 0 if contains(tokens, "a") else (indices if contains(tokens, "b") else (c if c > 2 else (3 if contains(tokens, "d") else
    (4 if contains(tokens, "e") else (5 if contains(tokens, "f") else (6 if contains(tokens, "g") else 7))))));`
)

// won has a program for each construction, and a demand of it that the construction wins,
// with all that was offered for it.
var won = []struct{ construction, program, demand string }{
	{"embedded", abc + `x = tokens;`, `
token is not "a"
  * embedded        embedding, 1 column
`},
	{"copy", abc + `x = shift(tokens, 1, "-") == "b";`, `
shift(tokens, 1, "-") = "b"
  * copy            layer 1 attention, 1 head, 1 column
`},
	{"latest", abc + `x = latest(tokens, "a", indices, -1) > 0;`, `
latest(tokens, "a", indices, -1) in 1 2 3 4
  * latest          layer 1 attention, 1 head, 1 column
`},
	{"any of a mean", abc + `x = contains(tokens, "b");`, `
contains(tokens, "b") coded
  * any of a mean   layer 1 attention, 1 head, 1 column
    sum             layer 1 MLP, 1 head, 2 neurons, 2 columns
    thresholds      layer 1 MLP, 1 head, 2 neurons, 2 columns
    moments         layer 1 MLP, 1 head, 2 neurons, 2 columns
`},
	{"count", abc + `x = selector_width(select(tokens, tokens, ==)) > 1;`, `
selector_width(select(tokens, tokens, ==)) in 2 3 4 5
  * count           layer 1 MLP, 1 head, 2 neurons, 2 columns
`},
	{"count of a mean", abc + `x = aggregate(select(tokens, "a", ==), 1, 0);`, `
x in 2/2 3/3 4/4 5/5
  * count of a mean layer 1 MLP, 1 head, 2 neurons, 2 columns
    sum             layer 1 MLP, 1 head, 2 neurons, 2 columns
    moments         layer 1 MLP, 2 heads, 2 neurons, 3 columns
    type            layer 1 MLP, 1 head, 2 neurons, 2 columns
`},
	{"mean", differences, `
a coded
  * mean            layer 1 attention, 1 head, 1 column
    thresholds      layer 1 attention, 1 head, 1 column
    moments         layer 1 MLP, 2 heads, 48 neurons, 3 columns
`},
	{"sum", abc + `x = count(tokens, "a") == count(tokens, "b");`, `
count(tokens, "a") coded
  * sum             layer 1 attention, 1 head, 1 column
    moments         layer 1 MLP, 1 head, 10 neurons, 2 columns
`},
	{"zeros", abc + `x = length - count(tokens, "a");`, `
count(tokens, "a") in 0/4 0/5 1/5
  * zeros           layer 1 MLP, 2 heads, 2 neurons, 3 columns
    moments         layer 1 MLP, 1 head, 8 neurons, 2 columns
`},
	{"thresholds", abc + `x = average(indicator(tokens == "a")) > 0.3;`, `
average(indicator(tokens == "a")) coded
  * thresholds      layer 1 MLP, 1 head, 2 neurons, 2 columns
    moments         layer 1 MLP, 1 head, 6 neurons, 2 columns
`},
	{"moments", abc + `x = count(tokens, "a") * (length - count(tokens, "a"));`, `
count(tokens, "a") in 1/2 1/4 3/4 2/5 3/5
  * moments         layer 1 MLP, 1 head, 16 neurons, 2 columns
`},
	{"type", differences, `
aggregate(select(tokens, tokens, !=), a, -1) coded
  * type            layer 2 MLP, 1 head, 2 neurons, 2 columns
`},
	{"sign", hundred + `x = average(tokens_int) < tokens_int;`, `
x in true
  * sign            layer 1 MLP, 2 neurons, 1 column
`},
	{"any of a total", longer + `x = round(average(tokens_int) * length) == 0;`, `
round(average(tokens_int) * length) is not 0
  * any of a total  layer 1 attention, 1 head, 1 column
    total           layer 1 MLP, 1 head, 2 neurons, 2 columns
`},
	{"total", longer + `x = round(average(tokens_int) * length) % 2 == 1;`, `
round(average(tokens_int) * length) coded
  * total           layer 1 MLP, 1 head, 128 neurons, 2 columns
`},
	{"rounded", longer + `x = round(average(tokens_int)) == 3;`, `
round(average(tokens_int)) = 3
  * rounded         layer 1 MLP, 4 neurons, 1 column
`},
	{"row", letters + `x = lookup({"a": {"b": {"c": {"n": 2}, "d": {"n": 3}}}}, shift(tokens, 2, ""), shift(tokens, 1, ""), tokens, {"n": 0})["n"];`, `
  * row             layer 1 MLP, 2 neurons, 1 column
`},
	{"function", agreement, `
contains(tokens, "c") in true
  * function        layer 1 attention
`},
	{"linear", digits + `x = tokens_int + indices;`, `
x
  * linear          embedding
`},
	{"staircase", abc + `x = count(tokens, "a") + count(tokens, "b");`, `
x in 8 9 10
  * staircase       layer 1 MLP, 2 neurons, 1 column
`},
	{"sign of ints", longer + `x = count(tokens_int, 1) < count(tokens_int, 2);`, `
x in true
  * sign of ints    layer 1 MLP, 2 neurons, 1 column
`},
	{"boxes", abc + `x = tokens == "a" or indices == 2;`, `
x in true
  * boxes           layer 1 MLP, 3 neurons, 1 column
`},
	{"chain", chain, `
x = 16
  * chain           layer 2 MLP, 1 neuron, 1 column
`},
	{"coarse", differences, `
x coded
  * coarse          layer 3 MLP
    boxes           cannot, 5808 neurons, 1 column
`},
}

// TestConstructionsWin: each row of the table is asked, and wins where it is there soonest,
// or first of those that are.
func TestConstructionsWin(t *testing.T) {
	asked := map[string]bool{"any": true, "share": true} // see TestAnyWins, TestShareWins
	for _, w := range won {
		asked[w.construction] = true
		got := "\n" + offers(t, w.program, fast)
		assert.Contains(t, got, w.demand, "%s: %s", w.construction, w.program)
		assert.Contains(t, w.demand, "\n  * "+w.construction)
	}
	for _, c := range constructions {
		assert.True(t, asked[c.name], c.name)
	}
}

// legible is the policy that level 0 tries first.
var legible = demand.Policy{Packed: true, Share: 1, FewOneHot: true}

// TestShareWins where the policy wants counts as shares; where float32 has too little room
// for them, or a sum has many values, it is a tally, and the offers say so.
func TestShareWins(t *testing.T) {
	const count = `x = selector_width(select(tokens, tokens, ==)) > 1;`
	assert.Contains(t, offers(t, abc+count, legible), `
selector_width(select(tokens, tokens, ==)) in 2 3 4 5
  * share           layer 1 MLP, 1 head, 2 neurons, 2 columns
`)
	assert.Contains(t, offers(t, "#rasp:vocab \"abc\"\n#rasp:length 300\n"+count, legible), `
  * count           layer 1 MLP, 1 head, 2 neurons, 2 columns
    share           cannot: float32 does not tell the shares of 300 keys apart
`)
	assert.Contains(t, offers(t, longer+`x = round(average(tokens_int) * length) > 9;`, legible),
		"\n  * total           layer 1 MLP, 1 head, 2 neurons, 2 columns: a tally: counts are added up for 2 values at most\n")
	assert.Contains(t, offers(t, longer+`x = round(average(tokens_int) * length) % 2 == 1;`, legible),
		"\n  * total           layer 1 MLP, 1 head, 128 neurons, 2 columns\n", "that of the odd ones")
}

// TestTalliesGiveWayToMeans: what a threshold of the mean tells as soon is not read off a tally
// where counts are to be shares.
func TestTalliesGiveWayToMeans(t *testing.T) {
	const program = digits + `x = aggregate(select(tokens, tokens, <), 2 * tokens_int - 5) == 0;`
	assert.Contains(t, offers(t, program, legible), "\n  * thresholds      layer 1 MLP")
	assert.Contains(t, offers(t, program, fast), "\n  * sum             layer 1 MLP")
}

// TestAnyWins: whether a row selects something is a node that no program has by itself;
// here it stands in the place of a mean.
func TestAnyWins(t *testing.T) {
	outputs, d := langtest.Outputs(t, abc+`x = aggregate(select(tokens, tokens, <), 1, 0);`)
	mean := outputs[0].Node
	outputs[0].Node = &graph.Node{ID: mean.ID, Op: graph.Any, Args: mean.Args[:1], Name: "x", Span: mean.Span}
	r, err := lowerOutputs(t, outputs, d, fast)
	require.NoError(t, err)
	assert.Contains(t, printedOffers(t, r), `
x in true
  * any             layer 1 attention, 1 head, 1 column
`)
}

// TestConstructionsDependOnThePolicy: a row that is also counted can be asked by a head of
// its own whether it is empty, which saves the neurons, not the layer.
func TestConstructionsDependOnThePolicy(t *testing.T) {
	const program = abc + `x = selector_width(select(tokens, tokens, <)) > 0;`
	asking, counting := fast, fast
	counting.Asked = false
	assert.Contains(t, offers(t, program, asking), "is not 0\n  * count           layer 1 attention, 1 head, 1 column\n")
	assert.Contains(t, offers(t, program, counting), "is not 0\n  * count           layer 1 MLP, 1 head, 2 neurons, 2 columns\n")
}
