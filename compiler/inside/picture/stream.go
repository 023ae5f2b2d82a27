package picture

import (
	"fmt"
	"slices"
	"strings"
)

// draw draws the map of the residual stream: a square where a dimension is written, a ring
// where it is read, a line as long as it matters.
func (s *stream) draw(c *canvas) {
	const labels, wide, high, fits = 280, 56, 18, 36
	at := func(stage int) float64 { return labels + wide*(float64(stage)+0.5) }
	c.box("c", 0, c.y+3, 10, 10, "")
	c.text(16, c.y+12, "m", "written", "")
	c.ring(91, c.y+8, "")
	c.text(102, c.y+12, "m", "read", "")
	c.down(22, 0)
	for i, stage := range s.stages {
		c.text(at(i), c.y+12, "m i", stage, "")
	}
	c.down(20, at(len(s.stages)))
	for _, d := range s.dims {
		name := cut(d.name, 60)
		y := c.y + high/2
		c.text(0, y+4, "t", cutInside(fmt.Sprintf("%d %s", d.number, d.name), fits), fmt.Sprintf("dimension %d: %s (%s)", d.number, d.name, d.kind))
		if first, last := d.span(); first < last {
			c.path("g", fmt.Sprintf("M%s %sH%s", number(at(first)), number(y), number(at(last))), 1, "")
		}
		for i := range s.stages {
			if by := d.writes[i]; len(by) > 0 {
				c.box("c", at(i)-5, y-5, 10, 10, name+"\nwritten by "+listed(by))
			}
			if by := d.reads[i]; len(by) > 0 {
				c.ring(at(i)-16, y, name+"\nread by "+listed(by))
			}
		}
		c.down(high, 0)
	}
}

// span is from the first half layer that has to do with a dimension to the last.
func (d dim) span() (first, last int) {
	first = -1
	for i := range d.writes {
		if len(d.writes[i])+len(d.reads[i]) > 0 {
			if last = i; first < 0 {
				first = i
			}
		}
	}
	return first, last
}

// listed has as many as a hover text has room for.
func listed(by []string) string {
	const most = 6
	if len(by) <= most {
		return strings.Join(by, ", ")
	}
	return strings.Join(slices.Clone(by[:most]), ", ") + fmt.Sprintf(" and %d more", len(by)-most)
}
