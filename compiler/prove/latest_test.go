package prove_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/compiler/prove"
	"rasp/compiler/prove/provetest"
	"rasp/runtime/model"
)

// TestPicks: models that pick the latest or the earliest key are proved to do that, and not to
// do what is nearly the same.
func TestPicks(t *testing.T) {
	const latest = `#rasp:vocab 0..2
#rasp:length 5
upto = select(indices, indices, <=);
same = select(tokens, tokens, ==);
m = select(tokens, "1", ==) and upto;
x = aggregate(m and select(selector_width(same and upto), selector_width(m), ==), indices, -1);
`
	for _, causal := range []string{"", "#rasp:causal\n"} {
		for _, c := range []struct{ old, new string }{
			{"", ""},
			{"selector_width(m), ==", "1, =="}, // the earliest

		} {
			m := provetest.MustCompile(t, causal+strings.Replace(latest, c.old, c.new, 1)).Model
			require.Equal(t, prove.Proved, provetest.ProofOf(t, m).Verdict)
			require.Contains(t, m.Witness, `"kind":"one"`)
		}
		m := provetest.MustCompile(t, causal+latest).Model
		for _, c := range []struct{ old, new string }{
			{"selector_width(m), ==", "1, =="}, {"selector_width(m), ==", "selector_width(m) - 1, =="}, {`"1", ==) and upto`, `"2", ==) and upto`},
			{"same and upto", "upto"}, {"same and upto", `same and upto and select(tokens, "0", !=)`}, {"==) and upto", "==) and select(indices, indices, <)"},
			{"selector_width(m), ==", "2, =="}, {"same and upto", "select(tokens, tokens, <=) and upto"},
		} {
			source := m.Source
			m.Source = strings.Replace(source, c.old, c.new, 1)
			require.NotEqual(t, source, m.Source)
			r, err := prove.Prove(m, prove.Options{})
			if err == nil && r.Verdict == prove.Proved {
				require.Empty(t, newTrial(t, m, 400).differs(m), m.Source)
			}
			m.Source = source
		}
		// Slopes of the other sign pick the other end.
		m = provetest.MustCompile(t, causal+latest).Model
		k := &m.Blocks[0].WK
		rows, cols := k.Size()
		turned := model.NewBuilder(rows, cols)
		for i := range rows {
			for j, w := range k.Row(i) {
				if w >= 128 {
					w = -128
				}
				turned.Add(i, j, w)
			}
		}
		*k = turned.Matrix()
		require.NotEqual(t, prove.Proved, provetest.ProofOf(t, m).Verdict)
	}
}
