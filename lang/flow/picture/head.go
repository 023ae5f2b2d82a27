package picture

import (
	"fmt"
	"slices"
)

const (
	headTitle  = 38.0 // height of the name and the text of a selector
	headerLine = 14.0 // of the name of a query or result
	smallSize  = 11.0
	wireStep   = 6.0
	arrowRoom  = 16.0 // left of a name, for the arrow to it
	defaultGap = 8.0
)

// panel is a head in place. The matrix stands in its middle: rows are queries,
// columns keys. Above it are the keys, at its left the queries; below are the
// values that are gathered, under the keys; at its right the results, beside
// the queries.
type panel struct {
	*head
	number     int
	cells      cellSize
	queryWidth []float64
	outWidth   []float64
	corner     float64 // width of what is left of the matrix
	risers     float64 // width of the wires that come in
	headers    int     // lines for the names of queries and results
	w, h       float64
	x, y       float64 // upper left corner
}

// newPanel measures a head.
func newPanel(number int, h *head, n int) *panel {
	p := &panel{head: h, number: number}
	rows := slices.Clone(h.keys)
	for _, g := range h.gathers {
		rows = append(rows, g.of)
	}
	p.cells = sizeOf(rows, n)
	p.risers = wireStep*float64(len(p.sources())) + 8
	names := 0.0
	for _, r := range rows {
		names = max(names, textWidth(r.name, mono, smallSize))
	}
	for _, q := range h.queries {
		p.queryWidth = append(p.queryWidth, sizeOf([]*row{q}, n).width)
	}
	for i, q := range h.queries { // a name ends where its column does
		names = max(names, textWidth(q.name, mono, smallSize)+sum(p.queryWidth[i+1:]))
	}
	p.corner = max(names+arrowRoom, sum(p.queryWidth))
	p.headers = max(len(h.queries), len(h.gathers))
	out := 0.0
	for _, g := range h.gathers {
		w := max(sizeOf([]*row{g.result}, n).width, 30)
		p.outWidth = append(p.outWidth, w)
		out += w + 8
	}
	for i, g := range h.gathers {
		out = max(out, g.header()+sum(p.outWidth[:i])+8*float64(i))
	}
	p.w = max(p.risers+p.corner+p.side(n)+16+out+padding, textWidth(p.title(), mono, exprSize)+3*padding)
	p.h = headTitle + cellHeight*float64(len(h.keys)) + headerLine*float64(p.headers) + 4 +
		p.cells.height*float64(n) + 8 + (cellHeight+4)*float64(len(h.gathers)) + 8
	return p
}

// header is the width of the name of a result and of what stands beside it.
func (g *gather) header() float64 {
	w := textWidth(g.result.name, monoBold, smallSize)
	if g.byDefault != "" {
		w += defaultGap + textWidth(g.defaultText(), sans, smallSize)
	}
	return w
}

func (g *gather) defaultText() string { return "by default " + g.byDefault }

func sum(list []float64) float64 {
	total := 0.0
	for _, x := range list {
		total += x
	}
	return total
}

// side is the width of the matrix.
func (p *panel) side(n int) float64 { return p.cells.width * float64(n) }

// sources are the s-ops that a head reads, each once; constants are not among
// them.
func (p *panel) sources() []*row {
	var list []*row
	add := func(rows ...*row) {
		for _, r := range rows {
			if !r.constant && !slices.Contains(list, r) {
				list = append(list, r)
			}
		}
	}
	add(p.keys...)
	add(p.queries...)
	for _, g := range p.gathers {
		add(g.of)
	}
	return list
}

// heads places heads beside each other, on several shelves if there are many.
func (l *placer) heads(heads []*head) {
	var shelf []*panel
	x := padding
	for i, h := range heads {
		p := newPanel(i+1, h, len(l.p.input))
		if len(shelf) > 0 && x+p.w > widest {
			l.shelf(shelf)
			shelf, x = nil, padding
		}
		p.x = x
		x += p.w + headGap
		shelf = append(shelf, p)
	}
	if len(shelf) > 0 {
		l.shelf(shelf)
	}
}

