//go:build cgo && linux && (amd64 || arm64)

package gpu

import (
	"rasp/runtime/model"
)

// Session runs one model on a device, as a runtime.Session does on the CPU. It is
// for one goroutine at a time; close it to give its device memory back.
type Session struct {
	device *Device
	model  *model.Model

	weights buffer // all of the model, see upload
	wE      address
	wPos    address
	layers  []layer
	wU, bU  address

	chunk   chunk
	decoder decoder

	times *Times // while Measure runs
}

// layer has the weights of a block on the device. Those of queries, keys and
// values stand side by side, so that one product computes all three.
type layer struct {
	wQKV, bQKV address // [d_model, 3*heads*d_head]
	wO, bO     address
	wIn, bIn   address
	wOut, bOut address
}

// NewSession uploads the weights of a model, which must be valid. The error wraps
// ErrMemory if the device has no room for them.
func (d *Device) NewSession(m *model.Model) (*Session, error) {
	s := &Session{device: d, model: m}
	if err := s.upload(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close gives the session's device memory back.
func (s *Session) Close() {
	s.device.release(&s.weights)
	s.chunk.release(s.device)
	s.decoder.release(s.device)
}

// upload copies the weights to the device, one tensor after the other.
func (s *Session) upload() error {
	m := s.model
	width := m.Heads * m.DHead
	tensors := []tensor{uploadOf(m.WE), uploadOf(m.WPos), uploadOf(m.WU), bias(m.BU)}
	for l := range m.Blocks {
		b := &m.Blocks[l]
		qkv := tensor{3 * m.DModel * width, func() []float32 {
			return joined([][]float32{b.WQ.Floats(), b.WK.Floats(), b.WV.Floats()}, m.Heads, m.DModel, m.DHead)
		}}
		biases := append(append(append(make([]float32, 0, 3*width), b.BQ...), b.BK...), b.BV...)
		tensors = append(tensors, qkv, bias(biases), uploadOf(b.WO), bias(b.BO), uploadOf(b.WIn), bias(b.BIn), uploadOf(b.WOut), bias(b.BOut))
	}
	total := 0
	for _, t := range tensors {
		total += aligned(t.elements)
	}
	if err := s.device.reserve(&s.weights, max(total, 1)); err != nil {
		return err
	}
	next := s.weights.address
	places := make([]address, len(tensors))
	for i, t := range tensors {
		places[i] = next
		if err := upload(s.device, next, t.floats()); err != nil {
			return err
		}
		next = next.at(aligned(t.elements))
	}
	s.wE, s.wPos, s.wU, s.bU = places[0], places[1], places[2], places[3]
	for p := places[4:]; len(p) > 0; p = p[8:] {
		s.layers = append(s.layers, layer{p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]})
	}
	return nil
}

// tensor is what is uploaded, which takes memory here only when the device has room for it.
type tensor struct {
	elements int
	floats   func() []float32
}

func uploadOf(m model.Matrix) tensor { return tensor{m.Len(), m.Floats} }

func bias(b []float32) tensor { return tensor{len(b), func() []float32 { return b }} }

// aligned rounds a number of float32 up to 256 bytes, so that each tensor begins
// where vector loads may.
func aligned(n int) int { return (n + 63) / 64 * 64 }

// joined puts matrices [heads, d_model, d_head] side by side: [d_model, all their
// columns].
func joined(parts [][]float32, heads, rows, cols int) []float32 {
	width := len(parts) * heads * cols
	out := make([]float32, rows*width)
	for p, part := range parts {
		for h := range heads {
			for r := range rows {
				copy(out[r*width+(p*heads+h)*cols:][:cols], part[(h*rows+r)*cols:])
			}
		}
	}
	return out
}
