// Package plan is a transformer before it has weights: columns of the residual stream,
// heads and neurons that read and write them, and what is shown.
//
// It is the one hand-over from lowering to all that comes after it, whole, so that passes
// can go over it. Print writes it, Check says whether it is well formed, Shape how large
// its model is. The package knows neither programs nor the values that its numbers stand
// for.
package plan

import (
	"encoding/binary"
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/linear"
	"rasp/lang/domain"
	"rasp/lang/elementary"
	"rasp/runtime/model"
)

// Plan is a transformer before it has weights: columns of the residual stream,
// heads that read and write them, neurons that do.
//
// Time runs in half layers: 0 is the embedding, 2l-1 the attention of layer l
// (from 1), 2l its MLP. A head or neuron reads what was written at an earlier
// time.
type Plan struct {
	Asked    bool // the policy of that name makes a difference
	SplitBOS bool // the dimension of BOS stands half in W_E and half in W_pos
	Columns  []*Column
	Heads    []*Head
	Neurons  []*Neuron
	Outputs  []Output
	// Subjects says what a label is about that names a function of it.
	Subjects map[string]string
}

// Column is one dimension of the residual stream. It is written once, at its
// time, and keeps its value.
type Column struct {
	Dim  int
	When int
	// Offset is put there by the embedding, so that adding a value later rounds
	// it to a multiple of grid; readers subtract it.
	Offset float64
	Grid   float64 // 0: no rounding asked for
	Bos    float64 // value at BOS, beyond the offset
	// What the embedding holds for a token or for a position, ascending, where it is not 0:
	// of a logit of words few of many.
	Tokens, Positions []Entry
	// Zeros: where the value is 0, nothing is open that writes it. It stays 0 then, whatever
	// weights are off by a part of themselves.
	Zeros bool
	// Hinge: it is 0, or 1 and more, by hinges; see package demand.
	Hinge bool
	// Sum: what an MLP writes is added to what the embedding holds.
	Sum bool

	Label model.Label
	// Codes say of which s-ops the column is a function, and of which one; the first is
	// what it was made for. None of what a head brings undecoded, see Head.
	Codes []Code
	// Joint is the number that the column is a term of, with others that heads bring for
	// parts of a selector; nil for none.
	Joint *Joint
	// Written by an MLP: the least and largest ideal value, and a power of two
	// of which all are multiples (0 if there is none).
	Low, High, Unit float64
}

// Code says that a column is a function of an s-op, or of the token, the position or the
// length: data that is handed on, which no pass over plans looks at.
type Code struct {
	Of     Subject
	Node   int           // number of the s-op in the graph, NoNode of the others
	Values []model.Token // by state: the value; "" where there is none
	Holds  Function      // the number, beyond the offset of the column; NaN where it does not matter
}

// Function is a number by state, in runs of states that have the same one: of hundreds of
// thousands of states these may be three.
type Function []Run

// Run is states up to End, and the number there.
type Run struct {
	End int
	X   float64
}

// NewFunction takes the numbers by state.
func NewFunction(numbers []float64) Function {
	var f Function
	for s, x := range numbers {
		if n := len(f); n > 0 && math.Float64bits(f[n-1].X) == math.Float64bits(x) {
			f[n-1].End = s + 1
		} else {
			f = append(f, Run{s + 1, x})
		}
	}
	return f
}

// Map is a function of the numbers.
func (f Function) Map(change func(x float64) float64) Function {
	mapped := slices.Clone(f)
	for i := range mapped {
		mapped[i].X = change(mapped[i].X)
	}
	return mapped
}

// States goes through the states and their numbers.
func (f Function) States(yield func(state int, x float64) bool) {
	s := 0
	for _, run := range f {
		for ; s < run.End; s++ {
			if !yield(s, run.X) {
				return
			}
		}
	}
}

// Joint is a number that several columns add up to: Form is the function Holds.
type Joint struct {
	Code
	Form Form
}

// Subject is what a column is a function of.
type Subject uint8

const (
	OfSOp Subject = iota
	OfToken
	OfPosition
	OfLength
)

// form is a linear function of columns: what a head or a neuron reads.
type (
	Form = linear.Form[*Column]
	Term = linear.Term[*Column]
)

func Constant(x float64) Form { return linear.Constant[*Column](x) }

// AtBOS is the value that the form has at BOS.
func AtBOS(f Form) float64 {
	x := f.Constant
	for _, t := range f.Terms {
		x += float64(t.Factor * t.Of.Bos)
	}
	return x
}

