package golden

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang/diag"
	"rasp/lang/value"
)

const sampleText = `# What this file is about.

#== first
#rasp:vocab "ab"
x = tokens;
#> "aé" => ["a", "é"]
#> [1, 1.0, true] => ["1", "1.0", "True"] [[0,1]]
#> "" => error value: empty
#= layers 1 heads 2

#== second, with a comment
# like this
é = 3 + y;
#   ^ syntax: part: of it
#       ^ undefined: y
#       ^ hint: z
length = 3;
#< reserved: length
#< warning unused: length
`

func readSample(t *testing.T) []*Chunk {
	t.Helper()
	chunks, err := Read("sample.rasp", sampleText)
	require.NoError(t, err)
	require.Len(t, chunks, 2)
	return chunks
}

func TestRead(t *testing.T) {
	chunks := readSample(t)
	first, second := chunks[0], chunks[1]

	assert.Equal(t, "first", first.Title)
	assert.Equal(t, 3, first.Line)
	assert.True(t, strings.HasPrefix(first.Text, "\n\n#== first\n"))
	require.Len(t, first.Cases, 3)
	assert.Equal(t, []value.Value{value.OfString("a"), value.OfString("é")}, first.Cases[0].Input)
	assert.Equal(t, []string{`["a","é"]`}, first.Cases[0].Outputs)
	assert.Equal(t, []value.Value{value.OfInt(1), value.OfFloat(1), value.OfBool(true)}, first.Cases[1].Input)
	assert.Equal(t, []string{`["1","1.0","True"]`, `[[0,1]]`}, first.Cases[1].Outputs)
	assert.Equal(t, &Fault{Kind: diag.Value, Message: "empty"}, first.Cases[2].Fault)
	assert.Equal(t, []*Sizes{{Line: 9, Names: []string{"layers", "heads"}, Values: []int{1, 2}}}, first.Sizes)

	assert.Equal(t, []*Fault{
		{Line: 13, Col: 5, Kind: diag.Syntax, Message: "part: of it"},
		{Line: 13, Col: 9, Kind: diag.Undefined, Message: "y", Hints: []string{"z"}},
		{Line: 17, Col: 1, Kind: diag.Reserved, Message: "length"},
		{Line: 17, Col: 1, Warning: true, Kind: "unused", Message: "length"},
	}, second.Faults)
	assert.False(t, second.Empty())
}

func TestReadWithoutChunks(t *testing.T) {
	chunks, err := Read("one.rasp", "x = 1;\n")
	require.NoError(t, err)
	require.Len(t, chunks, 1)
	assert.True(t, chunks[0].Empty())
}

func TestReadRefuses(t *testing.T) {
	for _, text := range []string{
		"x = 1;\n#== too late\n",
		"#> \"a\" => [1]\n#== too late\n",
		"#> \"a\" [1]",
		"#> \"a\" => ",
		"#> \"a\" => [1",
		"#> a => [1]",
		"#> [[1]] => [1]",
		"#> \"a\" => error zero",
		"#= layers",
		"#= layers one",
		"#=",
		"#  ^ type",
		"#< hint: without a fault",
		"x = y;\n#   ^ undefined: y\n#  ^ hint: in another column",
	} {
		_, err := Read("bad.rasp", text)
		assert.Error(t, err, text)
	}
}

func TestMatch(t *testing.T) {
	c := readSample(t)[1]
	source := diag.NewSource("sample.rasp", c.Text)
	at := func(text string) diag.Span {
		start := strings.Index(c.Text, text)
		return diag.Span{Source: source, Start: start, End: start + 1}
	}
	syntax := diag.Errorf(at("3 + y"), diag.Syntax, "this is part: of it all")
	undefined := diag.Errorf(at("y;"), diag.Undefined, "y is not defined").WithHint("did you mean z?")
	reserved := diag.Errorf(at("length"), diag.Reserved, "length is reserved")
	warning := &diag.Diagnostic{Span: at("length"), Severity: diag.Warning, Kind: "unused", Message: "length is never used"}

	assert.Empty(t, c.Match(diag.List{reserved, warning, undefined, syntax}))

	assert.Len(t, c.Match(diag.List{reserved, warning, undefined}), 1, "one is missing")
	assert.Len(t, c.Match(diag.List{reserved, warning, undefined, syntax, syntax}), 1, "one is too many")
	assert.Len(t, c.Match(nil), 4)

	warning.Severity = diag.Error
	assert.Len(t, c.Match(diag.List{reserved, warning, undefined, syntax}), 2, "an error where a warning is expected")
	warning.Severity = diag.Warning
	undefined.Hint = "did you mean x?"
	assert.Len(t, c.Match(diag.List{reserved, warning, undefined, syntax}), 2, "wrong hint: missing and unexpected")
	undefined.Hint, undefined.Kind = "z", diag.Type
	assert.Len(t, c.Match(diag.List{reserved, warning, undefined, syntax}), 2, "wrong kind")
	undefined.Kind, undefined.Span = diag.Undefined, at("3 + y")
	assert.Len(t, c.Match(diag.List{reserved, warning, undefined, syntax}), 2, "wrong column")
}

func TestEdits(t *testing.T) {
	c := readSample(t)[0]
	e := Edits{}
	e.Outputs(c.Cases[0], []string{`["a,\"b","c"]`})
	e.Fault(c.Cases[1], diag.Type, "no")
	e.Sizes(c.Sizes[0], []int{2, 3})
	was, is := strings.Split(sampleText, "\n"), strings.Split(e.Apply(sampleText), "\n")
	require.Len(t, is, len(was))
	assert.Equal(t, `#> "aé" => ["a,\"b", "c"]`, is[5])
	assert.Equal(t, `#> [1, 1.0, true] => error type: no`, is[6])
	assert.Equal(t, `#= layers 2 heads 3`, is[8])
	for _, i := range []int{5, 6, 8} {
		is[i] = was[i]
	}
	assert.Equal(t, was, is)
}

func TestNotation(t *testing.T) {
	assert.Equal(t, `[1,1.0,true,"x"]`, Sequence([]value.Value{value.OfInt(1), value.OfFloat(1), value.OfBool(true), value.OfString("x")}))
	assert.Equal(t, `[[0,1],[1,0]]`, Matrix([][]bool{{false, true}, {true, false}}))
	assert.Equal(t, `[]`, Matrix([][]bool{{false}}))
}
