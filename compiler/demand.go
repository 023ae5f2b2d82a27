package compiler

import (
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/runtime/model"
)

// demands turns what is asked for into columns of the residual stream. It works
// backwards: a read-out, a query, a key or a value asks for a function of a variable
// (a code of it); constructions offer ways to get it as a linear form over columns;
// the one that is there first makes the columns, which asks for others.
type demands struct {
	*facts
	*plan
	policy
	offersOf   func(v *variable, g []float64) []*offer // by the table of constructions, the best first
	decoded    func(v *variable, g []float64) *offer   // from a table, even if there is a linear form
	decided    map[*variable]map[string]*offer
	decisions  []*decision
	selections map[string]*selection
	patterns   map[patternKey]*timedPattern
	headOf     map[headKey]*head
	neuronOf   map[neuronKey]*neuron
	moved      map[broughtKey]*column // what heads bring already
	linears    map[*variable]*combination
	err        error
	rounding   *graph.Node // a mean of which the rounding matters, see replay
}

type headKey struct {
	part  *part
	layer int
	sink  sinkKind
}

type broughtKey struct {
	head *head
	what string
}

type neuronKey struct {
	layer  int
	in     string
	margin bool
}

// offer is a way to get a function of a variable as a form.
type offer struct {
	by   string // the construction
	when int    // the time at which it is there
	cost cost
	// final: no other construction needs to be asked.
	final bool
	make  func() form // called once, when the plan needs it
	form  form
	made  bool
}

// cost is what a construction adds to the plan at most, beside what it asks for: some
// of it may be there already.
type cost struct{ heads, neurons, columns int }

func (c cost) plus(d cost) cost {
	return cost{c.heads + d.heads, c.neurons + d.neurons, c.columns + d.columns}
}

// decision is a demand and what was offered for it; the first offer won.
type decision struct {
	variable *variable
	function []float64
	offers   []*offer
}

// notAtAll is the time of what cannot be read.
const notAtAll = 1 << 20

func (o *offer) get() form {
	if !o.made {
		o.form, o.made = o.make(), true
	}
	return o.form
}

// constantOffer is a number that needs no column.
func constantOffer(x float64) *offer { return &offer{form: constantForm(x), made: true} }

func newDemands(f *facts, p policy) *demands {
	d := &demands{
		facts: f, plan: &plan{subjects: map[string]string{}}, policy: p,
		decided:    map[*variable]map[string]*offer{},
		selections: map[string]*selection{},
		patterns:   map[patternKey]*timedPattern{},
		headOf:     map[headKey]*head{},
		neuronOf:   map[neuronKey]*neuron{},
		moved:      map[broughtKey]*column{},
		linears:    map[*variable]*combination{},
	}
	d.newColumn(0, model.Label{What: "is BOS"}).bos = 1
	return d
}

// fail keeps the first fault; lowering goes on with a zero form, and the plan
// is thrown away at the end.
func (l *demands) fail(d *diag.Diagnostic) form {
	if l.err == nil {
		l.err = d
	}
	return form{}
}

func (l *demands) newColumn(when int, label model.Label) *column {
	c := &column{dim: len(l.columns), when: when, label: label}
	l.columns = append(l.columns, c)
	return c
}

// read is the function f of v, given by state (NaN: the state never matters),
// as a form. when is the time at which it can be read.
func (l *demands) read(v *variable, f []float64) form {
	g, scale, shift := normal(f)
	if scale == 0 {
		return constantForm(shift)
	}
	return l.demand(v, g).get().Times(scale).Plus(constantForm(shift))
}

func (l *demands) when(v *variable, f []float64) int {
	g, scale, _ := normal(f)
	if scale == 0 {
		return 0
	}
	return l.demand(v, g).when
}

// later is an offer of the function f of v as it will be read.
func (l *demands) later(v *variable, f []float64) *offer {
	return &offer{when: l.when(v, f), make: func() form { return l.read(v, f) }}
}

// demand is the best offer for the normal function g of v.
func (l *demands) demand(v *variable, g []float64) *offer {
	known := l.decided[v]
	if known == nil {
		known = map[string]*offer{}
		l.decided[v] = known
	}
	key := functionKey(g)
	o := known[key]
	if o == nil {
		offers := l.offersOf(v, g)
		o = offers[0]
		known[key] = o
		l.decisions = append(l.decisions, &decision{v, g, offers})
	}
	return o
}

// neuron is the neuron of a layer with the given input; one for all that want
// the same, those apart that are half of a step with a margin.
func (l *demands) neuron(layer int, in form, margin bool, label model.Label) *neuron {
	key := neuronKey{layer, keyOf(in), margin}
	n := l.neuronOf[key]
	if n == nil {
		n = &neuron{layer: layer, in: in, label: label}
		l.neuronOf[key] = n
		l.neurons = append(l.neurons, n)
	}
	return n
}

// policy is a choice between constructions that are equally right.
type policy struct {
	parabola bool // compare numbers by a parabola: fewer dimensions than bits, less margin
	bits     bool // write the class of an output in bits: fewer columns than one each
	packed   bool // decide by several numbers at once, read as one, to save a layer
	asked    bool // ask by a head of its own whether a row that is also counted is empty
	robust   bool // steps with margin on both sides even for numbers that should be exact
	spelled  bool // write fractions as a column for each value, which no sum of steps can blur
	oneHot   bool // compare keys with queries by a dimension for each kind of either, however many
	fine     bool // write each logit of a prediction as the sum of two numbers
}
