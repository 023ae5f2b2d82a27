package formulas

import (
	"context"
	"fmt"

	"rasp/cmd/rasp/web/rpc"
	"rasp/gpu/counted"
	"rasp/runtime/gemm"
)

func gemmMethods() rpc.Methods {
	return rpc.Methods{
		"gemm.count":    rpc.Typed(countLoads),
		"gemm.steps":    rpc.Typed(stepsOfProduct),
		"gemm.roofline": rpc.Typed(roofline),
		"gemm.multiply": rpc.Typed(multiply),
	}
}

// kernelParams are a kernel, and the side of its matrices.
type kernelParams struct {
	N    int `json:"n"`
	Tile int `json:"tile"` // side of the tiles; 0: one thread an element, without shared memory
}

func (p kernelParams) check(most int) error {
	switch {
	case p.N < 1 || p.N > most:
		return rpc.Usage("", fmt.Sprintf("n is the side of a matrix, 1 to %d", most))
	case p.Tile < 0 || p.Tile > 32:
		return rpc.Usage("", "the side of a tile is 1 to 32, or 0 for none: a block has 1024 threads at most")
	}
	return nil
}

// Counted is what a kernel did, in numbers of 4 bytes.
type Counted struct {
	Loads     int     `json:"loads"`     // of A and B, from global memory
	Formula   int     `json:"formula"`   // 2 n^3, or 2 n^3 / tile
	Shared    int     `json:"shared"`    // loads from shared memory
	Stores    int     `json:"stores"`    // of C
	FLOPs     int     `json:"flops"`     // 2 n^3
	Intensity float64 `json:"intensity"` // FLOPs for each byte that is loaded or stored
}

func countedOf(k counted.Kernel, n int, c counted.Counts) Counted {
	flops := 2 * n * n * n
	return Counted{c.Loads, k.Loads(n), c.Shared, c.Stores, flops, float64(flops) / float64(4*(c.Loads+c.Stores))}
}

// run multiplies matrices of small ints.
func (p kernelParams) run(watch func(counted.Step)) Counted {
	k := counted.Kernel{Tile: p.Tile}
	a, b := smallInts(p.N)
	return countedOf(k, p.N, k.Run(p.N, a, b, make([]float32, p.N*p.N), watch))
}

// mostCounted keeps a run of a kernel below a tenth of a second, in a page too.
const mostCounted = 128

func countLoads(_ context.Context, p kernelParams) (Counted, error) {
	if err := p.check(mostCounted); err != nil {
		return Counted{}, err
	}
	return p.run(nil), nil
}

// ProductSteps are what a kernel does, one after the other.
type ProductSteps struct {
	Counted
	Steps []ProductStep `json:"steps"`
}

// ProductStep is what a block does between two barriers; without tiles, what a thread does.
type ProductStep struct {
	Row     int  `json:"row"` // the elements of C that it works on
	Column  int  `json:"column"`
	Rows    int  `json:"rows"`
	Columns int  `json:"columns"`
	From    int  `json:"from"` // the columns of A and rows of B that it fetches
	Depth   int  `json:"depth"`
	Done    bool `json:"done"`
	Loads   int  `json:"loads"` // so far
	Stores  int  `json:"stores"`
}

// mostStepped is the side of matrices that are drawn.
const mostStepped = 16

func stepsOfProduct(_ context.Context, p kernelParams) (*ProductSteps, error) {
	if err := p.check(mostStepped); err != nil {
		return nil, err
	}
	s := &ProductSteps{}
	s.Counted = p.run(func(t counted.Step) {
		s.Steps = append(s.Steps, ProductStep{t.Row, t.Column, t.Rows, t.Columns, t.From, t.Depth, t.Done, t.Loads, t.Stores})
	})
	return s, nil
}

// smallInts are two matrices of small ints, such that no sum is rounded.
func smallInts(n int) (a, b []float32) {
	a, b = make([]float32, n*n), make([]float32, n*n)
	for i := range a {
		a[i], b[i] = float32(i*7%5-2), float32(i*3%7-3)
	}
	return a, b
}

// multiplyParams say which loops multiply matrices of side n, how often.
type multiplyParams struct {
	N     int    `json:"n"`
	Times int    `json:"times"` // 0 makes the matrices and does nothing
	How   string `json:"how"`   // "loops", "tiles" or "kernel"
}

// Multiplied says what was done, so that whoever has a clock can divide.
type Multiplied struct {
	FLOPs float64 `json:"flops"` // 2 n^3 each time
	Sum   float64 `json:"sum"`   // of all elements of the product: the same, however it is computed
}

// way to multiply, and how many operations a request may ask of it: some seconds' worth.
type way struct {
	do   func(n int, a, b, c []float32)
	most float64
}

var ways = map[string]way{"loops": {multiplyLoops, 1e9}, "tiles": {multiplyTiles, 1e9}, "kernel": {multiplyKernel, 1e10}}

// mostSide is the side of matrices that are multiplied.
const mostSide = 512

func multiply(ctx context.Context, p multiplyParams) (*Multiplied, error) {
	flops := 2 * float64(p.N) * float64(p.N) * float64(p.N) * float64(p.Times)
	w, known := ways[p.How]
	switch {
	case !known:
		return nil, rpc.Usage("", `how is "loops", "tiles" or "kernel"`)
	case p.N < 1 || p.N > mostSide:
		return nil, rpc.Usage("", fmt.Sprintf("n is the side of a matrix, 1 to %d", mostSide))
	case p.Times < 0 || flops > w.most:
		return nil, rpc.Usage("", fmt.Sprintf("2 n^3 times: at most %.0f operations", w.most))
	}
	a, b := smallInts(p.N)
	c := make([]float32, p.N*p.N)
	for range p.Times {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		w.do(p.N, a, b, c)
	}
	sum := 0.0
	for _, x := range c {
		sum += float64(x)
	}
	return &Multiplied{flops, sum}, nil
}

// multiplyLoops are the three loops of the definition.
func multiplyLoops(n int, a, b, c []float32) {
	for i := range n {
		for j := range n {
			sum := float32(0)
			for p := range n {
				sum += a[i*n+p] * b[p*n+j]
			}
			c[i*n+j] = sum
		}
	}
}

// tileSide of the tiles of multiplyTiles: three of them are 48 KB, about a first cache.
const tileSide = 64

// multiplyTiles are the same loops, a tile of each matrix at a time, and inside of it along
// the rows of B and C.
func multiplyTiles(n int, a, b, c []float32) {
	clear(c)
	for i0 := 0; i0 < n; i0 += tileSide {
		for p0 := 0; p0 < n; p0 += tileSide {
			for j0 := 0; j0 < n; j0 += tileSide {
				for i := i0; i < min(i0+tileSide, n); i++ {
					row := c[i*n+j0 : i*n+min(j0+tileSide, n)]
					for p := p0; p < min(p0+tileSide, n); p++ {
						x, other := a[i*n+p], b[p*n+j0:p*n+min(j0+tileSide, n)]
						for j := range row {
							row[j] += x * other[j]
						}
					}
				}
			}
		}
	}
}

// multiplyKernel is what the forward pass uses.
func multiplyKernel(n int, a, b, c []float32) {
	gemm.Mul(gemm.Op{Alpha: 1}, gemm.Dense(n, n, a), gemm.Dense(n, n, b), gemm.Dense(n, n, c))
}
