package raster

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func painted(t *testing.T, content string) image.Image {
	t.Helper()
	data, _, err := PNG([]byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 0 100 50" font-family="Mono">` + content + `</svg>`))
	require.NoError(t, err)
	img, err := png.Decode(bytes.NewReader(data))
	require.NoError(t, err)
	require.Equal(t, image.Rect(0, 0, 200, 100), img.Bounds())
	return img
}

// at is the colour at a place, in units of the SVG.
func at(img image.Image, x, y float64) color.NRGBA {
	return color.NRGBAModel.Convert(img.At(int((x+10)*pixelsPerUnit), int(y*pixelsPerUnit))).(color.NRGBA)
}

var (
	white = color.NRGBA{255, 255, 255, 255}
	blue  = color.NRGBA{0, 0, 255, 255}
)

func TestShapes(t *testing.T) {
	for name, c := range map[string]struct {
		svg     string
		in, out [2]float64 // places that are blue and white
	}{
		"rectangle":       {`<rect x="10" y="10" width="20" height="10" fill="#00f"/>`, [2]float64{20, 15}, [2]float64{35, 15}},
		"all":             {`<rect x="-10" width="100%" height="20" fill="#0000ff"/>`, [2]float64{88, 15}, [2]float64{88, 25}},
		"class":           {`<style>.c{fill:#00f;stroke:none}@media(x){.c{fill:#f00}}</style><rect width="20" height="20" class="c"/>`, [2]float64{5, 5}, [2]float64{25, 5}},
		"inherited":       {`<g fill="#00f"><rect width="20" height="20"/></g><rect x="30" width="5" height="5" fill="none"/>`, [2]float64{5, 5}, [2]float64{32, 3}},
		"circle":          {`<circle cx="30" cy="20" r="10" fill="none" stroke="#00f" stroke-width="4"/>`, [2]float64{20, 20}, [2]float64{30, 20}},
		"lines":           {`<path d="M10 10h40v20H10Z" fill="#00f"/>`, [2]float64{30, 20}, [2]float64{55, 20}},
		"relative":        {`<path d="m10 10l40 0 0 20-40 0z" fill="#00f"/>`, [2]float64{30, 20}, [2]float64{55, 20}},
		"cubic":           {`<path d="M10 10C10 40 50 40 50 10" fill="none" stroke="#00f" stroke-width="4"/>`, [2]float64{30, 32.5}, [2]float64{30, 20}},
		"relative cubic":  {`<path d="M10 10c0 30 40 30 40 0" fill="none" stroke="#00f" stroke-width="4"/>`, [2]float64{30, 32.5}, [2]float64{30, 20}},
		"quadratic":       {`<path d="M10 10Q30 40 50 10" fill="none" stroke="#00f" stroke-width="4"/>`, [2]float64{30, 25}, [2]float64{30, 12}},
		"dashed":          {`<path d="M10 10H50" stroke="#00f" stroke-width="4" stroke-dasharray="8 8"/>`, [2]float64{14, 10}, [2]float64{22, 10}},
		"no line":         {`<rect width="20" height="20" fill="#00f"/><path d="M30 0H50" fill="none"/>`, [2]float64{5, 5}, [2]float64{40, 0}},
		"nothing written": {`<rect width="20" height="20" fill="#00f"><title>hover</title></rect><text x="30" y="20"><title>hover</title></text>`, [2]float64{5, 5}, [2]float64{32, 16}},
	} {
		img := painted(t, c.svg)
		assert.Equal(t, blue, at(img, c.in[0], c.in[1]), name)
		assert.Equal(t, white, at(img, c.out[0], c.out[1]), name)
	}
}

func TestOpacity(t *testing.T) {
	half := at(painted(t, `<rect width="20" height="20" fill="#000" fill-opacity="0.5"/>`), 5, 5)
	assert.InDelta(t, 127, half.R, 2)
}

// TestText: a text stands where its anchor says, in its size, and larger if it is.
func TestText(t *testing.T) {
	for anchor, want := range map[string][2]float64{"start": {40, 65}, "middle": {28, 53}, "end": {15, 40}} {
		img := painted(t, `<text x="40" y="30" font-size="20" text-anchor="`+anchor+`">MM</text>`)
		ink := inked(img)
		assert.InDelta(t, want[0], float64(ink.Min.X)/pixelsPerUnit-10, 3, anchor)
		assert.InDelta(t, want[1], float64(ink.Max.X)/pixelsPerUnit-10, 3, anchor)
		assert.InDelta(t, 30, float64(ink.Max.Y)/pixelsPerUnit, 1, anchor)
	}
	small, bold := inked(painted(t, `<text x="0" y="30" font-size="10">M</text>`)), inked(painted(t, `<text x="0" y="30" font-size="10" font-weight="bold">M</text>`))
	assert.Less(t, small.Dy(), 20)
	assert.NotEmpty(t, bold)
}

// TestLacking: what the fonts lack is a box, one for each character that is seen, and is
// told once.
func TestLacking(t *testing.T) {
	text := func(s string) string { return `<text x="0" y="30">` + s + `</text>` }
	for s, boxes := range map[string]string{"🍦": "□", "a🍦🍦b": "a□□b", "👩\u200d🔧": "□□", "❤\ufe0f日": "□□", "é≤…": "é≤…"} {
		assert.Equal(t, painted(t, text(boxes)), painted(t, text(s)), s)
	}
	_, lacking, err := PNG([]byte(`<svg viewBox="0 0 99 99">` + text("a👩\u200d🔧") + text("🔧 é≤") + `</svg>`))
	require.NoError(t, err)
	assert.Equal(t, []rune("👩🔧"), lacking)
}

// inked is the part of an image that is not white.
func inked(img image.Image) image.Rectangle {
	var ink image.Rectangle
	for x := range img.Bounds().Dx() {
		for y := range img.Bounds().Dy() {
			if r, _, _, _ := img.At(x, y).RGBA(); r < 0xc000 {
				ink = ink.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return ink
}

// TestUnknown: what is not painted is an error.
func TestUnknown(t *testing.T) {
	for svg, want := range map[string]string{
		`<svg viewBox="0 0 9 9"><line/></svg>`:                        "an element <line> is not painted",
		`<svg viewBox="0 0 9 9"><path d="M0 0A1 1 0 0 0 2 2"/></svg>`: `a path with "A" is not painted`,
		`<svg viewBox="0 0 9 9"><path d="M0 0L1"/></svg>`:             `a path ends within "L"`,
		`<svg viewBox="0 0 9 9"><rect fill="red"/></svg>`:             `fill="red": no colour as #rrggbb`,
		`<svg viewBox="0 0 9 9"><rect x="left"/></svg>`:               `x of <rect>: "left" is no number`,
		`<svg/>`:                                `viewBox: "" is not four numbers`,
		`<svg viewBox="0 0 99999 99999"></svg>`: "a PNG of 199998 x 199998 pixels is too large; an SVG has no such limit",
		`<rect/>`:                               "the first element is <rect>, not <svg>",
		``:                                      "there is no element svg",
		`<svg viewBox="0 0 9 9">`:               "XML syntax error on line 1: unexpected EOF",
	} {
		_, _, err := PNG([]byte(svg))
		assert.EqualError(t, err, want, svg)
	}
}
