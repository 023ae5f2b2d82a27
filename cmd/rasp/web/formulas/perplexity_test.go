package formulas

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/web/rpc"
	"rasp/cmd/rasp/web/rpc/rpctest"
	"rasp/lang"
)

// answerOf is the answer to a request as a page sends it.
func answerOf[R any](t *testing.T, method string, params any) (r R, fault *rpc.Error) {
	t.Helper()
	text, fault := rpctest.Requested(t, methods(), method, params)
	if fault == nil {
		require.NoError(t, json.Unmarshal(text, &r), "%s", text)
	}
	return r, fault
}

func harbour(t *testing.T) string {
	t.Helper()
	for _, text := range rpctest.Asked[[]Text](t, methods(), "perplexity.texts", struct{}{}) {
		if text.Name == "harbour" {
			return text.Text
		}
	}
	t.Fatal("no harbour")
	return ""
}

func learning(t *testing.T, smoothing string, order int) Learning {
	return Learning{Text: harbour(t), Share: 0.25, Smoothing: smoothing, Order: order}
}

// TestLearn: bits are the mean of what the model itself gives each letter.
func TestLearn(t *testing.T) {
	for _, smoothing := range []string{"kneser-ney", "witten-bell", "add-k"} {
		l := learning(t, smoothing, 3)
		r := rpctest.Asked[Learned](t, methods(), "perplexity.learn", l)
		require.Len(t, r.Models, mostOrder)
		assert.Equal(t, l.Text, r.Train+r.Test)
		assert.Equal(t, 10, strings.Count(r.Test, "\n"), "a quarter of 38 lines")
		for _, g := range r.Models {
			m, err := l.grams(r.Train, g.Order)
			require.NoError(t, err)
			bits, right, tokens := 0.0, 0, 0
			for line := range strings.Lines(r.Test) {
				before := []string{"<s>"}
				for _, letter := range append(strings.Split(strings.TrimSpace(line), ""), "</s>") {
					bits -= m.Score(before, letter) / math.Ln2
					best := slices.MaxFunc(m.Tokens(), func(a, b string) int { return cmp.Compare(m.Score(before, a), m.Score(before, b)) })
					if best == letter {
						right++
					}
					before = append(before, letter)
					tokens++
				}
			}
			assert.Equal(t, tokens, g.Test.Tokens)
			assert.InEpsilon(t, bits/float64(tokens), *g.Test.Bits, 1e-9)
			assert.InDelta(t, float64(right)/float64(tokens), g.Test.Right, 1e-12)
			assert.InEpsilon(t, math.Exp2(*g.Test.Bits), *g.Test.Perplexity, 1e-9)
		}
		assert.Less(t, *r.Models[4].Train.Bits, *r.Models[0].Train.Bits)
		for _, s := range r.Sharp {
			assert.Equal(t, r.Models[2].Test.Right, s.Right, "no temperature moves the likeliest letter")
			if s.Temperature == 1 {
				assert.InEpsilon(t, *r.Models[2].Test.Bits, *s.Bits, 1e-9)
			}
		}
	}
}

// TestLearnWithoutSmoothing: what never came is impossible, or has no name.
func TestLearnWithoutSmoothing(t *testing.T) {
	r := rpctest.Asked[Learned](t, methods(), "perplexity.learn", learning(t, "mle", 2))
	assert.Nil(t, r.Models[1].Test.Bits)
	assert.Positive(t, r.Models[1].Test.Zeros)
	r = rpctest.Asked[Learned](t, methods(), "perplexity.learn", Learning{Text: "ab\nba\nxa\n", Share: 0.3, Smoothing: "mle", Order: 1})
	assert.Contains(t, r.Models[0].Test.Fault, `"x"`)
	assert.Nil(t, r.Sharp)
}

