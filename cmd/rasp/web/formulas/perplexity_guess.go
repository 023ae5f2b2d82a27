package formulas

import (
	"context"
	"fmt"
	"math"
	"math/big"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/web/rpc"
	"rasp/runtime/text"
)

// Guessing asks for one of the lines that were not learnt from.
type Guessing struct {
	Learning
	Line int `json:"line"` // from 0; beyond the last it begins anew
}

// Sentence is a line to guess, letter by letter; its end is one of the letters.
type Sentence struct {
	Letters  []string `json:"letters"`
	Alphabet []string `json:"alphabet"` // what can come next
	Lines    int      `json:"lines"`    // there are to guess
	Models   []Guess  `json:"models"`   // by order, from 1
}

// Guess is what a model says at each letter.
type Guess struct {
	Bits []*float64 `json:"bits"` // -log2 p of the letter that came; null: impossible
	Mean []*float64 `json:"mean"` // of the bits up to and with this letter
	Best []string   `json:"best"` // the likeliest letter
	P    []float64  `json:"p"`    // its probability
}

// sentence is the line as tokens of a predictor, the first context only.
func (g Guessing) sentence(p *open.Predictor, test []string) ([]int, error) {
	ids, _, _, err := text.Tokens(test[g.Line%len(test)], p.Vocabulary.Vocabulary, text.Reading{Split: p.Split, Sentences: true})
	return ids, err
}

func guess(_ context.Context, g Guessing) (Sentence, error) {
	if g.Line < 0 {
		return Sentence{}, rpc.Usage("", "line: the lines count from 0")
	}
	train, test, err := g.split()
	if err != nil {
		return Sentence{}, err
	}
	s := Sentence{Lines: len(test)}
	for order := 1; order <= mostOrder; order++ {
		p, err := g.predictor(joined(train), order)
		if err != nil {
			return s, err
		}
		ids, err := g.sentence(p, test)
		if err != nil {
			return s, rpc.Usage("with another smoothing it has a probability", err.Error())
		}
		if order == 1 {
			s.Letters, s.Alphabet = namesOf(p, ids[1:]), namesOf(p, possible(p))
		}
		var m Guess
		sum := 0.0
		err = p.Rows(ids[:len(ids)-1], func(at int, logs []float64) error {
			best := likeliest(logs)
			sum += bitsOf(logs[ids[at+1]])
			m.Bits = append(m.Bits, finiteOrNil(bitsOf(logs[ids[at+1]])))
			m.Mean = append(m.Mean, finiteOrNil(sum/float64(at+1)))
			m.Best = append(m.Best, p.Names[best])
			m.P = append(m.P, math.Exp(logs[best]))
			return nil
		})
		if err != nil {
			return s, err
		}
		s.Models = append(s.Models, m)
	}
	return s, nil
}

// bitsOf is the surprisal of a natural logarithm of a probability; no -0.
func bitsOf(log float64) float64 { return max(-log/math.Ln2, 0) }

// possible are the tokens that can come next: all but the beginning.
func possible(p *open.Predictor) (ids []int) {
	for id := range p.Names {
		if id != p.Begin {
			ids = append(ids, id)
		}
	}
	return ids
}

func namesOf(p *open.Predictor, ids []int) []string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = p.Names[id]
	}
	return names
}

// Bets are those of a reader: chips on letters, at each letter.
type Bets struct {
	Alphabet int     `json:"alphabet"` // letters that could come
	K        float64 `json:"k"`        // chips that each letter has from the start
	Placed   []int   `json:"placed"`   // chips in all, by letter of the text
	Right    []int   `json:"right"`    // those on the letter that came
}

// Scored is what bets amount to: with n of N chips on it, a letter had the probability
// (n + k) / (N + k V), which is add-k smoothing.
type Scored struct {
	P          []float64 `json:"p"`
	Bits       []float64 `json:"bits"`
	Mean       float64   `json:"mean"`
	Perplexity float64   `json:"perplexity"`
}

