package picture

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"rasp/compiler/inside"
	"rasp/runtime/model"
)

// heat is a circuit of a head as a map: a row and a column for each term.
type heat struct {
	Title   string        `json:"title"`
	Note    string        `json:"note,omitempty"` // what is not shown
	QK      bool          `json:"qk"`
	Rows    []term        `json:"rows"`
	Columns []term        `json:"columns"`
	Cells   [][]heatValue `json:"cells"`
	// BOS is what its score takes from the cells of a row, see besideBOS; nil for nothing.
	BOS []heatValue `json:"bos,omitempty"`
}

// term is a name, and a value if it is an s-op.
type term struct {
	Name  string `json:"name"`
	Value string `json:"value,omitempty"`
}

func (t term) String() string {
	if t.Value == "" {
		return t.Name
	}
	return t.Name + " " + t.Value
}

// heatValue is NaN where nothing is said.
type heatValue float64

func (v heatValue) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
		return []byte("null"), nil
	}
	return []byte(v.String()), nil
}

func (v heatValue) String() string { return strconv.FormatFloat(float64(v), 'g', 4, 64) }

// values are those of s-ops that occur, by name.
type values map[string]map[model.Token]bool

// occurring are the values on an input.
func (r *run) occurring() values {
	v := values{}
	add := func(list []inside.Holding) {
		for _, h := range list {
			v[h.SOp] = map[model.Token]bool{}
			for _, token := range h.Program {
				v[h.SOp][token] = true
			}
		}
	}
	add(r.trace.Given)
	for _, l := range r.trace.Layers {
		add(l.Held)
	}
	return v
}

// heats are the maps of a head, of at most so many rows and columns: if there are more,
// those about what occurs.
func heats(c inside.Circuits, most int, occur values, addsUp bool) []*heat {
	qk := heatOf(c.QK, most, occur)
	qk.Title, qk.QK = "QK: how queries (rows) look at keys (columns)", true
	if h := c.QK.Rows; h[0].SOp != h[len(h)-1].SOp {
		qk.Title += "; scores of the blocks add up"
	} else {
		qk.besideBOS(c.QK, addsUp)
	}
	ov := heatOf(c.OV, most, occur)
	ov.Title = "OV: what keys (columns) add to what is written (rows)"
	return []*heat{qk, ov}
}

// besideBOS weighs keys beside BOS, which is the last column: where it is above all keys,
// softmax gives them nothing. In a head that adds up it always is, and by the same where a
// key counts: there more than the least is too much.
func (h *heat) besideBOS(c inside.Circuit, addsUp bool) {
	least := 0.0
	if addsUp {
		least = math.Inf(1)
		for _, row := range c.Cells {
			least = min(least, row[len(row)-1])
		}
	}
	for _, row := range h.Cells {
		h.BOS = append(h.BOS, max(0, row[len(row)-1]-heatValue(least)))
	}
}

func heatOf(c inside.Circuit, most int, occur values) *heat {
	rows, left := fitting(c.Rows, most, occur)
	columns, leftToo := fitting(c.Columns, most, occur)
	h := &heat{Rows: named(c.Rows, rows), Columns: named(c.Columns, columns)}
	for _, i := range rows {
		var cells []heatValue
		for _, j := range columns {
			cells = append(cells, heatValue(c.Cells[i][j]))
		}
		h.Cells = append(h.Cells, cells)
	}
	var notes []string
	if len(left) > 0 {
		notes = append(notes, "rows not shown: "+listed(left))
	}
	if len(leftToo) > 0 {
		notes = append(notes, "columns not shown: "+listed(leftToo))
	}
	if len(c.Unlisted) > 0 {
		notes = append(notes, "read too, of values that are not listed: "+listed(c.Unlisted))
	}
	h.Note = strings.Join(notes, "; ")
	return h
}

func named(list []inside.Term, at []int) []term {
	var terms []term
	for _, i := range at {
		t := term{Name: list[i].Name}
		if list[i].SOp != "" {
			t = term{list[i].SOp, inside.TokenText(list[i].Value)}
		}
		terms = append(terms, t)
	}
	return terms
}

// fitting are the places of terms of each s-op, as many of each as there is room for: those
// that occur, and some beside them. left is what is left out.
func fitting(terms []inside.Term, most int, occur values) (at []int, left []string) {
	places, order := map[string][]int{}, []string{} // of the terms of each s-op
	for i, t := range terms {
		if places[t.SOp] == nil {
			order = append(order, t.SOp)
		}
		places[t.SOp] = append(places[t.SOp], i)
	}
	each := most
	for ; each > 2; each-- {
		total := 0
		for _, list := range places {
			total += min(len(list), each)
		}
		if total <= most {
			break
		}
	}
	for _, sop := range order {
		list := places[sop]
		at = append(at, near(list, each, func(i int) bool { return occur[sop][terms[i].Value] || terms[i].Name == inside.BOS })...)
		switch n := len(list) - each; {
		case n <= 0:
		case sop == "":
			left = append(left, fmt.Sprintf("%d of %d dimensions", n, len(list)))
		default:
			left = append(left, fmt.Sprintf("%d of %d values of %s", n, len(list), sop))
		}
	}
	slices.Sort(at)
	return at, left
}