func TestPerplexityRefuses(t *testing.T) {
	good := Learning{Text: "ab\nba\n", Share: 0.5, Smoothing: "add-k", Order: 1}
	change := func(f func(l *Learning)) Learning { l := good; f(&l); return l }
	for want, l := range map[string]Learning{
		"two lines":         change(func(l *Learning) { l.Text = "abc\n\n  \n" }),
		"order: 1 to 5":     change(func(l *Learning) { l.Order = 6 }),
		"share":             change(func(l *Learning) { l.Share = 1 }),
		"smoothing":         change(func(l *Learning) { l.Smoothing = "butter" }),
		"k: a positive":     change(func(l *Learning) { l.K = -1 }),
		"takes up to 65536": change(func(l *Learning) { l.Text = strings.Repeat("ab\n", 1<<15) }),
		"NUL":               change(func(l *Learning) { l.Text = "a\x00\nb\n" }),
	} {
		_, fault := answerOf[Learned](t, "perplexity.learn", l)
		if assert.NotNil(t, fault, want) {
			assert.Contains(t, fault.Message, want)
			assert.Equal(t, rpc.CodeUsage, fault.Code, want)
		}
	}
	for method, params := range map[string]any{
		"perplexity.bets":   Bets{Alphabet: 3, K: 0.1, Placed: []int{1}, Right: []int{2}},
		"perplexity.guess":  Guessing{good, -1},
		"perplexity.code":   Coding{Guessing{good, 0}, 13},
		"perplexity.words":  Wording{" . "},
		"perplexity.source": Source{Letters: 2, Back: 7, Keep: 0.9, Tokens: 100, Smoothing: "add-k"},
	} {
		_, fault := answerOf[any](t, method, params)
		if assert.NotNil(t, fault, method) {
			assert.Equal(t, rpc.CodeUsage, fault.Code, method)
		}
	}
}

// TestGuess: each model pays for each letter what it is measured by.
func TestGuess(t *testing.T) {
	l := learning(t, "kneser-ney", 3)
	s := rpctest.Asked[Sentence](t, methods(), "perplexity.guess", Guessing{l, 1})
	line := strings.Split(rpctest.Asked[Learned](t, methods(), "perplexity.learn", l).Test, "\n")[1]
	assert.Equal(t, line, strings.Join(s.Letters[:len(s.Letters)-1], ""))
	assert.Equal(t, "</s>", s.Letters[len(s.Letters)-1])
	for _, m := range s.Models {
		require.Len(t, m.Bits, len(s.Letters))
		sum := 0.0
		for _, b := range m.Bits {
			sum += *b
		}
		assert.InEpsilon(t, sum/float64(len(s.Letters)), *m.Mean[len(m.Mean)-1], 1e-12)
	}
	again := rpctest.Asked[Sentence](t, methods(), "perplexity.guess", Guessing{l, 1 + s.Lines})
	assert.Equal(t, s, again, "behind the last line is the first")
}

// TestBets: chips are add-k smoothing of one's own mind.
func TestBets(t *testing.T) {
	s := rpctest.Asked[Scored](t, methods(), "perplexity.bets", Bets{Alphabet: 4, K: 0.5, Placed: []int{0, 2, 2}, Right: []int{0, 2, 0}})
	assert.Equal(t, []float64{0.25, 2.5 / 4, 0.5 / 4}, s.P)
	assert.InEpsilon(t, (2+math.Log2(1.6)+3)/3, s.Mean, 1e-12)
	assert.InEpsilon(t, math.Exp2(s.Mean), s.Perplexity, 1e-12)
}

// TestCode: who knows the model reads the letters back from the code.
func TestCode(t *testing.T) {
	for line := range 8 {
		c := rpctest.Asked[Coded](t, methods(), "perplexity.code", Coding{Guessing{learning(t, "kneser-ney", 3), line}, mostCoded})
		require.Len(t, c.Steps, mostCoded)
		assert.LessOrEqual(t, len(c.Code), int(math.Ceil(c.Bits))+1)
		number, _ := new(big.Int).SetString(c.Code, 2)
		at := precise(0).SetInt(number)
		at.Quo(at, precise(0).SetMantExp(precise(1), len(c.Code)))
		for i, step := range c.Steps {
			for _, p := range step.Parts {
				if at.Cmp(precise(p.Low)) >= 0 && at.Cmp(precise(p.High)) < 0 {
					assert.Equal(t, step.Letter, p.Letter, "letter %d of %s", i, c.Code)
					at.Quo(at.Sub(at, precise(p.Low)), precise(p.High-p.Low))
					break
				}
			}
		}
	}
}

// TestFraction: all that begins like the code lies in the interval, and no shorter code is
// like that.
func TestFraction(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		low, width := random.Float64()*0.9, math.Exp2(-12*random.Float64()-4)
		code := fraction(precise(low), precise(width))
		inside := func(n int) bool {
			least := math.Ceil(math.Ldexp(low, n))
			return math.Ldexp(least+1, -n) <= low+width
		}
		require.True(t, inside(len(code)), "%s for %v, %v", code, low, width)
		require.False(t, inside(len(code)-1), "%s for %v, %v is longer than it must be", code, low, width)
	}
	assert.Empty(t, fraction(precise(0), precise(1)))
}

