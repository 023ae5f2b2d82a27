package picture

import (
	"math"
	"slices"
)

// wires lead from where an s-op is computed to where it is read. Each s-op has
// a track, a vertical line left of the content; tracks are used again once the
// last reader is passed.
type wires struct {
	writes map[*row][]point // from the s-op to the edge of the content
	reads  map[*row][][]point
	order  []*row // in the order of writing
}

func newWires() wires { return wires{map[*row][]point{}, map[*row][][]point{}, nil} }

// write notes that r is computed at the first point and leaves the content at
// the height of the last.
func (w *wires) write(r *row, points ...point) {
	if w.writes[r] == nil {
		w.order = append(w.order, r)
	}
	w.writes[r] = points
}

// read notes that r is needed at the last point, and that the wire comes in at
// the height of the first.
func (w *wires) read(r *row, points ...point) { w.reads[r] = append(w.reads[r], points) }

const trackGap = 9.0

// colours of wires, one for each track: distinguishable, and dark enough for
// thin lines.
var wireColours = []string{"#0072b2", "#c04f00", "#00795a", "#a8467f", "#7a6200", "#4a4aa8", "#666666"}

// draw draws the wires and returns how much room they take left of the content.
func (w *wires) draw(s *scene) float64 {
	tracks, used := w.assign()
	for i, r := range w.order {
		track, ok := tracks[r]
		if !ok {
			continue
		}
		x := -trackGap * float64(track+1)
		w.drawOne(s, r, x, wireColours[i%len(wireColours)])
	}
	return trackGap * float64(used+1)
}

// assign gives each s-op that is read the first free track.
func (w *wires) assign() (tracks map[*row]int, used int) {
	tracks = map[*row]int{}
	var busy []float64 // until which y
	for _, r := range w.order {
		reads := w.reads[r]
		if len(reads) == 0 {
			continue
		}
		start := w.start(r)
		end := start
		for _, points := range reads {
			end = max(end, points[0].y)
		}
		free := slices.IndexFunc(busy, func(y float64) bool { return y < start-trackGap })
		if free < 0 {
			free = len(busy)
			busy = append(busy, 0)
		}
		busy[free] = end
		tracks[r] = free
	}
	return tracks, len(busy)
}

// start is the height at which r reaches its track.
func (w *wires) start(r *row) float64 {
	points := w.writes[r]
	return points[len(points)-1].y
}

func (w *wires) drawOne(s *scene, r *row, x float64, color string) {
	const thin = 1.3
	points := w.writes[r]
	top, bottom := w.start(r), w.start(r)
	for _, read := range w.reads[r] {
		top, bottom = min(top, read[0].y), max(bottom, read[0].y)
	}
	out := append(slices.Clone(points), point{x, w.start(r)})
	wire := group{title: r.name, shapes: []shape{
		path{points: out, color: color, line: thin},
		disc{points[0].x, points[0].y, 2.5, color},
		path{points: []point{{x, top}, {x, bottom}}, color: color, line: thin},
	}}
	for _, read := range w.reads[r] {
		in := append([]point{{x, read[0].y}}, read...)
		wire.shapes = append(wire.shapes, path{points: in, color: color, line: thin, arrow: true})
		if read[0].y != bottom {
			wire.shapes = append(wire.shapes, disc{x, read[0].y, 2, color})
		}
	}
	s.add(wire)
}

// arrowHead is the triangle at the end of a line from a to b.
func arrowHead(a, b point) [3]point {
	const length, half = 6.0, 2.8
	d := math.Hypot(b.x-a.x, b.y-a.y)
	dx, dy := (b.x-a.x)/d, (b.y-a.y)/d
	base := point{b.x - length*dx, b.y - length*dy}
	return [3]point{b, {base.x - half*dy, base.y + half*dx}, {base.x + half*dy, base.y - half*dx}}
}
