package next

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"

	"rasp/runtime/model"
)

// direct are the probabilities of a choice, computed as Choice says it: sort, cut,
// sort, cut.
func direct(logits []float32, c Choice) []float64 {
	type class struct {
		id int
		p  float64
	}
	top := float64(slices.Max(logits))
	var list []class
	for id, l := range logits {
		if float64(l) > top-Impossible {
			list = append(list, class{id, math.Exp((float64(l) - top) / c.Temperature)})
		}
	}
	slices.SortStableFunc(list, func(a, b class) int { return cmp.Compare(logits[b.id], logits[a.id]) })
	if c.TopK > 0 && c.TopK < len(list) {
		list = list[:c.TopK]
	}
	sum := func() (total float64) {
		for _, x := range list {
			total += x.p
		}
		return total
	}
	if c.TopP < 1 {
		total, mass := sum(), 0.0
		for n, x := range list {
			if mass += x.p / total; mass >= c.TopP*(1-0x1p-16) {
				list = list[:n+1]
				break
			}
		}
	}
	list = slices.DeleteFunc(list, func(x class) bool { return x.p < c.MinP*(1-1e-9) })
	total := sum()
	p := make([]float64, len(logits))
	for _, x := range list {
		p[x.id] = x.p / total
	}
	return p
}

// testSample draws 100,000 tokens and compares how often each comes with its
// probability: a chi-square test, classes that are expected less than ten times
// taken together.
func testSample(t *testing.T, s *Sampler, logits []float32, p []float64) {
	t.Helper()
	const draws = 100_000
	count := make([]int, len(p))
	for range draws {
		count[s.Draw(logits)]++
	}
	square, cells, rare, rarely := 0.0, 0, 0.0, 0
	for id, n := range count {
		if p[id] == 0 {
			require.Zero(t, n, "token %d has no probability", id)
			continue
		}
		if want := draws * p[id]; want < 10 {
			rare, rarely = rare+want, rarely+n
		} else {
			square += (float64(n) - want) * (float64(n) - want) / want
			cells++
		}
	}
	if rare >= 1 {
		square += (float64(rarely) - rare) * (float64(rarely) - rare) / rare
		cells++
	}
	if cells > 1 {
		chance := distuv.ChiSquared{K: float64(cells - 1)}.Survival(square)
		require.Greater(t, chance, 1e-4, "chi-square %.1f of %d cells, %v", square, cells, s.choice)
	}
}

// all is a prediction over so many tokens.
func all(t *testing.T, tokens int) *Prediction {
	m := &model.Model{}
	for i := range tokens {
		m.Vocab = append(m.Vocab, model.Token(fmt.Sprint(i)))
	}
	p, err := Of(m, model.Output{Classes: m.Vocab, Next: true})
	require.NoError(t, err)
	return p
}

// peaked makes logits as a language model has them, some of them equal, some
// impossible.
func peaked(tokens int, seed uint64) []float32 {
	r := rand.New(rand.NewPCG(seed, 3))
	logits := make([]float32, tokens)
	for i := range logits {
		logits[i] = float32(math.Round(8*r.NormFloat64()) / 4)
		if r.IntN(5) == 0 {
			logits[i] = -1000
		}
	}
	return logits
}

func TestSampleFrequencies(t *testing.T) {
	for tokens, choices := range map[int][]Choice{
		3:   {{1, 0, 1, 0}, {1, 2, 1, 0}, {1, 0, 0.9, 0}},
		26:  {{1, 0, 1, 0}, {0.5, 0, 1, 0}, {2, 0, 1, 0}, {1, 1, 1, 0}, {1, 5, 1, 0}, {1, 100, 1, 0}, {1, 0, 0.5, 0}, {1.5, 0, 0.99, 0}, {1, 0, 1e-9, 0}, {1, 8, 0.6, 0}, {1, 0, 1, 0.05}, {0.5, 0, 1, 0.3}, {2, 20, 0.9, 0.4}},
		300: {{1, 0, 1, 0}, {0.7, 40, 1, 0}, {3, 30, 0.95, 0}},
	} {
		if testing.Short() {
			choices = choices[:1]
		}
		p, logits := all(t, tokens), peaked(tokens, uint64(tokens))
		for _, c := range choices {
			testSample(t, p.Sampler(c, 7, 1), logits, direct(logits, c))
		}
	}
}

