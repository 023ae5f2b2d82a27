package runtime

// Operations is how many floating-point operations the session needs for an
// input of so many positions, BOS included, and the logits of some of them: two
// for each weight that is multiplied, position by position, and for each dim of a
// query and of a value, key by key.
func (s *Session) Operations(positions, logits int) float64 {
	pairs := float64(positions) * float64(positions)
	if s.model.Causal {
		pairs = (pairs + float64(positions)) / 2
	}
	weights, perPair := 0, 0
	for l := range s.layers {
		layer := &s.layers[l]
		perPair += layer.dims + layer.values
		weights += layer.lookup.weights()
		for _, m := range layer.matrices() {
			weights += m.weights()
		}
	}
	read := float64(s.readout.weights()) * float64(logits)
	return 2 * (float64(weights)*float64(positions) + float64(perPair)*pairs + read)
}

// StepBytes is how many bytes of weights and of the KV cache a Step reads after
// so many positions.
func (s *Session) StepBytes(positions int) float64 {
	bytes := s.readout.bytes()
	for l := range s.layers {
		layer := &s.layers[l]
		bytes += 4*positions*(layer.dims+layer.values) + 8*layer.lookup.weights()
		for _, m := range layer.matrices() {
			bytes += m.bytes()
		}
	}
	return float64(bytes)
}

func (l *layer) matrices() []*matrix {
	return []*matrix{&l.query, &l.key, &l.value, &l.output, &l.in, &l.out}
}

// weights is how many are multiplied.
func (m *matrix) weights() int {
	if m.sparse != nil {
		return m.sparse.Weights()
	}
	return m.full.w.Rows * m.full.w.Cols
}

// bytes of the weights; one of a sparse matrix has a place too.
func (m *matrix) bytes() int {
	if m.sparse != nil {
		return 8 * m.sparse.Weights()
	}
	return 4 * m.weights()
}

// weights is how many are multiplied at a position where each family finds an
// average neuron.
func (l *lookup) weights() int {
	if len(l.neurons) == 0 {
		return 0
	}
	all := len(l.out)
	for i := range l.neurons {
		all += len(l.neurons[i].in)
	}
	return len(l.families) * all / len(l.neurons)
}
