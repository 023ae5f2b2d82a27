package scaling

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/runtime/bounded"
)

// made draws runs from a law, with a little noise on the loss.
func made(l Law, count int, noise float64) []Run {
	r := rand.New(rand.NewPCG(5, 6))
	runs := make([]Run, count)
	for i := range runs {
		n, d := math.Exp(r.Float64()*6+17), math.Exp(r.Float64()*6+20)
		runs[i] = Run{n, d, l.Loss(n, d) * math.Exp(noise*r.NormFloat64())}
	}
	return runs
}

func TestFitFindsTheLaw(t *testing.T) {
	want := Law{E: 1.7, A: 400, B: 1200, Alpha: 0.34, Beta: 0.3}
	for _, o := range []Objective{HuberSum, HuberDensity} {
		fit, err := FitLaw(context.Background(), made(want, 120, 1e-6), o)
		require.NoError(t, err)
		assert.InEpsilon(t, want.E, fit.E, 1e-3, o)
		assert.InEpsilon(t, want.A, fit.A, 2e-2, o)
		assert.InEpsilon(t, want.B, fit.B, 2e-2, o)
		assert.InEpsilon(t, want.Alpha, fit.Alpha, 1e-3, o)
		assert.InEpsilon(t, want.Beta, fit.Beta, 1e-3, o)
	}
}

// TestGradient compares with differences.
func TestGradient(t *testing.T) {
	for _, o := range []Objective{HuberSum, HuberDensity} {
		p, err := newProblem(made(Chinchilla, 40, 0.02), o)
		require.NoError(t, err)
		v := []float64{-0.5, -0.3, 0.6, 0.3, 0.4, -2}[:5+int(o)]
		gradient := make([]float64, len(v))
		p.value(v, gradient)
		for i := range v {
			const h = 1e-6
			up, down := append([]float64{}, v...), append([]float64{}, v...)
			up[i] += h
			down[i] -= h
			slope := (p.value(up, nil) - p.value(down, nil)) / (2 * h)
			assert.InDelta(t, slope, gradient[i], 1e-5*(1+math.Abs(slope)), "%v, coordinate %d", o, i)
		}
	}
}

// TestDensityIsADensity integrates it.
func TestDensityIsADensity(t *testing.T) {
	const delta = 0.5
	sum, step := 0.0, 1e-3
	for x := -60.0; x < 60; x += step {
		h, _ := huber(x, delta)
		sum += math.Exp(-h-logNormaliser(delta)) * step
	}
	assert.InDelta(t, 1, sum, 1e-4)
}

// TestOptimal: no other split of the budget is better, and Cheapest is its
// inverse.
func TestOptimal(t *testing.T) {
	for _, c := range []float64{1e18, 1e21, 5.76e23} {
		best := Chinchilla.Optimal(c)
		assert.InEpsilon(t, c, TrainingFLOPs(best.N, best.D), 1e-12)
		for _, factor := range []float64{0.5, 0.99, 1.01, 2} {
			n := best.N * factor
			assert.Greater(t, Chinchilla.Loss(n, c/6/n), best.Loss)
		}
		back, err := Chinchilla.Cheapest(best.Loss)
		require.NoError(t, err)
		assert.InEpsilon(t, best.N, back.N, 1e-9)
		assert.InEpsilon(t, best.D, back.D, 1e-9)
	}
	_, err := Chinchilla.Cheapest(Chinchilla.E)
	assert.ErrorContains(t, err, "no model reaches")
}

// TestLifetime: serving many tokens asks for a smaller model; none for the
// optimal one; and no neighbour is cheaper.
func TestLifetime(t *testing.T) {
	const loss = 2.1
	best, err := Chinchilla.Cheapest(loss)
	require.NoError(t, err)
	last := best.N
	for _, tokens := range []float64{0, 1e11, 1e12, 1e13} {
		p, err := Chinchilla.Lifetime(loss, tokens)
		require.NoError(t, err)
		assert.InDelta(t, loss, p.Loss, 1e-9)
		if tokens == 0 {
			assert.InEpsilon(t, best.N, p.N, 1e-4)
		} else {
			assert.Less(t, p.N, last)
		}
		last = p.N
		cost := func(n float64) float64 {
			return TrainingFLOPs(n, Chinchilla.DataFor(n, loss)) + InferenceFLOPs(n, tokens)
		}
		assert.Greater(t, cost(p.N*1.05), cost(p.N))
		assert.Greater(t, cost(p.N*0.95), cost(p.N))
	}
}

