package compiler

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/facts"
	"rasp/compiler/facts/factstest"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// orderOfPasses are the constraints on the table, beyond that what is read was written.
var orderOfPasses = []struct{ before, after, why string }{
	{"share", "widths", "the selectors of the idiom must be one node"},
	{"widths", "facts", "a width has few states, the mean in the idiom many"},
	{"support", "failing", "it adds doubts"},
	{"failing", "lower", "what fails on an input is refused before it is planned"},
	{"lower", "basis", "all columns must be there"},
	{"basis", "emit", "what it leaves out has no weights"},
	{"choose", "observe", "facts are made again as long as lower asks for better ones"},
	{"choose", "verify", "only the model that is taken is run"},
}

func TestOrderOfPasses(t *testing.T) {
	for _, c := range orderOfPasses {
		require.GreaterOrEqual(t, place(c.before), 0, c.before)
		assert.Less(t, place(c.before), place(c.after), "%s before %s: %s", c.before, c.after, c.why)
	}
}

// TestPassesReadWhatWasWritten: and every row says why it stands where it does.
func TestPassesReadWhatWasWritten(t *testing.T) {
	written := []data{theGraph} // the program
	for _, p := range passes {
		for _, d := range p.reads {
			assert.Contains(t, written, d, p.name)
		}
		written = append(written, p.writes...)
		assert.NotEmpty(t, p.why, p.name)
		assert.NotNil(t, p.dump, p.name)
	}
	var b strings.Builder
	require.NoError(t, DescribePasses(&b))
	assert.Equal(t, len(passes), strings.Count(b.String(), "\n"))
}

// TestCheckersAreAsked: what a pass hands over is checked, and a fault says which pass it
// was, with Debug also where in the compiler.
func TestCheckersAreAsked(t *testing.T) {
	const text = "#rasp:vocab \"ab\"\n#rasp:length 4\nx = selector_width(select(tokens, tokens, ==));"
	for name, damage := range map[string]func(c *compilation){
		"share": func(c *compilation) { c.roots[0].Args = nil },
		"facts": func(c *compilation) { c.analysis.Table(c.roots[0]).Cells[0] = 99 },
		"lower": func(c *compilation) { c.plan.Heads[0].Layer++ },
	} {
		for _, debug := range []bool{false, true} {
			c := compilationOf(t, text)
			c.options.Debug = debug
			require.NoError(t, c.checkDomain())
			at := place(name)
			before := passes[at].run
			passes[at].run = func(c *compilation) error {
				err := before(c)
				damage(c)
				return err
			}
			_, err := c.run()
			passes[at].run = before
			var d *diag.Diagnostic
			require.ErrorAs(t, err, &d, name)
			assert.Equal(t, diag.Internal, d.Kind)
			assert.Contains(t, d.Message, "what the pass \""+name+"\" hands over")
			assert.Equal(t, debug, strings.Contains(d.Message, "goroutine"), "the stack")
		}
	}
}

// TestAWrongFactIsAFaultOfTheCompiler: there is no model, whatever its certificate says,
// and the fault names the fact, the node, the line and an input.
func TestAWrongFactIsAFaultOfTheCompiler(t *testing.T) {
	c := compilationOf(t, "#rasp:vocab \"ab\"\n#rasp:length 4\ns = select(tokens, tokens, ==);\nx = selector_width(s);")
	before := passes[place("facts")].run
	passes[place("facts")].run = func(c *compilation) error {
		err := before(c)
		c.analysis.Claims[facts.Claim{Says: facts.AtMostOne, Node: c.roots[0].Args[0]}] = "a wrong rule"
		return err
	}
	defer func() { passes[place("facts")].run = before }()
	m, err := c.run()
	assert.Nil(t, m)
	var d *diag.Diagnostic
	require.ErrorAs(t, err, &d)
	assert.Equal(t, diag.Internal, d.Kind)
	for _, part := range []string{"a fault of the compiler", "s in line 3", "# s", "one key at most", "a wrong rule", `["a", "a`} {
		assert.Contains(t, d.Message, part)
	}
}

// TestAPanicIsAFaultOfTheCompiler, and says so without a stack, unless that is asked for.
func TestAPanicIsAFaultOfTheCompiler(t *testing.T) {
	c := compilationOf(t, "#rasp:vocab \"ab\"\n#rasp:length 4\nx = tokens;")
	before := passes[place("lower")].run
	passes[place("lower")].run = func(*compilation) error { panic("on purpose") }
	defer func() { passes[place("lower")].run = before }()
	_, err := c.run()
	var d *diag.Diagnostic
	require.ErrorAs(t, err, &d)
	assert.Equal(t, diag.Internal, d.Kind)
	assert.Contains(t, d.Message, "a fault of the compiler, not of the program (on purpose)")
	assert.NotContains(t, d.Message, "goroutine")
}

// TestFactsAreReadOnly: all policies start from the same facts, and leave them so.
func TestFactsAreReadOnly(t *testing.T) {
	for name, text := range factstest.Programs(t) {
		c := compilationOf(t, text)
		if c.run(); c.analysis == nil {
			continue
		}
		print := func() string {
			var b strings.Builder
			require.NoError(t, c.analysis.Facts.Print(&b))
			return b.String()
		}
		before, tables := print(), len(c.analysis.Tables)
		for _, p := range policies(2) {
			c.lowerBy(p)
		}
		assert.Equal(t, before, print(), name)
		assert.Len(t, c.analysis.Tables, tables, name)
		assert.NoError(t, c.analysis.Facts.Check(), name)
	}
}

// TestRequestsAreApplied: an aggregate of numbers and strings is split into two, and
// the facts are made again.
func TestRequestsAreApplied(t *testing.T) {
	c := compilationOf(t, "#rasp:vocab \"ab1\"\n#rasp:length 3\nx = aggregate(select(tokens, tokens, ==), (\"s\" if tokens == \"a\" else indices));")
	c.options.Partial = true
	require.NoError(t, c.checkDomain())
	require.NoError(t, c.runPasses("share", "failing"))
	means := slices.ContainsFunc(graph.Reachable(c.roots...), func(n *graph.Node) bool { return n.Op == graph.Aggregate && !n.Value.IsNumber() })
	assert.True(t, means, "one of the two brings a string")
	assert.Equal(t, value.String, c.analysis.Table(c.roots[0]).Values[len(c.analysis.Table(c.roots[0]).Values)-1].Kind())
}
