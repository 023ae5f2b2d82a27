package analysis

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/compiler/facts/factstest"
)

// ordering has names for what follows; its tokens are numbers.
const ordering = `#rasp:vocab 0..2
#rasp:length 4
less = select(tokens_int, tokens_int, <);
more = select(tokens_int, tokens_int, >);
same = select(tokens_int, tokens_int, ==);
before = select(indices, indices, <);
after = select(indices, indices, >);
rank = selector_width(less or (same and before));
ties = selector_width(less);
number = selector_width(same and before);
twos = selector_width(select(tokens_int, 2, ==) and before);
upto = selector_width(select(tokens_int, 2, ==) and select(indices, indices, <=));
seen = selector_width(same);
`

func orderingOf(t *testing.T, selector string, causal bool) *analysed {
	text := ordering
	if causal {
		text += "#rasp:causal\n"
	}
	return factsOf(t, text+"x = aggregate("+selector+", tokens_int);")
}

func TestStrictOrder(t *testing.T) {
	for selector, want := range map[string]bool{
		"before":                    true,
		"after":                     true,
		"less or (same and before)": true, // the library's sort
		"(before and same) or less": true,
		"more or (same and before)": true, // descending
		"more or (same and after)":  true, // descending, last of equals first
		"less or (same and after)":  true, // ties reversed
		"less or (same and not before and not select(indices, indices, ==))": true,
		"not (more or (same and select(indices, indices, >=)))":              true,
		"select(rank, rank, <)": true, // ranks are unique
		"select(ties, ties, <) or (select(ties, ties, ==) and before)":                                                                  true,
		"select(indices % 2, indices % 2, <) or (select(indices % 2, indices % 2, ==) and before)":                                      true,
		"select(tokens_int == 1, tokens_int == 1, <) or (select(tokens_int == 1, tokens_int == 1, ==) and (less or (same and before)))": true,

		"less":                         false, // no tie-break
		"same":                         false,
		"same and before":              false,
		"select(indices, indices, <=)": false, // not strict
		"select(indices, indices, !=)": false, // no order
		"less or before":               false,
		"less and before":              false,
		"less or (same and less)":      false,
		"less or (same and select(indices, indices, <=))": false,
		"less or (more and before)":                       false,
		"select(ties, ties, <)":                           false,
		"select(indices, tokens_int, <)":                  false, // compares different things
		"select(indices % 2, indices % 2, <)":             false,
		"select(tokens_int, tokens_int, <) or (select(tokens_int == 1, tokens_int == 1, ==) and before)": false,
		"full_s":     false,
		"not full_s": false,

		// Keys and queries seen by different functions, which leave as many classes.
		"select([0, 2, 2][tokens_int], [0, 0, 2][tokens_int], <) or (select([0, 2, 2][tokens_int], [0, 0, 2][tokens_int], ==) and before)": false,
		"select([0, 9, 5][tokens_int], [0, 1, 0][tokens_int], <) or (select(tokens_int == 1, tokens_int == 1, ==) and before)":             false, // 2 is not before 1
		"select([0, 0, 1][tokens_int], [0, 2, 2][tokens_int], <) or (select([0, 1, 1][tokens_int], [0, 1, 1][tokens_int], ==) and before)": false, // 1 is before itself
		"select(2 * tokens_int, 2 * tokens_int - 1, <) or (same and before)":                                                               true,
		"select([5, 7, 9][tokens_int], [5, 7, 8][tokens_int], <) or (same and before)":                                                     true,
		"select([5, 7, 9][tokens_int], [5, 7, 10][tokens_int], <) or (same and before)":                                                    false, // 2 is before itself
		"select([0, 1, 2, 4][indices], [0, 1, 3, 4][indices], <)":                                                                          false, // the third is before itself
		"select([0, 3, 5, 7][indices], [0, 2, 4, 6][indices], <)":                                                                          true,
		"select(rank, rank - 1, <=)": true,
	} {
		t.Run(selector, func(t *testing.T) {
			c := orderingOf(t, selector, false)
			assert.Equal(t, want, c.analysis.strictOrder(c.roots[0].Args[0]))
		})
	}
}

// TestOrderOfOneVariable: positions against as many numbers are no order of the
// positions.
func TestOrderOfOneVariable(t *testing.T) {
	c := factsOf(t, "#rasp:vocab 0..3\n#rasp:length 4\nx = selector_width(select(indices, tokens_int, <));")
	assert.False(t, c.analysis.strictOrder(c.roots[0].Args[0]))
}

