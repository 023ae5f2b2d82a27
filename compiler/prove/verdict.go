package prove

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rasp/compiler/prove/witness"
	"rasp/lang/graph"
	"rasp/lang/value"
	"rasp/runtime/form"
	"rasp/runtime/model"
)

// prover is a proof under way.
type prover struct {
	options Options
	fine    int
	m       *model.Model
	n       int // the longest input
	causal  bool
	vocab   []value.Value
	form    *form.Form // of the inputs; nil: any
	outputs []graph.Output
	graph   *graph.Graph
	nodes   []*graph.Node // by number in the witness
	own     int           // nodes of the graph below this ID are of the program, not of the witness
	witness witness.Witness

	values   []value.Value
	valueIDs map[value.Value]int32
	vars     []*variable
	spaces   map[string]*space
	tooLarge map[string]int // of spaces that were not made: the most states asked for
	faults   []*relation
	scratch  []uint64
	stamp    uint64
	reaches  map[string]*reached
	sumMemo  map[string][]*relation
	meetings map[meetKey]meeting
	related  map[string]*relation // of derived variables

	tables    map[*graph.Node]*table
	selectors map[*graph.Node]*selector
	picked    map[*graph.Node]picked // see picks
	canon     map[string][]*selector
	widths    map[*selector]*integers
	somes     map[*selector]*integers
	totals    map[totalKey]*integers
	widthVars map[*selector]int
	someVars  map[*selector]int
	fetches   map[fetchKey]int
	imaged    map[string]bool

	singles, globals, present []labels
	covers, derived           []int
	nonemptyMemo, fetchSure   map[*selector]filled
	sole                      map[*selector]bool // where a second key makes the program fail

	possible              *form.Possible // tokens by position, of a form
	anyLength, eachLength *relation      // the same; and by the length of the input

	columns, bos []*column
	at           *graph.Node // what is looked at, for messages
	output       string
	failing      []string
	obligations  []Obligation
	bounds       []Bound
	untried      []string // lemmas that would have taken too long
}

// stop ends a proof.
type stop struct {
	reason Reason
	err    error
}

// open ends a proof that cannot be found.
func (p *prover) open(format string, args ...any) {
	r := Reason{Text: fmt.Sprintf(format, args...)}
	if len(p.untried) > 0 {
		r.Text += "; too many pairs of states to try before: " + strings.Join(p.untried, ", ")
	}
	if p.at != nil {
		r.Name, r.Place = describe(p.at), place(p.at)
	}
	panic(stop{reason: r})
}

// tooLong notes that so many pairs of states are more than part of the limit, of a lemma
// without which the proof may end elsewhere.
func (p *prover) tooLong(lemma string, f *selector, pairs, part int) bool {
	if pairs <= p.options.Pairs/part {
		return false
	}
	const shown = 3
	if text := lemma + " of " + f.describe(); len(p.untried) < shown && !slices.Contains(p.untried, text) {
		p.untried = append(p.untried, text)
	}
	return true
}

// check ends a proof that is no longer wanted.
func (p *prover) check() {
	if err := p.options.Context.Err(); err != nil {
		panic(stop{err: err})
	}
}

func (p *prover) obligation(o Obligation, n *graph.Node) {
	if n != nil {
		o.Name, o.Place = describe(n), place(n)
	}
	p.obligations = append(p.obligations, o)
}

func (p *prover) lemma(f *selector, text string) {
	p.obligation(Obligation{Kind: "lemma", How: ByProof, Text: f.describe() + ": " + text, Pairs: f.k.n * f.q.n}, f.node)
}

// prove is Prove without its defaults.
func prove(m *model.Model, options Options) (result *Result, err error) {
	progress := options.Progress
	for i, fine := range fineness {
		if progress != nil {
			options.Progress = func(done, total int) { progress(i*total+done, len(fineness)*total) }
		}
		r, err := attempt(m, options, fine)
		if err != nil || r.Verdict != Open {
			return r, err
		}
		if result == nil {
			result = r
		}
	}
	return result, nil
}

