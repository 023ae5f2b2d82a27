package check

import (
	"errors"
	"math/rand/v2"
	"strings"

	"rasp/lang/diag"
	"rasp/lang/element"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// means warns of aggregates that meet strings or bools where a row selects
// several: of those there is no mean. That they can is shown by running them on
// a few inputs; where none shows it, nothing is said.
func (c *checker) means() {
	const budget = 1_000_000 // nodes to evaluate, an input each
	inputs := c.samples()
	spent := 0
	warned := map[diag.Span]bool{}
	for _, n := range c.program.Graph.Nodes {
		if n.Op != graph.Aggregate || warned[n.Span] || c.program.Elements(n.Args[1])&(element.Strings|element.Bools) == 0 {
			continue
		}
		if n.Span.Source != c.program.File.Source {
			continue // of the library, or of another file
		}
		if spent += len(graph.Reachable(n)) * len(inputs); spent > budget {
			return
		}
		if input, why := meanless(n, c.program.File.Directives.Causal, inputs); why != nil {
			warned[n.Span] = true
			c.warnings = append(c.warnings, diag.Warningf(n.Span, diag.Type, "%s, on input %s for example", why.Message, show(input)).
				WithHint("a row that selects several gives their mean; strings and bools must be selected one by one"))
		}
	}
}

// meanless finds an input on which n has no value because there is no mean.
func meanless(n *graph.Node, causal bool, inputs [][]value.Value) (input []value.Value, why *interp.Fault) {
	run := interp.New(causal, n)
	for _, input := range inputs {
		var fault *interp.Fault
		if errors.As(run.Run(input), &fault) && fault.Node == n && fault.Kind == diag.Type && strings.HasPrefix(fault.Message, "the mean") {
			return input, fault
		}
	}
	return nil, nil
}

// samples are short inputs: of the domain, if the program has one.
func (c *checker) samples() (inputs [][]value.Value) {
	const short = 5
	d, fault := c.program.Domain()
	if fault != nil {
		return nil
	}
	if len(d.Vocab) == 0 {
		d.Vocab = []value.Value{value.OfString("a"), value.OfString("b"), value.OfString("1")}
	}
	longest := short
	if d.Length > 0 {
		longest = min(longest, d.Length)
	}
	d.Length = max(d.Length, longest)
	r := rand.New(rand.NewPCG(1, 1))
	add := func(ids []int) {
		if ids = d.Nearest(r, ids); len(ids) > 0 {
			inputs = append(inputs, d.Values(ids, make([]value.Value, 0, len(ids))))
		}
	}
	for n := 2; n <= longest; n++ {
		for k := range min(len(d.Vocab), 3) {
			same, turns := make([]int, n), make([]int, n)
			for i := range n {
				same[i], turns[i] = k, (k+i)%len(d.Vocab)
			}
			add(same)
			add(turns)
		}
	}
	return inputs
}

// show is an input as a list.
func show(input []value.Value) string {
	texts := make([]string, len(input))
	for i, v := range input {
		texts[i] = v.JSON()
	}
	return "[" + strings.Join(texts, ",") + "]"
}
