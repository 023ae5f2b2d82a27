package puzzle

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFits: programs that are none for a puzzle, and what is said of them.
func TestFits(t *testing.T) {
	for _, c := range []struct{ puzzle, text, message, hint string }{
		{"shift", "answer = tokens", `expected ";"`, "statements end with a semicolon"},
		{"shift", "answer = lenght;", "undefined variable lenght", "did you mean length?"},
		{"shift", "", "the program has no answer", "end it with answer = ..;"},
		{"shift", "anwser = tokens + \"\"; x = indices;", "the program has no answer", "is it anwser? then end with answer = anwser;"},
		{"shift", "shifted = shift(tokens, 1, \"-\");", "the program has no answer", "is it shifted? then end with answer = shifted;"},
		{"shift", "answer = select(indices, indices - 1, ==);", "answer is a selector", "aggregate(answer, ..) fetches what it selects, selector_width(answer) counts it"},
		{"shift", "answer = {\"a\": 1};", "answer is a distribution of the next token, and the puzzle asks for an s-op", ""},
		{"shift", "answer = 3;", "answer is an int", ""},
		{"shift", "#rasp:output answer, x\nanswer = tokens;\nx = tokens;", "the puzzle asks for answer, and nothing else", "#rasp:output answer"},
		{"shift", "#rasp:output x\nanswer = tokens;\nx = tokens;", "the puzzle asks for answer, and nothing else", "#rasp:output answer"},
		{"shift", "#rasp:vocab \"xyz\"\nanswer = tokens;", `puzzle shift is over "abcd"`, "remove the line; the puzzle says for which inputs it is"},
		{"shift", "#rasp:length 3\nanswer = tokens;", "puzzle shift has inputs of up to 6 tokens", "remove the line; the puzzle says for which inputs it is"},
		{"shift", "#rasp:causal\nanswer = tokens;", "puzzle shift is not causal: each position sees all others", "remove the line; the puzzle says for which inputs it is"},
		{"rotate", "#rasp:vocab \"0123ab\"\n#rasp:inputs \"0\" [ab]+\nanswer = tokens;", "puzzle rotate has inputs of another form", "remove the line; the puzzle says for which inputs it is"},
		{"copying", "next = tokens;", "next is no distribution of the next token", `a distribution is a dict from tokens to weights: next = {"a": 1, "b": 1, "c": 1};`},
		{"copying", "next = {\"d\": 1};", `string "d" is not a token of the vocabulary`, "the keys of a dict that predicts the next token are tokens of #rasp:vocab"},
	} {
		v := check(t, find(t, c.puzzle), c.text)
		require.NotEmpty(t, v.Faults, c.text)
		assert.Contains(t, v.Faults[0].Message, c.message, c.text)
		assert.Equal(t, c.hint, v.Faults[0].Hint, c.text)
		assert.False(t, v.Solved())
	}
}

// TestCounterexamples: wrong programs, and the smallest inputs that show it.
func TestCounterexamples(t *testing.T) {
	for _, c := range []struct {
		puzzle, text, input string
		position            int
		note                string
	}{
		{"shift", "answer = tokens;", "a", 0, ""},
		{"reverse", "answer = aggregate(select(indices, length - indices, ==), tokens, \"?\");", "a", 0, ""},
		{"sort", "answer = tokens;", "ba", 0, ""},
		{"parity", "answer = selector_width(select(tokens, \"1\", ==)) % 2;", "0", 0, "the answer is a bool, and 0 is a number: a comparison gives a bool, such as x > 0"},
		{"histogram", "answer = tokens == \"a\";", "a", 0, "the answer is a number, and true is a bool: indicator(x) makes 1 of True and 0 of False"},
		{"histogram", "answer = tokens;", "a", 0, `the answer is a number, and "a" is a string`},
		{"dyck1", "mean = aggregate(full_s, 1 if tokens == \"(\" else -1);\nanswer = \"F\" if mean < 0 else (\"T\" if mean == 0 else \"P\");", ")(", 1, ""},
		{"addition", "answer = indices * 0;", "0+1", 2, ""},
		{"markov", "next = {\"a\": 1, \"b\": 3, \"c\": 0.000001};", "a", 0, ""},
		// Found by chance, among inputs of the longest length, and made smaller.
		{"addition", "answer = indicator(tokens == \"+\") * 0 if length < 6 else 77;", "0+1", 2, ""},
	} {
		v := check(t, find(t, c.puzzle), c.text)
		require.Empty(t, v.Faults, c.text)
		require.NotNil(t, v.Counterexample, c.text)
		assert.Equal(t, []any{`"` + c.input + `"`, c.position}, []any{v.Counterexample.Text(), v.Counterexample.Position}, c.text)
		assert.Equal(t, c.note, v.Counterexample.Note, c.text)
		assert.Nil(t, v.Counterexample.Fault)
		assert.Len(t, v.Counterexample.Got, len(v.Counterexample.Input))
	}
}

