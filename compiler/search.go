package compiler

import (
	"fmt"
	"math"
	"slices"

	"rasp/compiler/attest"
	"rasp/compiler/basis"
	"rasp/compiler/certify"
	"rasp/compiler/certify/noise"
	"rasp/compiler/construct"
	"rasp/compiler/demand"
	"rasp/compiler/emit"
	"rasp/compiler/lower"
	"rasp/compiler/naming"
	"rasp/compiler/rewrite"
	"rasp/lang/diag"
)

// The passes from the plan to the model that is taken. They run under one policy after
// the other: the first certified model is taken, at level 1 a smaller one beside it, at
// level 2 the one with the fewest layers, then the fewest parameters.

// lower plans under the next policy. Of a mean whose rounding matters it asks to know
// more.
func (c *compilation) lower() error {
	if c.policies == nil {
		c.policies = c.policiesFor(c.scores != nil)
	}
	c.policy, c.policies = c.policies[0], c.policies[1:]
	l, err := lower.Outputs(c.analysis.Facts, c.outputs, c.roots, c.scores, c.logits, c.policy)
	if err != nil {
		if l.Imprecise != nil && c.scores == nil {
			c.again = &rewrite.Request{Kind: rewrite.Enumerate, Node: l.Imprecise}
		}
		return err
	}
	c.lowered, c.plan = l, l.Plan
	size := parameters(c.plan.Shape(c.domain))
	if of := int64(c.options.Parameters); of > 0 && size/of >= muchLarger && c.best.plan == nil {
		return &LargeError{size}
	}
	c.work += size
	return c.checkSize()
}

// LargeError is the error where there is a plan, of so many weights, zeros included, and
// Options.Parameters are fewer by far.
type LargeError struct{ Parameters int64 }

func (e *LargeError) Error() string {
	return fmt.Sprintf("the model would have some %d weights, zeros included", e.Parameters)
}

// muchLarger is how many times as many weights a plan has that ends the search: neither a basis
// nor another policy makes a model of it that has so few.
const muchLarger = 4

// checkSize refuses plans of models that are too large: by what is not 0, and where zeros
// count, by these too.
func (c *compilation) checkSize() error {
	shape, n := c.plan.Shape(c.domain), c.plan.Weights()
	fault := func(format string, args ...any) error {
		return diag.Errorf(c.where(), diag.Limit, format, args...).
			WithHint("use a shorter #rasp:length or a smaller #rasp:vocab; see --dump facts for s-ops with many values")
	}
	switch positions, all := int64(shape.NCtx)*int64(shape.DModel), parameters(shape); {
	case n > maxWeights:
		return fault("the model would have %d weights that are not 0, the limit is %d", n, maxWeights)
	case positions > maxPositions:
		return fault("the positions of the model would have %d weights, zeros included, the limit is %d", positions, maxPositions)
	case all > math.MaxInt/4:
		return fault("the model would have %d weights, zeros included, and ints of 32 bits count no more than %d bytes", all, math.MaxInt)
	}
	return nil
}

// basis reads the columns of the plan off a basis of them, where that is smaller; level
// 0 keeps a column for each function.
func (c *compilation) basis() error {
	if c.options.Level > 0 && !c.options.Robust {
		if b := basis.Of(c.plan); smaller(b.Shape(c.domain), c.plan.Shape(c.domain)) {
			c.plan = b
		}
	}
	return nil
}

// emit writes weights, if the model would be the smallest so far.
func (c *compilation) emit() error {
	c.draft = nil
	if !c.better(c.plan.Shape(c.domain)) {
		return nil
	}
	c.plan.Order() // a plan and the same on a basis have columns in common
	c.draft = emit.Model(c.plan, c.domain)
	return nil
}

func (c *compilation) certify() error {
	if c.draft != nil {
		c.checked = certify.Model(c.plan, c.draft, construct.Float32, c.domain.Length)
	}
	return nil
}

