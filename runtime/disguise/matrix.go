package disguise

import "math"

// matrix is dense, row-major, float64. One of no rows or no columns is none, and stays
// one whatever it is multiplied with.
type matrix struct {
	rows, cols int
	a          []float64
}

func zeros(rows, cols int) matrix { return matrix{rows, cols, make([]float64, rows*cols)} }

func identity(n int) matrix {
	m := zeros(n, n)
	for i := range n {
		m.row(i)[i] = 1
	}
	return m
}

func (m matrix) row(i int) []float64 { return m.a[i*m.cols : (i+1)*m.cols] }

func (m matrix) clone() matrix {
	return matrix{m.rows, m.cols, append([]float64(nil), m.a...)}
}

// times is the product. Each element is a sum in the order of columns of m, products
// rounded, zeros of m left out: a permutation or a power of two changes no bit.
func (m matrix) times(n matrix) matrix {
	p := zeros(m.rows, n.cols)
	for i := range m.rows {
		to := p.row(i)
		for k, x := range m.row(i) {
			if x == 0 {
				continue
			}
			for j, y := range n.row(k) {
				to[j] += float64(x * y)
			}
		}
	}
	return p
}

func (m matrix) transpose() matrix {
	t := zeros(m.cols, m.rows)
	for i := range m.rows {
		for j, x := range m.row(i) {
			t.a[j*m.rows+i] = x
		}
	}
	return t
}

// minus is the difference.
func (m matrix) minus(n matrix) matrix {
	d := m.clone()
	for i, x := range n.a {
		d.a[i] -= x
	}
	return d
}

// each is the matrix of f of all elements.
func (m matrix) each(f func(float64) float64) matrix {
	t := zeros(m.rows, m.cols)
	for i, x := range m.a {
		t.a[i] = f(x)
	}
	return t
}

func (m matrix) abs() matrix { return m.each(math.Abs) }

// columns are those of the list, in its order.
func (m matrix) columns(list []int) matrix {
	c := zeros(m.rows, len(list))
	for i := range m.rows {
		from, to := m.row(i), c.row(i)
		for j, at := range list {
			to[j] = from[at]
		}
	}
	return c
}

// scaled has column j times factor[j].
func (m matrix) scaled(factors []float64) matrix {
	s := m.clone()
	for i := range s.rows {
		for j := range s.row(i) {
			s.row(i)[j] *= factors[j]
		}
	}
	return s
}

func dot(x, y []float64) float64 {
	sum := 0.0
	for i := range x {
		sum += float64(x[i] * y[i])
	}
	return sum
}

func norm(x []float64) float64 { return math.Sqrt(dot(x, x)) }

// against takes from x what it has in the directions of some orthonormal rows, twice,
// since once leaves rounding errors (Giraud et al. 2005).
func against(x []float64, rows [][]float64) {
	for range 2 {
		for _, r := range rows {
			along := dot(x, r)
			for i := range x {
				x[i] -= float64(along * r[i])
			}
		}
	}
}

// stretch multiplies a vector.
func stretch(x []float64, factor float64) {
	for i := range x {
		x[i] *= factor
	}
}

// rowList are copies of the rows.
func (m matrix) rowList() [][]float64 {
	list := make([][]float64, m.rows)
	for i := range list {
		list[i] = append([]float64(nil), m.row(i)...)
	}
	return list
}
