package picture

import (
	"sync"

	"codeberg.org/go-fonts/liberation/liberationmonobold"
	"codeberg.org/go-fonts/liberation/liberationmonoregular"
	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
)

// The Liberation fonts have the widths of Arial and Courier New, so what is
// measured here fits in an SVG too.

// families are the fonts of an SVG, by style.
var families = map[style]string{
	sans: "'Liberation Sans', Arial, Helvetica, sans-serif",
	mono: "'Liberation Mono', 'Courier New', Courier, monospace",
}

// face is a font in a size; it panics if an embedded font is faulty, which no
// input can bring about.
func face(s style, size float64) font.Face {
	files := map[style][]byte{
		sans: liberationsansregular.TTF, sansBold: liberationsansbold.TTF,
		mono: liberationmonoregular.TTF, monoBold: liberationmonobold.TTF,
	}
	parsed, err := opentype.Parse(files[s])
	if err != nil {
		panic(err)
	}
	const pixelsAreUnits = 72
	f, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: pixelsAreUnits, Hinting: font.HintingNone})
	if err != nil {
		panic(err)
	}
	return f
}

// faces for measuring, at a size of measured.
var faces = sync.OnceValue(func() map[style]font.Face {
	list := map[style]font.Face{}
	for _, s := range []style{sans, sansBold, mono, monoBold} {
		list[s] = face(s, measured)
	}
	return list
})

const measured = 100

var measuring sync.Mutex // faces keep state

// textWidth is the width of text.
func textWidth(text string, s style, size float64) float64 {
	measuring.Lock()
	defer measuring.Unlock()
	return float64(font.MeasureString(faces()[s], text)) / 64 * size / measured
}