// choose takes the draft if it is certified, and says where to go on: without the basis,
// if that has no certificate, else with the next policy, as long as that is worth it.
func (c *compilation) choose() error {
	t := trial{policy: c.policy, shape: c.plan.Shape(c.domain), based: c.plan != c.lowered.Plan}
	switch {
	case c.draft == nil:
		t.note = "not smaller"
	case c.checked.Exact() && !c.standsNoise():
		t.note, t.slack = "too noisy", c.checked.Slack
	case c.checked.Exact():
		t.note, t.slack = "taken", c.checked.Slack
		c.best = candidate{c.policy, c.plan, c.draft, c.checked}
		c.dumps.chosen = c.dumps.last
	default:
		t.note, t.slack = "no certificate", c.checked.Slack
		c.refused = c.checked
		if t.based {
			c.plan, c.next = c.lowered.Plan, "emit"
		} else if c.checked.Excess > hopeless {
			c.policies = slices.DeleteFunc(slices.Clone(c.policies), func(p demand.Policy) bool { return !p.OneHotValues })
		}
	}
	c.tried = append(c.tried, t)
	if c.next != "" {
		return nil
	}
	if len(c.policies) > 0 && (c.best.plan == nil || !c.enough(c.policies[0])) {
		c.next = "lower"
		return nil
	}
	return c.finish()
}

// hopeless is by what factor a number is so rough, by sums of steps over many fractions, that
// only what writes fractions without steps is worth a try.
const hopeless = 1 << 10

// attest writes beside the weights what they are for.
func (c *compilation) attest() error {
	c.witness = attest.Of(c.best.plan, c.analysis)
	text, err := attest.JSON(c.witness)
	c.best.model.Witness = text
	return err
}

// name gives each part of the model a name.
func (c *compilation) name() error {
	if c.options.Nameless {
		return nil
	}
	return c.best.model.SetNames(naming.Of(c.best.plan, c.best.model.Config, c.analysis, c.roots))
}

// finish puts certificate and text beside the weights of the model that is taken.
func (c *compilation) finish() error {
	if c.best.plan == nil && c.noisy != nil {
		return c.refuseNoise()
	}
	if c.best.plan == nil {
		if why := c.refused.Coarse(); why != "" {
			hint := "use a shorter #rasp:length or a smaller #rasp:vocab, or avoid sums in which large terms cancel"
			if c.scores != nil {
				hint = "make small weights 0, or larger"
			}
			if c.options.Robust {
				hint += ", or compile without --robust"
			}
			return diag.Errorf(c.where(), diag.Limit, "%s", why).WithHint("%s", hint)
		}
		if c.options.Robust {
			return c.notRobust()
		}
		bound := fmt.Sprintf("the error bound is %g of the margin", construct.Up(1/c.refused.Slack, 2))
		if c.refused.Slack == 0 {
			bound = "what is read has an error, and must have none"
		}
		return diag.Errorf(c.where(), diag.Limit, "float32 cannot separate the values at length %d: at %q %s",
			c.domain.Length, c.refused.Worst.What, bound).WithHint("use a shorter #rasp:length")
	}
	c.fault = nil // there is a model; what is wrong from here on is the compiler's
	c.best.model.Certificate = c.best.checked.Certificate(c.failed != nil)
	c.best.model.Certificate.Precisions = c.precisions()
	if c.options.Robust {
		stands := noise.Of(c.best.plan, c.best.model, c.best.checked)
		c.best.model.Certificate.Precisions = append(c.best.model.Certificate.Precisions, fewerDigits(stands)...)
		c.best.model.Certificate.Noise = stands.Certificate()
	}
	c.best.model.Source, c.best.model.Loads = c.options.Source, c.options.Loads
	c.lowered, c.plan, c.draft = nil, nil, nil // plans of models of words are hundreds of megabytes
	return nil
}

// notRobust says where a model that is to stand noise does not even stand float32.
func (c *compilation) notRobust() error {
	at := c.refused.Worst
	line := ""
	if at.Line > 0 {
		line = fmt.Sprintf(" in line %d", at.Line)
	}
	return diag.Errorf(c.where(), diag.Limit, "no model stands noise at length %d: at %q%s what heads bring is off by more than its margin",
		c.domain.Length, at.What, line).WithHint("use a shorter #rasp:length, or compile without --robust")
}

// precisions are the arithmetics in which the model that is taken is certified: float32,
// for which it is made, and float64 if that will do too.
func (c *compilation) precisions() []string {
	list := []string{construct.Float32.Name}
	if certify.Model(c.best.plan, c.best.model, construct.Float64, c.domain.Length).Exact() {
		list = append(list, construct.Float64.Name)
	}
	return list
}

// fewerDigits are the arithmetics with fewer digits in which a model that stands noise is right.
func fewerDigits(stands noise.Analysis) (list []string) {
	for _, in := range []construct.Precision{construct.TF32, construct.BFloat16, construct.Float16} {
		if stands.Holds(in) {
			list = append(list, in.Name)
		}
	}
	return list
}
