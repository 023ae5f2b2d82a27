package chart

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStep(t *testing.T) {
	for span, want := range map[float64]float64{0.6: 0.1, 1: 0.2, 2.5: 0.5, 6: 1, 50: 10} {
		assert.InDelta(t, want, Step(span, 0), 1e-12, "%v", span)
	}
	assert.Equal(t, 1.0, Step(2, 1))
}

// What is drawn is XML, whatever the texts are.
func TestCanvas(t *testing.T) {
	var b strings.Builder
	c := New(&b, 100, 50)
	c.Line(0, 0, 1, 1)
	c.Box(2, 3, 4, 5, Faint)
	c.Text(1, 2, "end", `a < b & "c"`)
	require.NoError(t, c.Close())
	var texts []string
	d := xml.NewDecoder(strings.NewReader(b.String()))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		if text, ok := token.(xml.CharData); ok && strings.TrimSpace(string(text)) != "" {
			texts = append(texts, string(text))
		}
	}
	assert.Equal(t, []string{`a < b & "c"`}, texts)
}
