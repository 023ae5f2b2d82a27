// Package demand is what constructions stand on: a function of a variable is asked for,
// constructions offer ways to get it, the best one makes columns of the plan, which asks
// for others.
//
// In come facts, a policy and the table of constructions (package lower has it); what was
// asked, offered and taken is kept as data (Decision).
//
//	demand.go     demands, offers, decisions
//	embedded.go   functions of the token or of the position
//	selection.go  a selector as heads see it; qk.go, its QK circuit; head.go, the heads, and the
//	              weight of their BOS
//	number.go     numbers that are linear forms of offers
//	staircase.go  functions of a number by steps; points.go, the numbers in order; onehot.go, by a column for each value
//	robust.go     what a model that stands noise needs of all these; hinge.go, conditions of its
//	              neurons; codes.go, of what its heads compare
//	label.go      names for what the model holds; code.go, which numbers stand for which values
//	print.go      what was offered
package demand

import (
	"fmt"
	"math"
	"strings"

	"rasp/compiler/construct"
	"rasp/compiler/facts"
	"rasp/compiler/plan"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/runtime/model"
)

// Demands turns what is asked for into columns of the residual stream. It works
// backwards: a read-out, a query, a key or a value asks for a function of a variable
// (a code of it); constructions offer ways to get it as a linear form over columns;
// the one that is there first makes the columns, which asks for others.
type Demands struct {
	*facts.Facts
	*plan.Plan
	Policy
	OffersOf   func(v *facts.Variable, g []float64) []*Offer // by the table of constructions, the best first
	Decoded    func(v *facts.Variable, g []float64) *Offer   // from a table, even if there is a linear form
	Divided    func(n *graph.Node) *Offer                    // a quotient, by neurons
	BroughtOf  func(v *facts.Variable, g []float64) *Scalar  // what heads bring of a variable that tells g; nil if they do not
	decided    map[*facts.Variable]map[string]*Offer
	decisions  []*decision
	depth      int // demands that are being asked for, each by the one before
	Selections map[string]*Selection
	patterns   map[patternKey]*timedPattern
	selects    map[*facts.Conjunct]plan.Selects
	headOf     map[headKey]*plan.Head
	neuronOf   map[neuronKey]*plan.Neuron
	Moved      map[BroughtKey]*plan.Column // what heads bring already
	clean      map[*Offer]*Offer           // what they bring, decoded for other heads
	hinges     map[hingeKey]*Offer
	tokens     *plan.Column // 1 at each token; nil if nothing reads it so far
	Linears    map[*facts.Variable]*Number
	states     map[*facts.Variable][]model.Token // the values of their states
	numbers    map[*facts.Variable][]float64     // and what these are as numbers
	ordered    []ordered                         // see Points
	Err        error
	Rounding   *graph.Node // a mean of which the rounding matters, see replay
}

type headKey struct {
	part  *facts.Conjunct
	layer int
	sink  sinkKind
}

type BroughtKey struct {
	Head *plan.Head
	What string
}

type neuronKey struct {
	layer  int
	in     string
	margin bool
	hinge  bool // what it is off shows in full, see hinge.go
}

// Offer is a way to get a function of a variable as a form.
type Offer struct {
	By   string // the construction
	When int    // the time at which it is there
	Cost Cost
	// Final: no other construction needs to be asked.
	Final bool
	Make  func() plan.Form // called once, when the plan needs it
	Form  plan.Form
	Made  bool
	// Share: the offer is a count that is decoded from one; nil for any other.
	Share *Share
	// Near is the number as heads bring it, near enough to be told by steps; nil if they do not.
	Near *Scalar
	// Why it is not there at all, or not as the policy would have it; empty for most.
	Why string
}

// Share is a count as the head brings it, before it is decoded: see construct.Share.
type Share struct {
	Scalar
	Weight float64 // of BOS
}

// Of is the share as what numbers are read from that are a multiple of the count and a
// constant.
func (s *Share) Of(numbers []float64, factor, constant float64) *Scalar {
	read := s.Scalar
	read.Y = make([]float64, len(numbers))
	for i, x := range numbers {
		w := (x - constant) / factor
		if read.Y[i] = construct.Share(w, s.Weight); w < 0 { // which is never so
			read.Y[i] = math.NaN()
		}
	}
	return &read
}

// Cost is what a construction adds to the plan at most, beside what it asks for: some
// of it may be there already.
type Cost struct{ Heads, Neurons, Columns int }

func (c Cost) Plus(d Cost) Cost {
	return Cost{c.Heads + d.Heads, c.Neurons + d.Neurons, c.Columns + d.Columns}
}

// decision is a demand and what was offered for it; the first offer won.
type decision struct {
	variable *facts.Variable
	function string // its key: of hundreds of thousands of states, where only the key is short
	offers   []*Offer
}

// NotAtAll is the time of what cannot be read.
const NotAtAll = 1 << 20

func (o *Offer) Get() plan.Form {
	if !o.Made {
		o.Form, o.Made = o.Make(), true
	}
	return o.Form
}

// ConstantOffer is a number that needs no column.
func ConstantOffer(x float64) *Offer { return &Offer{Form: plan.Constant(x), Made: true} }

func New(f *facts.Facts, p Policy) *Demands {
	d := &Demands{
		Facts: f, Plan: &plan.Plan{SplitBOS: p.Robust, Subjects: map[string]string{}}, Policy: p,
		decided:    map[*facts.Variable]map[string]*Offer{},
		Selections: map[string]*Selection{},
		patterns:   map[patternKey]*timedPattern{},
		selects:    map[*facts.Conjunct]plan.Selects{},
		headOf:     map[headKey]*plan.Head{},
		neuronOf:   map[neuronKey]*plan.Neuron{},
		Moved:      map[BroughtKey]*plan.Column{},
		clean:      map[*Offer]*Offer{},
		hinges:     map[hingeKey]*Offer{},
		Linears:    map[*facts.Variable]*Number{},
		states:     map[*facts.Variable][]model.Token{},
		numbers:    map[*facts.Variable][]float64{},
	}
	d.NewColumn(0, model.Label{What: "is BOS"}).Bos = 1
	return d
}

