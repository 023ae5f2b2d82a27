package verify

import (
	"errors"
	"fmt"
	"slices"

	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/lang/predict"
	"rasp/lang/value"
	"rasp/runtime/model"
	"rasp/runtime/next"
)

// Pair is what the interpreter and the model give for one output on one input.
type Pair struct {
	Interpreter, Model predict.Result

	Position int // the first at which they differ, from 0; -1 if they are the same
	Token    int // of a distribution: the first token whose probability differs there
}

// Differs reports whether the model is wrong.
func (p Pair) Differs() bool { return p.Position >= 0 }

// Wrong is the first output of which the model is wrong, -1 if it is right.
func Wrong(pairs []Pair) int { return slices.IndexFunc(pairs, Pair.Differs) }

// Comparer runs the outputs of a program, and the model compiled from them, on the
// same inputs. It is for one goroutine at a time.
type Comparer struct {
	domain    domain.Domain // of the model
	evaluator *predict.Evaluator
	engine    Engine
	next      *next.Prediction // of an output that is a distribution
	within    []tolerance      // by output
	reader    Reader

	input []value.Value
	pairs []Pair
}

// NewComparer prepares the comparison of a model, which the engine runs, with the
// outputs of its program, in the order of the model's. The error says why they
// cannot be compared.
func NewComparer(m *model.Model, outputs []graph.Output, engine Engine) (*Comparer, error) {
	d, err := DomainOf(m)
	if err != nil {
		return nil, err
	}
	if len(outputs) != len(m.Outputs) {
		return nil, fmt.Errorf("the model has %d outputs, the program %d", len(m.Outputs), len(outputs))
	}
	c := &Comparer{
		domain: d, evaluator: predict.New(outputs, d.Vocab, d.Causal), engine: engine,
		pairs: make([]Pair, len(outputs)),
	}
	for i, o := range outputs {
		of := m.Outputs[i]
		c.within = append(c.within, toleranceOf(m, i))
		switch {
		case of.Next != (o.Next != nil):
			return nil, errors.New("of model and program only one predicts the next token")
		case o.Next != nil && len(outputs) > 1:
			return nil, fmt.Errorf("output %s predicts the next token, and is not the only one", of.Name)
		case o.Next != nil:
			if c.next, err = next.Of(m, of); err != nil {
				return nil, err
			}
		case o.Node.IsSelector():
			return nil, fmt.Errorf("output %s is a selector, which a model does not give", of.Name)
		}
	}
	return c, nil
}

// DomainOf is the inputs that a model takes.
func DomainOf(m *model.Model) (domain.Domain, error) {
	vocab, err := Values(m.Vocab)
	if err == nil && (len(vocab) == 0 || m.NCtx < 2) {
		err = errors.New("the model takes no input at all")
	}
	d := domain.Domain{Vocab: vocab, Length: m.NCtx - 1, Causal: m.Causal}
	if err == nil {
		d.Form, err = m.Form()
	}
	return d, err
}

// Compare runs both on a batch of inputs, token ids, and shows visit those of each
// in their order: a pair for each output, valid during the call, or the
// *interp.Fault by which the program itself fails. The error is the first of visit,
// or that of the engine.
func (c *Comparer) Compare(batch [][]int, visit func(k int, pairs []Pair, fault error) error) error {
	for from := 0; from < len(batch); {
		portion := batch[from : from+c.portion(batch[from:])]
		answers, err := c.ask(portion)
		if err != nil {
			return err
		}
		for k, ids := range portion {
			c.input = c.domain.Values(ids, c.input)
			results, fault := c.evaluator.Run(c.input)
			if fault == nil {
				if err := c.pair(results, answers[k]); err != nil {
					return err
				}
			}
			if err := visit(from+k, c.pairs[:len(results)], fault); err != nil {
				return err
			}
		}
		from += len(portion)
	}
	return nil
}

// answer of the model to an input: of each output the tokens [position], or the
// rows of a distribution, see predict.Result.
type answer struct {
	tokens [][]model.Token
	next   [][]float64
}

// mostProbabilities is how many are kept at a time, 8 MB.
const mostProbabilities = 1 << 20

// portion is how many inputs of a batch are asked for at once.
func (c *Comparer) portion(batch [][]int) int {
	if c.next == nil {
		return len(batch)
	}
	kept := 0
	for n, ids := range batch {
		if kept += len(ids) * len(c.domain.Vocab); n > 0 && kept > mostProbabilities {
			return n
		}
	}
	return len(batch)
}

// ask runs the model on a batch.
func (c *Comparer) ask(batch [][]int) ([]answer, error) {
	answers := make([]answer, len(batch))
	if c.next == nil {
		tokens, err := c.engine.Run(batch)
		for i := range tokens {
			answers[i].tokens = tokens[i]
		}
		return answers, err
	}
	for i, ids := range batch {
		answers[i].next = make([][]float64, len(ids))
	}
	err := c.engine.Each(batch, func(input, position int, logits []float32) {
		if position > 0 {
			row := make([]float64, len(c.domain.Vocab))
			c.next.Log(row, logits)
			answers[input].next[position-1] = row
		}
	})
	return answers, err
}

// pair compares what the two give.
func (c *Comparer) pair(results []predict.Result, answer answer) (err error) {
	for i := range c.pairs {
		p := &c.pairs[i]
		p.Interpreter, p.Model.Next = results[i], answer.next
		if c.next == nil {
			if p.Model.Sequence, err = c.reader.Values(answer.tokens[i], p.Model.Sequence); err != nil {
				return err
			}
		}
		p.Position, p.Token = c.within[i].differ(p.Interpreter, p.Model)
	}
	return nil
}
