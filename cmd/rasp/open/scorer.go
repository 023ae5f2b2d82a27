package open

import (
	"slices"
	"sync"
	"sync/atomic"

	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/predict"
	"rasp/lang/value"
	"rasp/runtime"
	"rasp/runtime/model"
	"rasp/runtime/next"
	"rasp/runtime/perplexity"
)

// Predictor is what a program or model says of texts.
type Predictor struct {
	Texts
	oracle
	Longest int // tokens
	Order   int // of n-grams, if FILE is an ARPA file: a token needs no longer context
}

// oracle scores texts, and says what comes after one.
type oracle interface {
	perplexity.Scorer
	perplexity.Distributions
	// Next is the natural logarithms of the probabilities [vocabulary] of the tokens to
	// come after some, one at least; they are the caller's.
	Next(ids []int) ([]float64, error)
}

// Interpret makes the predictor of a program: of the output that is named, or of
// what the program says, if names is empty. It computes with so many goroutines.
func Interpret(program *lang.Program, names []string, c Choices, split string, threads int) (*Predictor, error) {
	domain, err := c.Domain(program)
	if err != nil {
		return nil, err
	}
	if !domain.Causal {
		return nil, diag.Errorf(diag.Span{Source: program.File.Source}, diag.Domain,
			"the program is not causal: each position may see the tokens that come after it, which it should predict").
			WithHint("write #rasp:causal in the program, or use --causal")
	}
	next, err := predictionIn(program, names, domain.Vocab)
	if err != nil {
		return nil, err
	}
	s := &interpretedScorer{vocab: domain.Vocab}
	for range threads {
		s.evaluators = append(s.evaluators, predict.New([]graph.Output{next}, domain.Vocab, true))
	}
	texts, err := NewTexts(domain.Vocab, split)
	return &Predictor{Texts: texts, oracle: ofTheForm(s, NewVocabulary(domain.Vocab), domain.Form), Longest: domain.Length}, err
}

// Predict makes the predictor of a model that runs on a device.
func Predict(m *model.Model, output string, d Device, split string, threads int) (*Predictor, error) {
	prediction, err := Prediction(m, output)
	if err != nil {
		return nil, err
	}
	engine, err := d.Engine(m, threads)
	if err != nil {
		return nil, err
	}
	texts, err := TextsOf(m, split)
	if err != nil {
		return nil, err
	}
	scorer, err := perplexity.OfModel(m, engine, prediction)
	if err != nil {
		return nil, err
	}
	f, err := m.Form()
	return &Predictor{Texts: texts, oracle: ofTheForm(&modelScorer{scorer, engine, prediction, len(m.Vocab)}, NewVocabulary(texts.Tokens), f), Longest: m.NCtx - 1}, err
}

// Prediction is what a causal model says of the next token: the output of that
// name or, without a name, the only one that predicts.
func Prediction(m *model.Model, output string) (*next.Prediction, error) {
	if !m.Causal {
		return nil, Faultf(diag.Domain, "compile it with --causal, or write #rasp:causal in the program",
			"the model is bidirectional: each position sees the tokens that come after it, which it should predict")
	}
	prediction, err := next.Find(m, output)
	if err != nil {
		hint := "--output names one; rasp info shows the outputs"
		if len(m.Outputs) == 1 && output == "" {
			hint = "the values of the output must be tokens of #rasp:vocab, or the output a dict from tokens to weights"
		}
		return nil, Faultf(diag.Domain, hint, "%s", err)
	}
	return prediction, nil
}

// predictionIn is what a program says of the next token. An s-op that is no more
// than that is sure of its value.
func predictionIn(program *lang.Program, names []string, vocab []value.Value) (graph.Output, error) {
	outputs, err := Outputs(program, names, vocab)
	if err != nil {
		return graph.Output{}, err
	}
	o := outputs[0]
	switch {
	case o.Next != nil:
		return o, nil
	case len(outputs) > 1:
		return o, diag.Errorf(o.Span, diag.Domain, "the program has several outputs").WithHint("--output names the one that predicts the next token")
	case o.Node.IsSelector():
		return o, diag.Errorf(o.Span, diag.Type, "%s is a selector; the next token is predicted by an s-op, or a dict from tokens to s-ops", o.Name)
	}
	return graph.Output{Name: o.Name, Span: o.Span, Next: &graph.Distribution{Token: o.Node, Confidence: 1}}, nil
}

// interpretedScorer scores by the predictions of a program, one evaluator a
// goroutine.
type interpretedScorer struct {
	vocab      []value.Value
	evaluators []*predict.Evaluator
}

// Score reports the fault of the first window that has one.
func (s *interpretedScorer) Score(windows []perplexity.Window) error {
	faults := make([]error, len(windows))
	var taken atomic.Int64
	var running sync.WaitGroup
	for _, e := range s.evaluators {
		running.Go(func() {
			for {
				n := int(taken.Add(1)) - 1
				if n >= len(windows) {
					return
				}
				faults[n] = s.one(e, &windows[n])
			}
		})
	}
	running.Wait()
	for _, err := range faults {
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *interpretedScorer) one(e *predict.Evaluator, w *perplexity.Window) error {
	rows, err := s.rows(e, w.IDs[:len(w.IDs)-1])
	if err != nil {
		return err
	}
	for i := range w.Logs {
		w.Logs[i] = rows[w.From+i-1][w.IDs[w.From+i]]
	}
	return nil
}

// rows are what the program says after each of some tokens, valid until the next call.
func (s *interpretedScorer) rows(e *predict.Evaluator, ids []int) ([][]float64, error) {
	input := make([]value.Value, len(ids))
	for i, id := range ids {
		input[i] = s.vocab[id]
	}
	results, err := e.Run(input)
	if err != nil {
		return nil, Diagnose(err)
	}
	return results[0].Next, nil
}

func (s *interpretedScorer) Next(ids []int) ([]float64, error) {
	rows, err := s.rows(s.evaluators[0], ids)
	if err != nil {
		return nil, err
	}
	return slices.Clone(rows[len(ids)-1]), nil
}

func (s *interpretedScorer) Rows(ids []int, each func(position int, logs []float64) error) error {
	rows, err := s.rows(s.evaluators[0], ids)
	if err != nil {
		return err
	}
	for n := range ids {
		if err := each(n, rows[n]); err != nil {
			return err
		}
	}
	return nil
}

// modelScorer scores by the prediction of a model.
type modelScorer struct {
	perplexity.Scorer
	engine     runtime.Engine
	prediction *next.Prediction
	vocab      int // tokens
}

func (s *modelScorer) Next(ids []int) ([]float64, error) {
	s.engine.Reset()
	logits, err := s.engine.Prefill(ids)
	if err != nil {
		return nil, err
	}
	if !s.prediction.Defined(logits) {
		return nil, Diagnose(&model.UndefinedError{Position: len(ids) - 1})
	}
	logs := make([]float64, s.vocab)
	s.prediction.Log(logs, logits)
	return logs, nil
}

// Rows asks for all positions at once, of which Each would have no order.
func (s *modelScorer) Rows(ids []int, each func(position int, logs []float64) error) error {
	all, err := s.engine.Logits(ids)
	if err != nil {
		return err
	}
	width := len(all) / (len(ids) + 1)
	logs := make([]float64, s.vocab)
	for position := range ids {
		logits := all[(position+1)*width:][:width] // what stands behind BOS and position+1 tokens
		if !s.prediction.Defined(logits) {
			return Diagnose(&model.UndefinedError{Position: position})
		}
		s.prediction.Log(logs, logits)
		if err := each(position, logs); err != nil {
			return err
		}
	}
	return nil
}