func TestBootstrapHoldsTheTruth(t *testing.T) {
	truth := Law{E: 1.7, A: 400, B: 1200, Alpha: 0.34, Beta: 0.3}
	runs := made(truth, 80, 0.003)
	b, err := Resample(context.Background(), runs, HuberSum, 24, 1, nil)
	require.NoError(t, err)
	assert.Equal(t, 24, b.Samples)
	assert.True(t, b.E.Low < truth.E && truth.E < b.E.High, "%+v", b)
	assert.True(t, b.Alpha.Low < truth.Alpha && truth.Alpha < b.Alpha.High, "%+v", b)
	again, err := Resample(context.Background(), runs, HuberSum, 24, 1, nil)
	require.NoError(t, err)
	assert.Equal(t, b, again)

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = Resample(ctx, runs, HuberSum, 24, 1, nil)
	assert.ErrorIs(t, err, context.Canceled)
}

func TestReadRuns(t *testing.T) {
	table, err := ReadRuns(strings.NewReader("name, Loss ,d,N\n# a remark\nsmall,3.5,1e9,2e8\nlarge,2.5,2e10,7e9\n"), Columns{})
	runs := table.Runs
	require.NoError(t, err)
	assert.Equal(t, []Run{{2e8, 1e9, 3.5}, {7e9, 2e10, 2.5}}, runs)
	assert.Equal(t, []Run{{7e9, 2e10, 2.5}}, WithoutWorst(runs, 1))
	assert.Empty(t, WithoutWorst(runs, 2))

	for text, want := range map[string]string{
		"":                              "empty",
		"a,b\n":                         `no column "N"`,
		"N,D,loss\n1,2\n":               "line 2",
		"N,D,loss\n1,2,x\n":             `line 2: "x" is no positive number`,
		"N,D,loss\n1,-2,3\n":            "positive",
		"N,D,loss\n1,2,NaN\n":           "positive",
		"N,D,loss\n1,\"2,3\n":           "line 2, column 8: a quote within a field",
		"N,D,loss\n1,2\"1,3\n":          "line 2, column 4: a quote within a field",
		"N,D,loss,loss\n1,2,3,4\n":      `the columns "loss" and "loss" could both be meant; --columns names one`,
		"params,D,loss,N\n1,2,3,4\n":    `the columns "params" and "N" could both be meant`,
		"N;D;loss\n1;2;3,5\n":           `line 2: "3,5" is no positive number such as 70e9 or 2.25`,
		"N,D,loss\n\"7,000,000\",2,3\n": `"7,000,000" is no positive number`,
		"N,D,loss\n7B,2,3\n":            `"7B" is no positive number`,
		"N (millions),D,loss\n7,2,3\n":  "--columns says what they are called",
		"N,C,loss\n1e308,1e-308,3\n":    `"1e-308" FLOPs are no training of "1e308" parameters`,
		"N,C,loss\n1e-308,1e308,3\n":    `"1e308" FLOPs are no training of "1e-308" parameters`,
		"\xff\xfe\x00\n":                `no column`,
		"N,D,loss\n1,2,1e999\n":         "positive",
	} {
		_, err := ReadRuns(strings.NewReader(text), Columns{})
		assert.ErrorContains(t, err, want, "%q", text)
	}
}

