package gemm

// generic is Mul in plain Go: the fallback where there is no assembly, and what
// the assembly is tested against. Four rows of B at a time are added to a row of
// C, so that an element of C is loaded and stored once for four products.
func generic(op *Op, a, b, c Matrix, k int) {
	for i := range c.Rows {
		z := c.Data[i*c.Stride:][:c.Cols]
		start(z, op.Beta)
		if op.TransB {
			dots(op, z, a, b, i, k)
			finish(op, z)
			continue
		}
		p := 0
		for ; p+4 <= k; p += 4 {
			a0, a1 := op.Alpha*a.at(i, p, op.TransA), op.Alpha*a.at(i, p+1, op.TransA)
			a2, a3 := op.Alpha*a.at(i, p+2, op.TransA), op.Alpha*a.at(i, p+3, op.TransA)
			b0, b1, b2, b3 := b.row(p)[:len(z)], b.row(p + 1)[:len(z)], b.row(p + 2)[:len(z)], b.row(p + 3)[:len(z)]
			for j := range z {
				z[j] = z[j] + a0*b0[j] + a1*b1[j] + a2*b2[j] + a3*b3[j]
			}
		}
		for ; p < k; p++ {
			a0, b0 := op.Alpha*a.at(i, p, op.TransA), b.row(p)
			for j := range z {
				z[j] += a0 * b0[j]
			}
		}
		finish(op, z)
	}
}

// start sets z to beta z, without reading it if beta is 0.
func start(z []float32, beta float32) {
	if beta == 0 {
		clear(z)
		return
	}
	for j := range z {
		z[j] *= beta
	}
}

// finish adds the bias and applies ReLU.
func finish(op *Op, z []float32) {
	for j, bias := range op.Bias {
		z[j] += bias
	}
	if op.ReLU {
		for j, v := range z {
			if v < 0 {
				z[j] = 0
			}
		}
	}
}

// dots adds row i of op(A) times the rows of b to z.
func dots(op *Op, z []float32, a, b Matrix, i, k int) {
	for j := range z {
		sum := z[j]
		for p, v := range b.row(j)[:k] {
			sum += op.Alpha * a.at(i, p, op.TransA) * v
		}
		z[j] = sum
	}
}
