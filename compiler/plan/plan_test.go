package plan

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/linear"
	"rasp/lang/domain"
	"rasp/lang/value"
	"rasp/runtime/model"
)

func named(what string) model.Label { return model.Label{What: what} }

// more is a plan that tells whether a token is there more than once: a head that adds up
// ones, two neurons, a logit for each answer.
func more() *Plan {
	bos := &Column{Bos: 1, Label: named("is BOS")}
	token := &Column{Dim: 1, Tokens: []Entry{{Row: 1, Weight: 1}}, Label: named("token in \"b\"")}
	width := &Column{Dim: 2, When: 1, Grid: 1, Label: model.Label{Name: "w", What: "width of same"}}
	step := &Column{Dim: 3, When: 2, Label: named("w > 1")}
	sign := linear.Of(token).Times(2).Plus(Constant(-1))
	h := &Head{Layer: 1, Base: 1, Sink: 20, Weight: 4, Dims: []Dim{{Query: sign, Key: sign}}, Label: named("head of same")}
	h.Bring(Value{Kind: AddsUp, Value: Constant(4), Bos: 7, Out: width})
	p := &Plan{Columns: []*Column{bos, token, width, step}, Heads: []*Head{h}}
	for i, factor := range []float64{1, -1} {
		n := &Neuron{Layer: 1, In: linear.Of(width).Plus(Constant(-1 - float64(i))), Label: named("w above 1.5")}
		n.Write(step, factor)
		p.Neurons = append(p.Neurons, n)
	}
	p.Outputs = []Output{{Name: "x", Classes: []model.Token{"false", "true"}, Logits: []Form{linear.Of(step).Times(-1).Plus(Constant(1)), linear.Of(step)}}}
	return p
}

func TestPrint(t *testing.T) {
	var b strings.Builder
	require.NoError(t, more().Print(&b))
	assert.Equal(t, `embedding  dim 0: is BOS
embedding  dim 1: token in "b"
layer 1 attention  dim 2: width of same
layer 1 MLP  dim 3: w > 1
layer 1 head: head of same
  score 1 for a selected key, BOS 20
  query 2*d1 + -1, key 2*d1 + -1
  adds up 4, BOS 7 -> d2
layer 1 neuron: relu(1*d2 + -1) -> 1*d3  # w above 1.5
layer 1 neuron: relu(1*d2 + -2) -> -1*d3  # w above 1.5
output x: logit of false = -1*d3 + 1
output x: logit of true = 1*d3
`, b.String())
	full := errors.New("no space")
	assert.Equal(t, full, more().Print(brokenPipe{full}))
}

type brokenPipe struct{ err error }

func (b brokenPipe) Write([]byte) (int, error) { return 0, b.err }

// TestCheck: each way in which a plan can be none is found.
func TestCheck(t *testing.T) {
	require.NoError(t, more().Check())
	for want, damage := range map[string]func(p *Plan){
		"dim 4 is there twice":                    func(p *Plan) { p.Columns = append(p.Columns, p.Columns[0]) },
		"dim 1 is there twice, or has no label":   func(p *Plan) { p.Columns[1].Label.What = "" },
		"writes dim 3 at the wrong time":          func(p *Plan) { p.Neurons[0].Layer++ },
		"writes dim 2 at the wrong time":          func(p *Plan) { p.Neurons[0].Write(p.Columns[2], 1) },
		"writes dim 1 at the wrong time":          func(p *Plan) { p.Neurons[0].Write(p.Columns[1], 1) },
		"nothing writes dim 2":                    func(p *Plan) { p.Heads = nil },
		"head of same reads what is written":      func(p *Plan) { p.Heads[0].Dims[0].Query = linear.Of(p.Columns[3]) },
		"w above 1.5 reads what is written later": func(p *Plan) { p.Neurons[0].In = linear.Of(p.Columns[3]) },
		"output x reads":                          func(p *Plan) { p.Outputs[0].Logits[0] = linear.Of(&Column{}) },
		"reads NaN*d2":                            func(p *Plan) { p.Neurons[0].In = linear.Of(p.Columns[2]).Times(math.NaN()) },
	} {
		p := more()
		damage(p)
		assert.ErrorContains(t, p.Check(), want)
	}
}

// TestOrder numbers columns by the time at which they are written, those of one time as
// they stood.
func TestOrder(t *testing.T) {
	p := more()
	c := p.Columns
	p.Columns = []*Column{c[0], c[3], c[2], c[1]}
	p.Order()
	assert.Equal(t, c, p.Columns)
	for i, c := range p.Columns {
		assert.Equal(t, i, c.Dim)
	}
}

// TestShape: the sink is a dimension of each head, BOS a position, and what a model
// cannot do without is there even if nothing needs it.
func TestShape(t *testing.T) {
	d := domain.Domain{Vocab: []value.Value{value.OfString("a"), value.OfString("b")}, Length: 5, Causal: true}
	assert.Equal(t, model.Config{Layers: 1, Heads: 1, DModel: 4, DHead: 2, DMLP: 2, NCtx: 6, Causal: true}, more().Shape(d))
	p := more()
	p.Columns, p.Heads, p.Neurons = p.Columns[:2], nil, nil
	assert.Equal(t, model.Config{Layers: 0, Heads: 1, DModel: 2, DHead: 1, DMLP: 1, NCtx: 6, Causal: true}, p.Shape(d))
}

// TestHolds: a column knows the range of what is written to it, 0 included, and a power
// of two of which all of it is a multiple.
func TestHolds(t *testing.T) {
	c := &Column{}
	for _, x := range []float64{0, 1.5, -4} {
		c.Holds(x)
	}
	assert.Equal(t, [3]float64{-4, 1.5, 0.5}, [3]float64{c.Low, c.High, c.Unit})
}

// TestEach visits each row of two sparse columns once.
func TestEach(t *testing.T) {
	var rows [][3]float64
	Each([]Entry{{0, 1}, {2, 3}, {5, 1}}, []Entry{{1, 7}, {2, 4}}, func(row int, a, b float64) {
		rows = append(rows, [3]float64{float64(row), a, b})
	})
	assert.Equal(t, [][3]float64{{0, 1, 0}, {1, 0, 7}, {2, 3, 4}, {5, 1, 0}}, rows)
	assert.Equal(t, [][]Entry{{{0, 1}, {1, 3}}, {{1, 4}}}, ColumnsOf(model.Dense(2, 2, []float32{1, 0, 3, 4})))
}

// TestFunction: runs are the numbers, whatever these are.
func TestFunction(t *testing.T) {
	nan := math.NaN()
	for _, numbers := range [][]float64{nil, {1}, {1, 1, 2}, {nan, nan, 0, math.Copysign(0, -1), 0, 5, 5}} {
		f, states := NewFunction(numbers), 0
		for s, x := range f.States {
			require.Equal(t, states, s)
			require.Equal(t, math.Float64bits(numbers[s]), math.Float64bits(x))
			states++
		}
		require.Len(t, numbers, states)
		for s, x := range f.Map(func(x float64) float64 { return 2 * x }).States {
			require.Equal(t, math.IsNaN(numbers[s]) || 2*numbers[s] == x, true)
		}
	}
	require.Len(t, NewFunction([]float64{nan, nan, 0, 0, 1}), 3)
}
