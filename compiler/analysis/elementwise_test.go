package analysis

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/facts"
	"rasp/compiler/facts/factstest"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// valueText lists the values of a table.
func valueText(r *facts.Table) string {
	if r.Unbounded {
		return "unbounded"
	}
	texts := make([]string, len(r.Values))
	for i, v := range r.Values {
		texts[i] = v.JSON()
	}
	return strings.Join(texts, " ")
}

// TestValueSets prints the values of s-ops and what they depend on. Each test
// is the last line of a program over the tokens 0, 1 and 2, up to length 3.
func TestValueSets(t *testing.T) {
	for _, test := range []struct{ program, values, variables string }{
		{"x = tokens;", `"0" "1" "2"`, "token"},
		{"x = tokens_int;", "0 1 2", "token"},
		{"x = tokens_float;", "0.0 1.0 2.0", "token"},
		{"x = indices;", "0 1 2", "position"},
		{"x = length;", "1 2 3", "length"},
		{"x = tokens_int - tokens_int;", "0", ""},
		{"x = indices - indices + tokens_int;", "0 1 2", "token"},
		{"x = tokens_int * 2 + 1;", "1 3 5", "token"},
		{"x = tokens_int == 1;", "false true", "token"},
		{"x = tokens_int + indices;", "0 1 2 3 4", "token, position"},
		{"x = tokens_int / 2;", "0.0 0.5 1.0", "token"},
		{"x = 2 if tokens == \"1\" else 0.5;", "0.5 2", "token"},
		{"x = tokens_int * indices;", "0 1 2 4", "token, position"},
		// A position is below the length: what cannot be is no value.
		{"x = length - indices;", "1 2 3", "position, length"},
		{"x = indices >= length;", "false", ""},
		{"x = indices == length - 1;", "false true", "position, length"},
		// The same token on both sides: 0*2, 1*1 and 2*0 alone.
		{"x = tokens_int * (2 - tokens_int);", "0 1", "token"},
		// Aggregates of one value bring it, or the default.
		{"x = aggregate(select(indices, indices - 1, ==), tokens, \"?\");", `"0" "1" "2" "?"`, "x"},
		{"x = aggregate(select(indices, indices - 1, ==), tokens_int);", "0 1 2", "x"},
		{"x = aggregate(select(indices, indices - 1, ==), tokens_int, 7.0);", "0 1 2 7.0", "x"},
		{"x = aggregate(select(indices, 0, ==), tokens_int) + tokens_int;", "0 1 2 3 4", "token, one"},
		// Those of positions are found by running them.
		{"x = aggregate(select(indices, indices, <), indices);", "0 0.5", "position"},
		{"x = aggregate(full_s, indices);", "0 0.5 1.0", "length"},
		{"x = aggregate(select(indices, length - 1, ==), indices);", "0 1 2", "length"},
		{"x = aggregate(select(indices, indices, !=), indices);", "0 0.5 1 1.0 1.5", "position, length"},
		// Means: 0/0 is the default, one value is itself, others are floats.
		{"x = aggregate(select(tokens, tokens, ==), indicator(tokens_int == 1));", "0 0.0 1 1.0", "x"},
		{"x = aggregate(select(tokens, tokens, <=), indicator(tokens_int == 1));", "0 0.0 0.3333333333333333 0.5 0.6666666666666666 1 1.0", "x"},
		{"x = round(aggregate(select(tokens, tokens, <), tokens_int, 5));", "0 1 2 5", "one"},
		{"x = selector_width(select(tokens, tokens, ==));", "0 1 2 3", "x"},
		{"x = selector_width(select(indices, indices, <=));", "1 2 3", "position"},
		{"x = has_focus(select(tokens, tokens, <));", "false true", "one"},
		// In float64, where the order of what is added shows.
		{"x = aggregate(select(tokens, tokens, <), tokens_int / 3);",
			"0 0.0 0.1111111111111111 0.16666666666666666 0.2222222222222222 0.3333333333333333 0.4444444444444444 0.5 0.5555555555555555 0.6666666666666666", "x"},
		{"x = aggregate(full_s, [0.1, 0.2, 0.3][tokens_int]) > 0.2;", "false true", "one"},
		{"x = aggregate(full_s, tokens_float ^ 0.5);", "0.0 0.3333333333333333 0.47140452079103173 0.5 0.6666666666666666 0.7071067811865476 0.8047378541243649 0.9428090415820635 1.0 1.1380711874576983 1.2071067811865475 1.2761423749153966 1.2761423749153968 1.4142135623730951", "x"},
		// Too many to list.
		{"x = aggregate(select(tokens, tokens, <), tokens_int * 10^17) * 2 + 1;", "unbounded", ""},
	} {
		t.Run(test.program, func(t *testing.T) {
			c := factsOf(t, "#rasp:vocab 0..2\n#rasp:length 3\n"+test.program)
			r := c.analysis.Table(c.roots[0])
			assert.Equal(t, test.values, valueText(r))
			assert.Equal(t, test.variables, namesOf(r.Vars, c.roots[0]))
		})
	}
}

