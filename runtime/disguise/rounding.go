package disguise

import "math"

// shake multiplies each weight by 1 + sigma z, z nearly normal.
func (w weights) shake(s source, sigma float64) weights {
	return w.each(func(x float64) float64 {
		z := s.normal()
		return x + float64(x*float64(sigma*z))
	})
}

// round rounds all weights to float32, or, for that matter, to bfloat16.
func (w weights) round(bfloat bool) weights {
	to := func(x float64) float64 { return float64(float32(x)) }
	if bfloat {
		to = func(x float64) float64 { return float64(bfloat16(float32(x))) }
	}
	return w.each(to)
}

// bfloat16 is the nearest number of 8 bits, of two equally near the even one.
func bfloat16(x float32) float32 {
	bits := math.Float32bits(x)
	bits += 0x7fff + bits>>16&1
	return math.Float32frombits(bits &^ 0xffff)
}
