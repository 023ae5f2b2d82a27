package prove

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/compiler/facts/factstest"
	"rasp/lang"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
	"rasp/runtime/model"
	"rasp/stdlib"
)

// world evaluates the variables of a proof on an input, by their definition.
type world struct {
	p      *prover
	ids    []int
	values map[int][]int32 // by variable and position
}

func (w *world) at(v int) []int32 {
	if list, ok := w.values[v]; ok {
		return list
	}
	x := w.p.vars[v]
	list := make([]int32, len(w.ids))
	for i := range list {
		switch x.kind {
		case token:
			list[i] = int32(w.ids[i])
		case position:
			list[i] = int32(i)
		case length:
			list[i] = int32(len(w.ids))
		case derived:
			if s := w.state(x.table.space, i); s >= 0 {
				list[i] = x.table.ids[s]
			} else {
				list[i] = -1
			}
		case fetched:
			if keys := w.row(x.of, i); len(keys) == 1 {
				list[i] = w.at(x.from)[keys[0]] + 1
			} else if len(keys) > 1 {
				list[i] = -1
			}
		default:
			sum := int64(0)
			for _, j := range w.row(x.of, i) {
				if x.sum == nil {
					sum++
				} else {
					sum += x.sum.of[w.state(x.sum.space, j)]
				}
			}
			list[i] = int32(x.index(sum))
		}
	}
	w.values[v] = list
	return list
}

// state of a position in a space, -1 if it is not there.
func (w *world) state(s *space, i int) int32 {
	code := uint64(0)
	for j, v := range s.vars {
		x := w.at(v)[i]
		if x < 0 {
			return -1
		}
		code += uint64(x) * s.stride[j]
	}
	return s.find(code)
}

// row lists the keys that a query selects.
func (w *world) row(f *selector, i int) (keys []int) {
	visible := len(w.ids)
	if w.p.causal {
		visible = i + 1
	}
	for j := range visible {
		if has(f.row(int(w.state(f.q, i))), w.state(f.k, j)) {
			keys = append(keys, j)
		}
	}
	return keys
}

// TestMeaning: on all inputs, and for each of many programs, s-ops are what their tables
// say, states are in the spaces that list them, and the facts of the lemmas hold.
func TestMeaning(t *testing.T) {
	files, err := stdlib.FS.ReadDir(".")
	require.NoError(t, err)
	texts := map[string]string{}
	for _, f := range files {
		text, err := stdlib.FS.ReadFile(f.Name())
		require.NoError(t, err)
		texts[f.Name()] = string(text)
	}
	for i, text := range selectors {
		texts[fmt.Sprint("selectors ", i)] = "#rasp:vocab \"abc\"\n" + text
		texts[fmt.Sprint("causal selectors ", i)] = "#rasp:vocab \"abc\"\n#rasp:causal\n" + text
		of := forms[i%len(forms)]
		texts[fmt.Sprint("selectors of a form ", i)] = "#rasp:vocab \"abc\"\n#rasp:inputs " + of + "\n" + text
		texts[fmt.Sprint("causal selectors of a form ", i)] = "#rasp:vocab \"abc\"\n#rasp:causal\n#rasp:inputs " + of + "\n" + text
	}
	for seed := range uint64(factstest.Often(24)) {
		texts[fmt.Sprint("random ", seed)] = factstest.RandomSelector(seed) + `
			y = selector_width(s);
			z = aggregate(select(y, indices, ==), tokens_int);
			u = aggregate(s, indices);
			least = aggregate(select(has_focus(s), False, ==), tokens_int);
			n = selector_width(select(y, y, <) and select(tokens_int, tokens_int, ==));
			v = aggregate(select(z, tokens_int, ==) and select(y, n, ==), indices);`
	}
	for name, text := range texts {
		if name == "library.rasp" {
			continue
		}
		for k, fine := range fineness {
			if strings.HasPrefix(name, "random") && k != len(name)%len(fineness) {
				continue
			}
			t.Run(fmt.Sprint(name, " ", fine), func(t *testing.T) { testMeaning(t, text, fine) })
		}
	}
}

// forms of inputs over the letters of selectors.
var forms = []string{"one a", "at most one a", "a* b*", "[ab]* c [ab]*", "a .* & one b", "~(.* a .* a .*) c?"}

