package picture

import (
	"fmt"
	"math"
	"slices"

	"rasp/lang/value"
)

// cellSize is how large the cells of a sequence are. For long inputs they
// shrink, and shades stand for the values.
type cellSize struct {
	width, height float64
	text          bool // there is room for the values
}

const (
	widestRow    = 640.0 // of the cells of a sequence
	narrowest    = 22.0  // cell of a short input
	broadest     = 64.0
	leastForText = 15.0
)

// sizeOf is the size of cells that hold the values of rows, n each.
func sizeOf(rows []*row, n int) cellSize {
	natural := narrowest
	for _, r := range rows {
		for _, v := range r.values {
			natural = max(natural, textWidth(v.Short(), mono, cellFont)+8)
		}
	}
	natural = min(natural, broadest)
	width := min(natural, widestRow/float64(n))
	height := min(cellHeight, max(widestRow/float64(n), 1))
	return cellSize{width, height, width >= min(leastForText, natural) && height >= leastForText}
}

// rows places s-ops one below the other.
func (l *placer) rows(rows []*row) {
	for _, r := range rows {
		l.row(r)
	}
}

// row is a name, the values, and the text in the program.
func (l *placer) row(r *row) {
	const step = 6.0 // between wires
	height := max(cellHeight, step*float64(len(r.reads)+2))
	base := l.y + height/2 + nameSize*0.36
	name := padding + l.nameWidth
	start := name - textWidth(r.name, monoBold, nameSize) - 5
	for i, read := range r.reads {
		y := l.y + step*float64(i+1)
		l.wires.read(read, point{start, y})
	}
	l.wires.write(r, point{start, l.y + height - 4})
	color := ink
	if r.result {
		color = rootLine
	}
	l.top.add(label{x: name, y: base, text: r.name, size: nameSize, style: monoBold, at: right, color: color, title: r.expr})
	x := name + 10
	size := cellSize{l.cells.width, cellHeight, l.cells.text}
	l.sequence(r, x, l.y+(height-cellHeight)/2, size, false, resultFill)
	width := size.width * float64(len(r.values))
	if r.result {
		l.top.add(rect{x: x, y: l.y + (height-cellHeight)/2, w: width, h: cellHeight, stroke: rootLine, line: 2})
	}
	if r.expr != "" {
		l.top.add(label{x: x + width + 12, y: base, text: r.expr, size: exprSize, style: mono, color: faint})
	}
	l.reach(x + width + 12 + textWidth(r.expr, mono, exprSize))
	l.y += height + rowGap
}

// sequence draws the values of a row in cells, from left to right or down.
func (l *placer) sequence(r *row, x, y float64, size cellSize, down bool, fill string) {
	shades := shadesOf(r.values)
	for i, v := range r.values {
		cx, cy := x+size.width*float64(i), y
		if down {
			cx, cy = x, y+size.height*float64(i)
		}
		title := fmt.Sprintf("%s at %d: %s", r.name, i, v.Short())
		if !size.text {
			l.top.add(rect{x: cx, y: cy, w: size.width, h: size.height, fill: shades[i], title: title})
			continue
		}
		text, font := fitted(v.Short(), size.width-3)
		l.top.add(group{[]shape{
			rect{x: cx, y: cy, w: size.width, h: size.height, fill: fill, stroke: gridLine, line: 1},
			label{x: cx + size.width/2, y: cy + size.height/2 + font*0.36, text: text, size: font, style: mono, at: middle, color: ink},
		}, title})
	}
}

// fitted is text made to fit into a width: first smaller, then shorter.
func fitted(text string, width float64) (string, float64) {
	size := cellFont
	for size > 9 && textWidth(text, mono, size) > width {
		size--
	}
	for n := len([]rune(text)) - 1; n > 0 && textWidth(text, mono, size) > width; n-- {
		text = shorten(text, n)
	}
	return text, size
}

// shadesOf are colours for values: the larger the darker, by rank.
func shadesOf(values []value.Value) []string {
	ranked := slices.Clone(values)
	compare := func(a, b value.Value) int {
		order, _ := value.Compare(a, b) // a sequence has values of one order, but for NaN
		return order
	}
	slices.SortStableFunc(ranked, compare)
	ranked = slices.CompactFunc(ranked, value.Equal)
	shades := make([]string, len(values))
	for i, v := range values {
		rank, _ := slices.BinarySearchFunc(ranked, v, compare)
		shades[i] = shade(float64(rank) / float64(max(len(ranked)-1, 1)))
	}
	return shades
}

// shade is a blue from light, 0, to dark, 1.
func shade(t float64) string {
	mix := func(from, to float64) int { return int(math.Round(from + t*(to-from))) }
	return fmt.Sprintf("#%02x%02x%02x", mix(0xe8, 0x1f), mix(0xee, 0x5f), mix(0xf6, 0xa8))
}