func newProver(m *model.Model, options Options, fine int) *prover {
	return &prover{options: options, fine: fine, m: m, n: m.NCtx - 1, causal: m.Causal,
		valueIDs: map[value.Value]int32{}, spaces: map[string]*space{}, tooLarge: map[string]int{}, sumMemo: map[string][]*relation{}, reaches: map[string]*reached{},
		meetings: map[meetKey]meeting{}, related: map[string]*relation{}, tables: map[*graph.Node]*table{}, selectors: map[*graph.Node]*selector{}, picked: map[*graph.Node]picked{},
		canon: map[string][]*selector{}, widths: map[*selector]*integers{}, somes: map[*selector]*integers{},
		totals: map[totalKey]*integers{}, widthVars: map[*selector]int{}, someVars: map[*selector]int{},
		fetches: map[fetchKey]int{}, imaged: map[string]bool{}, nonemptyMemo: map[*selector]filled{}, fetchSure: map[*selector]filled{},
		sole: map[*selector]bool{},
	}
}

// attempt is one proof, with variables of s-ops of more states than fine.
func attempt(m *model.Model, options Options, fine int) (result *Result, err error) {
	p := newProver(m, options, fine)
	result = &Result{Length: p.n}
	defer func() {
		switch x := recover().(type) {
		case nil:
		case stop:
			result.Verdict, result.Reason, err = Open, &x.reason, x.err
		default:
			panic(x)
		}
		if result != nil {
			result.Obligations, result.Failing, result.Bounds = p.obligations, p.failing, p.bounds
		}
	}()
	if err := m.Validate(); err != nil {
		return nil, err
	}
	if err := p.program(m); err != nil {
		return nil, err
	}
	if p.form, err = m.Form(); err != nil {
		return nil, err
	}
	if p.form != nil {
		result.Inputs, result.of = p.form.String(), p.form.Described()+" "
	}
	p.run()
	result.Verdict = Proved
	return result, nil
}

// run goes through the model from the embedding to the outputs.
func (p *prover) run() {
	p.begin()
	done := func(steps int) {
		p.check()
		if p.options.Progress != nil {
			p.options.Progress(steps, len(p.nodes)+2*p.m.Layers+len(p.outputs))
		}
	}
	p.obligation(Obligation{Kind: "header", How: ByProof, Text: p.header()}, nil)
	for i, n := range p.nodes {
		done(i)
		if n.IsSelector() {
			p.selectorOf(n)
		} else {
			p.table(n)
		}
	}
	p.embed()
	for l := range p.m.Layers {
		done(len(p.nodes) + 2*l)
		p.at = nil
		p.attention(l)
		done(len(p.nodes) + 2*l + 1)
		p.neurons(l)
	}
	for i, o := range p.m.Outputs {
		done(len(p.nodes) + 2*p.m.Layers + i)
		p.readOut(o, p.outputs[i])
	}
	done(len(p.nodes) + 2*p.m.Layers + len(p.outputs))
}

// begin makes the variables and facts of every proof.
func (p *prover) begin() {
	p.vars = []*variable{{kind: token, size: len(p.vocab)}, {kind: position, size: p.n}, {kind: length, size: p.n + 1}}
	positions := p.space([]int{varPosition})
	p.single(labels{positions, ascending(positions.n), "the position tells"})
	lengths := p.space([]int{varLength})
	p.globals = append(p.globals, labels{lengths, ascending(lengths.n), "the length is one"})
	p.ofForm()
	p.extend()
}

func defaults(o Options) Options {
	if o.Context == nil {
		o.Context = context.Background()
	}
	if o.States == 0 {
		o.States = 1 << 22
	}
	if o.Pairs == 0 {
		o.Pairs = 1 << 28
	}
	return o
}
