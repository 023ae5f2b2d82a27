package compiler

import (
	"fmt"
	"io"
	"slices"

	"rasp/compiler/verify"
	"rasp/lang/diag"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/runtime/model"
)

// Options of a compilation.
type Options struct {
	Level   int    // 0 readable, 1 fast and good, 2 search for the smallest
	Partial bool   // accept a program that fails on some inputs of the domain
	Dump    string // the name of a pass after which the program is printed to DumpTo
	DumpTo  io.Writer
	Source  string // the text of the program, for the model file

	// Engine makes what runs the finished model, for the pass that compares it with
	// the interpreter. It must be there.
	Engine func(*model.Model) verify.Engine
}

// Report is what the compiler has to say beside the model.
type Report struct {
	Warnings diag.List

	plan  *plan // what Explain speaks of
	roots []*graph.Node
}

// Compile turns the outputs of a program, of which there is at least one, into a
// transformer that equals the interpreter on every input of the domain on which the
// program does not fail. An output that is a distribution must be the only one. The
// error is a diag.List; then there is no model.
func Compile(outputs []graph.Output, domain domain.Domain, options Options) (*model.Model, *Report, error) {
	c := &compilation{outputs: outputs, domain: domain, options: options, report: &Report{}}
	m, err := c.run()
	if err != nil {
		return nil, nil, asList(err)
	}
	c.report.plan, c.report.roots = c.plan, c.roots
	return m, c.report, nil
}

func asList(err error) diag.List {
	switch e := err.(type) {
	case diag.List:
		return e
	case *diag.Diagnostic:
		return diag.List{e}
	}
	return diag.List{{Severity: diag.Error, Kind: diag.Limit, Message: err.Error()}}
}

// compilation is a program on its way through the passes.
type compilation struct {
	outputs []graph.Output
	domain  domain.Domain
	options Options
	report  *Report

	roots     []*graph.Node
	scores    *scores  // of a prediction, nil for outputs
	logits    []*logit // of a prediction, analysed
	rewritten *program
	rounding  *graph.Node // a mean to replay
	analysis  *analysis
	plan      *plan
	checked   *certifier
	model     *model.Model
}

// passes in running order. A pass that fails ends the compilation.
var passes = []struct {
	name string
	run  func(*compilation) error
	dump func(*compilation, io.Writer)
}{
	{"share", (*compilation).share, (*compilation).dumpGraph},
	{"recognise", (*compilation).recognise, (*compilation).dumpGraph},
	{"values", (*compilation).values, (*compilation).dumpValues},
	{"lower", (*compilation).lower, (*compilation).dumpPlan},
	{"emit", (*compilation).finish, (*compilation).dumpModel},
	{"check", (*compilation).check, (*compilation).dumpModel},
}

// PassNames lists the passes, for --dump.
func PassNames() []string {
	var names []string
	for _, p := range passes {
		names = append(names, p.name)
	}
	return names
}

func (c *compilation) run() (*model.Model, error) {
	if err := c.checkDomain(); err != nil {
		return nil, err
	}
	for _, p := range passes {
		if err := c.guarded(p.name, p.run); err != nil {
			return nil, err
		}
		if p.name == c.options.Dump && c.options.DumpTo != nil {
			p.dump(c, c.options.DumpTo)
		}
	}
	return c.model, nil
}

// guarded runs a pass; if the compiler itself fails there, the user gets a
// sentence instead of a stack.
func (c *compilation) guarded(name string, run func(*compilation) error) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = diag.Errorf(c.where(), diag.Limit, "the compiler failed in its pass %q; this is a fault of the compiler, not of the program (%v)", name, fault)
		}
	}()
	return run(c)
}

// where what is compiled was named.
func (c *compilation) where() diag.Span {
	return c.outputs[0].Span
}

