package inside_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/inside"
	"rasp/compiler/inside/picture"
	"rasp/lang/golden"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// TestPictures draws each golden model: an SVG that is XML, and a page that needs nothing
// else, is not too large, has the scores of which the weights are made, and the circuits of
// heads that make the scores.
func TestPictures(t *testing.T) {
	var compared atomic.Int64
	t.Cleanup(func() { assert.Greater(t, compared.Load(), int64(1000), "scores compared with circuits") })
	eachModel(t, func(t *testing.T, m *model.Model) {
		x, err := inside.New(m)
		require.NoError(t, err)
		if inputs := inputsOfModel(t, m, 2); len(inputs) > 0 {
			input := inputs[len(inputs)-1]
			draws(t, x, input)
			compared.Add(int64(headCircuits(t, x, input)))
		}
	})
}

// elsewhere is what a browser would fetch.
var elsewhere = regexp.MustCompile(`(?i)<(script|img|link|iframe|image|use)[^>]*\b(src|href)=|url\(|@import`)

func draws(t *testing.T, x *inside.Model, input []value.Value) (svg, page string) {
	p, err := picture.New(x, []picture.Input{{Title: "title", Tokens: input}, {Title: "shorter", Tokens: input[:1]}})
	require.NoError(t, err)
	svg = string(p.SVG())
	isXML(t, svg)
	content, err := p.Page(picture.Parts{Circuit: []byte("<svg></svg>"), Text: "the <program>"})
	require.NoError(t, err)
	assert.Less(t, len(content), 300_000)
	page = string(content)
	assert.NotRegexp(t, elsewhere, page)
	trace, err := x.Trace(input)
	require.NoError(t, err)
	scoresMakeWeights(t, page, trace)
	return svg, page
}

func isXML(t *testing.T, text string) {
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else {
			require.NoError(t, err)
		}
	}
}

// scoresMakeWeights: the softmax that the script computes is that of the model.
func scoresMakeWeights(t *testing.T, page string, trace *inside.Trace) {
	_, after, found := strings.Cut(page, "const data = ")
	require.True(t, found)
	var data struct {
		Runs []struct {
			Scores [][][]*float64
		}
	}
	require.NoError(t, json.NewDecoder(bytes.NewBufferString(after)).Decode(&data))
	at := 0
	for _, l := range trace.Layers {
		for _, h := range l.Heads {
			if at == len(data.Runs[0].Scores) {
				return // the last heads are left out
			}
			for q, row := range data.Runs[0].Scores[at] {
				total := 0.0
				for _, s := range row {
					if s != nil {
						total += math.Exp(*s)
					}
				}
				for k, s := range row {
					w := 0.0
					if s != nil {
						w = math.Exp(*s) / total
					}
					require.InDelta(t, h.Weights[q+1][k], w, 1e-3, "%s, query %d, key %d", h.Name, q, k)
				}
			}
			at++
		}
	}
}

// TestPictureEscapes: no token is read as markup, in the picture or the script.
func TestPictureEscapes(t *testing.T) {
	chunks, err := golden.Read("test.rasp", `#== tokens that are markup
#rasp:vocab ["</script><img src=x>", "<b>&", "a\u0007\"'"]
#rasp:length 3
back = aggregate(select(indices, length - 1 - indices, ==), tokens);
`)
	require.NoError(t, err)
	m := modelOf(chunks[0], 1)
	require.NotNil(t, m)
	x, err := inside.New(m)
	require.NoError(t, err)
	svg, page := draws(t, x, []value.Value{value.OfString("</script><img src=x>"), value.OfString("<b>&"), value.OfString("a\a\"'")})
	for _, text := range []string{svg, page} {
		assert.NotContains(t, text, "<img")
		assert.NotContains(t, text, "<b>&")
	}
	assert.Equal(t, 1, strings.Count(page, "</script>"))
	assert.Contains(t, svg, "&lt;b&gt;&amp;")
}

// TestPictureOfShortInput: the circuits of a head stand on the right of its matrix where the
// input is short, else below.
func TestPictureOfShortInput(t *testing.T) {
	chunks, err := golden.Read("test.rasp", `#== a short input
#rasp:vocab "ab"
#rasp:length 20
before = aggregate(select(indices, indices - 1, ==), tokens, "a");
`)
	require.NoError(t, err)
	m := modelOf(chunks[0], 1)
	require.NotNil(t, m)
	x, err := inside.New(m)
	require.NoError(t, err)
	title := regexp.MustCompile(`<text x="([^"]*)" y="([^"]*)" class="m">QK`)
	key := regexp.MustCompile(`y="([^"]*)" class="m i"><title>BOS, as key`)
	for length, beside := range map[int]bool{2: true, 20: false} {
		svg, _ := draws(t, x, slices.Repeat([]value.Value{value.OfString("b")}, length))
		at, matrix := title.FindStringSubmatch(svg), key.FindStringSubmatch(svg)
		require.NotNil(t, at)
		require.NotNil(t, matrix)
		assert.Equal(t, beside, at[2] == matrix[1], "%d tokens: the height", length)
		assert.Equal(t, !beside, at[1] == "0", "%d tokens: the left end", length)
	}
}

// TestPictureIsBounded: of a long input the end is not drawn, and that is said.
func TestPictureIsBounded(t *testing.T) {
	chunks, err := golden.Read("test.rasp", `#== a long input
#rasp:vocab "ab"
#rasp:length 400
before = aggregate(select(indices, indices - 1, ==), tokens, "a");
`)
	require.NoError(t, err)
	m := modelOf(chunks[0], 1)
	require.NotNil(t, m)
	x, err := inside.New(m)
	require.NoError(t, err)
	var input []value.Value
	for range 400 {
		input = append(input, value.OfString("b"))
	}
	svg, page := draws(t, x, input)
	for _, text := range []string{svg, page} {
		assert.Contains(t, text, "Not shown: 379 positions at the end of the input")
	}
	p, err := picture.New(x, []picture.Input{{Title: "title", Tokens: input}})
	require.NoError(t, err)
	content, err := p.Page(picture.Parts{Circuit: bytes.Repeat([]byte("<g></g>"), 50_000)})
	require.NoError(t, err)
	assert.Contains(t, string(content), "the circuit, which is large")
	assert.Less(t, len(content), 300_000)
}