// Fail keeps the first fault; lowering goes on with a zero form, and the plan
// is thrown away at the end.
func (l *Demands) Fail(d *diag.Diagnostic) plan.Form {
	if l.Err == nil {
		l.Err = d
	}
	return plan.Form{}
}

func (l *Demands) NewColumn(when int, label model.Label) *plan.Column {
	c := &plan.Column{Dim: len(l.Columns), When: when, Label: label}
	l.Columns = append(l.Columns, c)
	return c
}

// StateNumbers is that of the facts, which must not be changed: asked for each time that a
// function of v is.
func (l *Demands) StateNumbers(v *facts.Variable) []float64 {
	numbers, known := l.numbers[v]
	if !known {
		numbers = l.Facts.StateNumbers(v)
		l.numbers[v] = numbers
	}
	return numbers
}

// Read is the function f of v, given by state (NaN: the state never matters),
// as a form. when is the time at which it can be read.
func (l *Demands) Read(v *facts.Variable, f []float64) plan.Form {
	g, scale, shift := l.normal(f)
	if scale == 0 {
		return plan.Constant(shift)
	}
	return l.Demand(v, g).Get().Times(scale).Plus(plan.Constant(shift))
}

func (l *Demands) When(v *facts.Variable, f []float64) int {
	g, scale, _ := l.normal(f)
	if scale == 0 {
		return 0
	}
	return l.Demand(v, g).When
}

// Later is an offer of the function f of v as it will be read.
func (l *Demands) Later(v *facts.Variable, f []float64) *Offer {
	g, scale, shift := l.normal(f)
	if scale == 0 {
		return ConstantOffer(shift)
	}
	o := l.Demand(v, g)
	return &Offer{When: o.When, Make: func() plan.Form { return l.Read(v, f) }, Near: o.Near.scaled(scale, shift)}
}

// deepest is how many demands may ask for each other, one for the next: a few for each layer
// of a model. A recursion that does not end is found long before it has used up the stack,
// which nobody could recover from.
const deepest = 1 << 14

// Demand is the best offer for the normal function g of v.
func (l *Demands) Demand(v *facts.Variable, g []float64) *Offer {
	known := l.decided[v]
	if known == nil {
		known = map[string]*Offer{}
		l.decided[v] = known
	}
	key := facts.FunctionKey(g)
	o := known[key]
	if o == nil {
		if l.depth++; l.depth > deepest {
			panic("demands that ask for each other without end")
		}
		offers := l.OffersOf(v, g)
		l.depth--
		o = offers[0]
		l.noteCode(v, key, o)
		known[key] = o
		l.decisions = append(l.decisions, &decision{v, key, offers})
	}
	return o
}

// Neuron is the neuron of a layer with the given input; one for all that want
// the same, those apart that are half of a step with a margin.
func (l *Demands) Neuron(layer int, in plan.Form, margin bool, label model.Label) *plan.Neuron {
	return l.neuron(neuronKey{layer: layer, in: plan.Key(in), margin: margin}, in, label)
}

func (l *Demands) neuron(key neuronKey, in plan.Form, label model.Label) *plan.Neuron {
	n := l.neuronOf[key]
	if n == nil {
		n = &plan.Neuron{Layer: key.layer, In: in, Label: label}
		l.neuronOf[key] = n
		l.Neurons = append(l.Neurons, n)
	}
	return n
}

// Policy is a choice between constructions that are equally right.
type Policy struct {
	Parabola     bool // compare numbers by a parabola: fewer dimensions than bits, less margin
	Bits         bool // write the class of an output in bits: fewer columns than one each
	Packed       bool // decide by several numbers at once, read as one, to save a layer
	Asked        bool // ask by a head of its own whether a row that is also counted is empty
	Centred      bool // steps with margin on both sides even for numbers that should be exact
	OneHotValues bool // write fractions as a column for each value, which no sum of steps can blur
	OneHotKeys   bool // compare keys with queries by a dimension for each kind of either, however many
	FewOneHot    bool // do that where there are few, rather than by bits
	TwoColumns   bool // write each logit of a prediction as the sum of two numbers
	Robust       bool // stand noise, other precisions and rotations, see robust.go
	Twice        bool // compare by codes of few columns, be they decoded twice, see robust.go
	// Share is what BOS weighs, in keys, where a head counts by the shares of its attention,
	// which a picture of it shows; 0: it adds up ones beside a BOS that outweighs them all.
	Share float64
}

// String lists what is chosen.
func (p Policy) String() string {
	var chosen []string
	for _, c := range []struct {
		yes  bool
		text string
	}{
		{p.Parabola, "parabola"}, {p.Bits, "bits"}, {p.Packed, "packed"}, {p.Asked, "asked"}, {p.Centred, "centred steps"},
		{p.OneHotValues, "one-hot values"}, {p.OneHotKeys, "one-hot keys"}, {p.FewOneHot, "one-hot keys where few"}, {p.TwoColumns, "logits in two columns"},
		{p.Robust, "robust"}, {p.Twice, "decoded twice"}, {p.Share > 0, fmt.Sprintf("counts by shares beside %g", p.Share)},
	} {
		if c.yes {
			chosen = append(chosen, c.text)
		}
	}
	if chosen == nil {
		return "plain"
	}
	return strings.Join(chosen, ", ")
}