func (c *compilation) checkDomain() error {
	where := c.where()
	if len(c.domain.Vocab) == 0 {
		return diag.Errorf(where, diag.Domain, "no vocabulary: a transformer needs to know its tokens").
			WithHint(`add a line like #rasp:vocab "abc", or use --vocab`)
	}
	if c.domain.Length < 1 {
		return diag.Errorf(where, diag.Domain, "no length: a transformer needs to know its longest input").
			WithHint("add a line like #rasp:length 16, or use --length")
	}
	if c.domain.Length > maxLength {
		return diag.Errorf(where, diag.Limit, "length %d is above the limit of %d", c.domain.Length, maxLength)
	}
	if c.options.Engine == nil {
		return diag.Errorf(where, diag.Limit, "there is nothing to run the finished model with: Options.Engine is not set")
	}
	for _, o := range c.outputs {
		switch {
		case o.Next != nil && len(c.outputs) > 1:
			return diag.Errorf(o.Span, diag.Domain, "%s predicts the next token: it must be the only output", o.Name)
		case o.Next != nil && !c.domain.Causal:
			c.report.Warnings = append(c.report.Warnings, diag.Warningf(o.Span, diag.Domain,
				"without causal attention a position sees the tokens that it predicts: no text can be generated").
				WithHint("add the line #rasp:causal, or use --causal"))
		case o.Next == nil && o.Node.IsSelector():
			return diag.Errorf(o.Span, diag.Type, "%s is a selector, and a model can only show s-ops", o.Name).
				WithHint("choose an s-op with #rasp:output or --output, for example an aggregate over it")
		}
	}
	c.roots = graph.Roots(c.outputs)
	return nil
}

// maxLength bounds the work on inputs that no certificate would cover.
const maxLength = 4096

func (c *compilation) rewrite(p *program) { c.rewritten, c.roots = p, p.roots }

func (c *compilation) share() error {
	c.rewrite(share(&program{roots: c.roots}))
	return nil
}

func (c *compilation) recognise() error {
	c.rewrite(recogniseWidths(c.rewritten))
	return nil
}

func (c *compilation) values() (err error) {
	if o := c.outputs[0]; o.Next != nil {
		c.scores = splitScores(o, c.roots)
		c.roots = c.scores.roots(c.roots)
		c.rewritten.roots = c.roots
	}
	for {
		c.analysis, err = analyse(c.rewritten, c.domain)
		if n := c.analysis.mixed; n != nil && c.scores == nil {
			c.rewrite(separate(c.rewritten, n, c.analysis.table(n.Args[1]).values))
			continue
		}
		if err != nil {
			return err
		}
		break
	}
	if c.scores != nil {
		var doubts []doubt
		if c.logits, doubts, err = support(c.analysis.facts, c.scores, c.roots); err != nil {
			return err
		}
		c.analysis.doubts = append(c.analysis.doubts, doubts...)
	}
	return c.checkTotal()
}

// lower plans; means of which the rounding matters are first observed, if the domain
// is small, and then replayed, one after the other as they are found.
func (c *compilation) lower() error {
	for {
		err, n := c.search(), c.rounding
		switch {
		case err == nil || n == nil || c.scores != nil:
			return err
		case !c.rewritten.watched[n] && isSmall(c.domain):
			c.rewritten.watched[n] = true
		default:
			r := c.analysis.replayOf(n)
			if r == nil {
				return err
			}
			c.rewrite(replayMean(c.rewritten, n, r.automaton, r.replay))
		}
		c.plan, c.rounding = nil, nil
		if fault := c.values(); fault != nil {
			return err
		}
	}
}

// search plans heads and neurons under one policy after the other, writes their
// weights, and takes a model only with a certificate: the first, at level 1 a
// smaller one beside it, at level 2 the one with the fewest layers, then the
// fewest parameters.
func (c *compilation) search() error {
	var refused *certifier
	work := 0
	for _, p := range c.policies() {
		if c.plan != nil && (p.robust || p.spelled || p.fine || c.enough(p, work)) {
			break
		}
		plan, err := c.lowerBy(p)
		if err != nil {
			return err
		}
		work += parameters(plan.shape(c.domain))
		for _, plan := range c.candidates(plan) {
			if c.plan != nil && !smaller(plan.shape(c.domain), c.plan.shape(c.domain)) {
				continue
			}
			plan.order()
			model := emit(plan, c.domain)
			if checked := certify(plan, model, c.domain.Length); checked.exact() {
				c.plan, c.model, c.checked = plan, model, checked
			} else {
				refused = checked
			}
		}
	}
	if c.plan == nil {
		return diag.Errorf(c.where(), diag.Limit, "float32 cannot separate the values at length %d: at %q the error bound is %.2g of the margin",
			c.domain.Length, refused.worst.What, 1/refused.slack).WithHint("use a shorter #rasp:length")
	}
	return nil
}

// candidates are a plan and, before it, the same on a basis of its columns, where
// that is smaller; level 0 keeps a column for each function.
func (c *compilation) candidates(p *plan) []*plan {
	if c.options.Level > 0 {
		if b := onBasis(p); smaller(b.shape(c.domain), p.shape(c.domain)) {
			return []*plan{b, p}
		}
	}
	return []*plan{p}
}

