package picture

import (
	"fmt"
	"math"

	"rasp/compiler/inside"
	"rasp/lang/value"
	rt "rasp/runtime/next"
)

// next is the distribution of the token after the input.
type next struct {
	chances    []chance // the likeliest first
	more       int      // tokens that can come, and are not shown
	impossible int
}

type chance struct {
	token string
	p     float64
}

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
			n.chances = append(n.chances, chance{tokenText(x.Vocab[id]), math.Exp(logs[id])})
		}
		return n, nil
	}
	return nil, nil
}

// counts says what is not among the bars.
func (n *next) counts() string {
	return fmt.Sprintf("%d more can come next, %d cannot", n.more, n.impossible)
}

// bars of all chances, at the cursor.
func (n *next) bars(c *canvas) {
	const labels, width = 90, 320
	for _, x := range n.chances {
		title := fmt.Sprintf("%s: probability %.6g, %.4g bits", x.token, x.p, 0-math.Log2(x.p))
		c.text(labels-8, c.y+13, "t e", cut(x.token, 12), x.token)
		c.box("c", labels, c.y+2, max(1, width*x.p), 14, title)
		c.text(labels+width*x.p+6, c.y+13, "m", fmt.Sprintf("%.4g", x.p), "")
		c.down(20, labels+width+70)
	}
	c.line("m", n.counts())
}
