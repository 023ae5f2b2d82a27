package form

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ends lists where a part of a word that begins at from and is of an expression may end:
// the meaning of expressions, by trying all.
func ends(t *tree, word []string, from int) map[int]bool {
	switch t.op {
	case opCat:
		here := map[int]bool{from: true}
		for _, arg := range t.args {
			then := map[int]bool{}
			for at := range here {
				for end := range ends(arg, word, at) {
					then[end] = true
				}
			}
			here = then
		}
		return here
	case opEither:
		all := map[int]bool{}
		for _, arg := range t.args {
			for end := range ends(arg, word, from) {
				all[end] = true
			}
		}
		return all
	case opBoth:
		all := ends(t.args[0], word, from)
		for _, arg := range t.args[1:] {
			other := ends(arg, word, from)
			for end := range all {
				if !other[end] {
					delete(all, end)
				}
			}
		}
		return all
	case opNot:
		all, not := map[int]bool{}, ends(t.args[0], word, from)
		for end := from; end <= len(word); end++ {
			if !not[end] {
				all[end] = true
			}
		}
		return all
	case opRepeat:
		all, here := map[int]bool{}, map[int]bool{from: true}
		for times := 0; times <= t.least+len(word)+1 && (t.most < 0 || times <= t.most); times++ {
			then := map[int]bool{}
			for at := range here {
				if times >= t.least {
					all[at] = true
				}
				for end := range ends(t.args[0], word, at) {
					then[end] = true
				}
			}
			here = then
		}
		return all
	case opOne:
		all, count := map[int]bool{}, 0
		for end := from; ; end++ {
			if count >= t.least && count <= 1 {
				all[end] = true
			}
			if end == len(word) {
				return all
			}
			if len(ends(t.args[0], word, end)) > 0 {
				count++
			}
		}
	}
	if from == len(word) {
		return nil
	}
	holds := t.op == opAny || t.text == word[from]
	if t.op == opSet {
		holds = t.negated
		for _, arg := range t.args {
			if strings.Contains(arg.text, word[from]) {
				holds = !t.negated
			}
		}
	}
	if holds {
		return map[int]bool{from + 1: true}
	}
	return nil
}

// randomText writes an expression over the tokens a, b and =.
func randomText(r *rand.Rand, depth int) string {
	if depth == 0 {
		return []string{"a", "b", `"="`, ".", "[ab]", "[^a]", "[^=]"}[r.IntN(7)]
	}
	x := func() string { return randomText(r, depth-1) }
	switch r.IntN(9) {
	case 0:
		return "(" + x() + "|" + x() + ")"
	case 1:
		return "(" + x() + "&" + x() + ")"
	case 2:
		return "(~" + x() + ")"
	case 3:
		return "(" + x() + ")" + []string{"*", "+", "?", "{2}", "{1,}", "{0,2}", "{2,3}"}[r.IntN(7)]
	case 4:
		return "(" + []string{"one", "at most one"}[r.IntN(2)] + []string{` "="`, " a", " [ab]", " [^b]"}[r.IntN(4)] + ")"
	case 5, 6, 7:
		return x() + " " + x()
	}
	return randomText(r, 0)
}

var letters = []string{"a", "b", "="}

// words are all of up to so many tokens.
func words(vocab, longest int) (list [][]int) {
	here := [][]int{{}}
	for range longest {
		var then [][]int
		for _, w := range here {
			for t := range vocab {
				then = append(then, append(append([]int{}, w...), t))
			}
		}
		list, here = append(list, then...), then
	}
	return list
}

func texts(ids []int) (word []string) {
	for _, id := range ids {
		word = append(word, letters[id])
	}
	return word
}

// TestExpressions: an automaton takes the words that the expression means, in random
// expressions with all operations.
func TestExpressions(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	all := words(3, 5)
	formed := 0
	for range 300 {
		text := randomText(r, 1+r.IntN(3))
		tree, err := parse(text)
		require.NoError(t, err, text)
		f, err := Parse(text, letters)
		for _, w := range all {
			_, is := (*Form)(nil), ends(tree, texts(w), 0)[len(w)]
			if err != nil {
				require.False(t, is, "%s: no form, but %v", text, texts(w))
				continue
			}
			_, ok := f.Leaves(w)
			require.Equal(t, is, ok, "%s: %v", text, texts(w))
		}
		if err == nil {
			formed++
		}
	}
	assert.Greater(t, formed, 200)
}

// random makes an automaton, minimal as all are; nil if it has no word.
func random(r *rand.Rand, states, vocab int) *Form {
	f := &Form{whole: true}
	for t := range vocab {
		f.class, f.members = append(f.class, int32(t)), append(f.members, []int{t})
	}
	for range states {
		row := make([]int32, vocab)
		for t := range row {
			row[t] = int32(r.IntN(states))
		}
		f.next, f.accept = append(f.next, row), append(f.accept, r.IntN(3) == 0)
	}
	f.minimise()
	if len(f.next) == 0 || !f.any() {
		return nil
	}
	return f
}

