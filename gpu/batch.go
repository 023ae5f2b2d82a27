//go:build cgo && linux && (amd64 || arm64)

package gpu

import (
	"errors"

	"rasp/runtime"
	"rasp/runtime/model"
)

// chunk is so many positions of a batch as are on the device at once: sequences
// side by side, BOS first in each.
type chunk struct {
	rows     int
	ids      []int32
	position []int32
	query    []int32 // where the sequences begin, and the end of the last
	longest  int

	x, qkv, z, hidden, logits, numbers buffer
	best                               buffer
	onHost                             []float32
	classes                            []int32
}

func (c *chunk) release(d *Device) {
	for _, b := range []*buffer{&c.x, &c.qkv, &c.z, &c.hidden, &c.logits, &c.numbers, &c.best} {
		d.release(b)
	}
}

// Bounds of a chunk: as many positions as keep the device busy, and no more
// sequences than a grid has blocks in z.
const (
	mostRows      = 1 << 18
	mostSequences = 65535
)

// fill takes inputs from the front of a batch, and returns how many.
func (c *chunk) fill(m *model.Model, batch [][]int, most int) int {
	c.ids, c.position, c.query, c.longest = c.ids[:0], c.position[:0], append(c.query[:0], 0), 0
	taken := 0
	for _, input := range batch {
		rows := len(input) + 1
		if taken > 0 && (len(c.ids)+rows > most || taken == mostSequences) {
			break
		}
		c.ids = append(c.ids, int32(len(m.Vocab)))
		for _, id := range input {
			c.ids = append(c.ids, int32(id))
		}
		for p := range rows {
			c.position = append(c.position, int32(p))
		}
		c.query = append(c.query, int32(len(c.ids)))
		c.longest = max(c.longest, rows)
		taken++
	}
	c.rows = len(c.ids)
	return taken
}

// forward computes the logits of a chunk, on the device.
func (s *Session) forward(c *chunk) error {
	if err := s.place(c); err != nil {
		return err
	}
	return s.kernels(func() error { return s.compute(c) })
}

func (s *Session) compute(c *chunk) error {
	if err := s.embed(c); err != nil {
		return err
	}
	offsets := c.numbers.at(2 * c.rows)
	r := ragged{query: offsets, key: offsets, sequences: len(c.query) - 1, longest: c.longest}
	width := s.model.Heads * s.model.DHead
	for l := range s.layers {
		qkv := matrix{c.qkv.address, c.rows, 3 * width, 3 * width}
		if err := s.project(c, l, qkv); err != nil {
			return err
		}
		k, v := qkv, qkv
		k.address, v.address = qkv.at(width), qkv.at(2*width)
		if err := s.finish(c, l, r, qkv, k, v); err != nil {
			return err
		}
	}
	return s.readOut(c)
}

// place makes room for a chunk, and uploads ids, positions and offsets.
func (s *Session) place(c *chunk) error {
	m, d := s.model, s.device
	width := m.Heads * m.DHead
	for _, b := range []struct {
		buffer *buffer
		size   int
	}{
		{&c.x, c.rows * m.DModel}, {&c.qkv, c.rows * 3 * width}, {&c.z, c.rows * width}, {&c.hidden, c.rows * m.DMLP},
		{&c.logits, c.rows * len(m.BU)}, {&c.numbers, 2*c.rows + len(c.query)},
	} {
		if err := d.reserve(b.buffer, b.size); err != nil {
			return err
		}
	}
	return s.copies(func() error {
		return errors.Join(
			upload(d, c.numbers.address, c.ids),
			upload(d, c.numbers.at(c.rows), c.position),
			upload(d, c.numbers.at(2*c.rows), c.query))
	})
}

func (s *Session) embed(c *chunk) error {
	return s.device.embed(s.wE, s.wPos, c.numbers.address, c.numbers.at(c.rows), s.residual(c))
}

func (s *Session) residual(c *chunk) matrix {
	return matrix{c.x.address, c.rows, s.model.DModel, s.model.DModel}
}

// project computes queries, keys and values of a layer.
func (s *Session) project(c *chunk, l int, qkv matrix) error {
	w := &s.layers[l]
	return s.device.multiply(Tiled, product{alpha: 1, bias: w.bQKV}, s.residual(c), weights(w.wQKV, s.model.DModel, qkv.cols), qkv)
}

// finish adds what the heads of a layer move, then what its neurons write.
func (s *Session) finish(c *chunk, l int, r ragged, q, k, v matrix) error {
	m, d, w, x := s.model, s.device, &s.layers[l], s.residual(c)
	width := m.Heads * m.DHead
	z, hidden := matrix{c.z.address, c.rows, width, width}, matrix{c.hidden.address, c.rows, m.DMLP, m.DMLP}
	if err := d.attend(r, m.Heads, m.DHead, m.Causal, q, k, v, z); err != nil {
		return err
	}
	add := product{alpha: 1, beta: 1, bias: w.bO}
	if err := d.multiply(Tiled, add, z, weights(w.wO, width, m.DModel), x); err != nil {
		return err
	}
	relu := product{alpha: 1, bias: w.bIn, relu: true}
	if err := d.multiply(Tiled, relu, x, weights(w.wIn, m.DModel, m.DMLP), hidden); err != nil {
		return err
	}
	add.bias = w.bOut
	return d.multiply(Tiled, add, hidden, weights(w.wOut, m.DMLP, m.DModel), x)
}