// near takes so many places of a list: those that count, then others from before the first
// of these on.
func near(list []int, most int, counts func(int) bool) []int {
	var taken []int
	take := func(from int, wanted func(int) bool) {
		for _, i := range list[from:] {
			if len(taken) < most && wanted(i) && !slices.Contains(taken, i) {
				taken = append(taken, i)
			}
		}
	}
	anything := func(int) bool { return true }
	take(0, counts)
	take(max(0, slices.IndexFunc(list, counts)-1), anything)
	take(0, anything)
	return taken
}

// Sizes of a map, as in page.html.
const (
	heatHeight  = 16
	heatGap     = 6 // between s-ops
	heatLabel   = 24
	heatColumn  = 5 // characters
	heatHeading = 36
	heatMargin  = 40
)

// heatMaps draws the maps of a head beside each other, from x on.
func heatMaps(c *canvas, x float64, maps []*heat) {
	height := 0.0
	for _, h := range maps {
		w, high := h.draw(c, x)
		x, height = x+w+heatMargin, max(height, high)
	}
	c.down(height+8, x-heatMargin)
}

// draw draws a map from x on, and returns its width and height.
func (h *heat) draw(c *canvas, x float64) (width, height float64) {
	left := x + charWidth*float64(h.widest(h.Rows, heatLabel, term.String)) + 8
	cell := max(heatHeight, charWidth*float64(h.widest(h.Columns, heatColumn, term.short))+4)
	c.text(x, c.y+12, "m", h.Title, "")
	top := c.y + 12 + heatHeading
	at := h.columns(c, left, cell)
	y := top
	for i, row := range h.Rows {
		if i > 0 && row.Name != h.Rows[i-1].Name && h.QK {
			y += heatGap
		}
		c.text(left-6, y+12, "t e", cutInside(row.String(), heatLabel), row.String())
		for j := range h.Columns {
			if v := float64(h.Cells[i][j]); !math.IsNaN(v) {
				class, shade := h.shade(i, v)
				c.cell(class+" l", at[j], y, cell, heatHeight, shade, h.says(i, j))
			}
		}
		y += heatHeight
	}
	if h.Note != "" {
		y += 18
		c.text(x, y, "m", cut(h.Note, 90), h.Note)
	}
	right := max(at[len(at)-1]+cell, x+charWidth*float64(len([]rune(h.Title))), x+charWidth*float64(min(90, len([]rune(h.Note)))))
	return right - x, y - c.y + 4
}

// columns writes what stands above the cells, and returns where each column begins.
func (h *heat) columns(c *canvas, x, cell float64) []float64 {
	var at []float64
	begin := 0
	for j, column := range h.Columns {
		if j > 0 && column.Name != h.Columns[j-1].Name {
			x += heatGap
			begin = j
		}
		at = append(at, x)
		x += cell
		c.text(at[j]+cell/2, c.y+heatHeading+8, "t i", cut(column.short(), heatColumn), column.String())
		if last := j+1 == len(h.Columns) || h.Columns[j+1].Name != column.Name; last && column.Value != "" {
			room := int((x - at[begin]) / charWidth)
			c.text(at[begin], c.y+heatHeading-8, "m", cut(column.Name, max(room, 2)), column.Name)
		}
	}
	return at
}

// short is what stands above a column.
func (t term) short() string {
	if t.Value == "" {
		return t.Name
	}
	return t.Value
}

func (h *heat) widest(terms []term, most int, text func(term) string) int {
	widest := 0
	for _, t := range terms {
		widest = max(widest, min(most, len([]rune(text(t)))))
	}
	return widest
}

// shade of a cell: of scores how much weight softmax gives beside the best key or BOS, of
// what is written its size beside the largest of the row, and its sign.
func (h *heat) shade(i int, v float64) (class string, opacity float64) {
	if h.QK {
		if h.BOS != nil {
			v -= float64(h.BOS[i])
		}
		return "c", math.Exp(min(0, v))
	}
	most := 0.0
	for j, x := range h.Cells[i] {
		if h.Columns[j].Name != inside.BOS && !math.IsNaN(float64(x)) {
			most = max(most, math.Abs(float64(x)))
		}
	}
	if class = "c"; v < 0 {
		class = "n"
	}
	if most == 0 {
		return class, min(1, math.Abs(v))
	}
	return class, min(1, math.Abs(v)/most)
}

// says is the hover text of a cell.
func (h *heat) says(i, j int) string {
	if h.QK {
		return fmt.Sprintf("query: %s\nkey: %s\nscore %s beside the best value", h.Rows[i], h.Columns[j], h.Cells[i][j])
	}
	return fmt.Sprintf("key: %s\nwrites %s\nto %s", h.Columns[j], h.Cells[i][j], h.Rows[i])
}