// TestFacts: what is said of all words holds of those up to a length at which all of it
// shows, and nothing more is true of them.
func TestFacts(t *testing.T) {
	const longest = 7
	r := rand.New(rand.NewPCG(2, 2))
	all := words(3, longest)
	tried := 0
	for range 150 {
		f := random(r, 1+r.IntN(4), 3)
		if f == nil {
			continue
		}
		if r.IntN(3) == 0 {
			f = f.Beginnings()
		}
		tried++
		in := [3]bool{r.IntN(2) == 0, r.IntN(2) == 0, r.IntN(2) == 0}
		least, most := f.Occurrences(func(token int) bool { return in[token] })
		seenLeast, seenMost, counts := 3, 0, map[int]int{}
		at := map[[3]int]bool{}
		var order [][]int
		for _, w := range all {
			if _, ok := f.Leaves(w); !ok {
				continue
			}
			order = append(order, w)
			counts[len(w)]++
			times := 0
			for i, id := range w {
				at[[3]int{len(w), i, id}] = true
				if in[id] {
					times++
				}
			}
			seenLeast, seenMost = min(seenLeast, times), max(seenMost, min(times, 2))
		}
		if len(f.next) <= 2 { // all shows in words of up to 6 tokens
			require.Equal(t, []int{seenLeast, seenMost}, []int{least, most})
		}
		require.True(t, least <= seenLeast && most >= seenMost)
		k := 0
		for n := 1; n <= longest; n++ {
			count, exact := f.Count(n)
			require.True(t, exact)
			require.Equal(t, counts[n], count)
			for i := range count {
				w := make([]int, n)
				f.Word(w, i)
				require.Equal(t, order[k], w)
				k++
			}
		}
		checkPossible(t, f, longest, at)
	}
	assert.Greater(t, tried, 80)
}

func checkPossible(t *testing.T, f *Form, longest int, at map[[3]int]bool) {
	p := f.Possible(longest)
	for i := range longest {
		some := make([]bool, 3)
		for n := i + 1; n <= longest; n++ {
			for token, can := range p.Of(n, i) {
				require.Equal(t, at[[3]int{n, i, token}], can)
				some[token] = some[token] || can
			}
		}
		for token, can := range some {
			require.Equal(t, can, p.Can(i, token))
		}
	}
}

// TestDraw: words at random are words, of lengths that have some, each as likely as
// another; mending leaves alone what can stay.
func TestDraw(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for range 200 {
		f := random(r, 1+r.IntN(5), 3)
		if f == nil {
			continue
		}
		require.Equal(t, f.Lengths(9)[0], f.Shortest())
		for _, n := range f.Lengths(9) {
			ids := make([]int, n)
			for i := range ids {
				ids[i] = r.IntN(3)
			}
			before := fmt.Sprint(ids)
			_, is := f.Leaves(ids)
			f.Mend(r, ids)
			require.True(t, !is || before == fmt.Sprint(ids), "a word stays as it is")
			_, ok := f.Leaves(ids)
			require.True(t, ok)
		}
	}
	f, err := Parse(`one "="`, letters)
	require.NoError(t, err)
	times := map[string]int{}
	for range 6000 {
		ids := make([]int, 3)
		f.Draw(r, ids)
		times[fmt.Sprint(ids)]++
	}
	require.Len(t, times, 12)
	for w, n := range times {
		assert.InDelta(t, 500, n, 120, w)
	}
	f, err = Parse(`a{3}`, letters)
	require.NoError(t, err)
	assert.Equal(t, []int{3}, f.Lengths(9))
	assert.Equal(t, 3, f.Shortest())
}

// TestLong: counts beyond any number keep words as likely as they are.
func TestLong(t *testing.T) {
	f, err := Parse(`one "="`, letters)
	require.NoError(t, err)
	_, exact := f.Count(4000)
	assert.False(t, exact)
	r := rand.New(rand.NewPCG(4, 4))
	early := 0
	for range 200 {
		ids := make([]int, 4000)
		f.Draw(r, ids)
		at, count := 0, 0
		for i, id := range ids {
			if id == 2 {
				at, count = i, count+1
			}
		}
		require.Equal(t, 1, count)
		if at < 1000 {
			early++
		}
	}
	assert.InDelta(t, 50, early, 25, "as often in the first quarter as elsewhere")
	assert.InDelta(t, math.Log(4000)+3999*math.Log(2), f.logarithms(4000)[4000][Start], 1e-6)
}

