package gemm

// Packed holds an op(B) in the order in which the kernels read it, for weights
// that are multiplied many times: panels of so many columns as a tile has, each
// [rows, columns of the panel] without gaps. The last one may be partly unused.
type Packed struct {
	isa        *vectorISA // nil for plain Go, and then one panel holds all columns
	rows, cols int        // of op(B)
	data       []float32
}

// PackB packs b, or its transpose.
func PackB(b Matrix, trans bool) *Packed {
	p := new(Packed)
	p.Pack(b, trans)
	return p
}

// Pack replaces what p holds by b, or its transpose. It allocates only if nothing
// as large was packed before.
func (p *Packed) Pack(b Matrix, trans bool) { p.packFor(best, b, trans) }

func (p *Packed) packFor(isa *vectorISA, b Matrix, trans bool) {
	p.isa = isa
	if !b.valid() {
		misfit(&Op{}, b, b, b)
	}
	p.rows, p.cols = b.shape(trans)
	p.data = reserve(p.data, p.rows*roundUp(p.cols, p.panel()))
	if p.rows > 0 && p.cols > 0 {
		packB(p.data, isa, p.panel(), b, trans)
	}
}

// Rows and Cols of the op(B) that p holds.
func (p *Packed) Rows() int { return p.rows }

// Cols is the number of columns of op(B).
func (p *Packed) Cols() int { return p.cols }

func (p *Packed) panel() int {
	if p.isa == nil {
		return max(p.cols, 1)
	}
	return p.isa.panel()
}

// packB writes op(b), not empty, in panels of so many columns.
func packB(dst []float32, isa *vectorISA, panel int, b Matrix, trans bool) {
	k, n := b.Rows, b.Cols
	if trans {
		k, n = n, k
	}
	if !trans {
		packRows(dst, panel, b)
		return
	}
	for j := 0; j < n; j += panel {
		packColumns(dst[j*k:], isa, panel, b.opPart(trans, 0, j, k, min(panel, n-j)))
	}
}

// packRows copies the rows of b to panels, some rows side by side, so that they are
// fetched in the order in which they lie and a panel is not left for each line.
func packRows(dst []float32, panel int, b Matrix) {
	const together = 8
	for from := 0; from < b.Rows; from += together {
		to := min(from+together, b.Rows)
		for j := 0; j < b.Cols; j += panel {
			part := b.part(from, j, to-from, min(panel, b.Cols-j))
			packPanel(dst[j*b.Rows+from*panel:], panel, part)
		}
	}
}

// packPanel copies rows of b to one panel.
func packPanel(dst []float32, panel int, b Matrix) {
	if panel == 32 && b.Cols == 32 {
		for p := range b.Rows {
			*(*[32]float32)(dst[p*32:]) = *(*[32]float32)(b.Data[p*b.Stride:])
		}
		return
	}
	for p := range b.Rows {
		copy(dst[p*panel:], b.row(p))
	}
}

// packColumns copies the columns of b to a panel: a vector's worth of rows of b
// and four columns at a time by shuffling registers, the rest one by one.
func packColumns(dst []float32, isa *vectorISA, panel int, b Matrix) {
	i, groups := 0, b.Cols/4
	if isa != nil && groups > 0 {
		for ; i+isa.lanes <= b.Rows; i += isa.lanes {
			isa.transpose(dst[i:], b.Data[i*b.Stride:], panel, b.Stride, groups)
			for p := 4 * groups; p < b.Cols; p++ {
				for l := i; l < i+isa.lanes; l++ {
					dst[p*panel+l] = b.Data[l*b.Stride+p]
				}
			}
		}
	}
	for ; i < b.Rows; i++ {
		for p, v := range b.row(i) {
			dst[p*panel+i] = v
		}
	}
}

// packA copies alpha a, as it lies, to rows of so many elements.
func packA(dst []float32, stride int, alpha float32, a Matrix) {
	for i := range a.Rows {
		to, from := dst[i*stride:][:a.Cols], a.row(i)
		copy(to, from)
		if alpha != 1 {
			for p := range to {
				to[p] *= alpha
			}
		}
	}
}

// reserve returns a slice of n elements with any content, in s if it fits.
func reserve(s []float32, n int) []float32 {
	if cap(s) < n {
		return make([]float32, n)
	}
	return s[:n]
}

func roundUp(n, unit int) int { return (n + unit - 1) / unit * unit }
