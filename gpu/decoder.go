//go:build cgo && linux && (amd64 || arm64)

package gpu

import (
	"fmt"

	"rasp/runtime"
	"rasp/runtime/model"
)

// decoder is a sequence that grows, with the keys and values of its positions so
// far on the device.
type decoder struct {
	length int // positions in the cache, BOS included
	room   int
	cache  []buffer // of a layer: keys and values [room, 2*heads*d_head]
	chunk  chunk
	logits []float32
}

func (t *decoder) release(d *Device) {
	for l := range t.cache {
		d.release(&t.cache[l])
	}
	t.chunk.release(d)
}

// Reset forgets the sequence, and keeps its memory.
func (s *Session) Reset() { s.decoder.length = 0 }

// Truncate forgets the tokens after the first n.
func (s *Session) Truncate(n int) { s.decoder.length = min(s.decoder.length, max(n, 0)+1) }

// Length is how many tokens Prefill and Step have taken since Reset.
func (s *Session) Length() int { return max(s.decoder.length-1, 0) }

// Step is Prefill with one token.
func (s *Session) Step(token int) ([]float32, error) { return s.Prefill([]int{token}) }

// Prefill is runtime.Session.Prefill.
func (s *Session) Prefill(tokens []int) ([]float32, error) {
	t, m := &s.decoder, s.model
	if !m.Causal {
		return nil, runtime.ErrBidirectional
	}
	if longest := m.NCtx - 1; s.Length()+len(tokens) > longest {
		return nil, fmt.Errorf("%w: %d tokens after %d, the model takes at most %d", model.ErrTooLong, len(tokens), s.Length(), longest)
	}
	if err := m.CheckTokens(tokens); err != nil {
		return nil, err
	}
	c := &t.chunk
	c.ids, c.position = c.ids[:0], c.position[:0]
	if t.length == 0 {
		c.ids = append(c.ids, int32(len(m.Vocab)))
	}
	for _, id := range tokens {
		c.ids = append(c.ids, int32(id))
	}
	if c.rows = len(c.ids); c.rows == 0 {
		return t.logits, nil
	}
	for i := range c.ids {
		c.position = append(c.position, int32(t.length+i))
	}
	total := t.length + c.rows
	c.query, c.longest = append(c.query[:0], 0, int32(c.rows), 0, int32(total)), c.rows
	if err := s.grow(total); err != nil {
		return nil, err
	}
	if err := s.extend(c); err != nil {
		return nil, err
	}
	t.length = total
	t.logits = resize(t.logits, len(m.BU))
	return t.logits, download(s.device, t.logits, c.logits.at((c.rows-1)*len(m.BU)))
}

// extend is forward for positions that see those in the cache.
func (s *Session) extend(c *chunk) error {
	if err := s.place(c); err != nil {
		return err
	}
	if err := s.embed(c); err != nil {
		return err
	}
	t, width := &s.decoder, s.model.Heads*s.model.DHead
	offsets := c.numbers.at(2 * c.rows)
	r := ragged{query: offsets, key: offsets.at(2), sequences: 1, longest: c.rows}
	for l := range s.layers {
		qkv := matrix{c.qkv.address, c.rows, 3 * width, 3 * width}
		if err := s.project(c, l, qkv); err != nil {
			return err
		}
		k := matrix{t.cache[l].address, t.length + c.rows, 2 * width, 2 * width}
		v, fresh := k, qkv
		v.address, fresh.address = k.at(width), qkv.at(width)
		fresh.cols = 2 * width
		if err := s.device.copyRows(fresh, k, t.length); err != nil {
			return err
		}
		if err := s.finish(c, l, r, qkv, k, v); err != nil {
			return err
		}
	}
	return s.readOut(c)
}

// grow makes room for so many positions, keeping what is there.
func (s *Session) grow(positions int) error {
	t, width := &s.decoder, 2*s.model.Heads*s.model.DHead
	if positions <= t.room {
		return nil
	}
	room := min(max(positions, 2*t.room), s.model.NCtx)
	if t.cache == nil {
		t.cache = make([]buffer, len(s.layers))
	}
	for l := range t.cache {
		var larger buffer
		if err := s.device.reserve(&larger, room*width); err != nil {
			return err
		}
		old := matrix{t.cache[l].address, t.length, width, width}
		if err := s.device.copyRows(old, matrix{larger.address, room, width, width}, 0); err != nil {
			return err
		}
		s.device.release(&t.cache[l])
		t.cache[l] = larger
	}
	t.room = room
	return nil
}
