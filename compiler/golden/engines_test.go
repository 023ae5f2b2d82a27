package golden_test

import (
	"path/filepath"

	"rasp/compiler/plain"
	"rasp/runtime"
	"rasp/runtime/model"
)

// inFloat64 runs a model in float64, as plainly as can be.
type inFloat64 struct{ *model.Model }

func (m inFloat64) Each(batch [][]int, visit func(input, position int, logits []float32)) error {
	for k, ids := range batch {
		_, logits := plain.Forward(m.Model, ids, plain.Forwards[float64])
		for p, row := range logits {
			read := make([]float32, len(row))
			for i, x := range row {
				read[i] = float32(x)
			}
			visit(k, p, read)
		}
	}
	return nil
}

func (m inFloat64) Run(batch [][]int) ([][][]model.Token, error) {
	return answersOf(m.Model, batch, m.Each)
}

// byStep runs a model token by token.
type byStep struct {
	*model.Model
	session *runtime.Session
}

func (s byStep) Each(batch [][]int, visit func(input, position int, logits []float32)) error {
	for k, ids := range batch {
		s.session.Reset()
		logits, err := s.session.Prefill(nil)
		for p := 0; err == nil; p++ {
			if visit(k, p, logits); p == len(ids) {
				break
			}
			logits, err = s.session.Step(ids[p])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s byStep) Run(batch [][]int) ([][][]model.Token, error) {
	return answersOf(s.Model, batch, s.Each)
}

// answersOf are the outputs of a batch, by the logits that each shows.
func answersOf(m *model.Model, batch [][]int, each func([][]int, runtime.Visit) error) ([][][]model.Token, error) {
	answers := make([][][]model.Token, len(batch))
	for k := range answers {
		answers[k] = make([][]model.Token, len(m.Outputs))
	}
	return answers, each(batch, func(input, position int, logits []float32) {
		for i, o := range m.Outputs {
			if position > 0 {
				answers[input][i] = append(answers[input][i], o.Decode(logits))
			}
		}
	})
}

// isReady tells the programs of the library.
func isReady(file string) bool { return filepath.Base(filepath.Dir(file)) == "stdlib" }
