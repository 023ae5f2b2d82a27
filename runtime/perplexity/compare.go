package perplexity

import (
	"math"

	"rasp/runtime/text"
)

// Distributions says what may come next, of all tokens.
type Distributions interface {
	// Rows shows the natural logarithms of the probabilities [vocabulary] of what comes
	// after ids[:position+1], position by position. They are valid during the call; an
	// error of each ends it.
	Rows(ids []int, each func(position int, logs []float64) error) error
}

// Pair scores a text by one model and compares it, token by token, with another over the
// same tokens.
type Pair struct {
	A, B Distributions
	InB  []int // the id that B has for each id of A

	rows  [][]float64 // of A, over a window
	ids   []int       // of B, over a window
	queue []compared  // tokens that are scored and not yet counted
	sums  Comparison
	by    *groups
}

// compared is what a token amounts to, in nats.
type compared struct {
	logB, ab, ba float64
	same         bool
}

// Comparison is what a text says of two models, over the tokens that are scored.
type Comparison struct {
	Tokens int
	SumB   float64 // of B's natural logarithms, -Inf if a token is impossible for it
	// Sums over the tokens of the relative entropies of the distributions there
	// (Kullback and Leibler 1951), in nats; +Inf where one has no probability for what the
	// other has.
	AB, BA float64
	Same   int // at so many of them the same token is the likeliest, the first of equals
	// Error is the standard error of the mean difference in bits a token, by sentences or
	// blocks, as that of Result; NaN without an estimate.
	Error float64
}

// NewPair compares over sentences or one text.
func NewPair(a, b Distributions, inB []int, sentences bool) *Pair {
	return &Pair{A: a, B: b, InB: inB, by: newGroups(sentences)}
}

// Score is that of A.
func (p *Pair) Score(windows []Window) error {
	for i := range windows {
		if err := p.window(&windows[i]); err != nil {
			return err
		}
	}
	return nil
}

func (p *Pair) window(w *Window) error {
	before := w.IDs[:len(w.IDs)-1]
	for len(p.rows) < len(before) {
		p.rows = append(p.rows, make([]float64, len(p.InB)))
	}
	err := p.A.Rows(before, func(position int, logs []float64) error {
		copy(p.rows[position], logs)
		return nil
	})
	if err != nil {
		return err
	}
	p.ids = p.ids[:0]
	for _, id := range w.IDs {
		p.ids = append(p.ids, p.InB[id])
	}
	return p.B.Rows(p.ids[:len(before)], func(position int, b []float64) error {
		i := position + 1 - w.From
		if i < 0 {
			return nil
		}
		a := p.rows[position]
		w.Logs[i] = min(a[w.IDs[position+1]], 0)
		c := p.compare(a, b)
		c.logB = min(b[p.ids[position+1]], 0)
		p.queue = append(p.queue, c)
		return nil
	})
}

func (p *Pair) compare(a, b []float64) (c compared) {
	bestA, bestB := 0, 0
	for id, logA := range a {
		logB := b[p.InB[id]]
		c.ab += relative(logA, logB)
		c.ba += relative(logB, logA)
		if logA > a[bestA] {
			bestA = id
		}
		if logB > b[p.InB[bestB]] {
			bestB = id
		}
	}
	c.same = bestA == bestB
	return c
}

// relative is a token's part of the relative entropy of p to q, 0 ln 0 being 0.
func relative(logP, logQ float64) float64 {
	if math.IsInf(logP, -1) {
		return 0
	}
	return math.Exp(logP) * (logP - logQ)
}

// Count takes a token that A has scored, in the order of the text, as Options.Each shows it.
func (p *Pair) Count(t *text.Token, logA float64) {
	if math.IsNaN(logA) {
		if t.Begins {
			p.by.begin()
		}
		return
	}
	c := p.queue[0]
	if p.queue = p.queue[1:]; len(p.queue) == 0 {
		p.queue = nil
	}
	p.sums.Tokens++
	p.sums.SumB += c.logB
	p.sums.AB += c.ab
	p.sums.BA += c.ba
	if c.same {
		p.sums.Same++
	}
	p.by.add((c.logB - logA) / math.Ln2)
}

// Comparison of all tokens that were counted.
func (p *Pair) Comparison() Comparison {
	c := p.sums
	p.by.finish()
	c.Error = p.by.error()
	return c
}

// BitsB is what B has in bits a token.
func (c Comparison) BitsB() float64 { return c.mean(0 - c.SumB) }

// BitsAB is the mean relative entropy of A to B, in bits.
func (c Comparison) BitsAB() float64 { return max(c.mean(c.AB), 0) }

// BitsBA is that of B to A.
func (c Comparison) BitsBA() float64 { return max(c.mean(c.BA), 0) }

func (c Comparison) mean(nats float64) float64 { return nats / math.Ln2 / float64(c.Tokens) }
