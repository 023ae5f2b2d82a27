package compiler

import (
	"rasp/compiler/linear"
	"rasp/lang/domain"

	"fmt"
	"math"
	"slices"
	"strings"

	"rasp/runtime/model"
)

// plan is a transformer before it has weights: columns of the residual stream,
// heads that read and write them, neurons that do.
//
// Time runs in half layers: 0 is the embedding, 2l-1 the attention of layer l
// (from 1), 2l its MLP. A head or neuron reads what was written at an earlier
// time.
type plan struct {
	asked   bool // the policy of that name makes a difference
	columns []*column
	heads   []*head
	neurons []*neuron
	outputs []output
	// subjects says what a label is about that names a function of it.
	subjects map[string]string
}

// column is one dimension of the residual stream. It is written once, at its
// time, and keeps its value.
type column struct {
	dim  int
	when int
	// offset is put there by the embedding, so that adding a value later rounds
	// it to a multiple of grid; readers subtract it.
	offset float64
	grid   float64 // 0: no rounding asked for
	bos    float64 // value at BOS, beyond the offset
	// The value for each token or for each position, in the embedding.
	tokens, positions []float64
	// sum: what an MLP writes is added to what the embedding holds.
	sum bool

	label model.Label
	// Written by an MLP: the least and largest ideal value, and a power of two
	// of which all are multiples (0 if there is none).
	low, high, unit float64
}

// form is a linear function of columns: what a head or a neuron reads.
type (
	form     = linear.Form[*column]
	formTerm = linear.Term[*column]
)

func constantForm(x float64) form { return linear.Constant[*column](x) }

// atBOS is the value that the form has at BOS.
func atBOS(f form) float64 {
	x := f.Constant
	for _, t := range f.Terms {
		x += t.Factor * t.Of.bos
	}
	return x
}

// keyOf is equal for equal forms.
func keyOf(f form) string {
	terms := slices.Clone(f.Terms)
	slices.SortFunc(terms, func(a, b formTerm) int { return a.Of.dim - b.Of.dim })
	var b strings.Builder
	fmt.Fprintf(&b, "%x", math.Float64bits(f.Constant))
	for _, t := range terms {
		fmt.Fprintf(&b, " %d:%x", t.Of.dim, math.Float64bits(t.Factor))
	}
	return b.String()
}

// head is an attention head: a score for each pair of query and key, and values
// to bring.
type head struct {
	layer  int // from 1
	dims   []headDim
	base   float64 // score of a selected key, in construct.Gap
	sink   float64 // score of BOS relative to a selected key, in logits
	weight float64 // of BOS where the head adds up; 0 elsewhere
	values []headValue
	label  model.Label
}

// headDim is one dimension of the QK circuit, in units of construct.Gap.
type headDim struct{ query, key form }

// headValue is one dimension of the OV circuit.
type headValue struct {
	value form    // at the key; BOS has its own
	bos   float64 // at BOS
	out   *column
	kind  bringing
}

// bringing says what a head does with a value, which decides how exact it is.
type bringing uint8

const (
	bringsOne   bringing = iota // the value of the one selected key
	bringsMean                  // a mean of several
	bringsAny                   // a mean of ones, or 0
	bringsTally                 // a sum of whole numbers, see construct.TallyWeight
)

// neuron is a ReLU unit.
type neuron struct {
	layer int
	in    form
	outs  []formTerm
	label model.Label
	// margin is how far the input may be off where the neuron is half of a step;
	// 0 if it is not.
	margin float64
	// table is the number of the table of which the neuron is a row: at most one of its
	// neurons is open at a time. 0 for other neurons.
	table int
}

// output is a read-out: a form for each class, or value and float flag.
type output struct {
	name    string
	classes []model.Token
	logits  []form

	// A prediction of the next token: the logits are numbers, less gap times the
	// masks, which are 0 where the token can come next and whole numbers of 1 or
	// more where not. off is how far the numbers were rounded. Of the columns of
	// one group one is 1 at most, the others are 0.
	next   bool
	masks  []form
	gap    float64
	off    []float64
	groups []map[*column]int
}

