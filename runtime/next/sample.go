package next

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Choice says how a token is drawn. The rules apply one after the other, each to
// what the one before has left:
//
//   - Temperature T divides the logits: the probabilities become proportional to
//     p^(1/T). At 0 the likeliest token is taken, the one that the output decodes
//     to: the first of equals in the vocabulary.
//   - TopK keeps the K likeliest tokens, of equals the first in the vocabulary. 0
//     keeps all.
//   - TopP keeps the nucleus: tokens in the order of their probability, equals in
//     that of the vocabulary, until their share of what TopK has left reaches P
//     (Holtzman et al. 2020, "The Curious Case of Neural Text Degeneration",
//     section 3.1). 1 keeps all; at least one token stays.
//   - MinP keeps the tokens whose probability, after Temperature, is at least P times
//     that of the likeliest (Nguyen et al. 2024, "Turning Up the Heat: Min-p Sampling",
//     section 3). 0 keeps all.
//
// The logits of a model are those of its program but for rounding. So tokens are
// equals whose logits are not more than model.Output.Tie apart, those that are equals of
// the likeliest are as likely at any temperature, and a share reaches P that is short of
// it by as much of itself.
//
// A token without probability is never drawn, whatever the temperature.
type Choice struct {
	Temperature float64
	TopK        int
	TopP        float64
	MinP        float64
}

// Validate says what is wrong with the numbers.
func (c Choice) Validate() error {
	switch {
	case !(c.Temperature >= 0) || math.IsInf(c.Temperature, 1):
		return fmt.Errorf("the temperature is a number from 0, not %v", c.Temperature)
	case c.TopK < 0:
		return fmt.Errorf("top-k is an int from 0 (all tokens), not %d", c.TopK)
	case !(c.TopP > 0 && c.TopP <= 1):
		return fmt.Errorf("top-p is a number above 0 and up to 1, not %v", c.TopP)
	case !(c.MinP >= 0 && c.MinP <= 1):
		return fmt.Errorf("min-p is a number from 0 to 1, not %v", c.MinP)
	}
	return nil
}

// Sampler draws tokens, one after the other, without allocating. It is for one
// goroutine at a time.
type Sampler struct {
	*Prediction
	choice Choice
	random *rand.Rand
	room   []int     // for the classes
	weight []float64 // of each class, if it is kept
}

// Sampler makes one of a valid choice. Seed and stream say what it draws: the
// random numbers are those of PCG, the same on every machine, one for each token
// that is not drawn greedily. So tokens are the same, unless the number falls
// within the rounding error of the border between two of them.
func (p *Prediction) Sampler(choice Choice, seed, stream uint64) *Sampler {
	return &Sampler{
		Prediction: p, choice: choice, random: rand.New(rand.NewPCG(seed, stream)),
		room: make([]int, 0, len(p.tokens)), weight: make([]float64, len(p.tokens)),
	}
}

// Draw is the id of a token, drawn by the logits [width of W_U] of a position.
func (s *Sampler) Draw(logits []float32) int {
	if s.sure || s.choice.Temperature == 0 {
		return s.tokens[s.output.Class(logits)]
	}
	own := s.own(logits)
	return s.tokens[s.pick(s.keep(own, float64(slices.Max(own))))]
}

// keep lists the classes that can be drawn, and weighs them.
func (s *Sampler) keep(own []float32, top float64) []int {
	kept := s.room[:0]
	for c, l := range own {
		if !(float64(l)-top <= -Impossible) {
			kept = append(kept, c)
		}
	}
	tie := s.output.Tie()
	if k := s.choice.TopK; k > 0 && k < len(kept) {
		h := heap{kept, own}
		h.build()
		for len(kept)-len(h.order) < k {
			h.takeEqual(tie)
		}
		kept = kept[len(kept)-k:]
	}
	total := 0.0
	for _, c := range kept {
		below := top - float64(own[c])
		if below <= float64(tie) { // equals, whose rounding a low temperature would amplify
			below = 0
		}
		s.weight[c] = math.Exp(-below / s.choice.Temperature)
		total += s.weight[c]
	}
	if s.choice.TopP < 1 {
		kept = s.nucleus(heap{kept, own}, total)
	}
	if s.choice.MinP > 0 {
		kept = s.near(kept, own, top)
	}
	return kept
}

// near keeps the classes that are MinP times as likely as the likeliest, at least:
//
//	exp((l-top)/T) >= P    where    top-l <= -T ln P
//
// There rounding is that of the logits, however low the temperature.
func (s *Sampler) near(kept []int, own []float32, top float64) []int {
	most := -s.choice.Temperature*math.Log(s.choice.MinP) + float64(s.output.Tie())
	return slices.DeleteFunc(kept, func(c int) bool { return top-float64(own[c]) > most })
}

// nucleus keeps the likeliest classes of a heap, whose weights make total.
func (s *Sampler) nucleus(h heap, total float64) []int {
	tie := s.output.Tie()
	enough, sum, all := s.choice.TopP*total*(1-float64(tie)), 0.0, h.order
	h.build()
	for len(h.order) > 0 {
		equal := h.takeEqual(tie)
		for i := len(equal) - 1; i >= 0; i-- {
			if sum += s.weight[equal[i]]; sum >= enough {
				return all[len(h.order)+i:]
			}
		}
	}
	return all
}

// pick draws one of the classes by their weights.
func (s *Sampler) pick(kept []int) int {
	total := 0.0
	for _, c := range kept {
		total += s.weight[c]
	}
	target, sum, last := s.random.Float64()*total, 0.0, kept[0]
	for _, c := range kept {
		if s.weight[c] == 0 {
			continue
		}
		if sum += s.weight[c]; target < sum {
			return c
		}
		last = c
	}
	return last // target was rounded up to total
}
