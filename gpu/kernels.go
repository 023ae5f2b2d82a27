//go:build cgo && linux && (amd64 || arm64)

package gpu

import (
	_ "embed"

	"rasp/runtime/model"
)

// The kernels as PTX for compute capability 7.5 and above; the driver compiles it
// for the device. internal/kernels/ptx.sh makes these files.
var (
	//go:embed ptx/gemm.ptx
	gemmPTX string
	//go:embed ptx/attention.ptx
	attentionPTX string
	//go:embed ptx/forward.ptx
	forwardPTX string
)

func (d *Device) loadKernels() error {
	for _, module := range []struct {
		ptx   string
		names []string
	}{
		{gemmPTX, []string{"gemm_naive", "gemm_shared", "gemm_tiled"}},
		{attentionPTX, []string{"attention_row", "attention_tiled"}},
		{forwardPTX, []string{"embed", "decode", "copy_rows"}},
	} {
		if err := d.load(module.ptx, module.names...); err != nil {
			return err
		}
	}
	return nil
}

// matrix is a row-major view of device memory.
type matrix struct {
	address
	rows, cols, stride int
}

// product is C = relu((alpha A B + bias) + beta C).
type product struct {
	alpha, beta float32
	bias        address // 0 for none
	relu        bool
}

// tiles has, by version, the kernel, the side of the square of C that a block
// computes, and its threads.
var tiles = [...]struct {
	kernel  string
	side    int
	threads grid
}{
	Naive:  {"gemm_naive", 32, grid{32, 32, 1}},
	Shared: {"gemm_shared", 32, grid{32, 32, 1}},
	Tiled:  {"gemm_tiled", 128, grid{256, 1, 1}},
}

func (d *Device) multiply(v Version, p product, a, b, c matrix) error {
	if c.rows == 0 || c.cols == 0 {
		return nil
	}
	t := tiles[v]
	blocks := grid{blocksFor(c.cols, t.side), blocksFor(c.rows, t.side), 1}
	return d.launch(t.kernel, blocks, t.threads, c.rows, c.cols, a.cols, p.alpha, a.address, a.stride, b.address, b.stride,
		p.beta, c.address, c.stride, p.bias, p.relu)
}

// ragged is a batch of sequences on the device: offsets of their queries and of
// their keys, one more than sequences.
type ragged struct {
	query, key address
	sequences  int
	longest    int // queries of a sequence
}

// Limits of the tiled kernel, and from how many queries on it is used: below, most
// of its 64 rows would stand empty.
const (
	tiledQueries  = 64
	tiledMostDims = 64
	tiledFrom     = 5
)

func (d *Device) attend(r ragged, heads, dims int, causal bool, q, k, v, out matrix) error {
	args := []any{q.address, k.address, v.address, out.address, q.stride, k.stride, out.stride, r.query, r.key, dims, causal}
	if dims <= tiledMostDims && r.longest >= tiledFrom {
		return d.launch("attention_tiled", grid{blocksFor(r.longest, tiledQueries), heads, r.sequences}, grid{64, 1, 1}, args...)
	}
	return d.launch("attention_row", grid{r.longest, heads, r.sequences}, grid{128, 1, 1}, args...)
}

func (d *Device) embed(tokens, positions, id, position address, x matrix) error {
	const threads = 256
	return d.launch("embed", grid{blocksFor(x.rows*x.cols, threads), 1, 1}, grid{threads, 1, 1},
		tokens, positions, id, position, x.address, x.rows, x.cols)
}

// decode writes the class that each row of the logits has for an output.
func (d *Device) decode(logits matrix, o model.Output, best address) error {
	const rows, lanes = 8, 32
	return d.launch("decode", grid{blocksFor(logits.rows, rows), 1, 1}, grid{lanes, rows, 1},
		logits.address, logits.stride, logits.rows, o.Column, o.Width(), o.Tie(), best)
}

// copyRows copies all of from to the rows of to from first on.
func (d *Device) copyRows(from, to matrix, first int) error {
	if from.rows*from.cols == 0 {
		return nil
	}
	const threads = 256
	return d.launch("copy_rows", grid{blocksFor(from.rows*from.cols, threads), 1, 1}, grid{threads, 1, 1},
		from.address, from.stride, to.address, to.stride, first, from.rows, from.cols)
}

func blocksFor(n, side int) int { return (n + side - 1) / side }
