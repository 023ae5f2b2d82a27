package prove_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/compiler"
	"rasp/compiler/prove"
	"rasp/compiler/verify"
	"rasp/lang"
	"rasp/lang/domain"
	"rasp/lang/interp"
	"rasp/runtime"
	"rasp/runtime/model"
	"rasp/stdlib"
)

// compiled is the model of a text at a level; length 0 is that of its directive.
func compiled(t testing.TB, text string, length, level int) *model.Model {
	t.Helper()
	program, faults := lang.Parse("test", text)
	require.NoError(t, faults.Err())
	d := program.File.Directives
	if length == 0 {
		length = d.Length
	}
	outputs, fault := program.Outputs(nil, d.Vocab)
	require.Nil(t, fault)
	engine := func(m *model.Model) verify.Engine { return runtime.NewSession(m) }
	m, _, err := compiler.Compile(outputs, domain.Domain{Vocab: d.Vocab, Length: length, Causal: d.Causal},
		compiler.Options{Level: level, Source: text, Engine: engine})
	require.NoError(t, err)
	return m
}

// ready is the model of a ready-made program.
func ready(t testing.TB, name string, length int) *model.Model {
	t.Helper()
	return readyAt(t, name, length, 1)
}

// readyAt is that of a level.
func readyAt(t testing.TB, name string, length, level int) *model.Model {
	t.Helper()
	text, err := stdlib.FS.ReadFile(name + ".rasp")
	require.NoError(t, err)
	return compiled(t, string(text), length, level)
}

// trial runs models of one program beside the interpreter.
type trial struct {
	inputs [][]int
	want   [][]model.Token // nil where the program fails
}

func newTrial(t testing.TB, m *model.Model, count int) *trial {
	program, _ := lang.Parse("test", m.Source)
	vocab, err := verify.Values(m.Vocab)
	require.NoError(t, err)
	outputs, fault := program.Outputs([]string{m.Outputs[0].Name}, vocab)
	require.Nil(t, fault)
	e := interp.New(m.Causal, outputs[0].Node)
	d := domain.Domain{Vocab: vocab, Length: m.NCtx - 1, Causal: m.Causal}
	_, first := d.UpTo(count / 2)
	all := domain.Inputs{Domain: d, First: first, Random: count - first, Seed: 1}
	r := &trial{}
	for k := range all.Len() {
		ids := slices.Clone(all.IDs(k, nil))
		if e.Run(d.Values(ids, nil)) != nil {
			continue
		}
		var want []model.Token
		for _, v := range e.Sequence(outputs[0].Node) {
			want = append(want, model.Token(v.JSON()))
		}
		r.inputs, r.want = append(r.inputs, ids), append(r.want, want)
	}
	return r
}

// differs is an input on which a model gives something else than the program; "" for none.
func (r *trial) differs(m *model.Model) string {
	got, err := runtime.NewSession(m).Run(r.inputs)
	if err != nil {
		return err.Error()
	}
	for k, want := range r.want {
		for i, w := range want {
			g := got[k][0][i]
			if g != w && !near(string(g), string(w)) {
				return fmt.Sprintf("%v: %s, not %s, at position %d", r.inputs[k], g, w, i)
			}
		}
	}
	return ""
}

// near are two floats that print differently but are the same within float32.
func near(a, b string) bool {
	x, err1 := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	return err1 == nil && err2 == nil && a != b && math.Abs(x-y) <= 1e-5*math.Abs(y) && (math.Trunc(y) != y || a == b)
}

// changes is how many weights of each program a test changes; CHANGES says another number.
func changes() int {
	if n, err := strconv.Atoi(os.Getenv("CHANGES")); err == nil {
		return n
	}
	return 12
}

// TestChangedWeights: a model with a weight changed is not proved if it computes something
// else on any input that is tried.
func TestChangedWeights(t *testing.T) {
	for _, name := range []string{"reverse", "histogram", "shift", "sort", "dyck1", "induction", "most_frequent", "majority", "run_lengths", "palindrome"} {
		t.Run(name, func(t *testing.T) { checkChanged(t, ready(t, name, 6)) })
	}
	for _, name := range []string{"histogram", "sort", "dyck2"} { // heads that count by shares
		t.Run(name+" at level 0", func(t *testing.T) {
			m := readyAt(t, name, 6, 0)
			require.Contains(t, m.Witness, `"kind":"share"`)
			checkChanged(t, m)
		})
	}
}

func checkChanged(t *testing.T, m *model.Model) {
	tried := newTrial(t, m, 400)
	require.Empty(t, tried.differs(m))
	r, err := prove.Prove(m, prove.Options{})
	require.NoError(t, err)
	require.Equal(t, prove.Proved, r.Verdict, r.Claim())
	random := rand.New(rand.NewPCG(1, 2))
	var proved, rejected, needless int
	for range changes() {
		what, undo := change(m, random)
		r, err := prove.Prove(m, prove.Options{})
		difference := tried.differs(m)
		switch {
		case err == nil && r.Verdict == prove.Proved:
			proved++
			require.Empty(t, difference, what)
		case difference == "":
			needless++
		default:
			rejected++
		}
		undo()
	}
	t.Logf("%d proved, %d rejected, %d rejected without a difference seen", proved, rejected, needless)
}

// change alters a weight of a model, mostly one that is not 0.
func change(m *model.Model, r *rand.Rand) (what string, undo func()) {
	tensors := m.Tensors()
	for {
		t := tensors[r.IntN(len(tensors))]
		data := t.Floats()
		if len(data) == 0 {
			continue
		}
		i := r.IntN(len(data))
		if r.IntN(4) > 0 {
			for n := 0; data[i] == 0 && n < 200; n++ {
				i = r.IntN(len(data))
			}
		}
		old := data[i]
		x := []float32{-old, 2 * old, old / 2, old * 1.01, old + 1, old - 1, old + 256, 0, math.Float32frombits(math.Float32bits(old) ^ 1<<r.IntN(31))}[r.IntN(9)]
		if x == old || math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			continue
		}
		set := func(x float32) {
			data := t.Floats()
			data[i] = x
			t.Set(data)
		}
		set(x)
		return fmt.Sprintf("%s[%d]: %g for %g", t.Name, i, x, old), func() { set(old) }
	}
}
