package picture

import "fmt"

// Sizes, in units of a pixel.
const (
	margin     = 24.0
	padding    = 14.0
	cellHeight = 20.0
	rowGap     = 6.0
	headGap    = 18.0
	widest     = 1500.0 // heads beside each other, before they get a new line
)

// Colours: dark text on light ground, with a contrast above 4.5.
const (
	ink        = "#1a1a1a"
	faint      = "#5a6270"
	ground     = "#ffffff"
	laneFill   = "#f4f6f9"
	laneLine   = "#cdd3dc"
	headLine   = "#9aa4b2"
	gridLine   = "#d5d9e0"
	selected   = "#1f5fa8"
	keyFill    = "#e0f0e7"
	queryFill  = "#fdeedb"
	valueFill  = "#f1e8f6"
	resultFill = "#e3ecf8"
	rootLine   = "#b3361b"
)

// placer puts a picture in place, from top to bottom. The content starts at x
// 0; the lines at its left come last, when it is known how many there are.
type placer struct {
	p                *Picture
	back, lines, top scene // boxes, wires, content
	wires            wires
	cells            cellSize // of the rows
	nameWidth        float64
	y                float64 // where the next thing goes
	right            float64 // how far anything reaches
}

// layout is the drawing of a picture.
func layout(p *Picture) *scene {
	l := &placer{p: p, wires: newWires(), y: margin}
	for _, r := range p.everything() {
		l.nameWidth = max(l.nameWidth, textWidth(r.name, monoBold, nameSize))
	}
	l.cells = sizeOf(p.everything(), len(p.input))
	l.heading()
	l.lane("input", func() { l.rows(append(append([]*row(nil), p.base...), p.stages[0].rows...)) })
	for i, s := range p.stages[1:] {
		l.lane(fmt.Sprintf("layer %d", i+1), func() {
			l.heads(s.heads)
			l.rows(s.rows)
		})
	}
	if p.predicts {
		l.lane("next token", func() { l.rows(p.results) })
	}
	return l.finish()
}

const (
	titleSize = 17.0
	laneSize  = 13.0
	nameSize  = 12.0
	cellFont  = 12.0
	exprSize  = 11.5
)

func (l *placer) heading() {
	l.top.add(
		label{x: 0, y: l.y + titleSize, text: shorten(l.p.title, 100), size: titleSize, style: sansBold, color: ink},
		label{x: 0, y: l.y + titleSize + 20, text: l.p.counts, size: laneSize, color: faint},
	)
	l.reach(textWidth(shorten(l.p.title, 100), sansBold, titleSize))
	l.y += titleSize + 36
}

// lane draws a box around what content places.
func (l *placer) lane(name string, content func()) {
	start := l.y
	box := len(l.back.shapes)
	l.back.add(nil) // its size is known at the end
	l.y += padding + laneSize
	l.top.add(label{x: padding, y: l.y - 2, text: name, size: laneSize, style: sansBold, color: faint})
	l.y += 8
	content()
	l.y += padding - rowGap
	l.back.shapes[box] = rect{y: start, h: l.y - start, round: 6, fill: laneFill, stroke: laneLine, line: 1}
	l.y += 16
}

// reach notes that something reaches to x.
func (l *placer) reach(x float64) { l.right = max(l.right, x) }

// finish draws the wires and moves everything to its final place.
func (l *placer) finish() *scene {
	gutter := l.wires.draw(&l.lines)
	s := &scene{width: l.right + padding + gutter + 2*margin, height: l.y - 16 + margin}
	for _, part := range []*scene{&l.back, &l.lines, &l.top} {
		for _, shape := range part.shapes {
			if box, ok := shape.(rect); ok && box.w == 0 {
				box.w = l.right + padding // a lane
				shape = box
			}
			s.add(moved(shape, margin+gutter))
		}
	}
	return s
}

// moved is a shape further to the right.
func moved(s shape, by float64) shape {
	switch s := s.(type) {
	case rect:
		s.x += by
		return s
	case label:
		s.x += by
		return s
	case disc:
		s.x += by
		return s
	case group:
		shapes := make([]shape, len(s.shapes))
		for i, of := range s.shapes {
			shapes[i] = moved(of, by)
		}
		s.shapes = shapes
		return s
	case path:
		points := make([]point, len(s.points))
		for i, p := range s.points {
			points[i] = point{p.x + by, p.y}
		}
		s.points = points
		return s
	}
	return s
}