// TestReadRunsOfOthers: what other programs write.
func TestReadRunsOfOthers(t *testing.T) {
	for _, c := range []struct {
		text    string
		columns Columns
		want    Table
	}{
		{"N;D;loss\n1;2;3\n", Columns{}, Table{Runs: []Run{{1, 2, 3}}}},
		{"# a;b\n\nloss\tN\tD\n3\t1\t2\n\t\t\n", Columns{}, Table{Runs: []Run{{1, 2, 3}}}},
		{"\ufeffN,D,loss\n 1, 2, 3\n , ,\n   \n", Columns{}, Table{Runs: []Run{{1, 2, 3}}}},
		{"Model Size,Training Tokens,Training FLOP,loss\n2,,36,5\n2,4,36,5\n", Columns{}, Table{Runs: []Run{{2, 3, 5}, {2, 4, 5}}, Derived: 1}},
		{"size,nats,C\n2,5,36\n", Columns{N: "size", Loss: "nats"}, Table{Runs: []Run{{2, 3, 5}}, Derived: 1}},
		{"N;\"loss, in nats\";D;loss\n1;9;2;3\n", Columns{}, Table{Runs: []Run{{1, 2, 3}}}},
		{"N;D;loss;a remark, or two\n1;2;3;x, y, z\n", Columns{}, Table{Runs: []Run{{1, 2, 3}}}},
		{"model_size,TRAINING_TOKENS,Final_Loss\n1,2,3\n", Columns{}, Table{Runs: []Run{{1, 2, 3}}}},
		{"n,N,D,loss\n9,1,2,3\n", Columns{N: "N"}, Table{Runs: []Run{{1, 2, 3}}}},
	} {
		table, err := ReadRuns(strings.NewReader(c.text), c.columns)
		require.NoError(t, err, c.text)
		require.Equal(t, c.want, table, c.text)
	}
	_, err := ReadRuns(strings.NewReader("N,D,loss\n1,2,3\n"), Columns{N: "size"})
	require.EqualError(t, err, `line 1: no column "size"`)
	_, err = ReadRuns(strings.NewReader("N,D,loss\n1,2\n"), Columns{})
	require.EqualError(t, err, "line 2: 2 fields, the header has 3")
	require.True(t, Table{Runs: []Run{{9.5, 10.2, 3}}}.Small())
	require.True(t, Table{Runs: []Run{{0.3, 1e9, 3}}}.Small())
	require.False(t, Table{Runs: []Run{{5e6, 1e9, 3}}}.Small())
}

func FuzzReadRuns(f *testing.F) {
	f.Add("N,D,loss\n1,2,3\n")
	f.Add("\ufeffModel Size;Training FLOP;loss\n\n7e9;1e21;2,5\n")
	f.Add("n\td\tL\r\n\"1\"\t1e400\tnan\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		bounded.Work(t)
		table, err := ReadRuns(strings.NewReader(text), Columns{})
		runs := table.Runs
		if err != nil {
			require.Empty(t, runs)
			bounded.Words(t, err.Error(), text)
		}
		for _, r := range runs {
			require.Positive(t, min(r.N, r.D, r.Loss))
		}
	})
}

func TestFitOfTooLittle(t *testing.T) {
	_, err := FitLaw(context.Background(), made(Chinchilla, 5, 0), HuberSum)
	assert.ErrorIs(t, err, ErrTooFew)
	same := make([]Run, 20)
	for i := range same {
		same[i] = Run{1e8, float64(i+1) * 1e9, 3}
	}
	_, err = FitLaw(context.Background(), same, HuberSum)
	assert.ErrorIs(t, err, ErrTooFew)
}

// Losses that do not fall, or that are no losses, are no law.
func TestFitOfNoLaw(t *testing.T) {
	flat, wild := made(Chinchilla, 40, 0), made(Chinchilla, 40, 0)
	r := rand.New(rand.NewPCG(1, 7))
	for i := range flat {
		flat[i].Loss = 3
		wild[i].Loss = math.Exp(600 * r.NormFloat64())
	}
	for _, runs := range [][]Run{flat, wild} {
		for _, o := range []Objective{HuberSum, HuberDensity} {
			_, err := FitLaw(context.Background(), runs, o)
			assert.ErrorContains(t, err, " law")
		}
	}
}

