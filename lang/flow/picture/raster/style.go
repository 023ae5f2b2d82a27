package raster

import (
	"fmt"
	"image/color"
	"strconv"
	"strings"

	"rasp/lang/pattern"
)

// style is how an element looks; what is in it inherits that.
type style struct {
	fill, stroke               *color.NRGBA // nil for none
	fillOpacity, strokeOpacity float64
	line                       float64 // width of the stroke, in units
	dash                       []float64
	size                       float64 // of the font, in units
	mono, bold                 bool
	anchor                     float64 // which part of a text is at its x: 0 its start, 1 its end
}

// initial is the style of an SVG that says nothing.
var initial = style{fill: &color.NRGBA{A: 255}, fillOpacity: 1, strokeOpacity: 1, line: 1, size: 16}

// with is the style of an element in one of a style. Rules of a class go before attributes.
func (s style) with(a attributes, rules map[string]attributes) (style, error) {
	if err := s.take(a); err != nil {
		return s, err
	}
	for _, class := range strings.Fields(a["class"]) {
		if err := s.take(rules[class]); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (s *style) take(a attributes) (err error) {
	for name, text := range a {
		switch name {
		case "fill":
			s.fill, err = colorOf(text)
		case "stroke":
			s.stroke, err = colorOf(text)
		case "fill-opacity":
			s.fillOpacity, err = strconv.ParseFloat(text, 64)
		case "stroke-opacity":
			s.strokeOpacity, err = strconv.ParseFloat(text, 64)
		case "stroke-width":
			s.line, err = strconv.ParseFloat(text, 64)
		case "stroke-dasharray":
			s.dash, err = lengths(text)
		case "font-size":
			s.size, err = strconv.ParseFloat(strings.TrimSuffix(text, "px"), 64)
		case "font-family":
			s.mono = strings.Contains(text, "Mono")
		case "font-weight":
			s.bold = text == "bold"
		case "text-anchor":
			s.anchor = map[string]float64{"middle": 0.5, "end": 1}[text]
		}
		if err != nil {
			return fmt.Errorf("%s=%q: %w", name, text, err)
		}
	}
	return nil
}

// lengths of a dash, in pixels.
func lengths(text string) (list []float64, err error) {
	for _, field := range strings.Fields(text) {
		length, err := strconv.ParseFloat(field, 64)
		if err != nil {
			return nil, err
		}
		list = append(list, length*pixelsPerUnit)
	}
	return list, nil
}

// colorOf reads #rgb, #rrggbb or none.
func colorOf(text string) (*color.NRGBA, error) {
	if text == "none" {
		return nil, nil
	}
	digits := strings.TrimPrefix(text, "#")
	if len(digits) == 3 {
		digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	rgb, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || len(digits) != 6 {
		return nil, fmt.Errorf("no colour as #rrggbb")
	}
	return &color.NRGBA{uint8(rgb >> 16), uint8(rgb >> 8), uint8(rgb), 255}, nil
}

func opaque(c *color.NRGBA, opacity float64) color.Color {
	seen := *c
	seen.A = uint8(255*max(0, min(1, opacity)) + 0.5)
	return seen
}

var (
	rule     = pattern.Of(`\.(\w+)\{([^}]*)\}`)
	property = pattern.Of(`([\w-]+):([^;]+)`)
)

// rulesOf a style sheet are those of single classes, before any for a medium.
func rulesOf(sheet string) map[string]attributes {
	sheet, _, _ = strings.Cut(sheet, "@")
	rules := map[string]attributes{}
	for _, r := range rule().FindAllStringSubmatch(sheet, -1) {
		rules[r[1]] = attributes{}
		for _, p := range property().FindAllStringSubmatch(r[2], -1) {
			rules[r[1]][p[1]] = p[2]
		}
	}
	return rules
}
