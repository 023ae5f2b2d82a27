package picture

import (
	"bytes"
	"fmt"
	"html"
	"strconv"
	"strings"
)

// writeSVG writes a scene as an SVG file. What most shapes have stands at its root.
func writeSVG(b *bytes.Buffer, s *scene) {
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s" font-family="%s" font-size="%s" fill="%s" stroke-linejoin="round">`+"\n",
		number(s.width), number(s.height), number(s.width), number(s.height), families[mono], number(cellFont), ink)
	fmt.Fprintf(b, `<rect width="100%%" height="100%%" fill="%s"/>`+"\n", ground)
	writeShapes(b, s.shapes)
	b.WriteString("</svg>\n")
}

func writeShapes(b *bytes.Buffer, shapes []shape) {
	for _, shape := range shapes {
		switch shape := shape.(type) {
		case rect:
			shape.svg(b)
		case label:
			shape.svg(b)
		case path:
			shape.svg(b)
		case disc:
			fmt.Fprintf(b, `<circle cx="%s" cy="%s" r="%s" fill="%s"/>`+"\n", number(shape.x), number(shape.y), number(shape.r), shape.color)
		case group:
			b.WriteString("<g>")
			writeTitle(b, shape.title)
			writeShapes(b, shape.shapes)
			b.WriteString("</g>\n")
		}
	}
}

func (r rect) svg(b *bytes.Buffer) {
	fmt.Fprintf(b, `<rect x="%s" y="%s" width="%s" height="%s"`, number(r.x), number(r.y), number(r.w), number(r.h))
	if r.round > 0 {
		fmt.Fprintf(b, ` rx="%s"`, number(r.round))
	}
	fmt.Fprintf(b, ` fill="%s"`, paintOr(r.fill))
	if r.stroke != "" {
		fmt.Fprintf(b, ` stroke="%s" stroke-width="%s"`, r.stroke, number(r.line))
	}
	closeTag(b, "rect", r.title)
}

func (t label) svg(b *bytes.Buffer) {
	fmt.Fprintf(b, `<text x="%s" y="%s"`, number(t.x), number(t.y))
	if t.style == sans || t.style == sansBold {
		fmt.Fprintf(b, ` font-family="%s"`, families[sans])
	}
	if t.style == sansBold || t.style == monoBold {
		b.WriteString(` font-weight="bold"`)
	}
	if t.size != cellFont {
		fmt.Fprintf(b, ` font-size="%s"`, number(t.size))
	}
	if t.at != left {
		fmt.Fprintf(b, ` text-anchor="%s"`, map[anchor]string{middle: "middle", right: "end"}[t.at])
	}
	if t.color != ink {
		fmt.Fprintf(b, ` fill="%s"`, t.color)
	}
	if strings.Join(strings.Fields(t.text), " ") != t.text {
		b.WriteString(` xml:space="preserve"`)
	}
	b.WriteByte('>')
	writeTitle(b, t.title)
	b.WriteString(escape(t.text) + "</text>\n")
}

func (p path) svg(b *bytes.Buffer) {
	points := p.points
	var d strings.Builder
	for i, q := range points {
		command := "L"
		if i == 0 {
			command = "M"
		}
		d.WriteString(command + number(q.x) + " " + number(q.y))
	}
	fmt.Fprintf(b, `<path d="%s" fill="none" stroke="%s" stroke-width="%s"`, d.String(), p.color, number(p.line))
	closeTag(b, "path", p.title)
	if p.arrow {
		h := arrowHead(points[len(points)-2], points[len(points)-1])
		fmt.Fprintf(b, `<path d="M%s %sL%s %sL%s %sZ" fill="%s"/>`+"\n", number(h[0].x), number(h[0].y),
			number(h[1].x), number(h[1].y), number(h[2].x), number(h[2].y), p.color)
	}
}

func closeTag(b *bytes.Buffer, name, title string) {
	if title == "" {
		b.WriteString("/>\n")
		return
	}
	b.WriteByte('>')
	writeTitle(b, title)
	b.WriteString("</" + name + ">\n")
}

func writeTitle(b *bytes.Buffer, title string) {
	if title != "" {
		b.WriteString("<title>" + escape(title) + "</title>")
	}
}

func paintOr(color string) string {
	if color == "" {
		return "none"
	}
	return color
}

// number has at most two places.
func number(x float64) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(x, 'f', 2, 64), "0"), ".")
}

// escape makes text fit for XML, which has no control characters.
func escape(text string) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0xfffe || r == 0xffff || r == 0x7f {
			return '\ufffd'
		}
		return r
	}, text)
	return html.EscapeString(clean)
}
