package picture

// The Liberation fonts have the widths of Arial and Courier New, so what is
// measured here fits in an SVG too, and in the PNG that package raster makes of it.

// families are the fonts of an SVG, by style.
var families = map[style]string{
	sans: "'Liberation Sans', Arial, Helvetica, sans-serif",
	mono: "'Liberation Mono', 'Courier New', Courier, monospace",
}

// Widths in units of the fonts, of which an em has so many.
const (
	em        = 2048
	monoWidth = 1229
)

// asciiWidths are those of the characters from space to tilde. A table, and not the fonts:
// they would be two megabytes of a page's engine.
var asciiWidths = map[style][]int{
	sans: {
		569, 569, 727, 1139, 1139, 1821, 1366, 391, 682, 682, 797, 1196, 569, 682, 569, 569,
		1139, 1139, 1139, 1139, 1139, 1139, 1139, 1139, 1139, 1139, 569, 569, 1196, 1196, 1196, 1139,
		2079, 1366, 1366, 1479, 1479, 1366, 1251, 1593, 1479, 569, 1024, 1366, 1139, 1706, 1479, 1593,
		1366, 1593, 1479, 1366, 1251, 1479, 1366, 1933, 1366, 1366, 1251, 569, 569, 569, 961, 1139,
		682, 1139, 1139, 1024, 1139, 1139, 569, 1139, 1139, 455, 455, 1024, 455, 1706, 1139, 1139,
		1139, 1139, 682, 1024, 569, 1139, 1024, 1479, 1024, 1024, 1024, 684, 532, 684, 1196,
	},
	sansBold: {
		569, 682, 971, 1139, 1139, 1821, 1479, 487, 682, 682, 797, 1196, 569, 682, 569, 569,
		1139, 1139, 1139, 1139, 1139, 1139, 1139, 1139, 1139, 1139, 682, 682, 1196, 1196, 1196, 1251,
		1997, 1479, 1479, 1479, 1479, 1366, 1251, 1593, 1479, 569, 1139, 1479, 1251, 1706, 1479, 1593,
		1366, 1593, 1479, 1366, 1251, 1479, 1366, 1933, 1366, 1366, 1251, 682, 569, 682, 1196, 1139,
		682, 1139, 1251, 1139, 1251, 1139, 682, 1251, 1251, 569, 569, 1139, 569, 1821, 1251, 1251,
		1251, 1251, 797, 1139, 682, 1251, 1139, 1593, 1139, 1139, 1024, 797, 573, 797, 1196,
	},
}

// textWidth is the width of text, or a little more.
func textWidth(text string, s style, size float64) float64 {
	units := 0
	for _, r := range text {
		units += runeWidth(r, s)
	}
	return float64(units) * size / em
}

func runeWidth(r rune, s style) int {
	widths := asciiWidths[s]
	switch {
	case isWide(r):
		return em
	case widths == nil:
		return monoWidth
	case r >= ' ' && r <= '~':
		return widths[r-' ']
	}
	return em // no character is wider, and few texts have others
}

// isWide reports whether a character is one that the fonts lack and others have as wide as
// an em: those of East Asia, and pictures.
func isWide(r rune) bool {
	return r >= 0x1100 && r < 0x1200 || r >= 0x2e80 && r < 0xfb00 || r >= 0x1f000
}
