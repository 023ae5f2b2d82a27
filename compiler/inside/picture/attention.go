package picture

import (
	"fmt"
	"math"

	"rasp/compiler/inside"
)

// Sizes of a matrix and of the tokens under arcs, as in page.html.
const (
	cellWidth, cellHeight = 34, 20
	labelWidth            = 70
	labelFits             = 8
	tokenFits             = 4
	leastSeen             = 0.005 // below it a weight is no number in a cell, and no arc
)

// matrix draws the weights of a head, a row for each query. Queries that are not shown
// follow those that are, and so do keys.
func (r *run) matrix(c *canvas, h inside.HeadTrace) {
	for j := range r.shown {
		c.text(labelWidth+cellWidth*(float64(j)+0.5), c.y+12, "m i", cut(r.tokens[j], tokenFits), r.place(j)+", as key")
	}
	c.down(18, labelWidth+cellWidth*float64(r.shown))
	shares := weights(h)
	for i := 1; i < r.shown; i++ {
		c.text(labelWidth-8, c.y+14, "t e", cut(r.tokens[i], labelFits), r.place(i)+", as query")
		for j := range r.shown {
			r.weight(c, h, shares[i][j], i, j)
		}
		c.down(cellHeight, 0)
	}
}

// weight draws a cell, as dark as the share.
func (r *run) weight(c *canvas, h inside.HeadTrace, share float64, i, j int) {
	x := labelWidth + cellWidth*float64(j)
	if h.Scores[i][j] == nil {
		return
	}
	title := fmt.Sprintf("%s looks at %s\nweight %.4g, score %.6g", r.place(i), r.place(j), h.Weights[i][j], *h.Scores[i][j])
	c.cell("c", x, c.y, cellWidth, cellHeight, share, title)
	c.box("g", x, c.y, cellWidth, cellHeight, "")
	if share >= leastSeen {
		class := "t i"
		if share > 0.55 {
			class = "w i"
		}
		c.text(x+cellWidth/2, c.y+14, class, fmt.Sprintf("%.2g", math.Round(share*100)/100), "")
	}
}

// place is a position in words.
func (r *run) place(i int) string {
	if i == 0 {
		return "BOS"
	}
	return fmt.Sprintf("%s (position %d)", r.tokens[i], i-1)
}

// arcs draws a line from each key to each query that looks at it: above the tokens where
// the key stands before, below where it stands behind.
func (r *run) arcs(c *canvas, h inside.HeadTrace) {
	height, shares := arcHeight(r.shown-1), weights(h)
	at := func(i int) float64 { return labelWidth + cellWidth*(float64(i)+0.5) }
	base, behind := c.y+height, 0
	for i := 1; i < r.shown; i++ {
		for j, share := range shares[i][:r.shown] {
			if share >= leastSeen {
				behind = max(behind, j-i)
				c.path("a", arc(at(j), at(i), base, i-j), share, fmt.Sprintf("%s looks at %s\nweight %.4g", r.place(i), r.place(j), h.Weights[i][j]))
			}
		}
	}
	for i := range r.shown {
		c.text(at(i), base+14, "t i", cut(r.tokens[i], tokenFits), r.place(i))
	}
	c.down(height+20, at(r.shown))
	if behind > 0 {
		c.down(arcHeight(behind), 0)
	}
}

// arcHeight is the room for an arc over so many tokens.
func arcHeight(tokens int) float64 { return min(90, 16+float64(tokens)*8) }

// arc from a key to a query that stands by places behind it.
func arc(from, to, base float64, by int) string {
	switch {
	case by == 0:
		return fmt.Sprintf("M%s %sc-8 -14 16 -14 8 0", number(to-4), number(base))
	case by < 0:
		return fmt.Sprintf("M%s %sQ%s %s %s %s", number(from), number(base+18), number((from+to)/2), number(base+18+2*arcHeight(-by)-18), number(to), number(base+18))
	}
	return fmt.Sprintf("M%s %sQ%s %s %s %s", number(from), number(base), number((from+to)/2), number(base-2*arcHeight(by)+18), number(to), number(base))
}
