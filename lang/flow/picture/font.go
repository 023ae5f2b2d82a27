package picture

import (
	"sync"

	"golang.org/x/image/font"

	"rasp/lang/flow/picture/raster"
)

// The Liberation fonts have the widths of Arial and Courier New, so what is
// measured here fits in an SVG too.

// families are the fonts of an SVG, by style.
var families = map[style]string{
	sans: "'Liberation Sans', Arial, Helvetica, sans-serif",
	mono: "'Liberation Mono', 'Courier New', Courier, monospace",
}

// faces for measuring, at a size of measured.
var faces = sync.OnceValue(func() map[style]font.Face {
	return map[style]font.Face{
		sans: raster.Face(false, false, measured), sansBold: raster.Face(false, true, measured),
		mono: raster.Face(true, false, measured), monoBold: raster.Face(true, true, measured),
	}
})

const measured = 100

var measuring sync.Mutex // faces keep state

// textWidth is the width of text.
func textWidth(text string, s style, size float64) float64 {
	measuring.Lock()
	defer measuring.Unlock()
	return float64(font.MeasureString(faces()[s], text)) / 64 * size / measured
}
