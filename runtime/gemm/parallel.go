package gemm

import (
	"sync"
	"sync/atomic"
)

// leastWork is how many multiplications a goroutine should get: about 20 times
// what starting it costs.
const leastWork = 1 << 19

// crew is a product being computed by several goroutines. C is cut into a grid;
// each part is a product of its own, taken by whoever is free next.
type crew struct {
	product    product
	isa        *vectorISA
	rows, cols int // of a part
	next       atomic.Int64
	running    sync.WaitGroup
	help       func() // help as a value, so that starting it allocates nothing
}

var crews = sync.Pool{New: func() any {
	c := new(crew)
	c.help = func() {
		c.work()
		c.running.Done()
	}
	return c
}}

// split computes the product with the threads that it may have and that its size
// is worth.
func (p *product) split(isa *vectorISA) {
	work := p.c.Rows * p.c.Cols * p.k
	threads := min(p.op.Threads, work/leastWork)
	if threads <= 1 {
		p.run(isa)
		return
	}
	c := crews.Get().(*crew)
	defer crews.Put(c)
	c.product, c.isa = *p, isa
	c.product.op.Threads = 1
	c.rows, c.cols = p.grid(isa, 3*threads)
	c.next.Store(0)
	c.running.Add(threads - 1)
	for range threads - 1 {
		go c.help()
	}
	c.work()
	c.running.Wait()
	c.product = product{}
}

// grid returns the size of the parts if C is cut into about so many: columns
// first, unless rows are many more, and along the edges of tiles.
func (p *product) grid(isa *vectorISA, parts int) (rows, cols int) {
	m, n := p.c.Rows, p.c.Cols
	if m > 2*n {
		return roundUp((m+parts-1)/parts, isa.rows), n
	}
	return m, roundUp((n+parts-1)/parts, isa.panel())
}

func (c *crew) work() {
	p := &c.product
	across := (p.c.Cols + c.cols - 1) / c.cols
	down := (p.c.Rows + c.rows - 1) / c.rows
	for {
		part := int(c.next.Add(1)) - 1
		if part >= across*down {
			return
		}
		i, j := part/across*c.rows, part%across*c.cols
		q := p.part(i, j, min(c.rows, p.c.Rows-i), min(c.cols, p.c.Cols-j))
		q.run(c.isa)
	}
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