// namesOf names variables; an aggregate is "x" if it is the output itself.
func namesOf(vars []*facts.Variable, x *graph.Node) string {
	var names []string
	for _, v := range vars {
		switch {
		case v.Node == x:
			names = append(names, "x")
		case v.Node != nil:
			names = append(names, "one")
		default:
			names = append(names, [...]string{"token", "position", "length"}[v.Source])
		}
	}
	return strings.Join(names, ", ")
}

// TestCausalValues: with causal attention nothing depends on the length.
func TestCausalValues(t *testing.T) {
	c := factsOf(t, "#rasp:vocab 0..2\n#rasp:length 3\n#rasp:causal\nx = length + aggregate(full_s, indices);")
	r := c.analysis.Table(c.roots[0])
	assert.Nil(t, c.analysis.Length)
	assert.Equal(t, "1 2.5 4.0", valueText(r))
	assert.Equal(t, []*facts.Variable{c.analysis.Position}, r.Vars)
}

// TestValuesAreWhatOccurs: on random inputs of many programs, what the
// interpreter gives at a position is in the cell of the table for the states
// that the variables have there.
func TestValuesAreWhatOccurs(t *testing.T) {
	for name, text := range factstest.Programs(t) {
		t.Run(name, func(t *testing.T) {
			checkValues(t, factsOf(t, text), 40)
		})
	}
	for seed := range uint64(factstest.Often(60)) {
		checkValues(t, factsOf(t, factstest.RandomSelector(seed)), 10)
	}
}

func checkValues(t *testing.T, c *analysed, inputs int) {
	t.Helper()
	nodes, checked := graph.Reachable(c.roots...), 0
	c.worlds(rand.New(rand.NewPCG(1, 5)), inputs, func(w *factstest.World) {
		for _, n := range nodes {
			r := w.Table(n)
			if n.IsSelector() || r.Unbounded {
				continue
			}
			for p, v := range w.Sequence(n) {
				cell := 0
				for _, x := range r.Vars {
					state := w.State(x, p)
					require.NotEqual(t, facts.None, state, "%s: no state of a variable at %d of %v", n.String(), p, w.Input)
					cell = cell*x.Size + state
				}
				require.NotEqual(t, int32(facts.None), r.Cells[cell], "%s at %d of %v: %v", n.String(), p, w.Input, v)
				require.Equal(t, v.JSON(), r.Values[r.Cells[cell]].JSON(), "%s at %d of %v", n.String(), p, w.Input)
				checked++
			}
		}
	})
	require.Positive(t, checked)
}

// TestTooLarge: the message names the line, the s-op and the numbers.
func TestTooLarge(t *testing.T) {
	p, d := programOf(t, `#rasp:vocab 0..600
#rasp:length 20
a = aggregate(select(indices, 0, ==), tokens_int);
b = aggregate(select(indices, 1, ==), tokens_int);
x = a * b % 7;`)
	_, err := Of(p, d)
	require.ErrorContains(t, err, "5:5")
	require.ErrorContains(t, err, "a * b depends on too many combinations of values: 601 of a x 601 of b; the limit is 262144")
}

// A node can be a variable in two ways, by its own states and by its value taken
// as given; tables over both list each of them once.
func TestANodeTakenAsGivenIsAVariableOfItsOwn(t *testing.T) {
	c := factsOf(t, "#rasp:vocab \"ab\"\n#rasp:length 3\nx = aggregate(full_s, indices);")
	a, n := c.analysis, c.roots[0]
	own := a.newVariable(n, facts.Mean, 3)
	a.Tables[n] = facts.Identity(own, func(s int) value.Value { return value.OfInt(int64(s / 2)) })
	given := a.given(n)
	vars := facts.Union([]*facts.Table{given, a.Table(n), given, a.Table(n)})
	require.Len(t, vars, 2)
	assert.Equal(t, 6, facts.NewSpace(vars).Size)
}

// TestManyVariablesAreTooMany: the number of joint states is beyond the budget
// however many there are, also where it does not fit 64 bits.
func TestManyVariablesAreTooMany(t *testing.T) {
	for _, size := range []int{2, 16, 25} {
		var vars []*facts.Variable
		for i := range 64 {
			vars = append(vars, &facts.Variable{Id: i, Source: facts.Fetched, Size: size})
			if math.Pow(float64(size), float64(i+1)) > facts.MaxCells {
				require.Greater(t, facts.NewSpace(vars).Size, facts.MaxCells, "%d variables of %d states", i+1, size)
			}
		}
	}
}
