package picture

import (
	"bytes"
	"fmt"
	"image/color"
	"strconv"

	"git.sr.ht/~sbinet/gg"
	"golang.org/x/image/font"
)

const (
	pixelsPerUnit = 2
	mostPixels    = 1 << 27 // of a PNG: about 500 MB while it is painted
)

// paint paints a scene as a PNG.
func paint(s *scene) ([]byte, error) {
	w, h := int(s.width*pixelsPerUnit), int(s.height*pixelsPerUnit)
	if w*h > mostPixels {
		return nil, fmt.Errorf("a PNG of %d x %d pixels is too large; an SVG has no such limit", w, h)
	}
	c := &painter{gg.NewContext(w, h), map[typeface]font.Face{}}
	c.SetHexColor(ground)
	c.Clear()
	c.Scale(pixelsPerUnit, pixelsPerUnit)
	for _, shape := range s.shapes {
		c.paint(shape)
	}
	var b bytes.Buffer
	if err := c.EncodePNG(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

type painter struct {
	*gg.Context
	faces map[typeface]font.Face
}

type typeface struct {
	style
	size float64
}

func (c *painter) paint(s shape) {
	switch s := s.(type) {
	case rect:
		c.rect(s)
	case label:
		c.label(s)
	case path:
		c.path(s)
	case disc:
		c.DrawCircle(s.x, s.y, s.r)
		c.SetColor(colorOf(s.color))
		c.Fill()
	}
}

func (c *painter) rect(r rect) {
	if r.fill != "" {
		c.DrawRoundedRectangle(r.x, r.y, r.w, r.h, r.round)
		c.SetColor(colorOf(r.fill))
		c.Fill()
	}
	if r.stroke != "" {
		c.DrawRoundedRectangle(r.x, r.y, r.w, r.h, r.round)
		c.SetColor(colorOf(r.stroke))
		c.SetLineWidth(r.line * pixelsPerUnit)
		c.Stroke()
	}
}

// label is painted in pixels: glyphs are not scaled.
func (c *painter) label(t label) {
	key := typeface{t.style, t.size}
	if c.faces[key] == nil {
		c.faces[key] = face(t.style, t.size*pixelsPerUnit)
	}
	c.SetFontFace(c.faces[key])
	c.SetColor(colorOf(t.color))
	c.Push()
	c.Identity()
	c.DrawStringAnchored(t.text, t.x*pixelsPerUnit, t.y*pixelsPerUnit, float64(t.at)/2, 0)
	c.Pop()
}

func (c *painter) path(p path) {
	for _, q := range p.points {
		c.LineTo(q.x, q.y)
	}
	c.SetColor(colorOf(p.color))
	c.SetLineWidth(p.line * pixelsPerUnit)
	c.Stroke()
	if p.arrow {
		for _, q := range arrowHead(p.points[len(p.points)-2], p.points[len(p.points)-1]) {
			c.LineTo(q.x, q.y)
		}
		c.ClosePath()
		c.Fill()
	}
}

// colorOf reads #rrggbb.
func colorOf(text string) color.Color {
	rgb, err := strconv.ParseUint(text[1:], 16, 32)
	if err != nil {
		panic(err) // colours are constants
	}
	return color.RGBA{uint8(rgb >> 16), uint8(rgb >> 8), uint8(rgb), 0xff}
}
