package compiler

import (
	"context"
	"io"

	"rasp/compiler/analysis"
	"rasp/compiler/certify"
	"rasp/compiler/demand"
	"rasp/compiler/logits"
	"rasp/compiler/lower"
	"rasp/compiler/observe"
	"rasp/compiler/plan"
	"rasp/compiler/prove/witness"
	"rasp/compiler/rewrite"
	"rasp/compiler/verify"
	"rasp/lang/diag"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/runtime/model"
)

// Options of a compilation.
type Options struct {
	Level   int     // 0 readable, 1 fast and good, 2 search for the smallest
	Robust  bool    // only models that stand noise, other precisions and rotations
	Sigma   float64 // standard deviation of relative noise that a robust model must stand; 0: any
	Partial bool    // accept a program that fails on some inputs of the domain
	Dump    string  // what is printed to DumpTo, see DumpNames
	DumpTo  io.Writer
	Debug   bool              // show the stack of a fault of the compiler
	Source  string            // the text of the program, for the model file
	Loads   map[string]string // the files that it loads, by their paths

	// Context ends the compilation, with its error, between two passes; nil: it is never ended.
	Context context.Context

	// Parameters is how many weights a model has that is of use, zeros included. A plan of
	// many more ends the search, with a *LargeError; 0: none does.
	Parameters int

	// Progress hears of each pass before it runs; nil: nobody does.
	Progress func(pass string)

	// Nameless leaves the parts of the model without names (see model.Names).
	Nameless bool

	// Engine makes what runs the finished model, for the pass that compares it with
	// the interpreter. It must be there, unless the model is Unverified: that is for
	// who compares it on all inputs, or on MostTried random ones and more.
	Engine     func(*model.Model) verify.Engine
	Unverified bool
}

// Report is what the compiler has to say beside the model.
type Report struct {
	Warnings diag.List

	plan  *plan.Plan // what Explain speaks of
	roots []*graph.Node
}

// compilation is a program on its way through the passes.
type compilation struct {
	outputs []graph.Output
	domain  domain.Domain
	options Options
	report  *Report

	rewritten *rewrite.Program // the graph
	roots     []*graph.Node
	analysis  *analysis.Analysis
	failed    *diag.Diagnostic // on which input the program fails, if one was found
	scores    *logits.Scores   // of a prediction, nil for outputs
	logits    []*logits.Logit  // of a prediction

	policies []demand.Policy // left to try; nil before the first
	policy   demand.Policy
	work     int64         // weights planned so far
	lowered  *lower.Result // under the policy
	plan     *plan.Plan    // that, or the same on a basis
	draft    *model.Model
	checked  *certify.Outcome
	refused  *certify.Outcome // of a model without a certificate
	noisy    *tooNoisy        // of the quietest model that stands less noise than it must
	tried    []trial
	best     candidate
	witness  *witness.Witness // of that

	again    *rewrite.Request // what the pass that failed asks for
	observed observe.Outcome

	next  string // the pass to go on with, if not the one after
	fault error  // why there was no plan when the facts were asked to be better
	dumps dumps
}

// candidate is a certified model.
type candidate struct {
	policy  demand.Policy
	plan    *plan.Plan
	model   *model.Model
	checked *certify.Outcome
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
	if c.options.Engine == nil && !c.options.Unverified {
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
	c.rewrite(rewrite.Of(graph.Roots(c.outputs)))
	return nil
}

// maxLength bounds the work on inputs of which hardly a certificate says anything: float32
// ends counting not far beyond, and heads take the square of it.
const maxLength = 1 << 16

// maxNodes bounds the s-ops and selectors that a model is made of, equal ones counted
// once: a table for each.
const maxNodes = 1 << 16

// trial is a model that was planned, and what became of it.
type trial struct {
	policy demand.Policy
	shape  model.Config
	based  bool // on a basis
	slack  float64
	note   string
}

// dumps is what Options.Dump asks for, of the last run of its pass; what is dumped of
// the model that is chosen stays.
type dumps struct{ last, chosen []byte }

func (d *dumps) write(w io.Writer) error {
	text := d.chosen
	if text == nil {
		text = d.last
	}
	if w == nil || text == nil {
		return nil
	}
	_, err := w.Write(text)
	return err
}
