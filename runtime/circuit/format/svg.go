package format

import (
	"fmt"
	"html"
	"io"
	"strings"

	"rasp/runtime/circuit"
)

// Sizes of a picture, in pixels.
const (
	boxWidth, boxHeight = 220, 52
	gapAcross, gapDown  = 24, 70
	margin              = 20
	fits                = 36 // characters of a line of a title
	titleLines          = 2
	laneWidth           = 9
	leastWidth          = 470 // of the legend
	legendHeight        = 36
)

// colors of the ways into a head, and of the others.
var colors = map[circuit.Channel]string{circuit.Query: "#b35806", circuit.Key: "#2166ac", circuit.Value: "#1b7837", circuit.Whole: "#555"}

// box is where a node stands, and the lane on which its edges go past rows.
type box struct{ x, y, lane float64 }

// writeSVG draws the circuit: a row for the embedding, one for the heads and one for
// the MLP of each layer, one for the logits, from top to bottom. What does not move
// is dashed; the legend has the nodes that are no part of it; texts that are cut, dims and lines of the program stand in the titles
// that a browser shows under the pointer.
func writeSVG(to io.Writer, g *circuit.Graph, t circuit.Truth) error {
	rows := rowsOf(g, t)
	boxes, width := place(g, t, rows)
	height := float64(2*margin+len(rows)*(boxHeight+gapDown)-gapDown) + legendHeight
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f" font-family="sans-serif">`+"\n", width, height, width, height)
	b.WriteString(`<rect width="100%" height="100%" fill="#fff"/>` + "\n")
	for _, e := range g.Edges {
		if t.Has(e) {
			drawEdge(&b, g, e, boxes[e.From], boxes[e.To])
		}
	}
	for _, row := range rows {
		for _, n := range row {
			drawNode(&b, n, boxes[n.Name])
		}
	}
	legend(&b, height-16)
	absent(&b, g, t, height)
	b.WriteString("</svg>\n")
	_, err := io.WriteString(to, b.String())
	return err
}

// place lays the rows one below the other, each in the middle. Lanes are on the right
// of all boxes, one for each node with an edge that goes past a row.
func place(g *circuit.Graph, t circuit.Truth, rows [][]circuit.Node) (boxes map[string]box, width float64) {
	widest := 1
	for _, row := range rows {
		widest = max(widest, len(row))
	}
	inner := float64(widest*(boxWidth+gapAcross) - gapAcross)
	boxes = map[string]box{}
	for r, row := range rows {
		left := margin + (inner-float64(len(row)*(boxWidth+gapAcross)-gapAcross))/2
		for i, n := range row {
			boxes[n.Name] = box{x: left + float64(i*(boxWidth+gapAcross)), y: float64(margin + r*(boxHeight+gapDown))}
		}
	}
	lane := margin + inner + gapAcross
	for _, e := range g.Edges {
		from, to := boxes[e.From], boxes[e.To]
		if t.Has(e) && past(from, to) && from.lane == 0 {
			from.lane, lane = lane, lane+laneWidth
			boxes[e.From] = from
		}
	}
	return boxes, max(lane+margin, leastWidth)
}

// past reports whether a row lies between two boxes.
func past(from, to box) bool { return to.y-from.y > boxHeight+gapDown }

// rowsOf are the nodes of the circuit as they stand in the picture.
func rowsOf(g *circuit.Graph, t circuit.Truth) [][]circuit.Node {
	in := g.Contains(t)
	var rows [][]circuit.Node
	last := ""
	for _, n := range g.Nodes {
		if !drawn(n, in) {
			continue
		}
		if row := fmt.Sprint(n.Kind, n.Layer); row != last {
			rows, last = append(rows, nil), row
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], n)
	}
	return rows
}

// drawn reports whether a node stands in the picture: those in the circuit, and its ends.
func drawn(n circuit.Node, in map[string]bool) bool {
	return in[n.Name] || n.Kind == circuit.Logits || n.Kind == circuit.Input
}

func drawNode(b *strings.Builder, n circuit.Node, at box) {
	fill := map[circuit.Kind]string{circuit.Head: "#eef4fb", circuit.MLP: "#fdf3e7"}[n.Kind]
	if fill == "" {
		fill = "#f4f4f4"
	}
	long := strings.Join(append([]string{Title(n)}, append(distinct(n.Neurons, note), note(n.Label))...), "\n")
	fmt.Fprintf(b, `<g><title>%s</title><rect x="%.1f" y="%.1f" width="%d" height="%d" rx="5" fill="%s" stroke="#888"/>`, escape(long), at.x, at.y, boxWidth, boxHeight, fill)
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" font-size="12" font-weight="bold" text-anchor="middle">%s</text>`, at.x+boxWidth/2, at.y+16, n.Name)
	for i, line := range wrapped(Title(n)) {
		fmt.Fprintf(b, `<text x="%.1f" y="%.1f" font-size="11" text-anchor="middle" fill="#333">%s</text>`, at.x+boxWidth/2, at.y+31+13*float64(i), escape(line))
	}
	b.WriteString("</g>\n")
}

