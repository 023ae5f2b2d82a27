package inside_test

import (
	"encoding/json"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/inside"
	"rasp/lang/golden"
	"rasp/lang/value"
)

// TestDarkCells: in the QK circuit of a head that compares positions, the dark cells are
// those of the selector; where it selects none, that of BOS, which is always dark where a
// head adds up. What a causal query does not see is no cell.
func TestDarkCells(t *testing.T) {
	const length = 6
	moved := func(selector string) string { return `aggregate(` + selector + `, tokens, "-")` }
	for name, c := range map[string]struct {
		program        string
		selects        func(query, key int) bool
		causal, addsUp bool
	}{
		"previous":                        {moved("select(indices, indices - 1, ==)"), func(q, k int) bool { return k == q-1 }, false, false},
		"next":                            {moved("select(indices, indices + 1, ==)"), func(q, k int) bool { return k == q+1 }, false, false},
		"previous of causal attention":    {moved("select(indices, indices - 1, ==)"), func(q, k int) bool { return k == q-1 }, true, false},
		"second last of causal attention": {moved("select(indices, indices - 2, ==)"), func(q, k int) bool { return k == q-2 }, true, false},
		"count":                           {"selector_width(select(indices, indices, >) and select(tokens, \"a\", ==))", func(q, k int) bool { return k > q }, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			text := "#== heads\n#rasp:vocab \"ab\"\n#rasp:length 6\n"
			if c.causal {
				text += "#rasp:causal\n"
			}
			chunks, err := golden.Read("test.rasp", text+"result = "+c.program+";\n")
			require.NoError(t, err)
			m := modelOf(chunks[0], 1)
			require.NotNil(t, m)
			x, err := inside.New(m)
			require.NoError(t, err)
			svg, page := draws(t, x, []value.Value{value.OfString("a"), value.OfString("b"), value.OfString("b")})
			shades := shadesOf(t, svg)
			assert.Equal(t, shades, shadesOfPage(t, page), "the page is as the SVG")
			for q := range length {
				none := true
				for k := range length {
					shade, seen := shades[[2]string{"indices " + strconv.Itoa(q), "indices " + strconv.Itoa(k)}]
					require.Equal(t, !c.causal || k <= q, seen, "query %d, key %d", q, k)
					require.Equal(t, c.selects(q, k), shade > 0.5, "query %d, key %d", q, k)
					none = none && !c.selects(q, k)
				}
				require.Equal(t, none || c.addsUp, shades[[2]string{"indices " + strconv.Itoa(q), inside.BOS}] > 0.5, "query %d, BOS", q)
			}
		})
	}
}

var cellOfQK = regexp.MustCompile(`fill-opacity="([^"]*)"><title>query: (.*)\nkey: (.*)\nscore `)

// shadesOf an SVG are those of the cells of a QK circuit, by query and key.
func shadesOf(t *testing.T, svg string) map[[2]string]float64 {
	shades := map[[2]string]float64{}
	for _, cell := range cellOfQK.FindAllStringSubmatch(svg, -1) {
		shade, err := strconv.ParseFloat(cell[1], 64)
		require.NoError(t, err)
		shades[[2]string{cell[2], cell[3]}] = shade
	}
	return shades
}

// shadesOfPage are those that the script of a page computes.
func shadesOfPage(t *testing.T, page string) map[[2]string]float64 {
	_, after, found := strings.Cut(page, "const data = ")
	require.True(t, found)
	type term struct{ Name, Value string }
	var data struct {
		Maps [][]struct {
			Rows, Columns []term
			Cells         [][]*float64
			BOS           []float64
		}
	}
	require.NoError(t, json.NewDecoder(strings.NewReader(after)).Decode(&data))
	qk := data.Maps[0][0]
	full := func(t term) string { return strings.TrimSpace(t.Name + " " + t.Value) }
	shades := map[[2]string]float64{}
	for i, row := range qk.Cells {
		for j, v := range row {
			if v != nil {
				shades[[2]string{full(qk.Rows[i]), full(qk.Columns[j])}] = math.Round(100*math.Exp(min(0, *v-qk.BOS[i]))) / 100
			}
		}
	}
	return shades
}
