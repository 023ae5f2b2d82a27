package main

import (
	"sync"
	"sync/atomic"

	"github.com/spf13/cobra"

	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/predict"
	"rasp/lang/value"
	"rasp/runtime/perplexity"
)

// openProgram makes the predictor of an interpreted program.
func (f *perplexityFlags) openProgram(cmd *cobra.Command, file string) (*predictor, error) {
	program, err := loadProgram(cmd, file)
	if err != nil {
		return nil, err
	}
	domain, err := f.domain.domain(cmd, program)
	if err != nil {
		return nil, err
	}
	if !domain.Causal {
		return nil, diag.Errorf(diag.Span{Source: program.File.Source}, diag.Domain,
			"the program is not causal: each position may see the tokens that come after it, which it should predict").
			WithHint("write #rasp:causal in the program, or use --causal")
	}
	next, err := predictionIn(program, f.output, domain.Vocab)
	if err != nil {
		return nil, err
	}
	p := &predictor{texts: f.split.texts(domain.Vocab), longest: domain.Length}
	s := &interpretedScorer{vocab: domain.Vocab}
	for range f.threads {
		s.evaluators = append(s.evaluators, predict.New([]graph.Output{next}, domain.Vocab, true))
	}
	p.Scorer = s
	return p, nil
}

// predictionIn is what a program says of the next token. An s-op that is no more
// than that is sure of its value.
func predictionIn(program *lang.Program, output string, vocab []value.Value) (graph.Output, error) {
	outputs, err := outputsOf(program, namesOf(output), vocab)
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
	input := make([]value.Value, len(w.IDs)-1)
	for i := range input {
		input[i] = s.vocab[w.IDs[i]]
	}
	results, err := e.Run(input)
	if err != nil {
		return asDiagnostic(err)
	}
	for i := range w.Logs {
		w.Logs[i] = results[0].Next[w.From+i-1][w.IDs[w.From+i]]
	}
	return nil
}
