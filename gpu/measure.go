//go:build cgo && linux && (amd64 || arm64)

package gpu

import (
	"time"

	"rasp/runtime/model"
)

// Measure is Run, and says where its time goes.
func (s *Session) Measure(batch [][]int) ([][][]model.Token, Times, error) {
	s.times = &Times{}
	defer func() { s.times = nil }()
	start := time.Now()
	results, err := s.Run(batch)
	s.times.Total = time.Since(start)
	return results, *s.times, err
}

// kernels and copies are f, and add up its time on the device while Measure runs.
func (s *Session) kernels(f func() error) error {
	if s.times == nil {
		return f()
	}
	return s.clocked(&s.times.Kernels, f)
}

func (s *Session) copies(f func() error) error {
	if s.times == nil {
		return f()
	}
	return s.clocked(&s.times.Copies, f)
}

func (s *Session) clocked(sum *time.Duration, f func() error) error {
	t, err := s.device.timed(f)
	*sum += t
	return err
}

// Product is C = A B for square matrices on a device, to be measured.
type Product struct {
	device  *Device
	side    int
	a, b, c buffer
}

// NewProduct fills A and B with small ints.
func (d *Device) NewProduct(side int) (*Product, error) {
	p := &Product{device: d, side: side}
	numbers := make([]float32, side*side)
	for i := range numbers {
		numbers[i] = float32(i%7 - 3)
	}
	for _, b := range []*buffer{&p.a, &p.b, &p.c} {
		err := d.reserve(b, len(numbers))
		if err == nil {
			err = upload(d, b.address, numbers)
		}
		if err != nil {
			p.Close()
			return nil, err
		}
	}
	return p, nil
}

// Run computes the product once; the time is that of the device.
func (p *Product) Run(v Version) (time.Duration, error) {
	square := func(b buffer) matrix { return matrix{b.address, p.side, p.side, p.side} }
	return p.device.timed(func() error {
		return p.device.multiply(v, product{alpha: 1}, square(p.a), square(p.b), square(p.c))
	})
}

// Close gives the matrices' memory back.
func (p *Product) Close() {
	for _, b := range []*buffer{&p.a, &p.b, &p.c} {
		p.device.release(b)
	}
}

// Heads is attention of many heads over sequences of one length on a device, to be
// measured.
type Heads struct {
	device                         *Device
	sequences, length, heads, dims int
	q, k, v, out, offsets          buffer
}

// NewHeads fills queries, keys and values with small numbers.
func (d *Device) NewHeads(sequences, length, heads, dims int) (*Heads, error) {
	h := &Heads{device: d, sequences: sequences, length: length, heads: heads, dims: dims}
	numbers := make([]float32, sequences*length*heads*dims)
	for i := range numbers {
		numbers[i] = float32(i%13-6) / 16
	}
	offsets := make([]int32, sequences+1)
	for i := range offsets {
		offsets[i] = int32(i * length)
	}
	err := d.reserve(&h.offsets, len(offsets))
	if err == nil {
		err = upload(d, h.offsets.address, offsets)
	}
	for _, b := range []*buffer{&h.q, &h.k, &h.v, &h.out} {
		if err == nil {
			err = d.reserve(b, len(numbers))
		}
		if err == nil {
			err = upload(d, b.address, numbers)
		}
	}
	if err != nil {
		h.Close()
		return nil, err
	}
	return h, nil
}

// Run attends once; the time is that of the device.
func (h *Heads) Run(causal bool) (time.Duration, error) {
	rows := func(b buffer) matrix {
		return matrix{b.address, h.sequences * h.length, h.heads * h.dims, h.heads * h.dims}
	}
	r := ragged{query: h.offsets.address, key: h.offsets.address, sequences: h.sequences, longest: h.length}
	return h.device.timed(func() error {
		return h.device.attend(r, h.heads, h.dims, causal, rows(h.q), rows(h.k), rows(h.v), rows(h.out))
	})
}

// Close gives the memory back.
func (h *Heads) Close() {
	for _, b := range []*buffer{&h.q, &h.k, &h.v, &h.out, &h.offsets} {
		h.device.release(b)
	}
}