// shelf places heads with their wires: those that come in run above them, those
// that go out below.
func (l *placer) shelf(panels []*panel) {
	top := l.y
	in, out, tallest := 0, 0, 0.0
	for _, p := range panels {
		in += len(p.sources())
		out += len(p.gathers)
		tallest = max(tallest, p.h)
	}
	l.y += wireStep*float64(in) + 6
	bottom := l.y + tallest
	for _, p := range panels {
		p.y = l.y
		l.panel(p)
		for i, r := range p.sources() {
			top += wireStep
			l.connect(p, r, p.x+6+wireStep*float64(i), top)
		}
		for i, g := range p.gathers {
			bottom += wireStep
			from := p.outPort(i, len(l.p.input))
			l.wires.write(g.result, from, point{from.x, bottom})
		}
		l.reach(p.x + p.w)
	}
	l.y = bottom + wireStep + 8
}

// connect leads the wire of r from the height y down at x, and into the panel
// wherever r is read.
func (l *placer) connect(p *panel, r *row, x, y float64) {
	edge := p.x + p.risers
	for _, port := range p.ports(r, len(l.p.input)) {
		l.wires.read(r, point{x, y}, point{x, port.y}, point{max(edge, port.x), port.y})
	}
}

// ports are the points at which r enters the panel.
func (p *panel) ports(r *row, n int) []point {
	var list []point
	matrix := p.x + p.risers + p.corner
	at := func(name string, right, y float64) {
		list = append(list, point{right - 6 - textWidth(name, mono, smallSize) - 3, y})
	}
	for i, k := range p.keys {
		if k == r {
			at(k.name, matrix, p.keyTop(i)+cellHeight/2)
		}
	}
	for i, q := range p.queries {
		if q == r {
			at(q.name, matrix-sum(p.queryWidth[i+1:])+4, p.headerBase(i)-4)
		}
	}
	for i, g := range p.gathers {
		if g.of == r {
			at(r.name, matrix, p.valueTop(i, n)+cellHeight/2)
		}
	}
	return list
}

func (p *panel) keyTop(i int) float64 { return p.y + headTitle + cellHeight*float64(i) }

// headerBase is the base line of the name of a query or result.
func (p *panel) headerBase(i int) float64 {
	return p.keyTop(len(p.keys)) + headerLine*float64(i+1) - 1
}

func (p *panel) matrixTop() float64 { return p.keyTop(len(p.keys)) + headerLine*float64(p.headers) + 4 }

func (p *panel) valueTop(i, n int) float64 {
	return p.matrixTop() + p.cells.height*float64(n) + 8 + (cellHeight+4)*float64(i)
}

// outLeft is where the column of a result starts.
func (p *panel) outLeft(i, n int) float64 {
	return p.x + p.risers + p.corner + p.side(n) + 16 + sum(p.outWidth[:i]) + 8*float64(i)
}

// outPort is where the wire of a result starts.
func (p *panel) outPort(i, n int) point {
	return point{p.outLeft(i, n) + p.outWidth[i] - 6, p.matrixTop() + p.cells.height*float64(n) + 3}
}

// panel draws a head.
func (l *placer) panel(p *panel) {
	n := len(l.p.input)
	l.back.add(rect{x: p.x, y: p.y, w: p.w, h: p.h, round: 5, fill: ground, stroke: headLine, line: 1.2})
	start := p.x + padding
	if p.risers > padding {
		start = p.x + p.risers
	}
	l.top.add(
		label{x: start, y: p.y + 15, text: fmt.Sprintf("head %d", p.number), size: nameSize, style: sansBold, color: ink},
		label{x: start, y: p.y + 31, text: p.title(), size: exprSize, style: mono, color: ink},
	)
	x := p.x + p.risers + p.corner
	for i, k := range p.keys {
		l.name(k, x-6, p.keyTop(i)+cellHeight/2+4)
		l.sequence(k, x, p.keyTop(i), cellSize{p.cells.width, cellHeight, p.cells.text}, false, keyFill)
	}
	for i, q := range p.queries {
		edge := x - sum(p.queryWidth[i+1:])
		l.name(q, edge-2, p.headerBase(i))
		l.sequence(q, edge-p.queryWidth[i], p.matrixTop(), cellSize{p.queryWidth[i], p.cells.height, p.cells.text}, true, queryFill)
	}
	l.matrix(p, x, p.matrixTop())
	for i, g := range p.gathers {
		l.gathered(p, i, g, n)
	}
}