// What is kept is what is kept by the definition, for many distributions: ties are
// broken by the vocabulary, the nucleus is the smallest that reaches p.
func TestKeptAgainstDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	for n := range 2000 {
		tokens := 1 + r.IntN(60)
		logits := peaked(tokens, uint64(n))
		c := Choice{Temperature: math.Exp(r.NormFloat64()), TopK: r.IntN(tokens + 3), TopP: 1 - r.Float64()*float64(r.IntN(2)), MinP: r.Float64() * float64(r.IntN(2))}
		want := direct(logits, c)
		s := all(t, tokens).Sampler(c, 1, 1)
		kept := s.keep(logits, float64(slices.Max(logits)))
		total := 0.0
		for _, class := range kept {
			total += s.weight[class]
		}
		got := make([]float64, tokens)
		for _, class := range kept {
			got[class] = s.weight[class] / total
		}
		require.InDeltaSlice(t, want, got, 1e-12, "%+v %v", c, logits)
	}
}

// Top-p comes before min-p: of all four tokens three make 0.75. After min-p, which leaves
// three, two of them would.
func TestOrderOfRules(t *testing.T) {
	logits := make([]float32, 4)
	for i, p := range []float64{0.4, 0.3, 0.2, 0.1} {
		logits[i] = float32(math.Log(p))
	}
	s, drawn := all(t, 4).Sampler(Choice{1, 0, 0.75, 0.5}, 1, 1), map[int]bool{}
	for range 200 {
		drawn[s.Draw(logits)] = true
	}
	require.Equal(t, map[int]bool{0: true, 1: true, 2: true}, drawn)
}

func TestTies(t *testing.T) {
	p := all(t, 5)
	logits := []float32{1, 2, 2, 1, 2}
	require.Equal(t, 1, p.Sampler(Choice{0, 0, 1, 0}, 1, 1).Draw(logits))
	for _, c := range []Choice{{1, 2, 1, 0}, {1, 0, 0.5, 0}} { // e^2 / (3 e^2 + 2 e) is 0.27
		s, drawn := p.Sampler(c, 1, 1), map[int]bool{}
		for range 200 {
			drawn[s.Draw(logits)] = true
		}
		require.Equal(t, map[int]bool{1: true, 2: true}, drawn, "%+v", c)
	}
}

// The nucleus is the smallest set that reaches p: half of four equal tokens is two.
func TestNucleusOfEquals(t *testing.T) {
	p := all(t, 4)
	for share, want := range map[float64]int{0.25: 1, 0.26: 2, 0.5: 2, 0.75: 3, 0.751: 4, 1: 4} {
		s, drawn := p.Sampler(Choice{1, 0, share, 0}, 1, 1), map[int]bool{}
		for range 200 {
			drawn[s.Draw([]float32{3, 3, 3, 3})] = true
		}
		require.Len(t, drawn, want, "%v", share)
		require.True(t, drawn[0] && drawn[want-1])
	}
}

// A model gives the logits of its program but for rounding: what is equal by the program
// is equal, and a share that is reached exactly is reached.
func TestChoiceDespiteRounding(t *testing.T) {
	logarithms := func(weights ...float64) []float32 {
		logits := make([]float32, len(weights))
		for i, w := range weights {
			logits[i] = float32(math.Log(w))
		}
		return logits
	}
	const low, high = -3e-6, 3e-6
	for _, c := range []struct {
		weights []float64
		choice  Choice
		want    int // so many of the first are drawn, each of them
	}{
		{[]float64{0.5, 0.3, 0.1, 0.1}, Choice{1, 0, 0.8, 0}, 2},
		{[]float64{0.5, 0.3, 0.1, 0.1}, Choice{1, 0, 0.79999999, 0}, 2},
		{[]float64{0.5, 0.3, 0.1, 0.1}, Choice{1, 0, 0.9, 0}, 3},
		{[]float64{0.4, 0.3, 0.3}, Choice{1, 0, 0.7, 0}, 2},
		{[]float64{0.3, 0.3, 0.4}, Choice{0, 0, 1, 0}, 0}, // the third alone
		{[]float64{0.5, 0.5}, Choice{1, 1, 1, 0}, 1},
		{[]float64{0.5, 0.5}, Choice{0, 0, 1, 0}, 1},
		{[]float64{0.25, 0.25, 0.25, 0.25}, Choice{1, 3, 1, 0}, 3},
		{[]float64{0.5, 0.25, 0.25}, Choice{1, 0, 1, 0.5}, 3},
		{[]float64{0.5, 0.25, 0.25}, Choice{0.5, 0, 1, 0.25}, 3},
		{[]float64{0.5, 0.24, 0.26}, Choice{1, 0, 1, 0.53}, 1},
		{[]float64{0.4, 0.4, 0.2}, Choice{1, 0, 1, 1}, 2},
		{[]float64{0.4, 0.4, 0.2}, Choice{1e-9, 0, 1, 1}, 2},
	} {
		for _, by := range [][]float64{{low, high}, {high, low}, {low, low, high, high}} {
			logits := logarithms(c.weights...)
			for i := range logits {
				logits[i] += float32(by[i%len(by)])
			}
			s, drawn := all(t, len(logits)).Sampler(c.choice, 1, 1), map[int]bool{}
			for range 300 {
				drawn[s.Draw(logits)] = true
			}
			for id := range logits {
				require.Equal(t, id < c.want || c.want == 0 && id == 2, drawn[id], "%v %+v by %v: %d", c.weights, c.choice, by, id)
			}
		}
	}
}

