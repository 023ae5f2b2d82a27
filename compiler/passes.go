package compiler

import (
	"bytes"
	"fmt"
	"io"
	"runtime/debug"
	"slices"

	"rasp/compiler/rewrite"
	"rasp/lang/diag"
	"rasp/runtime/model"
)

// data is what passes hand over to each other.
type data string

const (
	theGraph     data = "graph"       // s-ops and selectors
	theFacts     data = "facts"       // their values, and what is known of selectors
	theLogits    data = "logits"      // of a prediction: which token can come next, and by what
	thePlan      data = "plan"        // columns, heads and neurons
	theModel     data = "model"       // weights
	theCertified data = "certificate" // bounds of errors against margins
	theChoice    data = "choice"      // the certified model that is taken
	theWitness   data = "witness"     // what it is for, by heads
	theNames     data = "names"       // of dimensions, heads and neurons
)

// pass is a row of the table of passes.
type pass struct {
	name   string
	reads  []data
	writes []data
	why    string // it stands here
	run    func(*compilation) error
	dump   func(*compilation, io.Writer) error
	check  func(*compilation) error // what it hands over, each time; nil for nothing to check
}

// passes are all that runs, in order. A pass that fails ends the compilation, unless it
// asks for better facts (refine.go). From lower to choose they run once a policy.
var passes = []pass{
	{"share", []data{theGraph}, []data{theGraph}, "equal nodes are one from here on",
		(*compilation).share, (*compilation).dumpGraph, (*compilation).checkGraph},
	{"widths", []data{theGraph}, []data{theGraph}, "after share, which makes the selectors of the idiom one; then the scores of a prediction are taken apart",
		(*compilation).widths, (*compilation).dumpGraph, (*compilation).checkGraph},
	{"facts", []data{theGraph}, []data{theFacts}, "after all that rewrites the graph by its shape alone; it and lower may ask for better facts, see refine.go",
		(*compilation).findFacts, (*compilation).dumpFacts, (*compilation).checkFacts},
	{"support", []data{theFacts}, []data{theLogits}, "before failing: it adds doubts, places where the program may fail",
		(*compilation).support, (*compilation).dumpSupport, nil},
	{"failing", []data{theFacts, theLogits}, nil, "when all doubts are known",
		(*compilation).failing, (*compilation).dumpFailing, nil},
	{"lower", []data{theFacts, theLogits}, []data{thePlan}, "by demand, from the outputs backwards; once a policy",
		(*compilation).lower, (*compilation).dumpPlan, (*compilation).checkPlan},
	{"basis", []data{thePlan}, []data{thePlan}, "when all columns are there, before a weight is",
		(*compilation).basis, (*compilation).dumpPlan, (*compilation).checkPlan},
	{"emit", []data{thePlan}, []data{theModel}, "when the plan is whole",
		(*compilation).emit, (*compilation).dumpModel, nil},
	{"certify", []data{thePlan, theModel}, []data{theCertified}, "through the weights as they are in the model",
		(*compilation).certify, (*compilation).dumpCertificate, nil},
	{"choose", []data{thePlan, theModel, theCertified}, []data{theChoice}, "a model is taken only with a certificate; goes back to emit without the basis, to lower for the next policy",
		(*compilation).choose, (*compilation).dumpChoice, (*compilation).checkModel},
	{"observe", []data{theGraph, theFacts}, nil, "when facts are final: no policy is left that could ask for better ones",
		(*compilation).observe, (*compilation).dumpObserved, nil},
	{"attest", []data{theGraph, theFacts, theChoice}, []data{theWitness}, "of the model that is taken, in words of the text",
		(*compilation).attest, (*compilation).dumpWitness, nil},
	{"name", []data{theGraph, theFacts, theChoice}, []data{theNames}, "of the parts of the model that is taken",
		(*compilation).name, (*compilation).dumpNames, nil},
	{"verify", []data{theChoice}, nil, "the interpreter has the last word",
		(*compilation).verify, (*compilation).dumpVerified, nil},
}