func (l *placer) name(r *row, x, y float64) {
	l.top.add(label{x: x, y: y, text: r.name, size: smallSize, style: mono, at: right, color: ink, title: r.expr})
}

// gathered draws the values of an aggregate below the matrix, its result at the
// right, and how they belong together.
func (l *placer) gathered(p *panel, i int, g gather, n int) {
	x := p.x + p.risers + p.corner
	y := p.valueTop(i, n)
	l.name(g.of, x-6, y+cellHeight/2+4)
	l.sequence(g.of, x, y, cellSize{p.cells.width, cellHeight, p.cells.text}, false, valueFill)
	out := p.outLeft(i, n)
	color := ink
	if g.result.result {
		color = rootLine
	}
	header := p.headerBase(p.headers - 1 - i)
	l.top.add(label{x: out, y: header, text: g.result.name, size: smallSize, style: monoBold, color: color, title: g.result.expr})
	if g.byDefault != "" {
		beside := textWidth(g.result.name, monoBold, smallSize) + defaultGap
		l.top.add(label{x: out + beside, y: header, text: g.defaultText(), size: smallSize, color: faint, title: "where a query looks at nothing"})
	}
	l.sequence(g.result, out, p.matrixTop(), cellSize{p.outWidth[i], p.cells.height, p.cells.text}, true, resultFill)
	end := p.matrixTop() + p.cells.height*float64(n)
	middle := out + p.outWidth[i]/2 - 4
	l.top.add(path{points: []point{{x + p.side(n), y + cellHeight/2}, {middle, y + cellHeight/2}, {middle, end + 1}}, color: faint, line: 1, arrow: true, title: "gathered"})
	if g.result.result {
		l.top.add(rect{x: out, y: p.matrixTop(), w: p.outWidth[i], h: end - p.matrixTop(), stroke: rootLine, line: 2})
	}
}

// matrix draws the selector: cells that are selected are filled.
func (l *placer) matrix(p *panel, x, y float64) {
	n := len(p.matrix)
	w, h := p.cells.width, p.cells.height
	title := fmt.Sprintf("%s: rows are queries, columns are keys", p.name)
	l.top.add(rect{x: x, y: y, w: w * float64(n), h: h * float64(n), fill: ground, title: title})
	for i, selects := range p.matrix {
		for j := 0; j < n; {
			end := j
			for end < n && selects[end] && (end == j || !p.cells.text) {
				end++
			}
			if end == j {
				j++
				continue
			}
			l.top.add(rect{x: x + w*float64(j), y: y + h*float64(i), w: w * float64(end-j), h: h, fill: selected, title: fmt.Sprintf("position %d looks at %s", i, span(j, end))})
			j = end
		}
	}
	if p.cells.text {
		for i := 1; i < n; i++ {
			l.top.add(
				path{points: []point{{x, y + h*float64(i)}, {x + w*float64(n), y + h*float64(i)}}, color: gridLine, line: 1},
				path{points: []point{{x + w*float64(i), y}, {x + w*float64(i), y + h*float64(n)}}, color: gridLine, line: 1},
			)
		}
	}
	l.top.add(rect{x: x, y: y, w: w * float64(n), h: h * float64(n), stroke: headLine, line: 1})
}

func span(from, end int) string {
	if end-from == 1 {
		return fmt.Sprint(from)
	}
	return fmt.Sprintf("%d to %d", from, end-1)
}