func nextAttention(t int) int { return t + 1 + t%2 }
func nextMLP(t int) int       { return t + 2 - t%2 }

func (p *plan) layers() int {
	n := 0
	for _, c := range p.columns {
		n = max(n, (c.when+1)/2)
	}
	return n
}

// order numbers the columns by the time at which they are written.
func (p *plan) order() {
	slices.SortStableFunc(p.columns, func(a, b *column) int { return a.when - b.when })
	for i, c := range p.columns {
		c.dim = i
	}
}

// holds notes an ideal value of a column that an MLP writes.
func (c *column) holds(x float64) {
	if c.low == 0 && c.high == 0 && c.unit == 0 {
		c.unit = math.Inf(1)
	}
	c.low, c.high, c.unit = min(c.low, x), max(c.high, x), min(c.unit, powerOfTwo(x))
}

// write adds factor times the neuron's activation to a column.
func (n *neuron) write(c *column, factor float64) {
	for i := range n.outs {
		if n.outs[i].Of == c {
			n.outs[i].Factor += factor
			return
		}
	}
	n.outs = append(n.outs, formTerm{Of: c, Factor: factor})
}

// outOfOrder finds a head or neuron that reads a column before it is written.
func (p *plan) outOfOrder() (model.Label, bool) {
	late := func(f form, t int) bool {
		return slices.ContainsFunc(f.Terms, func(x formTerm) bool { return x.Of.when >= t })
	}
	for _, h := range p.heads {
		for _, d := range h.dims {
			if late(d.query, 2*h.layer-1) || late(d.key, 2*h.layer-1) {
				return h.label, true
			}
		}
		for _, v := range h.values {
			if late(v.value, 2*h.layer-1) {
				return h.label, true
			}
		}
	}
	for _, n := range p.neurons {
		if late(n.in, 2*n.layer) {
			return n.label, true
		}
	}
	return model.Label{}, false
}

// bring adds a value to a head: a form at the keys and a number at BOS.
func (h *head) bring(kind bringing, value form, bos float64, out *column) {
	h.values = append(h.values, headValue{value, bos, out, kind})
}

// predicts reports whether the outputs are a prediction.
func (p *plan) predicts() bool {
	return len(p.outputs) > 0 && p.outputs[0].next
}

// shape is the size of the model: heads, d_head and d_mlp are those of the layer
// that needs most, since all layers have the same.
func (p *plan) shape(domain domain.Domain) model.Config {
	c := model.Config{
		Layers: p.layers(), Heads: 1, DModel: len(p.columns), DHead: 1, DMLP: 1,
		NCtx: domain.Length + 1, Causal: domain.Causal,
	}
	heads, neurons := p.byLayer()
	for l := range c.Layers {
		c.Heads, c.DMLP = max(c.Heads, len(heads[l])), max(c.DMLP, len(neurons[l]))
		for _, h := range heads[l] {
			c.DHead = max(c.DHead, len(h.dims)+1, len(h.values))
		}
	}
	return c
}

func (p *plan) byLayer() (heads [][]*head, neurons [][]*neuron) {
	heads, neurons = make([][]*head, p.layers()), make([][]*neuron, p.layers())
	for _, h := range p.heads {
		heads[h.layer-1] = append(heads[h.layer-1], h)
	}
	for _, n := range p.neurons {
		neurons[n.layer-1] = append(neurons[n.layer-1], n)
	}
	return heads, neurons
}

// forms are what the scores of a head read.
func (h *head) forms() []form {
	var forms []form
	for _, d := range h.dims {
		forms = append(forms, d.query, d.key)
	}
	return forms
}

// lastOf is the column of the forms that was written last, nil for none.
func lastOf(forms ...form) *column {
	var last *column
	for _, f := range forms {
		for _, t := range f.Terms {
			if last == nil || t.Of.when > last.when {
				last = t.Of
			}
		}
	}
	return last
}
