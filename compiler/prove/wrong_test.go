package prove_test

import (
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"rasp/compiler/prove/provetest"
	"rasp/runtime/model"
)

// changing are programs that are proved, one for each kind of head and read-out.
var changing = map[string]string{
	"counting":  "#rasp:vocab \"abc\"\n#rasp:length 6\nx = selector_width(select(tokens, tokens, ==)) > 2;",
	"fetching":  "#rasp:vocab \"abc\"\n#rasp:length 6\nx = aggregate(select(indices, length - 1 - indices, ==), tokens);",
	"balance":   "#rasp:vocab \"()\"\n#rasp:length 6\n#rasp:causal\nx = aggregate(full_s, (1 if tokens == \"(\" else -1)) >= 0;",
	"averaging": "#rasp:vocab 0..3\n#rasp:length 5\nx = round(aggregate(select(indices, indices, <=), tokens_int)) % 2;",
	"asking":    "#rasp:vocab \"abc\"\n#rasp:length 6\nx = has_focus(select(tokens, tokens, <)) and indices > 1;",
	"sorting":   "#rasp:vocab \"abc\"\n#rasp:length 5\nplace = selector_width(select(tokens, tokens, <) or (select(tokens, tokens, ==) and select(indices, indices, <)));\nx = aggregate(select(place, indices, ==), tokens);",
	"tables":    "#rasp:vocab \"abc\"\n#rasp:length 4\nx = tokens[0] + tokens if indices > 1 else \"-\";",
	"shown":     "#rasp:vocab 0..3\n#rasp:length 5\nx = aggregate(select(indices, indices, <=), tokens_int);",
	"predicted": "#rasp:vocab \"abc\"\n#rasp:length 5\n#rasp:causal\nnext = {w: 1 + selector_width(select(tokens, w, ==)) for w in [\"a\", \"b\", \"c\"]};",
}

// TestWrongWeights changes single weights, half of them such as are not 0. A model that
// is wrong on some input is never accepted.
func TestWrongWeights(t *testing.T) {
	for name, text := range changing {
		t.Run(name, func(t *testing.T) {
			s := provetest.MustCompile(t, text)
			r := rand.New(rand.NewPCG(11, 12))
			var wrong, harmless, cautious int
			for range often(120) {
				weight := someWeight(r, s.Model)
				before := weight.get()
				weight.set(changed(r, before))
				if s.Model.Validate() != nil { // no such model can be loaded
					weight.set(before)
					continue
				}
				switch isWrong := s.IsWrong(s.Model, 60); {
				case isWrong:
					wrong++
					rejected(t, s.Model, "%g changed to %g", before, weight.get())
				case r.IntN(4) > 0: // a proof takes long
				case provetest.Accepts(provetest.ProofOf(t, s.Model)):
					harmless++
				default:
					cautious++
				}
				weight.set(before)
			}
			t.Logf("wrong and rejected %d; not seen to be wrong: accepted %d, rejected %d", wrong, harmless, cautious)
			assert.Greater(t, wrong, often(12))
		})
	}
}

func often(n int) int {
	if testing.Short() {
		return n / 10
	}
	return n
}

// rejected demands that a wrong model is not accepted.
func rejected(t *testing.T, m *model.Model, format string, args ...any) {
	t.Helper()
	r, err := provetest.ProveFor(m, 2*time.Second)
	if err == nil {
		assert.False(t, provetest.Accepts(r), append([]any{format + ": %s"}, append(args, r.Claim())...)...)
	}
}

// weight is one of a model.
type weight struct {
	tensor model.Tensor
	place  int // row-major
}

func (w weight) get() float32 { return w.tensor.Floats()[w.place] }

func (w weight) set(x float32) {
	data := w.tensor.Floats()
	data[w.place] = x
	w.tensor.Set(data)
}

func someWeight(r *rand.Rand, m *model.Model) weight {
	tensors := m.Tensors()
	nonzero := r.IntN(2) == 0
	for {
		t := tensors[r.IntN(len(tensors))]
		data := t.Floats()
		if len(data) == 0 {
			continue
		}
		if place := r.IntN(len(data)); !nonzero || data[place] != 0 {
			return weight{t, place}
		}
	}
}

func changed(r *rand.Rand, x float32) float32 {
	switch r.IntN(8) {
	case 0:
		return -x
	case 1:
		return 2 * x
	case 2:
		return x / 2
	case 3:
		return x * 1.01
	case 4:
		return x + 1
	case 5:
		return x - 1
	case 6:
		return 0
	}
	return math.Float32frombits(math.Float32bits(x) ^ 1<<r.IntN(32))
}

