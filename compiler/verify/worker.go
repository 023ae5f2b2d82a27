package verify

import (
	"slices"
	"sync"

	"rasp/compiler/agree"
	"rasp/lang/interp"
	"rasp/lang/value"
	"rasp/runtime"
)

// worker compares inputs, one after the other.
type worker struct {
	target    Target
	vocab     []value.Value
	evaluator *interp.Evaluator
	engine    runtime.Engine
	reader    agree.Reader

	batch [][]int       // inputs of a chunk
	input []value.Value // of the evaluator
	got   []value.Value // of the model
}

func newWorker(target Target, vocab []value.Value, engine func() runtime.Engine) *worker {
	return &worker{
		target:    target,
		vocab:     vocab,
		evaluator: interp.New(target.Model.Causal, target.Outputs...),
		engine:    engine(),
		reader:    agree.Reader{},
	}
}

// shared is an engine that many workers use.
type shared struct {
	runtime.Engine
	mutex sync.Mutex
}

func (s *shared) Run(batch [][]int) ([][][]runtime.Token, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.Engine.Run(batch)
}

// chunk compares a chunk of inputs, up to the first on which the model is
// wrong; false if there is no such chunk.
func (w *worker) chunk(inputs inputs, number int) (result, bool) {
	size := inputs.chunk()
	if number > (inputs.total-1)/size {
		return result{}, false
	}
	begin := number * size
	count := min(size, inputs.total-begin)
	w.batch = append(w.batch, make([][]int, max(0, count-len(w.batch)))...)
	for i := range count {
		w.batch[i] = inputs.input(begin+i, w.batch[i])
	}
	r := result{chunk: number}
	answers, err := w.engine.Run(w.batch[:count])
	if err != nil {
		r.err = err
		return r, true
	}
	for i := range count {
		r.inputs++
		faulted, wrong, err := w.compare(w.batch[i], answers[i])
		if faulted {
			r.faulted++
		}
		if wrong != nil {
			r.wrong = slices.Clone(w.batch[i])
		}
		if err != nil || wrong != nil {
			r.err = err
			break
		}
	}
	return r, true
}

// difference is where a model is wrong.
type difference struct{ output, position int }

// compare interprets an input and looks at the model's answer to it
// [output][position]: the program itself may fail, or the model be wrong.
func (w *worker) compare(ids []int, answer [][]runtime.Token) (faulted bool, wrong *difference, err error) {
	w.input = w.input[:0]
	for _, id := range ids {
		w.input = append(w.input, w.vocab[id])
	}
	if w.evaluator.Run(w.input) != nil {
		return true, nil, nil
	}
	for output, node := range w.target.Outputs {
		if w.got, err = w.reader.Values(answer[output], w.got); err != nil {
			return false, nil, err
		}
		if position := agree.Differ(w.evaluator.Sequence(node), w.got); position >= 0 {
			return false, &difference{output, position}, nil
		}
	}
	return false, nil, nil
}
