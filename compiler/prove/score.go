package prove

import (
	"fmt"
	"math"
)

// gone is how far below the largest a score stands whose weight is exactly 0.
const gone = 104

// vectors are the distinct tuples of some columns, and by state of a space which it is.
type vectors struct {
	space *space
	of    []int32 // -1 where no input gets
	list  [][][2]float64
}

func (p *prover) vectors(columns []*column) vectors {
	var vars []int
	for _, c := range columns {
		vars = union(vars, c.space.vars)
	}
	s := p.space(vars)
	v := vectors{space: s, of: make([]int32, s.n)}
	down := make([][]int32, len(columns))
	for i, c := range columns {
		down[i] = s.to(c.space)
	}
	ids := map[string]int32{}
	var key []byte
states:
	for i := range s.n {
		vector := make([][2]float64, len(columns))
		key, v.of[i] = key[:0], -1
		for c, column := range columns {
			d := down[c][i]
			if d < 0 || math.IsNaN(column.lo[d]) {
				continue states
			}
			vector[c] = [2]float64{column.lo[d] + 0, column.hi[d] + 0}
			key = fmt.Appendf(key, "%x,%x ", math.Float64bits(vector[c][0]), math.Float64bits(vector[c][1]))
		}
		id, ok := ids[string(key)]
		if !ok {
			id = int32(len(v.list))
			ids[string(key)] = id
			v.list = append(v.list, vector)
		}
		v.of[i] = id
	}
	return v
}

// score is the interval of a product of a query and a key in float32.
func score(q, k [][2]float64) [2]float64 {
	var a adder
	a.reset()
	for i := range q {
		w, x, y, z := q[i][0]*k[i][0], q[i][0]*k[i][1], q[i][1]*k[i][0], q[i][1]*k[i][1]
		t := multiply(min(w, x, y, z), max(w, x, y, z), 1)
		a.add(&t)
	}
	lo, hi := a.sum()
	return [2]float64{lo, hi}
}

// finite ends a proof if a score can be infinite.
func (p *prover) finite(hd *head, s [2]float64) [2]float64 {
	if math.IsInf(s[0], 0) || math.IsInf(s[1], 0) {
		p.open("layer %d, head %d: a score can be infinite", hd.layer+1, hd.head+1)
	}
	return s
}

// whole vectors are multiples of a power of two; nil if they are not known exactly.
type whole struct {
	list [][]float64
	used [][]int // by vector the places of what is not 0
	grid int
}

func (v *vectors) whole() *whole {
	w := &whole{grid: math.MaxInt32}
	for _, vector := range v.list {
		row, used := make([]float64, len(vector)), []int(nil)
		for i, x := range vector {
			if x[0] != x[1] {
				return nil
			}
			if row[i] = x[0]; x[0] != 0 {
				used = append(used, i)
				w.grid = min(w.grid, lowest(x[0]))
			}
		}
		w.list, w.used = append(w.list, row), append(w.used, used)
	}
	return w
}

// quick is score where all products are multiples of a power of two of which float32
// holds all partial sums.
func quick(qs, ks *whole, i, j int, q, k [][2]float64) [2]float64 {
	if qs == nil || ks == nil || qs.grid == math.MaxInt32 || ks.grid == math.MaxInt32 {
		return score(q, k)
	}
	sum, most := 0.0, 0.0
	a, b := qs.list[i], ks.list[j]
	for _, d := range qs.used[i] {
		y := a[d] * b[d]
		sum += y
		most += math.Abs(y)
	}
	if most > math.Ldexp(1<<24, qs.grid+ks.grid) || most > math.MaxFloat32 || qs.grid+ks.grid < finest {
		return score(q, k)
	}
	return [2]float64{sum, sum}
}
