// Package next reads the prediction of the next token off a model's logits, and
// draws tokens from it.
//
// In come the logits of a position; out come natural logarithms of probabilities,
// or the token that is drawn. The package runs no model.
//
//	next.go        which outputs predict; log-probabilities
//	normaliser.go  the sum that makes probabilities of them
//	sample.go      greedy, temperature, top-k, top-p, min-p
//	heap.go        the likeliest first
//	rank.go        a whole distribution: order, temperature, entropy
package next

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"rasp/runtime/model"
)

// Impossible is how far below the largest logit one stands whose token cannot
// come next: there float32 exp is exactly 0, and so is the probability.
const Impossible = 104

// Prediction is an output of a model that says what the next token is: one with
// the mark Next, whose probabilities are the softmax of its logits, or else one
// whose classes are all in the vocabulary, which is sure of its largest logit,
// the first of equals.
type Prediction struct {
	output model.Output
	tokens []int // id of each class, ascending if the output is not sure
	vocab  int
	sure   bool
	usual  *usual // nil where each exp is computed
}

// Of makes the prediction of an output of m. The error says why it makes none.
func Of(m *model.Model, o model.Output) (*Prediction, error) {
	if o.Numeric() {
		return nil, fmt.Errorf("output %s is a number, not a token", o.Name)
	}
	ids := make(map[model.Token]int, len(m.Vocab))
	for id, t := range m.Vocab {
		ids[t] = id
	}
	p := &Prediction{output: o, vocab: len(m.Vocab), sure: !o.Next}
	for _, class := range o.Classes {
		id, ok := ids[class]
		if !ok {
			return nil, fmt.Errorf("output %s can be %s, which is not in the vocabulary", o.Name, class)
		}
		p.tokens = append(p.tokens, id)
	}
	if end := o.Column + len(o.Classes); o.Next && len(o.Classes) >= manyClasses && end <= len(m.BU) {
		p.usual = newUsual(m.BU[o.Column:end])
	}
	return p, nil
}

// Find makes the prediction of the output of that name or, without a name, of the
// only one that makes one, those with the mark Next first. The error says which
// there are, or why there is none.
func Find(m *model.Model, name string) (*Prediction, error) {
	var marked, sure []*Prediction
	var why []string
	for _, o := range m.Outputs {
		if name != "" && o.Name != name {
			continue
		}
		p, err := Of(m, o)
		switch {
		case err != nil:
			why = append(why, err.Error())
		case o.Next:
			marked = append(marked, p)
		default:
			sure = append(sure, p)
		}
	}
	found := marked
	if len(found) == 0 {
		found = sure
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return nil, fmt.Errorf("several outputs predict the next token: %s", strings.Join(names(found), ", "))
	case len(why) == 0:
		return nil, fmt.Errorf("the model has no output %s", name)
	}
	return nil, fmt.Errorf("the model does not predict the next token: %s", strings.Join(why, "; "))
}

func names(list []*Prediction) []string {
	var names []string
	for _, p := range list {
		names = append(names, p.Name())
	}
	return names
}

// Name of the output.
func (p *Prediction) Name() string { return p.output.Name }

// Defined reports whether the logits [width of W_U] of a position have
// probabilities: whether the largest is finite, and all are numbers. Those of a
// model that was made by hand may overflow.
func (p *Prediction) Defined(logits []float32) bool { return p.output.Defined(logits) }

// own are the logits of the output's classes among those of all outputs.
func (p *Prediction) own(logits []float32) []float32 {
	return logits[p.output.Column : p.output.Column+len(p.tokens)]
}

// Log puts the natural logarithm of the probability of each token of the
// vocabulary into logs [vocabulary], from the logits [width of W_U] of a position:
//
//	ln p_c = l_c - max - ln(sum over c' of exp(l_c' - max))     in float64
//
// It is -Inf for a token that is no class or stands Impossible below the largest,
// which the sum leaves out too; NaN for all classes if a logit is NaN.
func (p *Prediction) Log(logs []float64, logits []float32) {
	for id := range logs {
		logs[id] = math.Inf(-1)
	}
	if p.sure {
		logs[p.tokens[p.output.Class(logits)]] = 0
		return
	}
	own := p.own(logits)
	top, total := p.normaliser(own)
	for c, l := range own {
		logs[p.tokens[c]] = log(l, top, total)
	}
}

// LogOf is what Log gives for one token.
func (p *Prediction) LogOf(token int, logits []float32) float64 {
	if p.sure {
		if p.tokens[p.output.Class(logits)] == token {
			return 0
		}
		return math.Inf(-1)
	}
	c, ok := slices.BinarySearch(p.tokens, token)
	if !ok {
		return math.Inf(-1)
	}
	own := p.own(logits)
	top, total := p.normaliser(own)
	return log(own[c], top, total)
}

// log of the probability of a logit.
func log(l float32, top, total float64) float64 {
	x := float64(l) - top
	if x <= -Impossible && !math.IsNaN(total) {
		return math.Inf(-1)
	}
	return x - total
}