func bets(_ context.Context, b Bets) (Scored, error) {
	var s Scored
	if b.Alphabet < 1 || !(b.K > 0) || len(b.Placed) == 0 || len(b.Placed) != len(b.Right) {
		return s, rpc.Usage("", "bets: an alphabet, a positive k, and as many numbers of right chips as of placed ones, one at least")
	}
	sum := 0.0
	for i, n := range b.Right {
		if n < 0 || n > b.Placed[i] {
			return s, rpc.Usage("", fmt.Sprintf("bets: %d of %d chips are right", n, b.Placed[i]))
		}
		p := (float64(n) + b.K) / (float64(b.Placed[i]) + b.K*float64(b.Alphabet))
		s.P, s.Bits = append(s.P, p), append(s.Bits, -math.Log2(p))
		sum -= math.Log2(p)
	}
	s.Mean = sum / float64(len(b.Right))
	s.Perplexity = math.Exp2(s.Mean)
	return s, nil
}

// Coding asks for the code of the first letters of a line.
type Coding struct {
	Guessing
	Letters int `json:"letters"`
}

// mostCoded letters are coded at once, so that a picture of them can be read.
const mostCoded = 12

// Coded is a beginning of a line as arithmetic coding has it (Rissanen 1976): each letter
// takes its part of the interval that the letters before it left, as wide as it is likely.
type Coded struct {
	Steps []CodeStep `json:"steps"`
	Bits  float64    `json:"bits"` // -log2 of the width of the last interval
	Code  string     `json:"code"` // the shortest binary fraction all of whose continuations lie in it
}

// CodeStep is one letter: the parts of an interval from 0 to 1.
type CodeStep struct {
	Letter string  `json:"letter"`
	Bits   float64 `json:"bits"`
	Sum    float64 `json:"sum"` // of the bits so far
	Parts  []Part  `json:"parts"`
	Low    string  `json:"low"` // of the interval of all letters so far, decimal
	High   string  `json:"high"`
}

// Part of an interval that a letter has.
type Part struct {
	Letter string  `json:"letter"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
}

func code(_ context.Context, c Coding) (Coded, error) {
	order, err := c.closely()
	if err != nil {
		return Coded{}, err
	}
	if c.Letters < 1 || c.Letters > mostCoded || c.Line < 0 {
		return Coded{}, rpc.Usage("", fmt.Sprintf("letters: 1 to %d of a line, not %d", mostCoded, c.Letters))
	}
	train, test, err := c.split()
	if err != nil {
		return Coded{}, err
	}
	p, err := c.predictor(joined(train), order)
	if err != nil {
		return Coded{}, err
	}
	ids, err := c.sentence(p, test)
	if err != nil {
		return Coded{}, rpc.Usage("with another smoothing it has a probability", err.Error())
	}
	ids = ids[:min(len(ids), c.Letters+1)]
	var result Coded
	low, width := precise(0), precise(1)
	err = p.Rows(ids[:len(ids)-1], func(at int, logs []float64) error {
		letter := ids[at+1]
		step := CodeStep{Letter: p.Names[letter], Bits: bitsOf(logs[letter])}
		if math.IsInf(step.Bits, 1) {
			return rpc.Usage("with smoothing it has a probability", fmt.Sprintf("%q cannot come here, so it has no code", step.Letter))
		}
		from := 0.0
		for _, id := range possible(p) {
			to := from + math.Exp(logs[id])
			if id == letter {
				low.Add(low, precise(0).Mul(width, precise(from)))
			}
			if to > from {
				step.Parts = append(step.Parts, Part{p.Names[id], from, to})
			}
			from = to
		}
		width.Mul(width, precise(math.Exp(logs[letter])))
		result.Bits += step.Bits
		step.Sum, step.Low, step.High = result.Bits, low.Text('g', 8), precise(0).Add(low, width).Text('g', 8)
		result.Steps = append(result.Steps, step)
		return nil
	})
	result.Code = fraction(low, width)
	return result, err
}

// precise is a number with the digits that 12 letters need.
func precise(x float64) *big.Float { return new(big.Float).SetPrec(512).SetFloat64(x) }

// fraction is the shortest binary fraction 0.code such that all that begins like it lies
// between low and low + width.
func fraction(low, width *big.Float) string {
	high := precise(0).Add(low, width)
	for n := 0; ; n++ {
		scale := precise(0).SetMantExp(precise(1), n)
		up, _ := precise(0).Mul(low, scale).Int(nil) // the least multiple of 2^-n at or above low
		if precise(0).SetInt(up).Cmp(precise(0).Mul(low, scale)) < 0 {
			up.Add(up, big.NewInt(1))
		}
		end := precise(0).SetInt(new(big.Int).Add(up, big.NewInt(1)))
		if end.Quo(end, scale).Cmp(high) <= 0 {
			return fmt.Sprintf("%0*s", n, up.Text(2))[:n]
		}
	}
}