// TestEntropy: the entropy of a source is that of its program, the mean over the contexts
// as often as they come.
func TestEntropy(t *testing.T) {
	for _, s := range []Source{{Letters: 2, Back: 3, Keep: 0.9}, {Letters: 3, Back: 2, Keep: 0.7}, {Letters: 4, Back: 1, Keep: 0.25}, {Letters: 2, Back: 2, Keep: 1}} {
		p, err := parsed(s.program())
		require.NoError(t, err)
		contexts := []string{""}
		for range s.Back {
			var longer []string
			for _, c := range contexts {
				for _, letter := range s.alphabet() {
					longer = append(longer, c+string(letter))
				}
			}
			contexts = longer
		}
		// By symmetry all contexts are as frequent; a step keeps them so.
		after, sum := map[string]float64{}, 0.0
		for _, c := range contexts {
			for letter, w := range weights(t, p, c) {
				after[(c + letter)[1:]] += w / float64(len(contexts))
				if w > 0 {
					sum -= w * math.Log2(w) / float64(len(contexts))
				}
			}
		}
		for _, c := range contexts {
			assert.InDelta(t, 1/float64(len(contexts)), after[c], 1e-12)
		}
		assert.InDelta(t, s.entropy(), sum, 1e-6, s.program())
	}
}

// weights are what a program says comes after a text.
func weights(t *testing.T, p *lang.Program, before string) map[string]float64 {
	t.Helper()
	o := interpreted(t, p)
	ids := make([]int, len(before))
	for i, letter := range before {
		ids[i] = o.IDs[string(letter)]
	}
	logs, err := o.Next(ids)
	require.NoError(t, err)
	w := map[string]float64{}
	for id, log := range logs {
		w[o.Names[id]] = math.Exp(log)
	}
	return w
}

// TestFloor: the compiled model is as good as the floor, and no n-gram is better on a text
// that it has not learnt from; five standard errors are luck enough.
func TestFloor(t *testing.T) {
	for seed := range uint64(3) {
		for _, back := range []int{1, 4, 6} {
			f := rpctest.Asked[Floor](t, methods(), "perplexity.source", Source{Letters: 2, Back: back, Keep: 0.85, Tokens: 3000, Seed: seed, Smoothing: "witten-bell"})
			about := fmt.Sprintf("%d back, seed %d", back, seed)
			assert.InDelta(t, f.Entropy, *f.Compiled.Bits, 5**f.Compiled.Error, about)
			for _, g := range f.Models {
				assert.Greater(t, *g.Test.Bits, f.Entropy-5**f.Compiled.Error, about)
				sees := g.Order > back
				assert.Equal(t, sees, *g.Test.Bits < 0.9, "%s: the %d-gram has %v", about, g.Order, *g.Test.Bits)
			}
		}
	}
}

func TestWords(t *testing.T) {
	w := rpctest.Asked[Words](t, methods(), "perplexity.words", Wording{"The boat, the BOAT; the sea’s. Don't 'quote' the sea!"})
	assert.Equal(t, 10, w.Tokens)
	assert.Equal(t, []Word{{"the", 4}, {"boat", 2}, {"don't", 1}, {"quote", 1}, {"sea", 1}, {"sea's", 1}}, w.Top)
	assert.Equal(t, 4, w.Once)
	assert.Equal(t, 2, w.Half)
	assert.Nil(t, w.Exponent, "two ranks make no law")
	var b strings.Builder
	for rank := 1; rank <= 60; rank++ {
		b.WriteString(strings.Repeat(fmt.Sprintf("w%d ", rank), 6000/rank))
	}
	w = rpctest.Asked[Words](t, methods(), "perplexity.words", Wording{b.String()})
	assert.InDelta(t, 1, *w.Exponent, 0.01)
	flat := rpctest.Asked[Words](t, methods(), "perplexity.words", Wording{"a b c a b c"})
	assert.InDelta(t, 0, *flat.Exponent, 1e-9)
	assert.InEpsilon(t, math.Log2(3), flat.Bits, 1e-9)
}

func TestClean(t *testing.T) {
	r := rpctest.Asked[Text](t, methods(), "perplexity.clean", Cleaning{"To be, or not?  That's IT!\n\n 1 line; more"})
	assert.Equal(t, "to be or not\nthat's it\n1 line\nmore\n", r.Text)
}

// interpreted predicts by a program itself.
func interpreted(t *testing.T, program *lang.Program) *open.Predictor {
	t.Helper()
	p, err := open.Interpret(program, nil, open.Choices{}, "chars", 1)
	require.NoError(t, err)
	return p
}
