package runtime

import (
	"rasp/runtime/model"
)

// Engine runs a model: a Session on the CPU, or what computes the same elsewhere.
// Session says what the methods do.
type Engine interface {
	Run(batch [][]int) ([][][]model.Token, error)
	Each(batch [][]int, visit Visit) error
	Logits(input []int) ([]float32, error)

	Prefill(tokens []int) ([]float32, error)
	Step(token int) ([]float32, error)
	Reset()
	Truncate(tokens int)
	Length() int
}

var _ Engine = (*Session)(nil)