func TestReadRunsOfOneLine(t *testing.T) {
	_, err := ReadRuns(io.LimitReader(zeros{}, 1<<40), Columns{})
	assert.ErrorContains(t, err, "a line has more than 1048576 bytes")
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestChart(t *testing.T) {
	runs := made(Chinchilla, 50, 0.01)
	var b bytes.Buffer
	require.NoError(t, Chart(&b, runs, Chinchilla))
	svg := b.String()
	require.NoError(t, xml.Unmarshal(b.Bytes(), new(struct{ XMLName xml.Name })))
	assert.Equal(t, len(runs), strings.Count(svg, "<circle "))
	assert.Contains(t, svg, "law, optimal N and D")
	for _, number := range regexp.MustCompile(`\s[xy]="([^"]*)"`).FindAllStringSubmatch(svg, -1) {
		x, err := strconv.ParseFloat(number[1], 64)
		require.NoError(t, err)
		assert.True(t, x >= 0 && x <= chartWidth, number[0])
	}
}

// TestChartOfOneRun has axes of no length.
func TestChartOfOneRun(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, Chart(&b, []Run{{N: 1e8, D: 1e9, Loss: 3}}, Chinchilla))
	assert.NotContains(t, b.String(), "NaN")
	assert.NotContains(t, b.String(), "Inf")
}

func ExampleLaw_Optimal() {
	p := Chinchilla.Optimal(GopherFLOPs)
	fmt.Printf("%.0f billion parameters, %.1f trillion tokens, loss %.3f\n", p.N/1e9, p.D/1e12, p.Loss)
	// Output: 72 billion parameters, 1.3 trillion tokens, loss 1.974
}

// Among models of the same loss the one that is cheapest over its life is smaller
// than the one that is cheapest to train, and none beside it costs less.
func TestAdvice(t *testing.T) {
	optimal := Chinchilla.Optimal(GopherFLOPs)
	a, err := Chinchilla.Advise(optimal, 1e13)
	require.NoError(t, err)
	assert.Less(t, a.Lifetime.N, a.Optimal.N)
	assert.Less(t, a.Lifetime.Total, a.Optimal.Total)
	assert.InEpsilon(t, 1, optimal.Costs(0).Total/GopherFLOPs, 1e-12)
	for _, c := range a.Curve {
		assert.InDelta(t, optimal.Loss, Chinchilla.Loss(c.N, c.D), 1e-9)
		assert.GreaterOrEqual(t, c.Total, a.Lifetime.Total*(1-1e-9))
	}
	a, err = Chinchilla.Advise(optimal, 0)
	require.NoError(t, err)
	assert.Nil(t, a.Lifetime, "a model that nobody uses")
}

func TestParseLaw(t *testing.T) {
	law, err := ParseLaw([]byte(`{"E": 1, "A": 2, "B": 3, "alpha": 0.4, "beta": 0.5, "runs": 7}`))
	require.NoError(t, err)
	assert.Equal(t, Law{E: 1, A: 2, B: 3, Alpha: 0.4, Beta: 0.5}, law)
	_, err = ParseLaw([]byte("E,A,B"))
	assert.ErrorIs(t, err, ErrNoLaw)
	_, err = ParseLaw([]byte(`{"E": 1}`))
	assert.ErrorContains(t, err, "A = 0")
}

// FuzzParseLaw: whatever the JSON, an error or a law whose advice is finite or refused.
func FuzzParseLaw(f *testing.F) {
	f.Add(`{"E":1.8172,"A":482.01,"B":2085.43,"alpha":0.3478,"beta":0.3658,"runs":240}`, 1e21, 1e12)
	f.Add(`{"E":1e-300,"A":1e300,"B":1,"alpha":1e-9,"beta":700}`, 1.0, 1e300)
	f.Add(`[1, 2]`, 0.0, -1.0)
	f.Fuzz(func(t *testing.T, text string, flops, tokens float64) {
		bounded.Work(t)
		law, err := ParseLaw([]byte(text))
		if err == nil {
			_, err = law.Advise(law.Optimal(flops), tokens)
		}
		if err != nil {
			bounded.Words(t, err.Error(), text)
		}
	})
}