// TestRandomCounterexample: a program that is wrong on long inputs alone, which are too
// many to be all tried, is found out by random ones, and the input is made small.
func TestRandomCounterexample(t *testing.T) {
	p := find(t, "addition")
	v := check(t, p, p.Solution+"right = answer;\nanswer = right if length < 6 else 7;")
	require.NotNil(t, v.Counterexample)
	assert.False(t, v.Exhaustive)
	assert.Equal(t, `"00+000"`, v.Counterexample.Text())
}

// TestNames: what a program computes where it is wrong, without what does not matter.
func TestNames(t *testing.T) {
	v := check(t, find(t, "reverse"), `
same = tokens;
unused = indices * 7;
mirror = length - indices;
at_mirror = select(indices, mirror, ==);
again = mirror;
answer = aggregate(at_mirror, same, "-");`)
	c := v.Counterexample
	require.NotNil(t, c)
	assert.Equal(t, []string{"a"}, c.Expected)
	assert.Equal(t, []string{"-"}, c.Got)
	assert.Equal(t, []Named{{Name: "mirror", Values: []string{"1"}}, {Name: "at_mirror", Selector: true}}, c.Names)
}

// TestFails: a program that fails on an input, and what it has computed before.
func TestFails(t *testing.T) {
	v := check(t, find(t, "divide"), "digit = tokens_int * 1;\nanswer = 12 / digit if digit > 0 else 0;")
	c := v.Counterexample
	require.NotNil(t, c)
	require.NotNil(t, c.Fault)
	assert.Equal(t, "division by zero: int 12 / int 0 (position 0)", c.Fault.Message)
	assert.Equal(t, 2, c.Fault.Span.Line())
	assert.Equal(t, `"0"`, c.Text())
	assert.Nil(t, c.Got)
	assert.Equal(t, []Named{{Name: "digit", Values: []string{"0"}}}, c.Names)
	assert.False(t, v.Solved())
}

// TestRefused: a program that is right, and that the compiler refuses, solves the puzzle.
func TestRefused(t *testing.T) {
	v := check(t, find(t, "addition"), `
digit = lookup({"1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8, "9": 9}, tokens, 0);
plus = aggregate(select(tokens, "+", ==), indices);
place = length - 1 - indices;
unit = 10 ^ (place if indices > plus else max(plus - 1 - indices, 0));
sum = round(length * average(digit * unit));
answer = (sum - sum % 10 ^ place) / 10 ^ place % 10;
`)
	require.Empty(t, v.Faults)
	require.Nil(t, v.Counterexample)
	require.NotEmpty(t, v.Refused)
	assert.Contains(t, v.Refused[0].Message, "too many combinations")
	assert.Zero(t, v.Sizes)
	assert.True(t, v.Solved())
}

// TestSmaller: layers come first, then parameters.
func TestSmaller(t *testing.T) {
	best := Sizes{Layers: 2, Heads: 1, Parameters: 100}
	assert.True(t, Sizes{1, 9, 1000}.Smaller(best))
	assert.True(t, Sizes{2, 9, 99}.Smaller(best))
	assert.False(t, Sizes{2, 1, 100}.Smaller(best))
	assert.False(t, Sizes{3, 1, 1}.Smaller(best))
}

// TestFloats: results that differ in rounding are the same, others are not.
func TestFloats(t *testing.T) {
	p := find(t, "copying")
	tenths := func(most string) string {
		return `
before = shift(tokens, 1, "");
copied = latest(before, tokens, tokens, "");
next = {t: ` + most + ` if copied == t else 0.1 for t in ["a", "b", "c"]};`
	}
	assert.True(t, check(t, p, tenths("0.9")).Solved())
	v := check(t, p, tenths("0.9000001"))
	require.NotNil(t, v.Counterexample)
	assert.Equal(t, `"aa"`, v.Counterexample.Text())
}
