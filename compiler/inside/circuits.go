package inside

import (
	"math"
	"slices"
	"strconv"

	"rasp/lang/value"
	"rasp/runtime/inspect"
	"rasp/runtime/model"
)

// Circuits are what a head compares and what it brings, over the values of the s-ops that
// it reads: what its weights say of every input. (Elhage et al. 2021, A Mathematical
// Framework for Transformer Circuits, has them over tokens.) Columns are what a key holds.
type Circuits struct {
	Layer, Head int
	// QK has rows for what a query holds. The score of a query and a key, less what is the
	// same for all keys, is the sum of the cells where their rows and columns meet; in each
	// row the largest value of an s-op has 0. NaN also stands where both are positions and
	// the query does not see the key.
	QK Circuit
	// OV has a row for each dimension that the head writes: a weight of 1 adds the sum of
	// the cells of the key's columns.
	OV Circuit
}

// Circuit is a matrix between terms, those of an s-op beside each other.
type Circuit struct {
	Rows, Columns []Term
	Cells         [][]float64 // [row][column]; NaN where a value has no code that matters
	// Unlisted are dimensions that are read and whose values are too many to list; the sums
	// are without them.
	Unlisted []string
}

// Term is that an s-op has a value. Without an s-op it is Any, BOS, or the name of a
// dimension that is written.
type Term struct {
	SOp   string
	Value model.Token
	Name  string
}

// Names of terms without an s-op.
const (
	Any = "any"
	BOS = "BOS"
)

// Circuits are those of all heads but padding, by layer. What BOS holds is taken from a
// run of an input.
func (x *Model) Circuits(input []value.Value) ([]Circuits, error) {
	ids, err := x.IDs(input)
	if err != nil {
		return nil, err
	}
	run := inspect.Of(x.Model, ids, inspect.Hooks{})
	var list []Circuits
	for l := range x.Layers {
		for h, name := range x.Names.Heads[l] {
			if !x.isPadding(l, h) {
				list = append(list, x.circuits(l, h, name, run.Residual[2*l][0]))
			}
		}
	}
	return list, nil
}

// isPadding reports that a head is none: it has no name and writes nothing.
func (x *Model) isPadding(l, h int) bool {
	return x.Names.Heads[l][h].Kind == "padding" && x.Blocks[l].WO.Part(h*x.DHead, (h+1)*x.DHead).Nonzero() == 0
}

func (x *Model) circuits(l, h int, name model.HeadName, bos []float32) Circuits {
	b := &x.Blocks[l]
	side := func(w model.Matrix, bias, bos []float32) *side {
		return x.side(2*l, w.Part(h*x.DModel, (h+1)*x.DModel), bias[h*x.DHead:(h+1)*x.DHead], bos)
	}
	queries, keys, values := side(b.WQ, b.BQ, nil), side(b.WK, b.BK, bos), side(b.WV, b.BV, bos)
	qk, ov := between(queries, keys), between(x.written(b.WO.Part(h*x.DHead, (h+1)*x.DHead), name.Brings), values)
	x.hideBehind(&qk)
	qk.fold()
	qk.lessLargest()
	return Circuits{l, h, qk, ov}
}

// side is one side of a circuit: terms, and what each of them is to the head.
type side struct {
	terms    []Term
	vectors  [][]float64 // [term][d_head]
	unlisted []string
}

func (s *side) add(t Term, vector []float64) {
	s.terms, s.vectors = append(s.terms, t), append(s.vectors, vector)
}

// side is what is read of the stream up to a stage through w [d_model, d_head], and of
// BOS, unless that is nil. The bias belongs to the values of the first s-op; to those of
// which, when queries read several, depends on the keys: then it stays a term of its own.
func (x *Model) side(stage int, w model.Matrix, bias, bos []float32) *side {
	s := &side{}
	sops := 0
	for i := range x.Names.SOps {
		if x.sop(s, i, stage, w) {
			sops++
		}
	}
	for d, name := range x.Names.Dims {
		if name.SOp == "" && name.Kind != "bos" && !w.Empty(d) {
			s.unlisted = append(s.unlisted, name.Name)
		}
	}
	constant := make([]float64, len(bias))
	for z, b := range bias {
		constant[z] = float64(b)
	}
	if sops == 0 || sops > 1 && bos == nil {
		s.add(Term{Name: Any}, constant)
	} else {
		for i, t := range s.terms {
			if t.SOp == s.terms[0].SOp {
				sum(s.vectors[i], constant)
			}
		}
	}
	if bos != nil {
		vector := slices.Clone(constant)
		for d, held := range bos {
			through(vector, w, d, float64(held))
		}
		s.add(Term{Name: BOS}, vector)
	}
	return s
}

