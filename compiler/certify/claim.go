package certify

import (
	"fmt"
	"io"
	"math"
	"strings"

	"rasp/compiler/construct"
	"rasp/runtime/model"
)

// Certificate is the claim for the model file. It is partial where the program fails on
// some inputs.
func (c *Outcome) Certificate(partial bool) model.Certificate {
	within := make([]float64, len(c.Within))
	for i, x := range c.Within {
		within[i] = construct.Up(x, 1)
	}
	of := ""
	if f, err := c.model.Form(); err == nil && f != nil {
		of = f.Described() + " "
	}
	domain := fmt.Sprintf("for every input %sover this vocabulary up to length %d", of, c.length)
	if partial {
		domain += " on which the program has a value"
	}
	claim := "exact " + domain
	switch numbers := c.numbersWithin(within); {
	case c.plan.Predicts():
		claim = fmt.Sprintf("probabilities to within %g, relative, %s", within[0], domain)
	case numbers != "":
		claim = "exact but for rounding " + domain + ": numbers to within " + numbers
	}
	slack := c.Slack
	if math.IsInf(slack, 1) {
		slack = math.MaxFloat64
	}
	return model.Certificate{Exact: true, Partial: partial, Length: c.length, Claim: claim, Checks: c.checks, Slack: slack, Worst: c.Worst.What, Within: within}
}

// numbersWithin lists the bounds of the outputs that are not exact, by name if there is
// another output.
func (c *Outcome) numbersWithin(within []float64) string {
	var list []string
	for i, o := range c.plan.Outputs {
		switch {
		case within[i] == 0:
		case len(within) == 1:
			list = append(list, fmt.Sprintf("%g", within[i]))
		default:
			list = append(list, fmt.Sprintf("%g (%s)", within[i], o.Name))
		}
	}
	return strings.Join(list, ", ")
}

// Print writes the outcome, and the decoding place that is nearest to its margin.
func (c *Outcome) Print(w io.Writer) error {
	verdict := "exact"
	if !c.Exact() {
		verdict = "not exact"
	}
	least := "nothing is decoded with an error"
	if !math.IsInf(c.Slack, 1) {
		least = fmt.Sprintf("the least margin is %g times the error bound, at %q", construct.Down(c.Slack, 3), c.Worst.What)
	}
	if _, err := fmt.Fprintf(w, "%s: decoding places %d, %s\n", verdict, c.checks, least); err != nil {
		return err
	}
	for i, o := range c.plan.Outputs {
		what := "exact"
		switch {
		case o.Next:
			what = fmt.Sprintf("probabilities to within %g, relative", construct.Up(c.Within[i], 3))
		case c.Within[i] > 0:
			what = fmt.Sprintf("numbers to within %g", construct.Up(c.Within[i], 3))
		}
		if _, err := fmt.Fprintf(w, "%s: %s\n", o.Name, what); err != nil {
			return err
		}
	}
	return nil
}
