// Package raster paints an SVG as a PNG, so that both show the same: rectangles, circles,
// paths of lines and curves, and texts, as the pictures of this module are made of.
//
// In comes an SVG; out goes a PNG, light, two pixels a unit. What it does not know is an
// error: no part of a picture is silently left out. Glyphs are those of the Liberation
// fonts; what they lack is an empty box, and PNG says what that is. It knows nothing of what is drawn.
//
//	raster.go  elements, from back to front
//	style.go   how they look: attributes, classes, what they inherit
//	path.go    the data of a path
//	font.go    the fonts
package raster

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/color"
	"io"
	"slices"
	"strconv"
	"strings"

	"git.sr.ht/~sbinet/gg"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
)

const (
	pixelsPerUnit = 2
	mostPixels    = 1 << 27 // about 500 MB while it is painted
)

// PNG paints an SVG. lacking are the characters of its texts that the fonts lack, each once:
// in their places stand boxes.
func PNG(svg []byte) (png []byte, lacking []rune, err error) {
	d := xml.NewDecoder(bytes.NewReader(svg))
	p := &painter{rules: map[string]attributes{}, faces: map[typeface]face{}, open: []element{{style: initial}}}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			err = p.start(token)
		case xml.CharData:
			p.top().text += string(token)
		case xml.EndElement:
			p.end()
		}
		if err != nil {
			return nil, nil, err
		}
	}
	if p.Context == nil {
		return nil, nil, errors.New("there is no element svg")
	}
	var b bytes.Buffer
	err = p.EncodePNG(&b)
	return b.Bytes(), p.lacking, err
}

// painter knows the elements that have begun and not ended.
type painter struct {
	*gg.Context
	width, height float64 // of the view box
	rules         map[string]attributes
	faces         map[typeface]face
	open          []element
	lacking       []rune // characters
}

// face is a font in a size, and the font itself.
type face struct {
	font.Face
	whole *sfnt.Font
}

// element of an SVG.
type element struct {
	name string
	attributes
	style
	text string
}

type attributes map[string]string

func (p *painter) top() *element { return &p.open[len(p.open)-1] }

// start paints an element, unless it is made of what is in it.
func (p *painter) start(token xml.StartElement) error {
	e := element{name: token.Name.Local, attributes: attributes{}}
	for _, a := range token.Attr {
		e.attributes[a.Name.Local] = a.Value
	}
	var err error
	if e.style, err = p.top().style.with(e.attributes, p.rules); err != nil {
		return err
	}
	p.open = append(p.open, e)
	if p.Context == nil && e.name != "svg" {
		return fmt.Errorf("the first element is <%s>, not <svg>", e.name)
	}
	switch e.name {
	case "svg":
		return p.begin(e)
	case "rect":
		return p.rect(e)
	case "circle":
		n, err := e.numbers("cx", "cy", "r")
		p.DrawCircle(n[0], n[1], n[2])
		p.paint(e.style)
		return err
	case "path":
		err := trace(p.Context, e.attributes["d"])
		p.paint(e.style)
		return err
	case "g", "text", "title", "style":
		return nil
	}
	return fmt.Errorf("an element <%s> is not painted", e.name)
}

// end paints a text.
func (p *painter) end() {
	e := p.top()
	switch e.name {
	case "style":
		p.rules = rulesOf(e.text)
	case "text":
		p.label(*e)
	}
	p.open = p.open[:len(p.open)-1]
}

// begin makes the ground, which is white.
func (p *painter) begin(e element) error {
	var x, y float64
	if _, err := fmt.Sscan(e.attributes["viewBox"], &x, &y, &p.width, &p.height); err != nil {
		return fmt.Errorf("viewBox: %q is not four numbers", e.attributes["viewBox"])
	}
	w, h := int(p.width*pixelsPerUnit), int(p.height*pixelsPerUnit)
	if w < 1 || h < 1 || w > mostPixels/h {
		return fmt.Errorf("a PNG of %d x %d pixels is too large; an SVG has no such limit", w, h)
	}
	p.Context = gg.NewContext(w, h)
	p.SetColor(color.White)
	p.Clear()
	p.Scale(pixelsPerUnit, pixelsPerUnit)
	p.Translate(-x, -y)
	return nil
}

func (p *painter) rect(e element) error {
	whole := map[string]float64{"width": p.width, "height": p.height}
	for name, size := range whole {
		if e.attributes[name] == "100%" {
			e.attributes[name] = strconv.FormatFloat(size, 'g', -1, 64)
		}
	}
	n, err := e.numbers("x", "y", "width", "height", "rx")
	p.DrawRoundedRectangle(n[0], n[1], n[2], n[3], n[4])
	p.paint(e.style)
	return err
}

// numbers are attributes, 0 where there are none.
func (e element) numbers(names ...string) ([]float64, error) {
	list := make([]float64, len(names))
	for i, name := range names {
		text, ok := e.attributes[name]
		if !ok {
			continue
		}
		var err error
		if list[i], err = strconv.ParseFloat(text, 64); err != nil {
			return list, fmt.Errorf("%s of <%s>: %q is no number", name, e.name, text)
		}
	}
	return list, nil
}

// paint fills the path and draws its line.
func (p *painter) paint(s style) {
	if s.fill != nil {
		p.SetColor(opaque(s.fill, s.fillOpacity))
		p.FillPreserve()
	}
	if s.stroke != nil {
		p.SetColor(opaque(s.stroke, s.strokeOpacity))
		p.SetLineWidth(s.line * pixelsPerUnit)
		p.SetDash(s.dash...)
		p.StrokePreserve()
	}
	p.ClearPath()
}

// label is painted in pixels: glyphs are not scaled.
func (p *painter) label(e element) {
	if e.fill == nil || strings.TrimSpace(e.text) == "" {
		return
	}
	n, _ := e.numbers("x", "y")
	key := typeface{e.mono, e.bold, e.size * pixelsPerUnit}
	if _, known := p.faces[key]; !known {
		p.faces[key] = face{Face(e.mono, e.bold, e.size*pixelsPerUnit), fontOf(e.mono, e.bold)}
	}
	text, lacking := drawable(p.faces[key].whole, e.text)
	for _, r := range lacking {
		if !slices.Contains(p.lacking, r) {
			p.lacking = append(p.lacking, r)
		}
	}
	p.SetFontFace(p.faces[key].Face)
	p.SetColor(opaque(e.fill, e.fillOpacity))
	x, y := p.TransformPoint(n[0], n[1])
	p.Push()
	p.Identity()
	p.DrawStringAnchored(text, x, y, e.anchor, 0)
	p.Pop()
}
