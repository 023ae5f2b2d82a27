package picture

import (
	"io/fs"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang"
	"rasp/lang/flow"
	"rasp/lang/golden"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/stdlib"
)

// eachPicture draws each ready-made program on the first input that it gives.
func eachPicture(t *testing.T, f func(t *testing.T, p *Picture)) {
	files, err := fs.Glob(stdlib.FS, "*.rasp")
	require.NoError(t, err)
	drawn := 0
	for _, file := range files {
		text, err := fs.ReadFile(stdlib.FS, file)
		require.NoError(t, err)
		chunks, err := golden.Read(file, string(text))
		require.NoError(t, err)
		if len(chunks[0].Cases) == 0 {
			continue // the library
		}
		drawn++
		t.Run(file, func(t *testing.T) {
			program, faults := lang.Parse(file, string(text))
			require.NoError(t, faults.Err())
			says := program.File.Directives
			outputs, fault := program.Outputs(nil, says.Vocab)
			require.Nil(t, fault)
			input := chunks[0].Cases[0].Input
			e := interp.New(says.Causal, graph.Roots(outputs)...)
			require.NoError(t, e.Run(input))
			f(t, New("title", flow.Of(graph.Roots(outputs)...), e, input))
		})
	}
	assert.Greater(t, drawn, 20)
}

// TestNothingCrossesLabels: no line goes through a text.
func TestNothingCrossesLabels(t *testing.T) {
	eachPicture(t, func(t *testing.T, p *Picture) {
		shapes := flat(layout(p).shapes)
		for _, s := range shapes {
			line, ok := s.(path)
			if !ok {
				continue
			}
			for i := range line.points[1:] {
				for _, s := range shapes {
					if text, ok := s.(label); ok && crosses(line.points[i], line.points[i+1], text) {
						assert.Fail(t, "a line crosses a text", "%q from %v to %v", text.text, line.points[i], line.points[i+1])
					}
				}
			}
		}
	})
}

// flat has the shapes of groups beside the others.
func flat(shapes []shape) (list []shape) {
	for _, s := range shapes {
		if g, ok := s.(group); ok {
			list = append(list, flat(g.shapes)...)
			continue
		}
		list = append(list, s)
	}
	return list
}

// crosses reports that a line, which is upright or level, goes through the letters of a text.
func crosses(a, b point, t label) bool {
	const near = 1
	width := textWidth(t.text, t.style, t.size)
	left := t.x - width*float64(t.at)/2
	top := t.y - t.size*0.7
	return max(a.x, b.x) > left+near && min(a.x, b.x) < left+width-near &&
		max(a.y, b.y) > top+near && min(a.y, b.y) < t.y-near
}

// TestResultsAreMarked: what a picture is the way to has a frame and a name of its colour.
func TestResultsAreMarked(t *testing.T) {
	eachPicture(t, func(t *testing.T, p *Picture) {
		frames, names := 0, 0
		for _, s := range flat(layout(p).shapes) {
			switch s := s.(type) {
			case rect:
				if s.stroke == rootLine {
					frames++
				}
			case label:
				if s.color == rootLine {
					names++
				}
			}
		}
		assert.GreaterOrEqual(t, frames, len(p.results))
		assert.Equal(t, frames, names)
		assert.Contains(t, string(p.Dot()), rootLine)
	})
}