func TestLeaves(t *testing.T) {
	f, err := Parse(`[01]+ "=" [01]*`, []string{"0", "1", "="})
	require.NoError(t, err)
	for _, c := range []struct {
		ids []int
		at  int
		ok  bool
	}{{[]int{0, 2}, 2, true}, {[]int{2, 0}, 0, false}, {[]int{0, 2, 1, 2}, 3, false}, {[]int{0, 1}, 2, false}} {
		at, ok := f.Leaves(c.ids)
		assert.Equal(t, c.at, at)
		assert.Equal(t, c.ok, ok)
	}
	_, ok := f.Beginnings().Leaves([]int{0, 1})
	assert.True(t, ok)
	assert.Equal(t, "that an input of the form [01]+ \"=\" [01]* can begin with", f.Beginnings().Described())
	tokens, all := f.Follows(Start, 5)
	assert.Equal(t, []int{0, 1}, tokens)
	assert.True(t, all)
}

// TestTokens: what names a token.
func TestTokens(t *testing.T) {
	for _, c := range []struct {
		text   string
		tokens string // between blanks
		states int
		word   []int
	}{
		{"the cat", "the cat", 3, []int{0, 1}},
		{"abc", "a b c", 4, []int{0, 1, 2}},
		{"ab+", "a b", 3, []int{0, 1, 1}},
		{"ab+", "ab", 2, []int{0, 0}},
		{`"a b" "\""`, `x`, 0, nil},
		{"[a-b 2..3]+", "a b c 1 2 3", 2, []int{0, 1, 4, 5}},
		{"[-3 -2]", "-3 -2", 2, []int{1}},
		{`"+" "." "["`, "+ . [", 4, []int{0, 1, 2}},
		{"one", "one", 2, []int{0}},
		{"one one", "one", 2, []int{0}},
		{`one "one"`, "one a", 2, []int{1, 0, 1}},
		{"at most", "at most", 3, []int{0, 1}},
		{"x{2,}", "x", 3, []int{0, 0, 0}},
		{"0.5", "0 5 1", 4, []int{0, 2, 1}},
	} {
		f, err := Parse(c.text, strings.Fields(c.tokens))
		if c.states == 0 {
			assert.Error(t, err, c.text)
			continue
		}
		require.NoError(t, err, c.text)
		assert.Equal(t, c.states, len(f.next), c.text)
		at, ok := f.Leaves(c.word)
		assert.True(t, ok, "%s at %d", c.text, at)
	}
}

func TestFaults(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "0-0 the form of the inputs is missing",
		"a(b":                          "1-2 ( is not closed",
		"a)":                           `1-2 ')' closes nothing`,
		"[a":                           "0-1 [ is not closed",
		"[]":                           "0-2 a set of no token",
		`a "b`:                         "2-4 the quote is not closed",
		"a{2":                          "1-2 { is not closed",
		"a{x}":                         "1-4 expected how often at least and at most, found {x}",
		"a{3,2}":                       "1-6 {3,2}: at least more than at most",
		"a{9999}":                      "1-7 a repetition of more than 4096 times",
		"*a":                           `0-1 '*' repeats nothing`,
		"~":                            "0-1 ~ without anything behind it",
		"a c":                          `2-3 "c" is not a token of the vocabulary`,
		"abc":                          `2-3 neither "abc" nor "c" is a token of the vocabulary`,
		"[x-z]":                        "1-4 no token of the vocabulary is in x-z",
		"a & b":                        "0-5 no input is of the form a & b",
		"a{0}":                         "0-4 no input is of the form a{0}",
		strings.Repeat("(", 101):       "100-101 brackets are nested more than 100 deep",
		"(. a .{30}) (. b .{30})":      "",
		"(.* a .{30} )":                "0-0 the form of the inputs needs more than 2048 states",
		strings.Repeat("~", 101) + "a": "100-101 brackets are nested more than 100 deep",
	} {
		_, err := Parse(text, []string{"a", "b", "="})
		if want == "" {
			require.NoError(t, err, text)
			continue
		}
		var fault *Error
		require.ErrorAs(t, err, &fault, text)
		assert.Equal(t, want, fmt.Sprintf("%d-%d %s", fault.Start, fault.End, fault.Message), text)
	}
}

func TestJoin(t *testing.T) {
	assert.Equal(t, "a|b", Join([]string{"a|b"}))
	joined := Join([]string{"a* | b*", `one "b"`})
	f, err := Parse(joined, letters)
	require.NoError(t, err, joined)
	_, ok := f.Leaves([]int{1})
	assert.True(t, ok)
	_, ok = f.Leaves([]int{1, 1})
	assert.False(t, ok)
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{`[01]+ = [01]*`, `one "="`, "at most one [ab]", "(a|b){2,3} & ~(.* b)", `["\"" a-z 0..9]?`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		form, err := Parse(text, letters)
		if err != nil {
			var fault *Error
			require.ErrorAs(t, err, &fault)
			require.True(t, 0 <= fault.Start && fault.Start <= fault.End && fault.End <= len(text), "%d-%d of %d", fault.Start, fault.End, len(text))
			return
		}
		require.NoError(t, Check(text))
		for _, n := range form.Lengths(6) {
			ids := make([]int, n)
			form.Draw(rand.New(rand.NewPCG(1, 1)), ids)
			_, ok := form.Leaves(ids)
			require.True(t, ok)
		}
	})
}