// Key is equal for equal forms.
func Key(f Form) string {
	terms := slices.Clone(f.Terms)
	slices.SortFunc(terms, func(a, b Term) int { return a.Of.Dim - b.Of.Dim })
	key := make([]byte, 0, 8+16*len(terms))
	key = binary.LittleEndian.AppendUint64(key, math.Float64bits(f.Constant))
	for _, t := range terms {
		key = binary.LittleEndian.AppendUint64(key, uint64(t.Of.Dim))
		key = binary.LittleEndian.AppendUint64(key, math.Float64bits(t.Factor))
	}
	return string(key)
}

// Head is an attention head: a score for each pair of query and key, and values
// to bring.
type Head struct {
	Layer  int // from 1
	Dims   []Dim
	Zeros  bool    // each product of the score of a selected key has a factor that is 0
	Gap    float64 // logits between a selected key and one that is not
	Sinks  int     // dimensions over which the score of BOS is spread, which are the first ones; 0 for 1
	Spread int     // dimensions over which each value is spread; 0 for 1
	Base   float64 // score of a selected key, in gaps
	Sink   float64 // score of BOS relative to a selected key, in logits
	Weight float64 // of BOS beside a selected key, where the head adds up or counts by shares; 0 elsewhere
	Values []Value
	Label  model.Label
	Selects
}

// Selects says which selector a head realises: data that is handed on, which no pass over
// plans looks at. Nodes go by their numbers in the graph, NoNode for none.
type Selects struct {
	Selector    int    // NoNode: every key
	Where       *Where // only keys of that kind; nil for all
	Part, Parts int    // the selector is split into disjoint parts; this is one of them, from 0
}

// Where restricts keys to those at which an s-op has one of some values.
type Where struct {
	Node int
	Is   []model.Token
}

// NoNode is the number of no node.
const NoNode = -1

// Dim is one dimension of the QK circuit, in units of the head's gap.
type Dim struct{ Query, Key Form }

// Value is one dimension of the OV circuit.
type Value struct {
	Value Form    // at the key; BOS has its own
	Bos   float64 // at BOS
	Out   *Column
	Kind  Bringing
	For   int // the s-op for which it is brought first, see Selects
}

// Bringing says what a head does with a value, which decides how exact it is.
type Bringing uint8

const (
	Copies   Bringing = iota // the value of the one selected key
	Averages                 // a mean of several
	AnyOf                    // a mean of ones, or 0
	AddsUp                   // a sum of whole numbers, see construct.TallyWeight
	Shares                   // how many keys are selected, see construct.Share
	Sums                     // a sum, near enough to be told by steps, see construct.SumWeight
)

// Neuron is a ReLU unit.
type Neuron struct {
	Layer int
	In    Form
	Outs  []Term
	Label model.Label
	// Margin is how far the input may be off where the neuron is half of a step;
	// 0 if it is not.
	Margin float64
	// Hinge: it is no half of a step, and has no other that takes away what its input is off;
	// where it is to be closed it is so by the margin.
	Hinge bool
	// Inside: the input is 1 less what is 0 where the neuron is to be open, and 2 or more where it
	// is to be closed.
	Inside bool
	// Table is the number of the table of which the neuron is a row: at most one of its
	// neurons is open at a time. 0 for other neurons.
	Table int
	// Gates is a part of the input, of columns that are 0 or whole numbers above, each
	// times less than 0: it closes the neuron, or is 0 and leaves the rest as it is. Of the
	// neurons of one choice one is open at most; 0 for other neurons.
	Gates  Form
	Choice int
}

// Output is a read-out: a form for each class, or value and float flag.
type Output struct {
	Name    string
	Classes []model.Token
	Logits  []Form

	// Broken: the logits are 0 for the class that it is, and minus 1 or less for others, by
	// hinges.
	Broken bool

	// Of numbers: Size is the largest absolute value that the output can have; Rounding
	// how far what the plan means may be from the interpreter's number, which float64 has
	// rounded. A class stands for numbers that are so far apart, 0 for a single one.
	Size, Rounding float64

	// A prediction of the next token: the logits are numbers, less gap times the
	// masks, which are 0 where the token can come next and whole numbers of 1 or
	// more where not. off is how far the numbers were rounded. Of the columns of
	// one group one is 1 at most, the others are 0.
	Next   bool
	Masks  []Form
	Gap    float64
	Off    []float64
	Groups []map[*Column]int
}

func NextAttention(t int) int { return t + 1 + t%2 }
func NextMLP(t int) int       { return t + 2 - t%2 }

func (p *Plan) Layers() int {
	n := 0
	for _, c := range p.Columns {
		n = max(n, (c.When+1)/2)
	}
	return n
}

// Order numbers the columns by the time at which they are written.
func (p *Plan) Order() {
	slices.SortStableFunc(p.Columns, func(a, b *Column) int { return a.When - b.When })
	for i, c := range p.Columns {
		c.Dim = i
	}
}

