package formulas

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/web/rpc"
	"rasp/runtime/text"
)

// Source is one of letters that remembers: each is, with probability Keep, the one that
// stands Back letters before it, else any of the others.
type Source struct {
	Letters   int     `json:"letters"` // of the alphabet, 2 to 4
	Back      int     `json:"back"`    // 1 to 6
	Keep      float64 `json:"keep"`    // 1/Letters to 1
	Tokens    int     `json:"tokens"`  // of the text to learn from, and of that to measure
	Seed      uint64  `json:"seed"`
	Smoothing string  `json:"smoothing"` // of the n-grams
}

// Floor is a source beside what predicts its text.
type Floor struct {
	Program  string      `json:"program"` // that predicts as well as can be
	Entropy  float64     `json:"entropy"` // bits a letter: exact
	Train    string      `json:"train"`
	Test     string      `json:"test"`
	Compiled Measured    `json:"compiled"` // the transformer that the program was compiled to, on the test
	Layers   int         `json:"layers"`
	Heads    int         `json:"heads"`
	Weights  int         `json:"weights"`
	Models   []GramModel `json:"models"`
}

const mostSourced = 10000 // letters of a text

func (s Source) check() error {
	switch {
	case s.Letters < 2 || s.Letters > 4:
		return rpc.Usage("", fmt.Sprintf("letters: 2 to 4, not %d", s.Letters))
	case s.Back < 1 || s.Back > 6:
		return rpc.Usage("", fmt.Sprintf("back: 1 to 6, not %d", s.Back))
	case !(s.Keep*float64(s.Letters) >= 1-1e-9 && s.Keep <= 1):
		return rpc.Usage("", fmt.Sprintf("keep: from 1/%d to 1, not %g", s.Letters, s.Keep))
	case s.Tokens < 10 || s.Tokens > mostSourced:
		return rpc.Usage("", fmt.Sprintf("tokens: 10 to %d, not %d", mostSourced, s.Tokens))
	}
	return nil
}

// entropy in bits a letter: that a letter is kept, and which of the others it is if not,
// is all that is unsure, and it is the same at each letter.
func (s Source) entropy() float64 {
	h := 0.0
	if s.Keep > 0 {
		h -= s.Keep * math.Log2(s.Keep)
	}
	if other := 1 - s.Keep; other > 0 {
		h -= other * math.Log2(other/float64(s.Letters-1))
	}
	return h
}

// alphabet of the source.
func (s Source) alphabet() string { return "abcd"[:s.Letters] }

// program that predicts the source: where nothing stands so far back, all letters are
// equally likely.
func (s Source) program() string {
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }
	var b strings.Builder
	fmt.Fprintf(&b, "#rasp:vocab %q\n#rasp:length 64\n#rasp:causal\n#rasp:output next\n", s.alphabet())
	before := "tokens"
	if s.Back > 1 {
		before = fmt.Sprintf(`shift(tokens, %d, "")`, s.Back-1)
	}
	fmt.Fprintf(&b, "back = %s; # the letter %d before the next one\n", before, s.Back)
	fmt.Fprintf(&b, "keep = %s;\nother = %s;\n", number(s.Keep), number((1-s.Keep)/float64(s.Letters-1)))
	b.WriteString("next = {")
	for i, letter := range s.alphabet() {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, "\n    \"%c\": keep if back == \"%[1]c\" else (%s if back == \"\" else other)", letter, number(1/float64(s.Letters)))
	}
	b.WriteString("\n};\n")
	return b.String()
}

// draw writes a text of the source by what the program says of its last letters.
func (s Source) draw(ctx context.Context, p *open.Predictor, seed uint64) (string, error) {
	random := rand.New(rand.NewPCG(seed, 0))
	known := map[string][]float64{} // by the last letters
	ids := []int{random.IntN(s.Letters)}
	for len(ids) < s.Tokens {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		last := ids[max(len(ids)-s.Back, 0):]
		key := fmt.Sprint(last)
		if known[key] == nil {
			logs, err := p.Next(last)
			if err != nil {
				return "", err
			}
			known[key] = logs
		}
		ids = append(ids, drawn(known[key], random.Float64()))
	}
	return p.Join(text.Chars, "", ids...) + "\n", nil
}

// drawn is the token whose part of the sum of probabilities x falls into.
func drawn(logs []float64, x float64) int {
	last := 0
	for id, log := range logs {
		if p := math.Exp(log); p > 0 {
			last = id
			if x -= p; x < 0 {
				break
			}
		}
	}
	return last
}

func (compile Compile) source(ctx context.Context, s Source) (Floor, error) {
	if err := s.check(); err != nil {
		return Floor{}, err
	}
	f := Floor{Program: s.program(), Entropy: s.entropy()}
	m, err := compile(ctx, f.Program)
	if err != nil {
		return f, err
	}
	p, err := open.Predict(m, "", open.Device{}, text.Chars.String(), 1)
	if err != nil {
		return f, err
	}
	f.Layers, f.Heads = m.Layers, m.Heads
	f.Weights, _ = m.Parameters()
	if f.Train, err = s.draw(ctx, p, 2*s.Seed); err != nil {
		return f, err
	}
	if f.Test, err = s.draw(ctx, p, 2*s.Seed+1); err != nil {
		return f, err
	}
	if f.Compiled, err = measure(ctx, p, f.Test, false); err != nil {
		return f, err
	}
	l := Learning{Smoothing: s.Smoothing}
	for order := 1; order <= mostOrder; order++ {
		grams, err := l.predictor(f.Train, order)
		if err != nil {
			return f, err
		}
		g := GramModel{Order: order}
		if g.Train, err = measure(ctx, grams, f.Train, false); err != nil {
			return f, err
		}
		if g.Test, err = measure(ctx, grams, f.Test, false); err != nil {
			return f, err
		}
		f.Models = append(f.Models, g)
	}
	return f, nil
}