func TestAtMostOne(t *testing.T) {
	for selector, want := range map[string]bool{
		"select(indices, indices, ==)":               true,
		"select(indices, tokens_int, ==)":            true,
		"select(indices, indices + tokens_int, ==)":  true,
		"select(indices, 0, ==)":                     true,
		"same and select(indices, indices - 1, ==)":  true,
		"select(rank, indices, ==)":                  true, // the place in a sorted sequence
		"select(rank, tokens_int, ==)":               true,
		"before and select(indices, indices - 2, >)": true, // one remains
		"before and after":                           true,
		"not full_s":                                 true,
		"select(indices, length - 1 - indices, ==)":  true,

		"select_next_identical(tokens)":                                                    true,
		"select_from_first(tokens_int, 2)":                                                 true,
		"select_from_last(tokens_int, 2)":                                                  true,
		"same and select(number, 1, ==)":                                                   true,
		"same and select(number, number - 1, ==) and before":                               true,
		"select(twos, 1, ==) and select(tokens_int, 2, ==)":                                true,
		"select(tokens_int == 2 and twos == 1, True, ==)":                                  true,
		"select(upto, indices, ==) and select(tokens_int, 2, ==)":                          true,
		"select(tokens_int, 2, ==) and select(number, 0, ==)":                              true,
		"select(tokens_int, 2, ==) and not select(number, 0, >)":                           true,
		"select(tokens_int + 3 * number, 5, ==)":                                           true,
		"select(tokens_int, 2, ==) and select(has_focus(same and before), False, ==)":      true,
		"select(selector_width(not (same and before)), 2, ==) and same":                    true,
		"select(selector_width(same and select(indices, indices, >=)), 2, ==) and same":    true,
		"same and select(number, 1, >=)":                                                   false,
		"same and select(number + tokens_int, number + 1, ==)":                             true,
		"select(number, 1, ==)":                                                            false, // of another token
		"select(number + tokens_int, 2, ==)":                                               false,
		"select(tokens_int, 1, >=) and select(number, 1, ==)":                              false,
		"select(twos, 1, ==)":                                                              false,
		"select(upto, 1, ==)":                                                              false,
		"select(upto, 1, ==) and select(tokens_int, 1, ==)":                                false,
		"same and select(seen, 1, ==)":                                                     false, // but causally
		"same and select(ties, 1, ==)":                                                     false,
		"same and select(has_focus(same and before), True, ==)":                            false,
		"select(has_focus(same and before), False, ==)":                                    false,
		"same and select(selector_width(same and before or after), 2, ==)":                 false,
		"same and select(selector_width(same and select(indices, indices, !=)), 1, ==)":    false,
		"select(selector_width(select(indices, tokens_int, <)), 1, ==)":                    false,
		"same and select(selector_width(select(indices % 2, indices % 2, <)), 0, ==)":      false,
		"same and select(selector_width(same and select(indices, indices - 1, <)), 1, ==)": false, // none of the first two
		"full_s":                               false,
		"same":                                 false,
		"before":                               false,
		"select(tokens_int, 1, ==)":            false,
		"select(ties, indices, ==)":            false, // equal tokens
		"select(indices % 2, tokens_int, ==)":  false,
		"select(indices, indices, ==) or same": false,
		"before and select(indices, indices - 3, >)": false, // two remain
	} {
		t.Run(selector, func(t *testing.T) {
			c := orderingOf(t, selector, false)
			assert.Equal(t, want, c.analysis.atMostOne(c.roots[0].Args[0]))
		})
	}
}

// TestCausalRanksAreNotUnique: where a row sees only what stands before it,
// two positions can have the same rank.
func TestCausalRanksAreNotUnique(t *testing.T) {
	c := orderingOf(t, "select(rank, tokens_int, ==)", true)
	assert.False(t, c.analysis.atMostOne(c.roots[0].Args[0]))
}

// TestCausalCountsAreUnique: a causal row sees equal tokens up to itself, each time
// one more.
func TestCausalCountsAreUnique(t *testing.T) {
	for selector, want := range map[string]bool{
		"same and select(seen, 1, ==)":                                    true,
		"same and select(number, seen, ==)":                               true,
		"select(selector_width(full_s), 1, ==)":                           true,
		"select(selector_width(less), 1, ==)":                             false,
		"same and select(ties, 1, ==)":                                    false,
		"same and select(selector_width(same and after), 0, ==)":          false, // it sees none
		"same and select(has_focus(same and after), False, ==)":           false,
		"same and select(selector_width(not (same and before)), 1, ==)":   false,
		"select(tokens_int, 2, ==) and select(has_focus(same), True, ==)": false,
	} {
		c := orderingOf(t, selector, true)
		assert.Equal(t, want, c.analysis.atMostOne(c.roots[0].Args[0]), selector)
	}
}

