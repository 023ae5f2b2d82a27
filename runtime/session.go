package runtime

import (
	"errors"
	"fmt"
)

// ErrTooLong is wrapped by the error for an input that, with BOS, has more than
// n_ctx positions; ErrEmpty by that for an input without tokens.
var (
	ErrTooLong = errors.New("input too long")
	ErrEmpty   = errors.New("input is empty")
)

// Session runs one model, reusing its buffers. It is for one goroutine; several
// sessions may share a model, which they only read.
type Session struct {
	model   *Model
	layers  []layer
	readout matrix // [d_model, width of W_U]
	buffers
}

// layer holds the weights of a block in the form that the forward pass uses.
type layer struct {
	query, key, value matrix // [d_model, heads*d_head]
	output            matrix // [heads*d_head, d_model]
	in                matrix // [d_model, d_mlp]
	out               matrix // [d_mlp, d_model]
}

type buffers struct {
	ids     []int     // of the running sequence, BOS first
	x       []float32 // residual stream [positions, d_model]
	q, k, v []float32 // [positions, heads*d_head]
	logits  []float32 // [positions, width of W_U]

	scores []float32 // of one query in one head [positions]
	z      []float32 // heads at one position [heads*d_head]
	hidden []float32 // neurons at one position [d_mlp]
	update []float32 // what a layer adds at one position [d_model]
}

// NewSession prepares m, which must be valid (see Validate) and must not change
// while the session is used.
func NewSession(m *Model) *Session {
	s := &Session{model: m, readout: compress(m.WU, m.DModel, m.BU)}
	for l := range m.Blocks {
		s.layers = append(s.layers, newLayer(&m.Blocks[l], m.Config))
	}
	if len(m.Blocks) > 0 {
		s.z = make([]float32, len(m.Blocks[0].BQ))
		s.hidden = make([]float32, len(m.Blocks[0].BIn))
		s.update = make([]float32, m.DModel)
	}
	return s
}

func newLayer(b *Block, c Config) layer {
	perHead := func(w, bias []float32) matrix {
		return compress(joinHeads(w, c.Heads, c.DModel, c.DHead), c.DModel, bias)
	}
	return layer{
		query:  perHead(b.WQ, b.BQ),
		key:    perHead(b.WK, b.BK),
		value:  perHead(b.WV, b.BV),
		output: compress(b.WO, c.Heads*c.DHead, b.BO),
		in:     compress(b.WIn, c.DModel, b.BIn),
		out:    compress(b.WOut, c.DMLP, b.BOut),
	}
}

// reserve makes room for sequences of so many positions; growing by doubling, so
// that slowly longer inputs do not allocate each time.
func (s *Session) reserve(positions int) {
	if positions <= len(s.scores) {
		return
	}
	positions = min(max(positions, 2*len(s.scores)), s.model.NCtx)
	width := len(s.z)
	s.x = make([]float32, positions*s.model.DModel)
	s.q = make([]float32, positions*width)
	s.k = make([]float32, positions*width)
	s.v = make([]float32, positions*width)
	s.logits = make([]float32, positions*len(s.model.BU))
	s.scores = make([]float32, positions)
}

// Run computes the outputs for a batch of inputs, token ids without BOS, of any
// lengths from 1 to n_ctx-1. The result is [input][output][position]; position 0
// is the first token of the input. Each input is run by itself, so what else is
// in the batch makes no difference. An input that is empty, too long or has an
// id outside the vocabulary is an error before anything is run.
func (s *Session) Run(batch [][]int) ([][][]Token, error) {
	for n, input := range batch {
		if err := s.check(input); err != nil {
			if len(batch) > 1 {
				err = fmt.Errorf("input %d of %d: %w", n+1, len(batch), err)
			}
			return nil, err
		}
	}
	results := make([][][]Token, len(batch))
	for n, input := range batch {
		results[n] = s.decode(s.forward(s.withBOS(input)))
	}
	return results, nil
}

// Logits computes the logits of one input, token ids without BOS:
// [len(input)+1, width of W_U], row 0 that of BOS, valid until the next call.
// The errors are those of Run.
func (s *Session) Logits(input []int) ([]float32, error) {
	if err := s.check(input); err != nil {
		return nil, err
	}
	return s.forward(s.withBOS(input)), nil
}

func (s *Session) check(input []int) error {
	if len(input) == 0 {
		return ErrEmpty
	}
	if longest := s.model.NCtx - 1; len(input) > longest {
		return fmt.Errorf("%w: %d tokens, the model takes at most %d", ErrTooLong, len(input), longest)
	}
	for i, id := range input {
		if id < 0 || id >= len(s.model.Vocab) {
			return fmt.Errorf("token id %d at position %d, the vocabulary has the ids 0 to %d", id, i, len(s.model.Vocab)-1)
		}
	}
	return nil
}

// withBOS is the sequence that the model sees, valid until the next call.
func (s *Session) withBOS(input []int) []int {
	s.ids = append(append(s.ids[:0], len(s.model.Vocab)), input...)
	return s.ids
}