// What is equal by the program is as likely at any temperature.
func TestEqualsDespiteTemperature(t *testing.T) {
	logits := []float32{1 - 1e-6, 1, 0.5, 1 - 2e-6}
	for _, temperature := range []float64{math.SmallestNonzeroFloat64, 1e-9, 1e-6, 1e-3} {
		testSample(t, all(t, 4).Sampler(Choice{temperature, 0, 1, 0}, 1, 1), logits, []float64{1. / 3, 1. / 3, 0, 1. / 3})
	}
}

func TestExtremeTemperatures(t *testing.T) {
	p := all(t, 4)
	logits := []float32{0, 1, -1000, 1.0001}
	cold := p.Sampler(Choice{math.SmallestNonzeroFloat64, 0, 1, 0}, 1, 1)
	hot := p.Sampler(Choice{math.MaxFloat64, 0, 1, 0}, 1, 1)
	for range 100 {
		require.Equal(t, 3, cold.Draw(logits))
	}
	testSample(t, hot, logits, []float64{1. / 3, 1. / 3, 0, 1. / 3})
	// As hot as that all weights are equal, but not the tokens.
	first := p.Sampler(Choice{math.MaxFloat64, 1, 1, 0}, 1, 1)
	require.Equal(t, 3, first.Draw(logits))
}

// The same seed and stream draw the same tokens, on any machine.
func TestSeed(t *testing.T) {
	p, logits := all(t, 30), peaked(30, 9)
	draw := func(seed, stream uint64) (tokens []int) {
		s := p.Sampler(Choice{1, 0, 0.95, 0}, seed, stream)
		for range 12 {
			tokens = append(tokens, s.Draw(logits))
		}
		return tokens
	}
	require.Equal(t, draw(5, 1), draw(5, 1))
	require.NotEqual(t, draw(5, 1), draw(6, 1))
	require.NotEqual(t, draw(5, 1), draw(5, 2))
}

func TestDrawDoesNotAllocate(t *testing.T) {
	p, logits := all(t, 100), peaked(100, 1)
	for _, c := range []Choice{{0, 0, 1, 0}, {1, 0, 1, 0}, {1, 10, 1, 0}, {1, 0, 0.9, 0}, {1, 10, 0.9, 0}, {1, 10, 0.9, 0.1}} {
		s := p.Sampler(c, 1, 1)
		require.Zero(t, testing.AllocsPerRun(100, func() { s.Draw(logits) }), "%+v", c)
	}
	require.Zero(t, testing.AllocsPerRun(100, func() { p.LogOf(3, logits) }))
}

func TestDrawOfNoNumbers(t *testing.T) {
	nan := float32(math.NaN())
	s := all(t, 2).Sampler(Choice{1, 0, 1, 0}, 1, 1)
	require.NotPanics(t, func() { s.Draw([]float32{nan, nan}) })
}

func TestChoiceErrors(t *testing.T) {
	require.NoError(t, Choice{0, 0, 1, 0}.Validate())
	for _, c := range []Choice{{-1, 0, 1, 0}, {math.NaN(), 0, 1, 0}, {math.Inf(1), 0, 1, 0}, {1, -1, 1, 0}, {1, 0, 0, 0}, {1, 0, 1.1, 0}, {1, 0, math.NaN(), 0}, {1, 0, 1, -0.1}, {1, 0, 1, 1.1}, {1, 0, 1, math.NaN()}} {
		require.Error(t, c.Validate(), "%+v", c)
	}
}

func BenchmarkDraw(b *testing.B) {
	for _, tokens := range []int{30, 2300} {
		m := &model.Model{}
		for i := range tokens {
			m.Vocab = append(m.Vocab, model.Token(fmt.Sprint(i)))
		}
		p, err := Of(m, model.Output{Classes: m.Vocab, Next: true})
		require.NoError(b, err)
		logits := peaked(tokens, 1)
		for _, c := range []Choice{{0, 0, 1, 0}, {1, 0, 1, 0}, {1, 40, 1, 0}, {1, 0, 0.9, 0}} {
			s := p.Sampler(c, 1, 1)
			b.Run(fmt.Sprintf("%d tokens, %+v", tokens, c), func(b *testing.B) {
				for b.Loop() {
					s.Draw(logits)
				}
			})
		}
	}
}
