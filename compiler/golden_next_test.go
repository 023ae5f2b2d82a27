package compiler_test

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"rasp/compiler"
	"rasp/compiler/agree"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/interp"
	"rasp/lang/predict"
	"rasp/runtime"
	"rasp/runtime/model"
)

// predict checks a golden program that predicts the next token. An output is, for
// each position, the probabilities of the tokens of the vocabulary, to four
// digits.
func (x *examination) predict(p *lang.Prediction, faults diag.List) {
	d := x.program.File.Directives
	predictor := predict.New(p, d.Vocab, d.Causal)
	for _, k := range x.Cases {
		rows, err := predictor.Run(k.Input)
		var fault *interp.Fault
		got := probabilities(rows)
		switch {
		case errors.As(err, &fault) && (k.Fault == nil || !k.Fault.Says(fault.Kind, fault.Message)):
			x.edits.Fault(k, fault.Kind, fault.Message)
			x.mistake(k.Line, "the interpreter fails: %s: %s", fault.Kind, fault.Message)
		case err == nil && (k.Fault != nil || k.Outputs[0] != got):
			x.mistake(k.Line, "the interpreter gives %s", got)
			x.edits.Outputs(k, []string{got})
		}
	}
	if faults.Err() != nil || *interpOnly {
		x.mistakes = append(x.mistakes, x.Match(faults)...)
		return
	}
	for level := range 3 {
		x.compilePrediction(level, p, predictor)
	}
}

func probabilities(rows [][]float64) string {
	texts := make([]string, len(rows))
	for i, row := range rows {
		numbers := make([]string, len(row))
		for t, log := range row {
			numbers[t] = fmt.Sprintf("%.4g", math.Exp(log))
		}
		texts[i] = "[" + strings.Join(numbers, ",") + "]"
	}
	return "[" + strings.Join(texts, ",") + "]"
}

// compilePrediction checks the model of one level.
func (x *examination) compilePrediction(level int, p *lang.Prediction, predictor *predict.Predictor) {
	d := x.program.File.Directives
	domain := compiler.Domain{Vocab: d.Vocab, Length: d.Length, Causal: d.Causal}
	m, report, err := compiler.Compile(x.program, nil, domain, compiler.Options{Level: level, Prediction: p})
	var faults diag.List
	if err != nil && !errors.As(err, &faults) {
		x.mistake(x.Line, "level %d: %v", level, err)
		return
	}
	if err == nil {
		faults = report.Warnings
	}
	for _, mistake := range x.Match(faults) {
		x.mistakes = append(x.mistakes, fmt.Sprintf("level %d: %s", level, mistake))
	}
	if err != nil {
		return
	}
	if level == 1 {
		x.measure(m)
	}
	next, err := agree.NewNext(m, m.Outputs[0])
	if err != nil {
		x.mistake(x.Line, "level %d: %v", level, err)
		return
	}
	session := runtime.NewSession(m)
	inputs := sample(domain, 200)
	for _, k := range x.Cases {
		inputs = append(inputs, k.Input)
	}
	for _, in := range inputs {
		rows, err := predictor.Run(in)
		if err != nil {
			continue
		}
		tokens := make([]model.Token, len(in))
		for i, v := range in {
			tokens[i] = model.Token(v.JSON())
		}
		ids, err := m.Encode(tokens)
		if err != nil {
			x.mistake(x.Line, "level %d: %v", level, err)
			return
		}
		logits, err := session.Logits(ids)
		if at := next.Differ(rows, logits); err != nil || at >= 0 {
			x.mistake(x.Line, "level %d: input %v: wrong at position %d (%v)", level, in, at, err)
			return
		}
	}
}
