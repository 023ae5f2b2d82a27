package verify

import (
	"slices"

	"rasp/lang/domain"
)

// worker compares chunks of inputs, one after the other.
type worker struct {
	*Comparer
	batch [][]int // inputs of a chunk
}

// chunk compares a chunk of the inputs with the numbers from, to before to, up to the first
// on which the model is wrong; false if there is no such chunk.
func (w *worker) chunk(inputs domain.Inputs, from, to, number int) (result, bool) {
	size := chunk(inputs.Domain)
	if from == to || number > (to-from-1)/size {
		return result{}, false
	}
	begin := from + number*size
	count := min(size, to-begin)
	w.batch = append(w.batch, make([][]int, max(0, count-len(w.batch)))...)
	for i := range count {
		w.batch[i] = inputs.IDs(begin+i, w.batch[i])
	}
	r := result{chunk: number}
	r.err = w.Compare(w.batch[:count], func(k int, pairs []Pair, fault error) error {
		switch {
		case r.wrong != nil:
			return nil
		case fault != nil:
			r.faulted++
		case Wrong(pairs) >= 0:
			r.wrong = slices.Clone(w.batch[k])
		}
		r.inputs++
		return nil
	})
	return r, true
}