// selectors are those of which the lemmas speak, and near misses of them.
var selectors = []string{
	"a = selector_width(select(tokens, tokens, <) or (select(tokens, tokens, ==) and select(indices, indices, <))); b = aggregate(select(a, indices, ==), tokens, \"-\");",
	"a = selector_width(select(tokens, tokens, <=) or (select(tokens, tokens, ==) and select(indices, indices, <))); b = aggregate(select(a, indices, ==), indices);",
	"a = selector_width(select(tokens, tokens, <) or (select(tokens, tokens, ==) and select(indices, indices, >))); b = aggregate(select(a, a + 1, ==), tokens, \"-\");",
	"a = selector_width(select(tokens, tokens, <) or select(indices, indices, <)); b = aggregate(select(a, indices, ==), indices);",
	"a = selector_width(select(tokens, tokens, ==) and select(indices, indices, <=)); b = selector_width(select(tokens, tokens, ==) and select(a, a, ==));",
	"a = selector_width(select(tokens, tokens, ==) and select(indices, indices, <)); b = has_focus(select(a, a, ==) and select(tokens, tokens, <));",
	"a = aggregate(select(indices, indices - 1, ==), tokens, \"-\"); b = selector_width(select(a, tokens, ==)); c = aggregate(select(indices, b, ==), a, \"?\");",
	"a = not has_focus(select(indices, indices, <)); b = aggregate(select(a, True, ==), tokens, \"-\");",
	"a = not has_focus(select(tokens, tokens, <)); b = aggregate(select(a, True, ==), indices);",
	"a = aggregate(full_s, indicator(tokens == \"a\") - indicator(tokens == \"b\")); b = aggregate(select(a, 0, >), indices);",
	"n = length; a = aggregate(select(indices, n - 1 - indices, ==), indices); b = aggregate(select(a, indices, ==), tokens, \"-\");",
	"a = aggregate(only(select(tokens, \"a\", ==)), indices, -1); b = aggregate(select(indices, a, ==), tokens, \"-\"); c = has_focus(select(tokens in [\"a\", \"b\"], True, ==));",
	"a = aggregate(select(tokens, \"a\", ==), indices); b = round(a) + selector_width(select(tokens, \"b\", ==));",
	"d = {\"a\": 1, \"b\": 2, \"c\": 3}[tokens]; b = aggregate(select(indices, indices + 1, ==), d, 0); c = aggregate(select(indices, indices + 2, ==), d, 0); less = d + c < b; more = d + c > b; same = d + c == b; z = aggregate(full_s, indicator(not same and less)) > 0; y = selector_width(select(less, more, ==)); u = has_focus(select(same, False, ==) and select(less, more, !=));",
	"x = {\"a\": 1, \"b\": 3, \"c\": 7}[tokens]; a = aggregate(select(indices, indices, <=), x); b = aggregate(select(a, a, ==), x); c = select(b, b, <); d = selector_width(c);",
}

func testMeaning(t *testing.T, text string, fine int) {
	program, faults := lang.Parse("test", text)
	require.NoError(t, faults.Err())
	d := domain.Domain{Vocab: program.File.Directives.Vocab, Length: 4, Causal: program.File.Directives.Causal}
	if len(d.Vocab) > 4 {
		d.Vocab = d.Vocab[len(d.Vocab)-4:]
	}
	d, fault := program.Form(d)
	require.Nil(t, fault)
	var nodes []*graph.Node
	for _, b := range program.Bindings {
		nodes = append(nodes, b.Node)
	}
	nodes = graph.Reachable(nodes...)
	p := newProver(&model.Model{Config: model.Config{NCtx: d.Length + 1, Causal: d.Causal}}, defaults(Options{Context: context.Background()}), fine)
	p.vocab, p.form = d.Vocab, d.Form
	known, stopped := p.tabulateAll(nodes)
	if stopped != "" {
		t.Skip(stopped)
	}
	added := p.addAll(known)
	e := interp.New(d.Causal, nodes...)
	_, first := d.UpTo(400)
	inputs := domain.Inputs{Domain: d, First: first, Random: 60, Seed: 1}
	for k := range inputs.Len() {
		ids := inputs.IDs(k, nil)
		if e.Run(d.Values(ids, nil)) != nil {
			continue
		}
		w := &world{p: p, ids: ids, values: map[int][]int32{}}
		w.compare(t, known, e)
		w.add(t, added)
	}
}

// tabulateAll makes the tables of nodes; why it could not.
func (p *prover) tabulateAll(nodes []*graph.Node) (known []*graph.Node, stopped string) {
	defer func() {
		if s, ok := recover().(stop); ok {
			stopped = s.reason.Text
		}
	}()
	p.begin()
	for _, n := range nodes {
		if n.IsSelector() {
			p.selectorOf(n)
		} else {
			p.table(n)
		}
		known = append(known, n)
	}
	return known, ""
}

