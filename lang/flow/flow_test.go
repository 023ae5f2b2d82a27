package flow

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/lang"
)

// of is the flow to the last name that a program binds.
func of(t *testing.T, text string) *Flow {
	t.Helper()
	p, faults := lang.Parse("test.rasp", text)
	require.NoError(t, faults.Err(), text)
	require.NotEmpty(t, p.Bindings)
	return Of(p.Bindings[len(p.Bindings)-1].Node)
}

// TestCounts: the numbers are those of the paper's interpreter.
func TestCounts(t *testing.T) {
	const same = "same = select(tokens, tokens, ==); "
	for text, want := range map[string]string{
		"x = indices;":                     "layers 0",
		"x = indices + 1;":                 "layers 0",
		"x = length;":                      "layers 1, heads 1",
		same + "x = selector_width(same);": "layers 1, heads 2",
		same + "x = selector_width(same) + selector_width(same);":           "layers 1, heads 4",
		"x = sort(tokens, tokens);":                                         "layers 2, heads 2 1",
		"x = aggregate(select(indices, length - 1 - indices, ==), tokens);": "layers 2, heads 1 1",
		"x = tokens[-1];": "layers 2, heads 1 1",
		"x = tokens[1];":  "layers 1, heads 1",
		`x = ("a" in tokens) and ("b" in tokens);`:                                   "layers 1, heads 1",
		`x = ("a" in tokens) and contains(tokens, "b");`:                             "layers 1, heads 2",
		`x = count(tokens, "a") + average(indices) + length;`:                        "layers 1, heads 1",
		"x = has_focus(select(tokens, tokens, ==) and select(indices, indices, <));": "layers 1, heads 1",
		"x = aggregate(full_s, 1);":                                                  "layers 1, heads 1",
		"x = average(average(indices));":                                             "layers 2, heads 1 1",
		"x = average(length) + aggregate(select(indices, 0, ==), 1);":                "layers 2, heads 2 1",
		"unused = sort(tokens, tokens); x = length + 1;":                             "layers 1, heads 1",
	} {
		require.Equal(t, want, of(t, text).String(), text)
	}
}

func TestHeadInputs(t *testing.T) {
	f := of(t, "n = length; s = select(indices, n, <) or (select(tokens, 1, ==) and not select(n, indices, ==)); x = aggregate(s, n + 1);")
	require.Len(t, f.Layers, 3)
	h := f.Layers[2].Heads[0]
	var keys, queries []string
	for _, n := range h.Keys {
		keys = append(keys, n.Name)
	}
	for _, n := range h.Queries {
		queries = append(queries, n.Name)
	}
	require.Equal(t, []string{"indices", "tokens", "length"}, keys)
	require.Equal(t, []string{"length", "indices"}, queries)
	require.Len(t, h.Aggregates, 1)
	require.Len(t, f.Base, 2)
}
