package picture

// scene is a drawing: shapes from back to front, in units of a pixel at normal
// zoom, y downward.
type scene struct {
	width, height float64
	shapes        []shape
}

type shape interface{}

type (
	rect struct {
		x, y, w, h   float64
		round        float64 // radius of the corners
		fill, stroke string  // #rrggbb; "" for none
		line         float64 // width of the stroke
		title        string  // what hovering shows
	}
	// label is a line of text; y is its base line.
	label struct {
		x, y  float64
		text  string
		size  float64
		style style
		at    anchor
		color string
		title string
	}
	// path is a line through points, with an arrow at its end or not.
	path struct {
		points []point
		color  string
		line   float64
		arrow  bool
		title  string
	}
	disc struct {
		x, y, r float64
		color   string
	}
)

// group is shapes that show the same when one hovers over any of them.
type group struct {
	shapes []shape
	title  string
}

type point struct{ x, y float64 }

// anchor is which part of a label is at x.
type anchor int

const (
	left anchor = iota
	middle
	right
)

// style of a label.
type style int

const (
	sans style = iota
	sansBold
	mono
	monoBold
)

func (s *scene) add(shapes ...shape) { s.shapes = append(s.shapes, shapes...) }