// Holds notes an ideal value of a column that an MLP writes.
func (c *Column) Holds(x float64) {
	if c.Low == 0 && c.High == 0 && c.Unit == 0 {
		c.Unit = math.Inf(1)
	}
	c.Low, c.High, c.Unit = min(c.Low, x), max(c.High, x), min(c.Unit, construct.PowerOfTwo(x))
}

// Write adds factor times the neuron's activation to a column.
func (n *Neuron) Write(c *Column, factor float64) {
	for i := range n.Outs {
		if n.Outs[i].Of == c {
			n.Outs[i].Factor += factor
			return
		}
	}
	n.Outs = append(n.Outs, Term{Of: c, Factor: factor})
}

// outOfOrder finds a head or neuron that reads a column before it is written.
func (p *Plan) outOfOrder() (model.Label, bool) {
	late := func(f Form, t int) bool {
		return slices.ContainsFunc(f.Terms, func(x Term) bool { return x.Of.When >= t })
	}
	for _, h := range p.Heads {
		for _, d := range h.Dims {
			if late(d.Query, 2*h.Layer-1) || late(d.Key, 2*h.Layer-1) {
				return h.Label, true
			}
		}
		for _, v := range h.Values {
			if late(v.Value, 2*h.Layer-1) {
				return h.Label, true
			}
		}
	}
	for _, n := range p.Neurons {
		if late(n.In, 2*n.Layer) {
			return n.Label, true
		}
	}
	return model.Label{}, false
}

// Bring adds a value to a head.
func (h *Head) Bring(v Value) { h.Values = append(h.Values, v) }

// Predicts reports whether the outputs are a prediction.
func (p *Plan) Predicts() bool {
	return len(p.Outputs) > 0 && p.Outputs[0].Next
}

// Shape is the size of the model: heads, d_head and d_mlp are those of the layer
// that needs most, since all layers have the same.
func (p *Plan) Shape(domain domain.Domain) model.Config {
	c := model.Config{
		Layers: p.Layers(), Heads: 1, DModel: len(p.Columns), DHead: 1, DMLP: 1,
		NCtx: domain.Length + 1, Causal: domain.Causal,
	}
	if domain.Form != nil {
		c.Inputs = domain.Form.String()
	}
	heads, neurons := p.ByLayer()
	for l := range c.Layers {
		c.Heads, c.DMLP = max(c.Heads, len(heads[l])), max(c.DMLP, len(neurons[l]))
		for _, h := range heads[l] {
			c.DHead = max(c.DHead, len(h.Dims)+h.SinkDims(), len(h.Values)*h.ValueDims())
		}
	}
	return c
}

// Weights is how many weights of the model are not 0, but for those that BOS takes.
func (p *Plan) Weights() int {
	n := 0
	for _, c := range p.Columns {
		n += len(c.Tokens) + len(c.Positions)
	}
	for _, h := range p.Heads {
		for _, f := range h.Forms() {
			n += len(f.Terms) + 1
		}
		for _, v := range h.Values {
			n += len(v.Value.Terms) + 2
		}
	}
	for _, x := range p.Neurons {
		n += len(x.In.Terms) + len(x.Outs) + 1
	}
	for _, o := range p.Outputs {
		for _, f := range o.Logits {
			n += len(f.Terms) + 1
		}
	}
	return n
}

func (p *Plan) ByLayer() (heads [][]*Head, neurons [][]*Neuron) {
	heads, neurons = make([][]*Head, p.Layers()), make([][]*Neuron, p.Layers())
	for _, h := range p.Heads {
		heads[h.Layer-1] = append(heads[h.Layer-1], h)
	}
	for _, n := range p.Neurons {
		neurons[n.Layer-1] = append(neurons[n.Layer-1], n)
	}
	return heads, neurons
}

// Forms are what the scores of a head read.
func (h *Head) Forms() []Form {
	var forms []Form
	for _, d := range h.Dims {
		forms = append(forms, d.Query, d.Key)
	}
	return forms
}

// LastOf is the column of the forms that was written last, nil for none.
func LastOf(forms ...Form) *Column {
	var last *Column
	for _, f := range forms {
		for _, t := range f.Terms {
			if last == nil || t.Of.When > last.When {
				last = t.Of
			}
		}
	}
	return last
}

// SinkDims is how many dimensions the score of BOS takes: before those of the keys.
func (h *Head) SinkDims() int { return max(1, h.Sinks) }

// ValueDims is how many dimensions each value takes.
func (h *Head) ValueDims() int { return max(1, h.Spread) }

// SelfAttention is the query of BOS in the sink dimension: a power of two that
// puts its own score at least a gap above that of any other key.
func (h *Head) SelfAttention() float64 {
	distance := h.Sink + float64(h.Base*h.Gap)
	return math.Copysign(math.Exp2(math.Ceil(elementary.Log2(h.Gap/math.Abs(distance)))), distance)
}
