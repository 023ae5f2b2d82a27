package runtime

import (
	"sync"
	"time"

	"rasp/runtime/model"
)

// Session runs one model, reusing its buffers. Its methods are for one goroutine
// at a time; several sessions may share a model, which they only read.
type Session struct {
	*schedule
	team
	shared   *block        // on which all workers work
	position time.Duration // about what it takes one of them
	decoder  decoder       // the sequence that Prefill and Step go on with

	batch   [][]int
	visit   Visit   // nil for Run
	results results // of Run
	limit   int     // positions of a block
	mutex   sync.Mutex
	taken   int // inputs of the batch that workers have taken

	one   [1][]int  // a batch of one input
	whole []float32 // its logits
	keep  Visit     // puts them there
}

// Visit is shown the logits [width of W_U] of an input of a batch at a position,
// 0 being BOS. They are valid during the call.
type Visit = func(input, position int, logits []float32)

// Option changes how a session computes.
type Option func(*options)

type options struct {
	threads int
	dense   bool
}

// Threads lets so many goroutines compute; without it, it is one.
func Threads(n int) Option { return func(o *options) { o.threads = max(n, 1) } }

// Dense multiplies all weights, the zeros too.
func Dense() Option { return func(o *options) { o.dense = true } }

// A core does so many operations a nanosecond, and at a position it has so much else to do:
// estimates, for whether goroutines are worth starting.
const (
	operations = 32
	overhead   = 500 * time.Nanosecond
)

// NewSession prepares m, which must be valid (see Validate) and must not change
// while the session is used.
func NewSession(m *model.Model, choices ...Option) *Session {
	o := options{threads: 1}
	for _, choose := range choices {
		choose(&o)
	}
	s := &Session{schedule: newSchedule(m, o.dense)}
	s.assemble(s.schedule, o.threads, s.work)
	s.shared = newBlock()
	s.position = time.Duration(s.Operations(1, 1)/operations) + overhead
	s.decoder.block = newBlock()
	s.keep = func(_, position int, logits []float32) {
		copy(row(s.whole, position, len(logits)), logits)
	}
	s.decoder.keep = func(_, _ int, logits []float32) {
		s.decoder.logits = append(s.decoder.logits[:0], logits...)
	}
	return s
}

// Run computes the outputs for a batch of inputs, token ids without BOS, of any
// lengths from 1 to n_ctx-1. The result is [input][output][position]; position 0
// is the first token of the input; it is valid until the next call of Run. What else is in the batch makes no
// difference, with sparse weights not even in the rounding. An input that is empty, too long
// or has an id outside the vocabulary is an error before anything is run.
func (s *Session) Run(batch [][]int) ([][][]model.Token, error) {
	if err := s.model.CheckBatch(batch); err != nil {
		return nil, err
	}
	s.results.reserve(batch, len(s.model.Outputs))
	s.each(batch, nil)
	return s.results.inputs, nil
}

// results is the memory of those of a batch, which the next uses again.
type results struct {
	inputs  [][][]model.Token // [input][output][position]
	outputs [][]model.Token
	tokens  []model.Token
}

// reserve makes room for a batch.
func (r *results) reserve(batch [][]int, outputs int) {
	positions := 0
	for _, input := range batch {
		positions += len(input)
	}
	r.inputs, r.outputs = resized(r.inputs, len(batch)), resized(r.outputs, len(batch)*outputs)
	r.tokens = resized(r.tokens, positions*outputs)
	rows, tokens := r.outputs, r.tokens
	for n, input := range batch {
		r.inputs[n], rows = rows[:outputs:outputs], rows[outputs:]
		for o := range r.inputs[n] {
			r.inputs[n][o], tokens = tokens[:len(input):len(input)], tokens[len(input):]
		}
	}
}

// resized is a list of n, whatever is in it, in the memory of another if that is large enough.
func resized[T any](list []T, n int) []T {
	if cap(list) < n {
		return make([]T, n)
	}
	return list[:n]
}

// Logits computes the logits of one input, token ids without BOS:
// [len(input)+1, width of W_U], row 0 that of BOS, valid until the next call.
// The errors are those of Run.
func (s *Session) Logits(input []int) ([]float32, error) {
	if err := s.model.Check(input); err != nil {
		return nil, err
	}
	n := (len(input) + 1) * len(s.model.BU)
	if cap(s.whole) < n {
		s.whole = make([]float32, n, min(2*n, s.model.NCtx*len(s.model.BU)))
	}
	s.whole = s.whole[:n]
	s.one[0] = input
	s.each(s.one[:], s.keep)
	return s.whole, nil
}

// Each computes the logits of a batch, with inputs and errors as in Run, and
// shows each input's at each position to visit once, in any order. With several
// threads, several calls may run at once. However large the batch, it takes
// memory for a few hundred positions, or one input if that is longer.
func (s *Session) Each(batch [][]int, visit Visit) error {
	if err := s.model.CheckBatch(batch); err != nil {
		return err
	}
	s.each(batch, visit)
	return nil
}

// blockPositions is how many positions of a batch a worker takes at once, short
// sequences side by side: enough to hide what is paid once a block, few enough to
// stay in the caches. Of a wide residual stream, where tiles are small, it is as many as
// make blockNumbers, 1 MB.
const (
	blockPositions = 512
	blockNumbers   = 1 << 18
)

// blockRoom is how many positions of short sequences a block has.
func (p *schedule) blockRoom() int {
	return min(blockPositions, max(p.tile, blockNumbers/p.model.DModel))
}

// each has the workers share the inputs if there are enough of them, and else
// work together on one after the other.
func (s *Session) each(batch [][]int, visit Visit) {
	workers := len(s.workers)
	if workers > 1 && len(batch) < 2*workers {
		for n := range batch {
			s.shared.fill(s.schedule, batch, n, n+1)
			s.shared.visit, s.shared.results = visit, s.results.inputs
			s.together(s.shared)
		}
		s.shared.visit, s.shared.results = nil, nil
		return
	}
	positions := len(batch)
	for _, input := range batch {
		positions += len(input)
	}
	s.batch, s.visit, s.taken = batch, visit, 0
	s.limit = min(s.blockRoom(), positions/workers+1)
	s.apart(time.Duration(positions) * s.position)
	s.batch, s.visit = nil, nil
}

// work is what a worker does on its own: one block of inputs after the other.
func (s *Session) work(w *worker, own *block) {
	for {
		from, to := s.claim()
		if from == to {
			own.visit, own.results = nil, nil
			return
		}
		own.fill(s.schedule, s.batch, from, to)
		own.visit, own.results = s.visit, s.results.inputs
		w.take(0, len(own.ids))
		w.forward(own)
	}
}

// claim takes the next inputs of the batch: one, or as many as fit a block.
func (s *Session) claim() (from, to int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	from = s.taken
	for positions := 0; s.taken < len(s.batch); s.taken++ {
		if positions += len(s.batch[s.taken]) + 1; positions > s.limit && s.taken > from {
			break
		}
	}
	return from, s.taken
}