// drawEdge draws a curve from the lower side of a box to the upper side of another, on
// the lane of the first if a row lies between them:
// queries enter a head on the left, keys in the middle, values on the right.
func drawEdge(b *strings.Builder, g *circuit.Graph, e circuit.Edge, from, to box) {
	enters := map[circuit.Channel]float64{circuit.Query: 0.25, circuit.Key: 0.5, circuit.Value: 0.75, circuit.Whole: 0.5}[e.Channel]
	x0, y0 := from.x+boxWidth/2, from.y+boxHeight
	x1, y1 := to.x+boxWidth*enters, to.y
	const bend = gapDown / 2
	line := fmt.Sprintf("M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f", x0, y0, x0, y0+bend, x1, y1-bend, x1, y1)
	if past(from, to) {
		line = fmt.Sprintf("M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1fV%.1fC%.1f %.1f %.1f %.1f %.1f %.1f", x0, y0,
			x0, y0+bend, from.lane, y0+bend, from.lane, y0+gapDown, y1-gapDown, from.lane, y1-bend, x1, y1-bend, x1, y1)
	}
	dash := ""
	if e.Moving == circuit.No {
		dash = ` stroke-dasharray="5 4"`
	}
	fmt.Fprintf(b, `<path d="%s" fill="none" stroke="%s" stroke-width="1.6" stroke-opacity="0.75"%s><title>%s</title></path>`+"\n",
		line, colors[e.Channel], dash, escape(carries(g, e)))
}

// carries says what flows through an edge.
func carries(g *circuit.Graph, e circuit.Edge) string {
	lines := []string{e.Name() + ": " + count(len(e.Dims))}
	const most = 12
	for i, d := range e.Dims {
		if i == most {
			lines = append(lines, fmt.Sprintf("and %d more", len(e.Dims)-most))
			break
		}
		line := fmt.Sprintf("dim %d", d)
		if d < len(g.Dims) {
			line += " " + note(g.Dims[d])
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func legend(b *strings.Builder, height float64) {
	x := float64(margin)
	for _, item := range []struct{ channel, text string }{{"q", "into queries"}, {"k", "into keys"}, {"v", "into values"}, {"", "other"}} {
		fmt.Fprintf(b, `<path d="M%.1f %.1fh18" stroke="%s" stroke-width="2"/><text x="%.1f" y="%.1f" font-size="10">%s</text>`+"\n",
			x, height-12, colors[circuit.Channel(item.channel)], x+22, height-8, item.text)
		x += 84
	}
	fmt.Fprintf(b, `<path d="M%.1f %.1fh18" stroke="#555" stroke-width="2" stroke-dasharray="5 4"/><text x="%.1f" y="%.1f" font-size="10">does not move</text>`+"\n", x, height-12, x+22, height-8)
}

// absent names the nodes that are not drawn.
func absent(b *strings.Builder, g *circuit.Graph, t circuit.Truth, height float64) {
	const most = 8
	in := g.Contains(t)
	var names []string
	for _, n := range g.Nodes {
		if !drawn(n, in) {
			names = append(names, n.Name)
		}
	}
	if len(names) == 0 {
		return
	}
	if more := len(names) - most; more > 0 {
		names = append(names[:most:most], fmt.Sprintf("and %d more", more))
	}
	fmt.Fprintf(b, `<text x="%d" y="%.1f" font-size="10">not drawn, no %s edges: %s</text>`+"\n", margin, height-8, t, strings.Join(names, ", "))
}

// wrapped are the lines of a title, broken between words; what does not fit is cut.
func wrapped(text string) []string {
	lines := []string{""}
	for word := range strings.FieldsSeq(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case len([]rune(*last))+1+len([]rune(word)) <= fits || len(lines) == titleLines:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	for i, line := range lines {
		if runes := []rune(line); len(runes) > fits {
			lines[i] = string(runes[:fits-3]) + "..."
		}
	}
	return lines
}

// escape makes text fit for XML, which has no control characters.
func escape(text string) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0xfffe || r == 0xffff || r == 0x7f {
			return '\ufffd'
		}
		return r
	}, text)
	return html.EscapeString(clean)
}
