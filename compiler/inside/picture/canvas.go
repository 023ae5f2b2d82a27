package picture

import (
	"fmt"
	"html"
	"strings"
)

// style is that of all drawings. A cell is as opaque as its weight is large, so that it
// is right on light and dark ground.
const style = `.t{fill:#1b1b1b}.m{fill:#666}.h{font-weight:bold;font-size:15px}.b{font-weight:bold}.x{fill:#c0182b}.w{fill:#fff}
.e{text-anchor:end}.i{text-anchor:middle}.c{fill:#1f5fbf}.n{fill:#c25a00}.l{stroke:#999;stroke-width:.6}.o{fill:none;stroke:#b35806;stroke-width:2}.g{fill:none;stroke:#999;stroke-width:.6}
.a{fill:none;stroke:#1f5fbf;stroke-width:2}
@media(prefers-color-scheme:dark){.t{fill:#eee}.m{fill:#aaa}.x{fill:#ff7a85}.c{fill:#4d8df0}.n{fill:#f0a050}.a{stroke:#6ea4f7}.o{stroke:#f0a050}.ground{fill:#16181c}}
`

// charWidth is that of the font, which has one width: texts can be placed without it.
const charWidth = 7.3

// canvas is a drawing that grows downward from the cursor.
type canvas struct {
	strings.Builder
	width, y float64
}

// down moves the cursor below something of a height and a right end.
func (c *canvas) down(height, right float64) {
	c.y += height
	c.width = max(c.width, right)
}

// line is a text of its own.
func (c *canvas) line(class, text string) {
	c.text(0, c.y+14, class, text, "")
	c.down(20, charWidth*float64(len([]rune(text)))*1.2)
}

func (c *canvas) text(x, y float64, class, text, title string) {
	fmt.Fprintf(c, `<text x="%s" y="%s" class="%s">%s%s</text>`+"\n", number(x), number(y), class, titled(title), escape(text))
}

func (c *canvas) box(class string, x, y, w, h float64, title string) {
	c.cell(class, x, y, w, h, 1, title)
}

// cell is a box that is seen through.
func (c *canvas) cell(class string, x, y, w, h, opacity float64, title string) {
	fmt.Fprintf(c, `<rect x="%s" y="%s" width="%s" height="%s" class="%s" fill-opacity="%s">%s</rect>`+"\n",
		number(x), number(y), number(w), number(h), class, number(opacity), titled(title))
}

func (c *canvas) path(class, d string, opacity float64, title string) {
	fmt.Fprintf(c, `<path d="%s" class="%s" stroke-opacity="%s">%s</path>`+"\n", d, class, number(opacity), titled(title))
}

// ring marks what is read.
func (c *canvas) ring(x, y float64, title string) {
	fmt.Fprintf(c, `<circle cx="%s" cy="%s" r="5" class="o">%s</circle>`+"\n", number(x), number(y), titled(title))
}

// svg is the drawing; on its own it has its style and a ground.
func (c *canvas) svg(label string, alone bool) string {
	const margin = 16
	w, h := c.width+2*margin, c.y+2*margin
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="%s" width="%.0f" height="%.0f" viewBox="-%d -%d %.0f %.0f" font-family="DejaVu Sans Mono,Menlo,Consolas,monospace" font-size="12">`+"\n",
		escape(label), w, h, margin, margin, w, h)
	if alone {
		fmt.Fprintf(&b, `<style>%s</style><rect x="-%d" y="-%d" width="100%%" height="100%%" fill="#fff" class="ground"/>`+"\n", style, margin, margin)
	}
	b.WriteString(c.String() + "</svg>\n")
	return b.String()
}

func titled(title string) string {
	if title == "" {
		return ""
	}
	return "<title>" + escape(title) + "</title>"
}

// number has at most two places.
func number(x float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", x), "0"), ".")
}

// cut shortens a text.
func cut(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// cutInside shortens a text and leaves its ends.
func cutInside(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	end := most / 3
	return string(runes[:most-1-end]) + "…" + string(runes[len(runes)-end:])
}

// escape makes text fit for XML and HTML, which have no control characters.
func escape(text string) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0xfffe || r == 0xffff || r == 0x7f {
			return '\ufffd'
		}
		return r
	}, text)
	return html.EscapeString(clean)
}
