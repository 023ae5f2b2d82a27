package compiler

import (
	"math"
	"slices"

	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/runtime/model"
)

// lowering turns what the outputs need into heads and neurons. It works
// backwards, by demand: a read-out, a query, a key or a value asks for a
// function of a variable (a code of it), which becomes a linear form over
// columns of the residual stream; making those columns asks for others.
type lowering struct {
	*analysis
	plan
	policy
	readings   map[*variable]map[string]*reading
	selections map[string]*selection
	patterns   map[patternKey]*timedPattern
	headOf     map[headKey]*head
	neuronOf   map[neuronKey]*neuron
	counts     map[selectionFunction]*reading
	units      map[*variable]*unit
	pending    map[*variable][]*request
	linears    map[*variable]*combination
	coarser    map[coarseKey]*variable
	earliests  map[*variable]int
	// differences are a - b for comparisons of a and b; nextID numbers them.
	differences map[[2]*graph.Node]*graph.Node
	nextID      int
	contexts    map[*graph.Node]*context
	inOrder     []*context // the contexts, in the order in which they were asked for
	bosColumn   *column
	err         error
	rounding    *graph.Node // a mean of which the rounding matters, see replay
}

type headKey struct {
	part  *part
	layer int
	sink  sinkKind
}

// selectionFunction is a function of the width of a selector.
type selectionFunction struct {
	selection *selection
	f         string
}

// coarseKey is a variable and a function of it, see coarse.
type coarseKey struct {
	variable *variable
	f        string
}

type neuronKey struct {
	layer  int
	in     string
	margin bool
}

// reading is a way to get a function of a variable as a form, and the time at
// which it is there. make is called once, when the plan needs it.
type reading struct {
	when int
	make func() form
	form form
	made bool
}

// notAtAll is the time of what cannot be read.
const notAtAll = 1 << 20

func (r *reading) get() form {
	if !r.made {
		r.form, r.made = r.make(), true
	}
	return r.form
}

func newLowering(a *analysis, p policy) *lowering {
	l := &lowering{
		analysis: a, policy: p,
		readings:    map[*variable]map[string]*reading{},
		selections:  map[string]*selection{},
		patterns:    map[patternKey]*timedPattern{},
		headOf:      map[headKey]*head{},
		neuronOf:    map[neuronKey]*neuron{},
		counts:      map[selectionFunction]*reading{},
		units:       map[*variable]*unit{},
		pending:     map[*variable][]*request{},
		linears:     map[*variable]*combination{},
		coarser:     map[coarseKey]*variable{},
		earliests:   map[*variable]int{},
		differences: map[[2]*graph.Node]*graph.Node{},
		contexts:    map[*graph.Node]*context{},
		nextID:      1 << 20,
	}
	l.subjects = map[string]string{}
	l.bosColumn = l.newColumn(0, model.Label{What: "is BOS"})
	l.bosColumn.bos = 1
	return l
}

// fail keeps the first fault; lowering goes on with a zero form, and the plan
// is thrown away at the end.
func (l *lowering) fail(d *diag.Diagnostic) form {
	if l.err == nil {
		l.err = d
	}
	return form{}
}

func (l *lowering) newColumn(when int, label model.Label) *column {
	c := &column{dim: len(l.columns), when: when, label: label}
	l.columns = append(l.columns, c)
	return c
}

// read is the function f of v, given by state (NaN: the state never matters),
// as a form. when is the time at which it can be read.
func (l *lowering) read(v *variable, f []float64) form {
	g, scale, shift := normal(f)
	if scale == 0 {
		return constantForm(shift)
	}
	return l.reading(v, g).get().times(scale).plus(constantForm(shift))
}

func (l *lowering) when(v *variable, f []float64) int {
	g, scale, _ := normal(f)
	if scale == 0 {
		return 0
	}
	return l.reading(v, g).when
}

// reading finds the way to the normal function g of v.
func (l *lowering) reading(v *variable, g []float64) *reading {
	known := l.readings[v]
	if known == nil {
		known = map[string]*reading{}
		l.readings[v] = known
	}
	key := functionKey(g)
	r := known[key]
	if r == nil {
		r = l.newReading(v, g)
		known[key] = r
	}
	return r
}

func (l *lowering) newReading(v *variable, g []float64) *reading {
	switch v.kind {
	case tokenVariable, positionVariable:
		return l.embedded(v, g)
	case lengthVariable, widthVariable:
		return l.count(v, g)
	case anyVariable:
		return l.any(v, g)
	case fetchVariable:
		return l.fetched(v, g)
	case meanVariable:
		return l.average(v, g)
	case rowVariable:
		return l.byRow(v, g)
	case comparisonVariable:
		return l.compared(v, g)
	}
	return l.computed(v, g)
}

// embedded: any function of the token alone or of the position alone is free,
// it is written in the embedding.
func (l *lowering) embedded(v *variable, g []float64) *reading {
	return &reading{make: func() form {
		c := l.newColumn(0, l.label(v, g))
		values := slices.Clone(g)
		for i, x := range values {
			if math.IsNaN(x) {
				values[i] = 0
			}
		}
		if v.kind == tokenVariable {
			c.tokens = values
		} else {
			c.positions = values
		}
		return form{terms: []formTerm{{c, 1}}}
	}}
}

// neuron is the neuron of a layer with the given input; one for all that want
// the same, those apart that are half of a step with a margin.
func (l *lowering) neuron(layer int, in form, margin bool, label model.Label) *neuron {
	key := neuronKey{layer, in.key(), margin}
	n := l.neuronOf[key]
	if n == nil {
		n = &neuron{layer: layer, in: in, label: label}
		l.neuronOf[key] = n
		l.neurons = append(l.neurons, n)
	}
	return n
}
