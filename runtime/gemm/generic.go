package gemm

// generic is Mul in plain Go: the fallback where there is no assembly, and what
// the assembly is tested against.
func generic(op Op, a, b, c Matrix, k int) {
	if op.Alpha == 0 {
		k = 0
	}
	for i := range c.Rows {
		for j := range c.Cols {
			sum := float32(0)
			if op.Beta != 0 {
				sum = op.Beta * c.Data[i*c.Stride+j]
			}
			for p := range k {
				sum += op.Alpha * a.at(i, p, op.TransA) * b.at(p, j, op.TransB)
			}
			if op.Bias != nil {
				sum += op.Bias[j]
			}
			if op.ReLU && sum < 0 {
				sum = 0
			}
			c.Data[i*c.Stride+j] = sum
		}
	}
}
