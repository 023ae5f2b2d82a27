package runtime

import (
	"errors"
	"fmt"

	"rasp/runtime/model"
	"rasp/runtime/panel"
)

// ErrBidirectional is the error for going on with a sequence in a model whose
// attention sees what comes later: each new token would change what all before
// it gave.
var ErrBidirectional = errors.New("the model is bidirectional: only a causal one can go on with a sequence")

// decoder is a sequence that grows, with the keys and values of all its
// positions so far. They take 2 * layers * heads * d_head floats a position, less
// what the model leaves 0. Their room doubles when it is used up, to n_ctx at
// most; what to do then is for the caller to say, since a sequence that loses its
// start is another input.
type decoder struct {
	block    *block
	alike    [][]*alike // of layer l, by head
	stepping *stepping  // what Step needs, made when it is first needed

	length  int // positions in the cache, BOS included
	written int // positions that the cache has had: after them are zeros
	room    int
	logits  []float32 // of the last position
	keep    Visit     // puts them there
	token   [1]int    // of Step
}

// prefillPositions is how many positions Prefill computes at once: the more, the
// fewer times the weights are read, and the more memory the neurons take.
const prefillPositions = 512

// Reset forgets the sequence that Prefill and Step have built, and keeps its
// memory.
func (s *Session) Reset() { s.decoder.cut(0) }

// Truncate forgets the tokens after the first n.
func (s *Session) Truncate(n int) { s.decoder.cut(min(s.decoder.length, max(n, 0)+1)) }

// cut keeps so many positions. Classes of keys cannot lose some.
func (d *decoder) cut(positions int) {
	d.length = positions
	for _, heads := range d.alike {
		for _, a := range heads {
			switch {
			case positions == 0: // what comes may be of another kind
				a.off = 0
				a.forget(-1)
			case a.count > positions:
				a.forget(a.slope)
			}
		}
	}
}

// Length is how many tokens Prefill and Step have taken since Reset.
func (s *Session) Length() int { return max(s.decoder.length-1, 0) }

// Prefill goes on with the sequence by some tokens and returns the logits [width
// of W_U] of the last, valid until the next call: those of BOS if there is no
// token yet. The error is ErrTooLong if the sequence and BOS would have more than
// n_ctx positions; then, and if an id is outside the vocabulary, the sequence
// stays what it was, and Reset and Prefill with its end are a sliding window.
func (s *Session) Prefill(tokens []int) ([]float32, error) {
	d := &s.decoder
	if !s.model.Causal {
		return nil, ErrBidirectional
	}
	if longest := s.model.NCtx - 1; s.Length()+len(tokens) > longest {
		return nil, fmt.Errorf("%w: %d tokens after %d, the model takes at most %d", model.ErrTooLong, len(tokens), s.Length(), longest)
	}
	if err := s.model.CheckTokens(tokens); err != nil {
		return nil, err
	}
	d.reserve(s.schedule, s.Length()+len(tokens)+1)
	if len(tokens) == 1 && d.length > 0 {
		logits := s.workers[0].step(d, tokens[0])
		d.length++
		d.written = max(d.written, d.length)
		return logits, nil
	}
	for d.length == 0 || len(tokens) > 0 {
		b := d.block
		b.ids = b.ids[:0]
		if d.length == 0 {
			b.ids = append(b.ids, len(s.model.Vocab))
		}
		n := min(len(tokens), prefillPositions-len(b.ids))
		b.ids, tokens = append(b.ids, tokens[:n]...), tokens[n:]
		b.reserve(s.schedule)
		b.spans = append(b.spans[:0], span{to: len(b.ids)})
		b.past, b.shown, b.visit = d.length, len(b.ids), d.keep
		if len(tokens) == 0 {
			b.shown--
		}
		s.together(b)
		d.length += len(b.ids)
		d.written = max(d.written, d.length)
	}
	return d.logits, nil
}

// Step is Prefill with one token.
func (s *Session) Step(token int) ([]float32, error) {
	s.decoder.token[0] = token
	return s.Prefill(s.decoder.token[:])
}

// wholeCache is the most floats of keys and values that there is room for at once: memory that
// was never written takes none, and is not copied where a sequence grows.
const wholeCache = 1 << 24

// remembered is how many keys and values a position has.
func (p *schedule) remembered() int {
	n := 0
	for l := range p.layers {
		n += p.layers[l].dims + p.layers[l].values
	}
	return n
}

// reserve makes room for a sequence of so many positions.
func (d *decoder) reserve(p *schedule, positions int) {
	if positions <= d.room {
		return
	}
	d.room = min(max(positions, 2*d.room), p.model.NCtx)
	if d.room*p.remembered() <= wholeCache {
		d.room = min(wholeCache/max(p.remembered(), 1), p.model.NCtx)
	}
	if d.alike == nil {
		d.alike = alikes(p)
	}
	before := d.block.cache
	d.block.cache = make([]cache, max(len(p.layers), 1))
	for l := range p.layers {
		c := cache{panel.New(p.layers[l].dims, d.room), panel.New(p.layers[l].values, d.room)}
		if before != nil {
			copyRows(c.k, before[l].k, p.layers[l].dims, d.length)
			copyRows(c.v, before[l].v, p.layers[l].values, d.length)
		}
		d.block.cache[l] = c
	}
	d.written = d.length
}

// alikes are the keys of all heads, by layer.
func alikes(p *schedule) [][]*alike {
	all := make([][]*alike, len(p.layers))
	for l := range p.layers {
		for _, h := range p.layers[l].heads {
			all[l] = append(all[l], newAlike(h))
		}
	}
	return all
}

func copyRows(to, from panel.Panel, features, positions int) {
	for f := range features {
		copy(to.Row(f), from.Row(f)[:positions])
	}
}
