package runtime

import "math"

// The forward pass, top to bottom. Every buffer is [positions, width],
// row-major; row(b, i, width) is row i of buffer b. The package comment has the
// formulas and what may be relied on.

// forward computes the logits [len(ids), width of W_U] of a sequence that starts
// with BOS. They are valid until the next call.
func (s *Session) forward(ids []int) []float32 {
	s.reserve(len(ids))
	s.embed(ids)
	for l := range s.layers {
		s.attention(&s.layers[l], len(ids))
		s.mlp(&s.layers[l], len(ids))
	}
	return s.unembed(len(ids))
}

// embed starts the residual stream: what the token is plus where it stands.
func (s *Session) embed(ids []int) {
	d := s.model.DModel
	for i, id := range ids {
		x, token, position := row(s.x, i, d), row(s.model.WE, id, d), row(s.model.WPos, i, d)
		for j := range x {
			x[j] = token[j] + position[j]
		}
	}
}

// attention adds what the heads of a layer move between positions. Queries, keys
// and values of all positions are computed before any position changes.
func (s *Session) attention(w *layer, positions int) {
	d, width := s.model.DModel, len(s.z)
	for i := range positions {
		x := row(s.x, i, d)
		w.query.apply(row(s.q, i, width), x)
		w.key.apply(row(s.k, i, width), x)
		w.value.apply(row(s.v, i, width), x)
	}
	for i := range positions {
		visible := positions
		if s.model.Causal {
			visible = i + 1
		}
		for h := range s.model.Heads {
			s.head(h, i, visible)
		}
		w.output.apply(s.update, s.z)
		add(row(s.x, i, d), s.update)
	}
}

// head writes z, the part of head h at position i: the mean of the values at the
// first visible positions, weighted by e = exp(score - largest score). Numerator
// and denominator are summed apart and divided once, so that with weights 0 and
// 1 and integer values both are exact.
func (s *Session) head(h, i, visible int) {
	d := s.model.DHead
	width, from := len(s.z), h*d
	z := s.z[from : from+d]
	clear(z)
	largest := s.score(row(s.q, i, width)[from:from+d], from, visible)
	denominator := float32(0)
	for j, score := range s.scores[:visible] {
		e := exp(score - largest)
		if e == 0 {
			continue
		}
		denominator += e
		for n, v := range row(s.v, j, width)[from : from+d] {
			z[n] += float32(e * v)
		}
	}
	for n := range z {
		z[n] /= denominator
	}
}

// score fills scores with q . k_j, not scaled, for the first visible positions j
// and returns the largest. The head's part of a key starts at from.
func (s *Session) score(q []float32, from, visible int) float32 {
	width := len(s.z)
	largest := float32(math.Inf(-1))
	for j := range visible {
		k := row(s.k, j, width)[from : from+len(q)]
		dot := float32(0)
		for n, v := range q {
			dot += float32(v * k[n])
		}
		s.scores[j] = dot
		largest = max(largest, dot)
	}
	return largest
}

// exp is e to the power of x: exactly 1 for 0, exactly 0 below -104, where even
// the smallest float32 is more than twice the result.
func exp(x float32) float32 {
	if x < -104 {
		return 0
	}
	return float32(math.Exp(float64(x)))
}

// mlp adds, at each position by itself, what the neurons of a layer write.
func (s *Session) mlp(w *layer, positions int) {
	for i := range positions {
		x := row(s.x, i, s.model.DModel)
		w.in.apply(s.hidden, x)
		for n, v := range s.hidden {
			s.hidden[n] = max(v, 0)
		}
		w.out.apply(s.update, s.hidden)
		add(x, s.update)
	}
}

// unembed reads the logits off the residual stream.
func (s *Session) unembed(positions int) []float32 {
	width := len(s.model.BU)
	for i := range positions {
		s.readout.apply(row(s.logits, i, width), row(s.x, i, s.model.DModel))
	}
	return s.logits[:positions*width]
}

func add(x, update []float32) {
	for j, u := range update {
		x[j] += u
	}
}

func row(buffer []float32, i, width int) []float32 {
	return buffer[i*width : (i+1)*width]
}
