package raster

import (
	"codeberg.org/go-fonts/liberation/liberationmonobold"
	"codeberg.org/go-fonts/liberation/liberationmonoregular"
	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
)

type typeface struct {
	mono, bold bool
	size       float64
}

// Face is a Liberation font in a size; these have the widths of Arial and Courier New. It
// panics if an embedded font is faulty, which no input can bring about.
func Face(mono, bold bool, size float64) font.Face {
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
	const pixelsAreUnits = 72
	f, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: pixelsAreUnits, Hinting: font.HintingNone})
	if err != nil {
		panic(err)
	}
	return f
}
