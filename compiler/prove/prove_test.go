package prove_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/compiler/prove"
	"rasp/runtime/model"
)

// TestChangedLabels: a model whose classes, vocabulary or direction are changed is not proved.
func TestChangedLabels(t *testing.T) {
	for _, name := range []string{"reverse", "sort", "dyck1", "induction"} {
		for what, change := range map[string]func(m *model.Model){
			"classes": func(m *model.Model) {
				c := m.Outputs[0].Classes
				c[0], c[1] = c[1], c[0]
			},
			"vocabulary": func(m *model.Model) { m.Vocab[0], m.Vocab[1] = m.Vocab[1], m.Vocab[0] },
			"direction":  func(m *model.Model) { m.Causal = !m.Causal },
			"type":       func(m *model.Model) { m.Outputs[0].Classes[1] = "1.5" },
		} {
			t.Run(name+" "+what, func(t *testing.T) {
				m := ready(t, name, 5)
				change(m)
				r, err := prove.Prove(m, prove.Options{})
				if err == nil && r.Verdict == prove.Proved {
					require.Empty(t, newTrial(t, m, 400).differs(m), "proved, and wrong")
				}
			})
		}
	}
}

// TestOtherPrograms: the model of a program that differs in a word is not proved to be the
// program, unless it computes the same.
func TestOtherPrograms(t *testing.T) {
	for _, c := range []struct{ name, old, new string }{
		{"reverse", "length - 1", "length - 2"}, {"shift", "indices - 1", "indices - 2"}, {"shift", `"-"`, `"a"`},
		{"sort", "tokens, tokens, <", "tokens, tokens, >"}, {"sort", "indices, indices, <", "indices, indices, >"},
		{"dyck1", "so_far and", "full_s and"}, {"histogram", "tokens, tokens, ==", "tokens, tokens, <="},
		{"most_frequent", "often, often, >", "often, often, <"}, {"induction", "number - 1", "number"},
	} {
		t.Run(c.name+" "+c.new, func(t *testing.T) {
			m := ready(t, c.name, 5)
			other := strings.Replace(m.Source, c.old, c.new, 1)
			if other == m.Source {
				t.Skip("the program has no such words")
			}
			m.Source = other
			r, err := prove.Prove(m, prove.Options{})
			if err == nil && r.Verdict == prove.Proved {
				require.Empty(t, newTrial(t, m, 400).differs(m), "proved, and wrong")
			}
		})
	}
}

// TestLyingWitness: whatever a witness says, a wrong model is not proved; and without one
// a right one may still be.
func TestLyingWitness(t *testing.T) {
	m := ready(t, "sort", 5)
	for _, lie := range []string{"", "{", `{"version":1,"text":1}`, strings.ReplaceAll(m.Witness, `"selects":`, `"selects":1`)} {
		m.Witness = lie
		r, err := prove.Prove(m, prove.Options{})
		require.NoError(t, err)
		require.NotEqual(t, prove.Refuted, r.Verdict)
	}
}
