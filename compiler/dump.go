package compiler

import (
	"fmt"
	"io"

	"rasp/compiler/attest"
	"rasp/compiler/logits"
	"rasp/compiler/naming"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/runtime/model"
)

// What each pass hands over, for --dump, and whether it is as it should be. The checks
// take a few thousandths of the time of a compilation, and run each time.

func (c *compilation) dumpGraph(w io.Writer) error { return graph.Print(w, c.roots...) }
func (c *compilation) checkGraph() error           { return graph.Check(c.roots...) }

func (c *compilation) dumpFacts(w io.Writer) error { return c.analysis.Facts.Print(w) }
func (c *compilation) checkFacts() error           { return c.analysis.Facts.Check() }

func (c *compilation) dumpSupport(w io.Writer) error {
	if c.scores == nil {
		_, err := fmt.Fprintln(w, "no output predicts the next token")
		return err
	}
	return logits.Print(w, c.logits)
}

// where a node stands in the program.
func where(n *graph.Node) string {
	if n.Span.Source == nil {
		return "-"
	}
	return fmt.Sprintf("%d:%d", n.Span.Line(), n.Span.Col())
}

// dumpFailing lists the doubts: where the program may fail, as far as value sets tell.
func (c *compilation) dumpFailing(w io.Writer) error {
	for _, d := range c.analysis.Doubts {
		if _, err := fmt.Fprintf(w, "%s: %s may fail: %s\n", where(d.Node), graph.Describe(d.Node), d.Message); err != nil {
			return err
		}
	}
	found := "no input was found on which the program fails"
	if c.failed != nil {
		found = c.failed.Message
	}
	_, err := fmt.Fprintf(w, "doubts: %d; %s\n", len(c.analysis.Doubts), found)
	return err
}

func (c *compilation) dumpPlan(w io.Writer) error   { return c.plan.Print(w) }
func (c *compilation) dumpOffers(w io.Writer) error { return c.lowered.Demands.PrintOffers(w) }
func (c *compilation) checkPlan() error             { return c.plan.Check() }

func (c *compilation) dumpModel(w io.Writer) error {
	if c.draft == nil {
		_, err := fmt.Fprintln(w, "no weights: the model would not be smaller than the one that is there")
		return err
	}
	return printShape(w, c.draft)
}

func (c *compilation) dumpCertificate(w io.Writer) error {
	if c.draft == nil {
		return c.dumpModel(w)
	}
	return c.checked.Print(w)
}

// dumpChoice lists the models that were planned.
func (c *compilation) dumpChoice(w io.Writer) error {
	for _, t := range c.tried {
		columns := "all columns"
		if t.based {
			columns = "a basis"
		}
		if _, err := fmt.Fprintf(w, "layers %d, heads %d, d_model %d, d_head %d, d_mlp %d on %s; %v: %s\n",
			t.shape.Layers, t.shape.Heads, t.shape.DModel, t.shape.DHead, t.shape.DMLP, columns, t.policy, t.note); err != nil {
			return err
		}
	}
	return nil
}

func (c *compilation) checkModel() error {
	if c.next != "" {
		return nil
	}
	return c.best.model.Validate()
}

func (c *compilation) dumpObserved(w io.Writer) error {
	o := c.observed
	_, err := fmt.Fprintf(w, "the facts of %s, among them %s, hold on %s; the program fails on %d of these\n",
		diag.Count(len(c.analysis.Nodes), "node"), diag.Count(o.Claims, "claim"), diag.Count(o.Inputs, "input"), o.Failed)
	return err
}

func (c *compilation) dumpWitness(w io.Writer) error { return attest.Print(w, c.witness) }

func (c *compilation) dumpNames(w io.Writer) error {
	n, err := c.best.model.ReadNames()
	if err != nil {
		return err
	}
	return naming.Print(w, n)
}

func (c *compilation) dumpVerified(w io.Writer) error {
	_, err := fmt.Fprintf(w, "interpreter and model agree on %d inputs\n%s\n", c.inputsToCheck(), c.best.model.Certificate.Claim)
	return err
}

// printShape writes the sizes of a model, and how much of it is not zero.
func printShape(w io.Writer, m *model.Model) error {
	total, nonzero := m.Parameters()
	_, err := fmt.Fprintf(w, "layers %d, heads %d, d_model %d, d_head %d, d_mlp %d\nparameters %d (%d nonzero)\n",
		m.Layers, m.Heads, m.DModel, m.DHead, m.DMLP, total, nonzero)
	return err
}
