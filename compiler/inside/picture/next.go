package picture

import (
	"encoding/json"
	"fmt"
	"math"

	"rasp/compiler/inside"
	"rasp/lang/value"
	rt "rasp/runtime/next"
)

// next is the distribution of the token after the input.
type next struct {
	chances    []chance  // the likeliest first
	rest       []float64 // logarithms of the others that can come, if they are no more than mostRest
	more       int       // tokens that can come, and are not shown
	impossible int
}

// mostRest is how many logarithms a page has for its slider of temperature.
const mostRest = 500

type chance struct {
	token string
	log   float64 // of the probability
}

func (c chance) p() float64 { return math.Exp(c.log) }

// nextOf is nil for a model that has no output of probabilities.
func nextOf(x *inside.Model, input []value.Value) (*next, error) {
	for _, o := range x.Outputs {
		if !o.Next {
			continue
		}
		prediction, err := rt.Of(x.Model, o)
		if err != nil {
			return nil, err
		}
		logits, err := x.Logits(input)
		if err != nil {
			return nil, err
		}
		last := logits[len(logits)-1]
		if !prediction.Defined(last) {
			return nil, fmt.Errorf("output %s has no probabilities: its logits are no finite numbers", o.Name)
		}
		logs := make([]float64, len(x.Vocab))
		prediction.Log(logs, last)
		ranked := rt.Ranked(logs)
		n := &next{more: max(0, len(ranked)-mostNext), impossible: len(logs) - len(ranked)}
		for _, id := range ranked[:len(ranked)-n.more] {
			n.chances = append(n.chances, chance{inside.TokenText(x.Vocab[id]), logs[id]})
		}
		if n.more <= mostRest {
			for _, id := range ranked[len(ranked)-n.more:] {
				n.rest = append(n.rest, logs[id])
			}
		}
		return n, nil
	}
	return nil, nil
}

// whole says that all tokens that can come are there.
func (n *next) whole() bool { return len(n.rest) == n.more }

// MarshalJSON has what the script of a page asks for.
func (n *next) MarshalJSON() ([]byte, error) {
	short := func(x float64) json.Number { return json.Number(fmt.Sprintf("%.7g", x)) }
	tokens, logs, rest := []string{}, []json.Number{}, []json.Number{}
	for _, c := range n.chances {
		tokens, logs = append(tokens, c.token), append(logs, short(c.log))
	}
	others := n.rest
	if !n.whole() { // as one, which is right at temperature 1
		sum := 1.0
		for _, c := range n.chances {
			sum -= c.p()
		}
		others = []float64{math.Log(max(sum, math.SmallestNonzeroFloat64))}
	}
	for _, l := range others {
		rest = append(rest, short(l))
	}
	return json.Marshal(map[string]any{"tokens": tokens, "logs": logs, "rest": rest, "more": n.more, "impossible": n.impossible})
}

// counts says what is not among the bars.
func (n *next) counts() string {
	return fmt.Sprintf("%d more can come next, %d cannot", n.more, n.impossible)
}

// bars of all chances, at the cursor.
func (n *next) bars(c *canvas) {
	const labels, width = 90, 320
	for _, x := range n.chances {
		title := fmt.Sprintf("%s: probability %.6g, %.4g bits", x.token, x.p(), 0-x.log/math.Ln2)
		c.text(labels-8, c.y+13, "t e", cut(x.token, 12), x.token)
		c.box("c", labels, c.y+2, max(1, width*x.p()), 14, title)
		c.text(labels+width*x.p()+6, c.y+13, "m", fmt.Sprintf("%.4g", x.p()), "")
		c.down(20, labels+width+70)
	}
	c.line("m", n.counts())
}
