package picture

import (
	"fmt"
	"strings"

	"rasp/compiler/inside"
	"rasp/runtime/model"
)

// SVG is the picture as a file of its own.
func (p *Picture) SVG() []byte {
	c := &canvas{}
	c.line("t h", p.title)
	p.results(c)
	if note := p.notShown(); note != "" {
		c.line("m", note)
	}
	p.holdings(c, p.given)
	for _, l := range p.layers {
		c.down(12, 0)
		c.line("t h", fmt.Sprintf("layer %d", l.number))
		for _, h := range l.heads {
			c.down(8, 0)
			c.line("t b", headTitle(l.number, h))
			if addsUp(h) {
				c.line("m", sharesNote)
			}
			p.matrix(c, h)
			c.down(8, 0)
			p.arcs(c, h)
		}
		p.holdings(c, l.held)
	}
	if p.next != nil {
		c.down(12, 0)
		c.line("t h", "the next token")
		p.next.bars(c)
	}
	c.down(12, 0)
	c.line("t h", "the residual stream")
	p.stream.draw(c)
	return []byte(c.svg(p.title, true))
}

// sharesNote stands at heads that add up.
const sharesNote = "It gives nearly all to BOS; shown is how what BOS leaves is shared."

// results are what the model shows, and where the program shows something else.
func (p *Picture) results(c *canvas) {
	for _, o := range p.trace.Outputs {
		c.line("t b", "output "+o.Name+" = "+p.tokensText(o.Model))
		if o.Program != nil && differ(o.Model, o.Program) {
			c.line("x b", "the program gives "+p.tokensText(o.Program))
		}
	}
	if p.trace.Fault != "" {
		c.line("x", "the program fails on this input: "+p.trace.Fault)
	}
}

func differ(a, b []model.Token) bool {
	for i := range a {
		if tokenText(a[i]) != tokenText(b[i]) {
			return true
		}
	}
	return false
}

func (p *Picture) tokensText(tokens []model.Token) string {
	var list []string
	for _, t := range tokens[:min(len(tokens), p.shown-1)] {
		list = append(list, tokenText(t))
	}
	return strings.Join(list, " ")
}

// holdings are s-ops with their values, a line each.
func (p *Picture) holdings(c *canvas, list []inside.Holding) {
	for _, h := range list {
		texts, differ := p.readings(h)
		class := "t"
		if len(differ) > 0 {
			class = "x"
		}
		c.line(class, "holds "+h.SOp+" = "+strings.Join(texts, " "))
	}
}
