package gemm

import (
	"sync"
	"time"

	"rasp/runtime/internal/parallel"
)

// leastWork is how much of a product a goroutine should get: many times what it takes to
// hand it over to one that is there.
const leastWork = 8 * time.Microsecond

// work is about how long a product takes on one core: 64 multiplications a nanosecond, and
// 32 bytes that are read or written, as from the third-level cache.
func work(m, n, k int) time.Duration {
	return time.Duration(m*n*k/64 + (m*k+k*n+m*n)/8)
}

// shared is a product being computed by several goroutines. C is cut into parts, each of
// which is a product of its own.
type shared struct {
	product
	isa   *vectorISA
	down  bool // into rows, not columns
	unit  int  // of which parts are made
	parts int
	task  func(int) // compute as a value, so that sharing allocates nothing
}

var sharing = sync.Pool{New: func() any {
	s := new(shared)
	s.task = s.compute
	return s
}}

// partsEach is how many parts there are for each goroutine: so many that none waits long for
// another, so few that a part is nearly as fast as the whole.
const partsEach = 4

// split computes the product with the threads that it may have and that its size
// is worth.
func (p *product) split(isa *vectorISA) {
	took := work(p.c.Rows, p.c.Cols, p.k)
	threads := min(p.op.Threads, int(took/leastWork))
	if threads <= 1 {
		p.run(isa)
		return
	}
	s := sharing.Get().(*shared)
	s.product, s.isa = *p, isa
	s.op.Threads = 1
	s.cut(partsEach * threads)
	parallel.Do(threads, s.parts, took, s.task)
	s.product = product{}
	sharing.Put(s)
}

// cut decides on the parts, about so many: along the edges of tiles, columns first, unless
// rows are many more.
func (s *shared) cut(parts int) {
	switch s.down = s.c.Rows > 2*s.c.Cols; {
	case s.down && isTurned(&s.op, s.c.Rows, s.c.Cols, s.k):
		s.unit = 4 * stripRows
	case s.down:
		s.unit = s.isa.rows
	case s.c.Rows <= 2:
		s.unit = 2 * s.isa.panel()
	default:
		s.unit = s.isa.panel()
	}
	s.parts = min(parts, roundUp(s.length(), s.unit)/s.unit)
}

// length is that of what is cut.
func (s *shared) length() int {
	if s.down {
		return s.c.Rows
	}
	return s.c.Cols
}

// compute computes a part.
func (s *shared) compute(part int) {
	from, to := s.edge(part), s.edge(part+1)
	var q product
	if s.down {
		q = s.product.part(from, 0, to-from, s.c.Cols)
	} else {
		q = s.product.part(0, from, s.c.Rows, to-from)
	}
	q.run(s.isa)
}

// edge is where a part begins: parts differ by a unit at most, those of the first half having
// as many as those of the second.
func (s *shared) edge(part int) int {
	units := roundUp(s.length(), s.unit) / s.unit
	return min(units*part/s.parts*s.unit, s.length())
}

// part is the product that computes rows x cols of C from (i, j) on.
func (p *product) part(i, j, rows, cols int) product {
	q := *p
	q.a = p.a.opPart(p.op.TransA, i, 0, rows, p.k)
	q.c = p.c.part(i, j, rows, cols)
	if p.packed != nil {
		q.first = p.first + j
	} else {
		q.b = p.b.opPart(p.op.TransB, 0, j, p.k, cols)
	}
	if p.op.Bias != nil {
		q.op.Bias = p.op.Bias[j : j+cols]
	}
	return q
}