// sop adds the values of an s-op, if its dimensions are read.
func (x *Model) sop(s *side, at, stage int, w model.Matrix) bool {
	sop := x.Names.SOps[at]
	read := slices.DeleteFunc(slices.Clone(x.dims[at]), func(d int) bool { return x.stages[d] > stage || w.Empty(d) })
	_, width := w.Size()
	var codes []int // the dimensions that say something of each value
	parts := -1     // of a number that several dimensions add up to, the one with its codes
	for _, d := range read {
		switch name := x.Names.Dims[d]; {
		case len(name.Codes) == 0:
			s.unlisted = append(s.unlisted, name.Name)
		case name.Kind != "part":
			codes = append(codes, d)
		case parts < 0 || slices.Max(name.Codes) > slices.Max(x.Names.Dims[parts].Codes):
			parts = d
		}
	}
	if parts >= 0 {
		codes = append(codes, parts)
	}
	if len(codes) == 0 {
		return false
	}
	for v, token := range sop.Values {
		vector := make([]float64, width)
		for _, d := range codes {
			through(vector, w, d, x.Names.Dims[d].Codes[v])
		}
		s.add(Term{SOp: sop.Name, Value: token}, vector)
	}
	return true
}

// through adds what a dimension that holds a number is through w.
func through(vector []float64, w model.Matrix, d int, held float64) {
	for j, weight := range w.Row(d) {
		vector[j] += float64(held * float64(weight))
	}
}

func sum(to, more []float64) {
	for j, m := range more {
		to[j] += m
	}
}

// written has the columns of w [d_head, d_model] that are dimensions which a head brings.
func (x *Model) written(w model.Matrix, brings []int) *side {
	s := &side{}
	for _, d := range brings {
		vector := make([]float64, x.DHead)
		for z := range vector {
			vector[z] = float64(w.At(z, d))
		}
		s.add(Term{Name: x.Names.Dims[d].Name}, vector)
	}
	return s
}

func between(rows, columns *side) Circuit {
	c := Circuit{Rows: rows.terms, Columns: columns.terms, Unlisted: append(rows.unlisted, columns.unlisted...)}
	for _, r := range rows.vectors {
		var cells []float64
		for _, k := range columns.vectors {
			total := 0.0
			for z := range r {
				if k[z] != 0 || math.IsNaN(k[z]) {
					total += float64(r[z] * k[z])
				}
			}
			cells = append(cells, total)
		}
		c.Cells = append(c.Cells, cells)
	}
	return c
}

// hideBehind takes out what causal attention does not see: keys at positions behind that of
// the query.
func (x *Model) hideBehind(c *Circuit) {
	if !x.Causal {
		return
	}
	columns := x.positions(c.Columns)
	for i, query := range x.positions(c.Rows) {
		for j, key := range columns {
			if query >= 0 && key > query {
				c.Cells[i][j] = math.NaN()
			}
		}
	}
}

// positions are those that terms say, -1 for other terms.
func (x *Model) positions(terms []Term) []int {
	list := make([]int, len(terms))
	for i, t := range terms {
		list[i] = -1
		if at := x.SOp(t.SOp); at >= 0 && x.Names.SOps[at].Of == "position" {
			if p, err := strconv.Atoi(string(t.Value)); err == nil {
				list[i] = p
			}
		}
	}
	return list
}

// groups are where terms of one s-op, or without one, begin and end.
func groups(terms []Term) [][2]int {
	var list [][2]int
	for i, t := range terms {
		if i == 0 || t.SOp == "" || t.SOp != terms[i-1].SOp {
			list = append(list, [2]int{i, i})
		}
		list[len(list)-1][1] = i + 1
	}
	return list
}

// fold adds the last row, if it is the bias beside several s-ops, to the rows of one of
// them, in the columns of each s-op to those that differ the most there.
func (c *Circuit) fold() {
	last := len(c.Rows) - 1
	if last == 0 || c.Rows[last].Name != Any {
		return
	}
	bias := c.Cells[last]
	c.Rows, c.Cells = c.Rows[:last], c.Cells[:last]
	for _, columns := range groups(c.Columns) {
		to, most := [2]int{}, math.Inf(-1)
		for _, rows := range groups(c.Rows) {
			if s := c.spread(rows, columns); s > most {
				to, most = rows, s
			}
		}
		for i := to[0]; i < to[1]; i++ {
			for j := columns[0]; j < columns[1]; j++ {
				c.Cells[i][j] += bias[j]
			}
		}
	}
}

// spread is how much cells differ.
func (c *Circuit) spread(rows, columns [2]int) float64 {
	least, most := math.Inf(1), math.Inf(-1)
	for i := rows[0]; i < rows[1]; i++ {
		for _, cell := range c.Cells[i][columns[0]:columns[1]] {
			if !math.IsNaN(cell) {
				least, most = min(least, cell), max(most, cell)
			}
		}
	}
	return most - least
}

// lessLargest takes from each row the largest value of each s-op: a key has one value of
// each, so that this is the same for all keys. BOS has none of them, and pays for all.
func (c *Circuit) lessLargest() {
	bos := len(c.Columns) - 1
	for _, row := range c.Cells {
		for _, g := range groups(c.Columns[:bos]) {
			largest := math.Inf(-1)
			for _, cell := range row[g[0]:g[1]] {
				if !math.IsNaN(cell) {
					largest = max(largest, cell)
				}
			}
			if math.IsInf(largest, -1) {
				continue // no value matters
			}
			for j := g[0]; j < g[1]; j++ {
				row[j] -= largest
			}
			row[bos] -= largest
		}
	}
}