// enough ends the search for smaller models once there is one: at level 0 at
// once; at level 1 unless the next policy differs in a choice that mattered, and
// the model is small; at level 2 when a lot of weights have been planned.
func (c *compilation) enough(next policy, work int) bool {
	switch c.options.Level {
	case 0:
		return true
	case 1:
		return !c.plan.asked || !next.packed || next.asked || work > maxSecond
	}
	return work > maxSearched
}

// The search for smaller models ends when so many weights have been planned: a
// second or so at level 1, some seconds at level 2.
const (
	maxSecond   = 1 << 21
	maxSearched = 1 << 27
)

func (c *compilation) lowerBy(p policy) (*plan, error) {
	l := newLowering(c.analysis.facts, p)
	for i, o := range c.outputs {
		if o.Next != nil {
			l.readNext(c.scores, c.logits)
		} else {
			l.readOut(o, c.roots[i])
		}
	}
	l.produce()
	l.emitContexts()
	if l.err != nil {
		c.rounding = l.rounding
		return nil, l.err
	}
	if label, late := l.outOfOrder(); late {
		return nil, diag.Errorf(c.where(), diag.Limit, "%s %s reads what is written later; this is a fault of the compiler, not of the program",
			label.Name, label.What)
	}
	l.order()
	if n := parameters(l.shape(c.domain)); n > maxParameters {
		return nil, diag.Errorf(c.where(), diag.Limit, "the model would have %d weights, the limit is %d", n, maxParameters).
			WithHint("use a shorter #rasp:length or a smaller #rasp:vocab; see --dump values for s-ops with many values")
	}
	return l.plan, nil
}

// maxParameters is 2 GB of weights.
const maxParameters = 1 << 29

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

// policies lists what to try, in order: a prediction may need fine logits, and is
// spelled with fine logits only.
func (c *compilation) policies() []policy {
	list := policies(c.options.Level)
	if c.scores == nil {
		return list
	}
	list = slices.DeleteFunc(list, func(p policy) bool { return p.spelled })
	return append(list, policy{parabola: true, bits: true, packed: true, fine: true},
		policy{bits: true, packed: true, spelled: true, fine: true}, policy{bits: true, robust: true, fine: true})
}

// policies lists what to try, in order. The robust and the spelled ones stand
// last, for programs for which the others leave too little margin.
func policies(level int) []policy {
	switch level {
	case 0:
		return []policy{{packed: true}, {}, {robust: true}, {packed: true, spelled: true}, {spelled: true, oneHot: true}}
	case 1:
		return []policy{
			{parabola: true, bits: true, packed: true, asked: true}, {parabola: true, bits: true, packed: true},
			{bits: true, packed: true, asked: true}, {parabola: true, bits: true}, {bits: true, robust: true}, {robust: true},
			{bits: true, packed: true, spelled: true}, {bits: true, spelled: true}, {bits: true, spelled: true, oneHot: true},
		}
	}
	var all []policy
	for choices := range 16 {
		all = append(all, policy{asked: choices&1 == 0, bits: choices&2 == 0, parabola: choices&4 == 0, packed: choices&8 == 0})
	}
	return append(all, policy{bits: true, robust: true}, policy{robust: true}, policy{bits: true, packed: true, spelled: true}, policy{bits: true, spelled: true},
		policy{bits: true, spelled: true, oneHot: true})
}

// smaller compares models by layers, then by parameters.
func smaller(a, b model.Config) bool {
	if a.Layers != b.Layers {
		return a.Layers < b.Layers
	}
	return parameters(a) < parameters(b)
}

// parameters counts the weights of the blocks and of a row of the embedding.
func parameters(c model.Config) int {
	attention := c.Heads * (4*c.DModel*c.DHead + 3*c.DHead)
	mlp := 2*c.DModel*c.DMLP + c.DMLP
	return c.Layers*(attention+mlp+2*c.DModel) + c.DModel
}

func (c *compilation) finish() error {
	c.model.Certificate = c.checked.certificate()
	c.model.Source = c.options.Source
	return c.model.Validate()
}

func (c *compilation) dumpGraph(w io.Writer) {
	for _, n := range graph.Reachable(c.roots...) {
		fmt.Fprintln(w, n.String())
	}
}

// Explain writes what each layer of the model does and why it is there.
func (r *Report) Explain(w io.Writer) error { return explain(w, r.plan, attentionDepth(r.roots)) }

// attentionDepth is the longest chain of aggregates: select is one above what it
// compares, an aggregate as deep as its selector, and one above its values.
func attentionDepth(roots []*graph.Node) int {
	deepest := 0
	for _, d := range graph.Depths(graph.Reachable(roots...)) {
		deepest = max(deepest, d)
	}
	return deepest
}