// addition is what two widths can be together.
type addition struct {
	of [2]*selector
	r  *reached
}

// addAll finds what widths can be, each with that of the selector before it, in each detail.
func (p *prover) addAll(known []*graph.Node) (list []addition) {
	before := p.everywhere()
	for _, n := range known {
		if n.IsSelector() {
			f := p.selectorOf(n)
			for by := byOwnKey; by <= byPlace; by++ {
				if r := p.reach([]summand{{f: before}, {f: f}}, by); r != nil {
					list = append(list, addition{[2]*selector{before, f}, r})
				}
			}
			before = f
		}
	}
	return list
}

func (w *world) add(t *testing.T, list []addition) {
	for _, a := range list {
		for i := range w.ids {
			want, found := []int64{int64(len(w.row(a.of[0], i))), int64(len(w.row(a.of[1], i)))}, false
			a.r.sums(a.r.of[w.state(a.r.q, i)], func(sums []int64) { found = found || slices.Equal(sums, want) })
			if !found {
				t.Fatalf("%v at %d: widths %v of %s and %s", w.ids, i, want, a.of[0].describe(), a.of[1].describe())
			}
		}
	}
}

func (w *world) compare(t *testing.T, known []*graph.Node, e *interp.Evaluator) {
	for _, n := range known {
		if n.IsSelector() {
			w.compareRows(t, n, e.Matrix(n))
		} else {
			w.compareValues(t, n, e.Sequence(n))
		}
	}
	for _, s := range w.p.spaces {
		for i := range w.ids {
			if w.state(s, i) < 0 {
				t.Fatalf("%v at %d: a state of %s that is not listed", w.ids, i, w.p.names(s.vars))
			}
		}
	}
	w.checkLemmas(t)
}

func (w *world) compareRows(t *testing.T, n *graph.Node, matrix [][]bool) {
	f := w.p.selectorOf(n)
	for i, row := range matrix {
		var want []int
		for j, on := range row {
			if on {
				want = append(want, j)
			}
		}
		if got := w.row(f, i); !slices.Equal(want, got) {
			t.Fatalf("%v of %v at %d: selects %v, not %v", n, w.ids, i, want, got)
		}
	}
}

func (w *world) compareValues(t *testing.T, n *graph.Node, values []value.Value) {
	table := w.p.table(n)
	for i, want := range values {
		s := w.state(table.space, i)
		if s < 0 {
			t.Fatalf("%v of %v at %d: a state of %s that is not listed", n, w.ids, i, w.p.names(table.space.vars))
		}
		id := table.ids[s]
		if id < 0 {
			t.Fatalf("%v of %v at %d: a state said not to be reached", n, w.ids, i)
		}
		if w.p.values[id] != want {
			t.Fatalf("%v of %v at %d: %v, not %v", n, w.ids, i, want, w.p.values[id])
		}
	}
}

// checkLemmas: what is known of selectors and s-ops holds.
func (w *world) checkLemmas(t *testing.T) {
	p := w.p
	for _, f := range p.singles {
		seen := map[int32]int{}
		for i := range w.ids {
			if s := w.state(f.space, i); s >= 0 && f.of[s] >= 0 {
				if j, ok := seen[f.of[s]]; ok {
					t.Fatalf("%v: positions %d and %d: %s", w.ids, i, j, f.why)
				}
				seen[f.of[s]] = i
			}
		}
	}
	for _, f := range p.present {
		found := false
		for i := range w.ids {
			s := w.state(f.space, i)
			found = found || s >= 0 && f.of[s] >= 0
		}
		if !found {
			t.Fatalf("%v: no position is the least", w.ids)
		}
	}
	for _, v := range p.covers {
		seen := make([]bool, len(w.ids))
		for i := range w.ids {
			seen[w.at(v)[i]] = true
		}
		if slices.Contains(seen, false) {
			t.Fatalf("%v: %s does not cover", w.ids, p.name(v))
		}
	}
	for f, g := range p.widths {
		for i := range w.ids {
			if int64(len(w.row(f, i))) != g.of[w.state(g.space, i)] {
				t.Fatalf("%v at %d: width of %s", w.ids, i, f.describe())
			}
		}
	}
	for f, n := range p.nonemptyMemo {
		for i := range w.ids {
			if n.yes[w.state(n.q, i)] && len(w.row(f, i)) == 0 {
				t.Fatalf("%v: %s selects nothing at %d", w.ids, f.describe(), i)
			}
		}
	}
}
