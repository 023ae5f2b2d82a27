package verify

import (
	"slices"
	"sync"

	"rasp/runtime/model"
)

// Engine runs a model, as a session of package rasp/runtime or a GPU does.
type Engine interface {
	// Run gives [input][output][position] for a batch of inputs, token ids without
	// BOS; position 0 is the first token of the input. It is valid until the next call.
	Run(batch [][]int) ([][][]model.Token, error)
	// Each shows visit the logits [width of W_U] of each input at each position, 0
	// being BOS, once, in any order. They are valid during the call; several may
	// run at once.
	Each(batch [][]int, visit func(input, position int, logits []float32)) error
}

// Shared makes of one engine that of all workers, who take turns.
func Shared(e Engine) func() Engine {
	one := &shared{engine: e}
	return func() Engine { return one }
}

type shared struct {
	engine Engine
	mutex  sync.Mutex
}

func (s *shared) Run(batch [][]int) ([][][]model.Token, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	results, err := s.engine.Run(batch)
	if err != nil {
		return nil, err
	}
	kept := make([][][]model.Token, len(results)) // another worker may call next
	for n, outputs := range results {
		for _, tokens := range outputs {
			kept[n] = append(kept[n], slices.Clone(tokens))
		}
	}
	return kept, nil
}

func (s *shared) Each(batch [][]int, visit func(input, position int, logits []float32)) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.engine.Each(batch, visit)
}