// TestOrdersHoldOnInputs: what random selectors are said to be, they are on
// every input that is tried.
func TestOrdersHoldOnInputs(t *testing.T) {
	orders, single := 0, 0
	for seed := range uint64(max(200, factstest.Often(600))) {
		text := factstest.RandomSelector(seed)
		if seed%3 == 0 {
			r := rand.New(rand.NewPCG(seed, 3))
			w := &factstest.SelectorWriter{Rand: r, Keys: []string{"tokens_int", "indices"}, Queries: []string{"tokens_int", "indices"}}
			text = ordering + "x = aggregate(" + w.Word("less", "more", w.Formula(1)) + " or (" + w.Word("same", w.Formula(0)) + " and " + w.Word("before", "after", w.Formula(1)) + "), 1, 3);"
		}
		c := factsOf(t, text)
		sel := c.roots[0].Args[0]
		order := !c.domain.Causal && c.analysis.strictOrder(sel)
		one := c.analysis.atMostOne(sel)
		if order {
			orders++
		}
		if one {
			single++
		}
		if !order && !one {
			continue
		}
		c.worlds(rand.New(rand.NewPCG(seed, 4)), 30, func(w *factstest.World) {
			var widths []int
			for _, row := range w.Matrix(sel) {
				widths = append(widths, count(row))
			}
			if one {
				assert.LessOrEqual(t, slices.Max(widths), 1, "%v: %s", w.Input, text)
			}
			if order {
				slices.Sort(widths)
				for i, n := range widths {
					assert.Equal(t, i, n, "%v: %s", w.Input, text)
				}
			}
		})
	}
	t.Logf("%d orders, %d that select one at most", orders, single)
	assert.Greater(t, orders, factstest.Often(20)/2)
	assert.Greater(t, single, factstest.Often(20))
}

// TestKeysApartOnInputs: selectors of keys by what random rows brought to them
// select one at most wherever that is said.
func TestKeysApartOnInputs(t *testing.T) {
	apart := 0
	for seed := range uint64(factstest.Often(1500)) {
		r := rand.New(rand.NewPCG(seed, 5))
		w := &factstest.SelectorWriter{Rand: r, Keys: []string{"tokens_int", "indices"}, Queries: []string{"tokens_int", "indices", "indices", "1"}}
		text := "#rasp:vocab 0..2\n#rasp:length 4\n"
		if r.IntN(2) == 0 {
			text += "#rasp:causal\n"
		}
		rows := w.Formula(2)
		if r.IntN(2) == 0 {
			rows = "select(tokens_int, tokens_int, ==) and " + rows
		}
		text += "rows = " + rows + ";\nbrought = " +
			w.Word("selector_width(rows)", "has_focus(rows)", "aggregate(rows, tokens_int, 9)", "aggregate(rows, 1, 0)", "selector_width(not rows)")
		w.Keys = []string{"brought", "brought", "tokens_int", "indices", "brought + tokens_int", "brought == 0"}
		w.Queries = []string{"brought", "tokens_int", "1", "0", "indices"}
		text += ";\nx = aggregate(" + w.Word("select(tokens_int, tokens_int, ==) and ", "select(tokens_int, 1, ==) and ", "") +
			"select(brought, " + w.Word(w.Queries...) + ", ==) and " + w.Formula(1) + ", 1);"
		c := factsOf(t, text)
		sel := c.roots[0].Args[0]
		s, err := c.analysis.selectorOf(sel)
		if err != nil || !c.analysis.distinctKeys(s) {
			continue
		}
		apart++
		c.worlds(rand.New(rand.NewPCG(seed, 6)), 60, func(w *factstest.World) {
			for q, row := range w.Matrix(sel) {
				assert.LessOrEqual(t, count(row), 1, "query %d of %v: %s", q, w.Input, text)
			}
		})
	}
	t.Logf("%d selectors", apart)
	assert.Greater(t, apart, factstest.Often(100))
}

func count(row []bool) int {
	n := 0
	for _, x := range row {
		if x {
			n++
		}
	}
	return n
}

// TestCausalRowsApart: of two causal rows the later one has the keys that the earlier one
// does not see, which keeps their widths apart.
func TestCausalRowsApart(t *testing.T) {
	const program = "#rasp:vocab \"ab\"\n#rasp:length 4\nw = selector_width(select(tokens, \"a\", ==) or select(indices, indices, !=));\n" +
		"x = aggregate(select(w, w, ==) and select(tokens, tokens, ==), indices);"
	for causal, want := range map[string]bool{"": false, "#rasp:causal\n": true} {
		c := factsOf(t, causal+program)
		assert.Equal(t, want, c.analysis.atMostOne(c.roots[0].Args[0]), causal)
	}
}
