package picture

import (
	"bytes"
	"fmt"
	"html"
	"strconv"
	"strings"
)

// writeSVG writes a scene as an SVG file.
func writeSVG(b *bytes.Buffer, s *scene) {
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s">`+"\n",
		number(s.width), number(s.height), number(s.width), number(s.height))
	fmt.Fprintf(b, `<rect width="100%%" height="100%%" fill="%s"/>`+"\n", ground)
	for _, shape := range s.shapes {
		switch shape := shape.(type) {
		case rect:
			shape.svg(b)
		case label:
			shape.svg(b)
		case path:
			shape.svg(b)
		case disc:
			fmt.Fprintf(b, `<circle cx="%s" cy="%s" r="%s" fill="%s"/>`+"\n", number(shape.x), number(shape.y), number(shape.r), shape.color)
		}
	}
	b.WriteString("</svg>\n")
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
	family, weight := families[t.style], ""
	switch t.style {
	case sansBold:
		family, weight = families[sans], ` font-weight="bold"`
	case monoBold:
		family, weight = families[mono], ` font-weight="bold"`
	}
	anchors := map[anchor]string{left: "start", middle: "middle", right: "end"}
	fmt.Fprintf(b, `<text x="%s" y="%s" font-family="%s" font-size="%s"%s text-anchor="%s" fill="%s" xml:space="preserve">`,
		number(t.x), number(t.y), family, number(t.size), weight, anchors[t.at], t.color)
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
	fmt.Fprintf(b, `<path d="%s" fill="none" stroke="%s" stroke-width="%s" stroke-linejoin="round"`, d.String(), p.color, number(p.line))
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
