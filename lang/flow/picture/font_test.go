package picture

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"golang.org/x/image/font"

	"rasp/lang/flow/picture/raster"
)

// TestWidths: the tables have the widths of the fonts that a PNG is painted with.
func TestWidths(t *testing.T) {
	faces := map[style]font.Face{
		sans: raster.Face(false, false, em), sansBold: raster.Face(false, true, em),
		mono: raster.Face(true, false, em), monoBold: raster.Face(true, true, em),
	}
	for s, face := range faces {
		for r := ' '; r <= '~'; r++ {
			advance, known := face.GlyphAdvance(r)
			assert.True(t, known)
			assert.Equal(t, advance.Floor(), runeWidth(r, s), "%q in style %v", r, s)
		}
		for _, r := range "éüÑßŁőλΩЖщ←→≤≠" {
			advance, known := face.GlyphAdvance(r)
			assert.True(t, known, "%q", r)
			assert.LessOrEqual(t, advance.Floor(), runeWidth(r, s), "%q in style %v", r, s)
		}
	}
}
