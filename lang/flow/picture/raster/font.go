package raster

import (
	"strings"
	"unicode"

	"codeberg.org/go-fonts/liberation/liberationmonobold"
	"codeberg.org/go-fonts/liberation/liberationmonoregular"
	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
)

type typeface struct {
	mono, bold bool
	size       float64
}

// Face is a Liberation font in a size; these have the widths of Arial and Courier New. It
// panics if an embedded font is faulty, which no input can bring about.
func Face(mono, bold bool, size float64) font.Face {
	const pixelsAreUnits = 72
	f, err := opentype.NewFace(fontOf(mono, bold), &opentype.FaceOptions{Size: size, DPI: pixelsAreUnits, Hinting: font.HintingNone})
	if err != nil {
		panic(err)
	}
	return f
}

func fontOf(mono, bold bool) *sfnt.Font {
	file := liberationsansregular.TTF
	switch {
	case mono && bold:
		file = liberationmonobold.TTF
	case mono:
		file = liberationmonoregular.TTF
	case bold:
		file = liberationsansbold.TTF
	}
	parsed, err := opentype.Parse(file)
	if err != nil {
		panic(err)
	}
	return parsed
}

// box stands for a character that the fonts lack. They have it themselves.
const box = '□'

// drawable is a text with boxes for the characters that a font lacks, which it returns too.
// What only joins or varies others, as in a sequence of emoji, is left out.
func drawable(f *sfnt.Font, text string) (drawn string, lacking []rune) {
	drawn = strings.Map(func(r rune) rune {
		switch glyph, err := f.GlyphIndex(nil, r); {
		case unicode.In(r, unicode.Cf, unicode.Variation_Selector):
			return -1
		case err == nil && glyph != 0, unicode.IsSpace(r):
			return r
		}
		lacking = append(lacking, r)
		return box
	}, text)
	return drawn, lacking
}