func (s *Session) readOut(c *chunk) error {
	return s.device.multiply(Tiled, product{alpha: 1, bias: s.bU}, s.residual(c), weights(s.wU, s.model.DModel, len(s.model.BU)), s.logits(c))
}

func (s *Session) logits(c *chunk) matrix {
	return matrix{c.logits.address, c.rows, len(s.model.BU), len(s.model.BU)}
}

func weights(at address, rows, cols int) matrix { return matrix{at, rows, cols, cols} }

// chunks runs a batch chunk by chunk, and shows each with the number of its first
// input.
func (s *Session) chunks(batch [][]int, done func(first int, c *chunk) error) error {
	if err := s.model.CheckBatch(batch); err != nil {
		return err
	}
	most, err := s.mostRows()
	if err != nil {
		return err
	}
	for first := 0; first < len(batch); {
		taken := s.chunk.fill(s.model, batch[first:], most)
		if err := s.forward(&s.chunk); err != nil {
			return err
		}
		if err := done(first, &s.chunk); err != nil {
			return err
		}
		first += taken
	}
	return nil
}

// mostRows is how many positions fit half of the memory that is left, beside what
// the session has already.
func (s *Session) mostRows() (int, error) {
	m := s.model
	row := 4 * (m.DModel + 4*m.Heads*m.DHead + m.DMLP + len(m.BU) + len(m.Outputs) + 3)
	free, err := s.device.freeMemory()
	have := 4 * (s.chunk.x.size + s.chunk.qkv.size + s.chunk.z.size + s.chunk.hidden.size + s.chunk.logits.size)
	return max(1, min(mostRows, max(free/2, have)/row)), err
}

// Each is runtime.Session.Each. Errors of the device come beside its own.
func (s *Session) Each(batch [][]int, visit runtime.Visit) error {
	width := len(s.model.BU)
	return s.chunks(batch, func(first int, c *chunk) error {
		c.onHost = resize(c.onHost, c.rows*width)
		if err := download(s.device, c.onHost, c.logits.address); err != nil {
			return err
		}
		for n := range len(c.query) - 1 {
			for p := range int(c.query[n+1] - c.query[n]) {
				row := int(c.query[n]) + p
				visit(first+n, p, c.onHost[row*width:(row+1)*width])
			}
		}
		return nil
	})
}

// Run is runtime.Session.Run; the device decodes the classes, so that only these
// come back.
func (s *Session) Run(batch [][]int) ([][][]model.Token, error) {
	results := make([][][]model.Token, len(batch))
	for n, input := range batch {
		results[n] = make([][]model.Token, len(s.model.Outputs))
		for o := range s.model.Outputs {
			results[n][o] = make([]model.Token, len(input))
		}
	}
	err := s.chunks(batch, func(first int, c *chunk) error {
		for o, output := range s.model.Outputs {
			decoded, err := s.decoded(c, output)
			if err != nil {
				return err
			}
			for n := range len(c.query) - 1 {
				for p := range results[first+n][o] {
					results[first+n][o][p] = decoded(int(c.query[n]) + p + 1)
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

// decoded is an output as a function of the row of the chunk.
func (s *Session) decoded(c *chunk, o model.Output) (func(row int) model.Token, error) {
	if o.Numeric() {
		width := len(s.model.BU)
		c.onHost = resize(c.onHost, c.rows*width)
		err := s.copies(func() error { return download(s.device, c.onHost, c.logits.address) })
		return func(row int) model.Token { return o.Decode(c.onHost[row*width : (row+1)*width]) }, err
	}
	if err := s.device.reserve(&c.best, c.rows); err != nil {
		return nil, err
	}
	err := s.kernels(func() error { return s.device.decode(s.logits(c), o, c.best.address) })
	if err != nil {
		return nil, err
	}
	c.classes = resize(c.classes, c.rows)
	err = s.copies(func() error { return download(s.device, c.classes, c.best.address) })
	return func(row int) model.Token { return o.Token(c.classes[row]) }, err
}

func resize[T any](list []T, n int) []T {
	if cap(list) < n {
		return make([]T, n)
	}
	return list[:n]
}

// Logits is runtime.Session.Logits.
func (s *Session) Logits(input []int) ([]float32, error) {
	var out []float32
	err := s.Each([][]int{input}, func(_, _ int, logits []float32) { out = append(out, logits...) })
	return out, err
}
