package picture

import (
	"fmt"
	"strings"

	"rasp/compiler/inside"
)

// SVG is the picture of the first input as a file of its own.
func (p *Picture) SVG() []byte {
	c, r := &canvas{}, p.runs[0]
	c.line("t h", r.title)
	r.draw(c)
	if note := p.notShown(r); note != "" {
		c.line("m", note)
	}
	r.holdings(c, r.trace.Given[:p.given])
	for i, l := range p.layers {
		c.down(12, 0)
		c.line("t h", fmt.Sprintf("layer %d", l.number))
		for j, h := range l.heads {
			c.down(8, 0)
			c.line("t b", h.title)
			if h.addsUp {
				c.line("m", sharesNote)
			}
			r.head(c, r.trace.Layers[i].Heads[j], h.maps)
		}
		r.holdings(c, r.trace.Layers[i].Held[:l.held])
	}
	if r.next != nil {
		c.down(12, 0)
		c.line("t h", "the next token")
		r.next.bars(c)
	}
	c.down(12, 0)
	c.line("t h", "the residual stream")
	p.stream.draw(c)
	return []byte(c.svg(r.title, true))
}

// head draws a head: its matrix, the arcs, and its maps, which stand on the right of these
// where a short input leaves room, else below.
func (r *run) head(c *canvas, h inside.HeadTrace, maps []*heat) {
	const narrow = 16 // tokens
	top := c.y
	r.matrix(c, h)
	c.down(8, 0)
	r.arcs(c, h)
	c.down(8, 0)
	if r.shown > narrow {
		heatMaps(c, 0, maps)
		return
	}
	bottom := c.y
	c.y = top
	heatMaps(c, labelWidth+cellWidth*float64(r.shown)+heatMargin, maps)
	c.y = max(c.y, bottom)
}

// sharesNote stands at heads that add up.
const sharesNote = "It gives nearly all to BOS; shown is how what BOS leaves is shared."

// draw writes what the model shows, and where the program shows something else.
func (r *run) draw(c *canvas) {
	for _, o := range r.results() {
		c.line("t b", "output "+o.Name+" = "+o.Model)
		if o.Program != "" {
			c.line("x b", "the program gives "+o.Program)
		}
	}
	if r.trace.Fault != "" {
		c.line("x", "the program fails on this input: "+r.trace.Fault)
	}
}

// holdings are s-ops with their values, a line each.
func (r *run) holdings(c *canvas, list []inside.Holding) {
	for _, h := range list {
		texts, differ := r.readings(h)
		class := "t"
		if len(differ) > 0 {
			class = "x"
		}
		c.line(class, "holds "+h.SOp+" = "+strings.Join(texts, " "))
	}
}
