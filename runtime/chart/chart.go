// Package chart has what charts of numbers are made of: lines, bars, points and texts, written
// as SVG that package raster of lang/flow/picture turns into PNG, too. It knows nothing of what
// is shown.
package chart

import (
	"bufio"
	"fmt"
	"html"
	"io"
	"math"
)

// Colors of what charts have in common.
const (
	Grid  = "#dddddd"
	Ink   = "#333333"
	Faint = "#88aacc"
	Paper = "#ffffff"
)

// Canvas is a picture, to which things are added from the ground up. Places are in units of the
// SVG, from the upper left corner. An error of the writer stays until Close.
type Canvas struct{ *bufio.Writer }

// New begins a picture.
func New(w io.Writer, width, height float64) Canvas {
	c := Canvas{bufio.NewWriter(w)}
	fmt.Fprintf(c, `<svg xmlns="http://www.w3.org/2000/svg" width="%g" height="%g" viewBox="0 0 %[1]g %[2]g" font-family="Liberation Sans, Arial, sans-serif" font-size="12">`+"\n", width, height)
	fmt.Fprintf(c, `<rect x="0" y="0" width="%g" height="%g" fill="%s"/>`+"\n", width, height, Paper)
	return c
}

// Close ends the picture.
func (c Canvas) Close() error {
	fmt.Fprintln(c, "</svg>")
	return c.Flush()
}

// Line of the grid.
func (c Canvas) Line(x1, y1, x2, y2 float64) {
	fmt.Fprintf(c, `<path d="M %.2f %.2f L %.2f %.2f" fill="none" stroke="%s" stroke-width="1"/>`+"\n", x1, y1, x2, y2, Grid)
}

// Text with its start, middle or end, as anchor says, at x.
func (c Canvas) Text(x, y float64, anchor, text string) {
	fmt.Fprintf(c, `<text x="%.2f" y="%.2f" text-anchor="%s" fill="%s">%s</text>`+"\n", x, y, anchor, Ink, html.EscapeString(text))
}

// Box is filled.
func (c Canvas) Box(x, y, width, height float64, color string) {
	fmt.Fprintf(c, `<rect x="%.2f" y="%.2f" width="%g" height="%g" fill="%s"/>`+"\n", x, y, width, height, color)
}

// Step is a round number that a span has some 6 of; least is the smallest one.
func Step(span, least float64) float64 {
	step := math.Pow(10, math.Floor(math.Log10(span/6)))
	for _, times := range []float64{1, 2, 5, 10} {
		if s := step * times; s >= span/6 {
			return max(s, least)
		}
	}
	return max(step, least)
}