// place of a pass in the table.
func place(name string) int {
	return slices.IndexFunc(passes, func(p pass) bool { return p.name == name })
}

// run goes through the passes. What is in Dump is printed also if one of them fails.
func (c *compilation) run() (*model.Model, error) {
	if err := c.checkDomain(); err != nil {
		return nil, err
	}
	err := c.runPasses(passes[0].name, passes[len(passes)-1].name)
	if dumpErr := c.dumps.write(c.options.DumpTo); err == nil {
		err = dumpErr
	}
	if err != nil {
		return nil, err
	}
	return c.best.model, nil
}

// runPasses runs them from the first named one up to the last run of the other. A pass
// can say where to go on (next); one that fails can ask for better facts (again), and if
// these do not help, its fault is the answer (fault).
func (c *compilation) runPasses(first, last string) error {
	for at := place(first); at < len(passes); at++ {
		if err := c.options.ended(); err != nil {
			return err
		}
		p := &passes[at]
		if c.options.Progress != nil {
			c.options.Progress(p.name)
		}
		err := c.guarded(p)
		if again := c.again; err != nil && again != nil {
			c.again = nil
			if c.refine(again) {
				if again.Kind == rewrite.Enumerate {
					c.fault = err
				}
				at = place("facts") - 1
				continue
			}
		}
		if err != nil {
			if c.fault != nil {
				return c.fault // the facts did not get better
			}
			return err
		}
		if err := c.note(p); err != nil {
			return err
		}
		if c.next != "" {
			at, c.next = place(c.next)-1, ""
		} else if p.name == last {
			return nil
		}
	}
	return nil
}

// guarded runs a pass; if the compiler itself fails there, the user gets a
// sentence instead of a stack.
func (c *compilation) guarded(p *pass) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = c.internal("the compiler failed in its pass %q; this is a fault of the compiler, not of the program (%v)", p.name, fault)
		}
	}()
	if err := p.run(c); err != nil || p.check == nil {
		return err
	}
	if err := p.check(c); err != nil {
		return c.internal("what the pass %q hands over is not as it should be; this is a fault of the compiler, not of the program (%v)", p.name, err)
	}
	return nil
}

// internal is a fault of the compiler.
func (c *compilation) internal(format string, args ...any) *diag.Diagnostic {
	d := diag.Errorf(c.where(), diag.Internal, format, args...)
	if c.options.Debug {
		d.Message += "\n" + string(debug.Stack())
	}
	return d
}

// note prints what a pass has made, if it is asked for. Of one that runs once a policy the
// run for the model that is chosen stays: choose keeps what was printed before it.
func (c *compilation) note(p *pass) error {
	if p.name != c.options.Dump && !(p.name == "lower" && c.options.Dump == "offers") {
		return nil
	}
	dump := p.dump
	if p.name != c.options.Dump {
		dump = (*compilation).dumpOffers
	}
	var b bytes.Buffer
	err := dump(c, &b)
	if b.Len() == 0 {
		b.WriteString("nothing\n")
	}
	c.dumps.last = b.Bytes()
	if p.name == "choose" || p.name == "verify" {
		c.dumps.chosen = nil
	}
	return err
}

// DumpNames lists what can be dumped: the passes, and offers, which lower decides by.
func DumpNames() []string {
	var names []string
	for _, p := range passes {
		names = append(names, p.name)
		if p.name == "lower" {
			names = append(names, "offers")
		}
	}
	return names
}

// DescribePasses writes the table of passes: what each reads and writes, and why it
// stands where it does.
func DescribePasses(w io.Writer) error {
	for _, p := range passes {
		if _, err := fmt.Fprintf(w, "%-8s %-30s %s\n", p.name, fmt.Sprintf("%v -> %v", p.reads, p.writes), p.why); err != nil {
			return err
		}
	}
	return nil
}