// TestWrongLabels exchanges what the numbers of a model stand for. A model that is wrong
// on some input is never accepted.
func TestWrongLabels(t *testing.T) {
	changes := map[string]func(*model.Model){
		"two classes": func(m *model.Model) { exchange(m.Outputs[0].Classes, 0, len(m.Outputs[0].Classes)-1) },
		"a class": func(m *model.Model) {
			if c := m.Outputs[0].Classes; len(c) > 0 {
				c[0] = `"?"`
			}
		},
		"a class of another type": func(m *model.Model) {
			for i, c := range m.Outputs[0].Classes {
				m.Outputs[0].Classes[i] = map[model.Token]model.Token{"true": "1", "false": "0", "0": "0.0", "1": "1.0"}[c]
				if m.Outputs[0].Classes[i] == "" {
					m.Outputs[0].Classes[i] = c
				}
			}
		},
		"two tokens": func(m *model.Model) { exchange(m.Vocab, 0, 1) },
		"direction":  func(m *model.Model) { m.Causal = !m.Causal },
		"no classes": func(m *model.Model) {
			if len(m.Outputs[0].Classes) == 2 {
				m.Outputs[0].Classes = nil
			}
		},
		"another text": func(m *model.Model) { m.Source += "\n#rasp:output indices\n" },
	}
	for name, text := range changing {
		for what, change := range changes {
			s := provetest.MustCompile(t, text)
			change(s.Model)
			if s.Model.Validate() == nil && s.IsWrong(s.Model, 200) {
				rejected(t, s.Model, "%s: %s changed", name, what)
			}
		}
	}
}

func exchange[T any](list []T, i, j int) {
	if len(list) > 1 {
		list[i], list[j] = list[j], list[i]
	}
}

// edits are the changes that make another program of one: an operator or a constant.
var edits = []struct {
	what    *regexp.Regexp
	becomes []string
}{
	{regexp.MustCompile(`<=`), []string{"<", ">=", "=="}},
	{regexp.MustCompile(`, <\)`), []string{", <=)", ", >)"}},
	{regexp.MustCompile(`, ==\)`), []string{", !=)", ", <=)"}},
	{regexp.MustCompile(` > `), []string{" >= ", " < ", " == "}},
	{regexp.MustCompile(` >= `), []string{" > ", " <= "}},
	{regexp.MustCompile(` and `), []string{" or "}},
	{regexp.MustCompile(` or `), []string{" and "}},
	{regexp.MustCompile(` \+ `), []string{" - "}},
	{regexp.MustCompile(` - `), []string{" + "}},
	{regexp.MustCompile(`\bindices\b`), []string{"(indices + 1)", "(length - indices)"}},
	{regexp.MustCompile(`\b1\b`), []string{"2", "0", "1.0"}},
	{regexp.MustCompile(`\b2\b`), []string{"1", "3"}},
	{regexp.MustCompile(`"a"`), []string{`"b"`}},
}

// nearPrograms are those that differ from a program in one place.
func nearPrograms(text string) (list []string) {
	for _, n := range edits {
		for _, at := range n.what.FindAllStringIndex(text, -1) {
			for _, other := range n.becomes {
				if changed := text[:at[0]] + other + text[at[1]:]; changed != text && !slices.Contains(list, changed) {
					list = append(list, changed)
				}
			}
		}
	}
	return list
}

// TestWrongPrograms holds the models of other programs against the text of one, as what a
// faulty compiler would make of it: with the witness of the right model, and with that of
// the wrong one. Those that compute something else are never accepted.
func TestWrongPrograms(t *testing.T) {
	texts := map[string]string{}
	for name, text := range provetest.ReadyMade(t) {
		texts[name] = provetest.AtLength(text, "5")
	}
	for name, text := range changing {
		texts[name] = text
	}
	wrong := 0
	for name, text := range texts {
		right, err := provetest.Compile(text)
		if err != nil {
			continue // too short for it
		}
		if r, err := provetest.ProveFor(right.Model, 2*time.Second); err != nil || !provetest.Accepts(r) {
			continue
		}
		others := nearPrograms(text)
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(others), func(i, j int) { exchange(others, i, j) })
		for _, other := range others[:min(len(others), max(1, often(5)))] {
			s, err := provetest.Compile(other)
			if err != nil || len(s.Model.Outputs) != len(right.Model.Outputs) {
				continue
			}
			m := s.Model
			m.Source = text
			for i, o := range right.Model.Outputs {
				m.Outputs[i].Name = o.Name
			}
			if !right.IsWrong(m, 200) {
				continue
			}
			wrong++

			rejected(t, m, "%s: with the witness of the other program\n%s", name, other)
			m.Witness = right.Model.Witness
			rejected(t, m, "%s: with the witness of the program\n%s", name, other)
		}
	}
	t.Logf("%d models of other programs", wrong)
	assert.Greater(t, wrong, often(25))
}
