package service

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"rasp/cmd/rasp/open"
	"rasp/compiler/verify"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/domain"
	"rasp/lang/value"
)

// Shown is the result of a command.
type Shown struct {
	Title   string `json:"title"`
	Kind    string `json:"kind"` // text or svg
	Content string `json:"content"`
}

// Do carries out one of the commands of lenses for the output of that name. Faults of the
// program or the model are part of what is shown; the error is that of ctx, or of an unknown
// command.
func (s *Snapshot) Do(ctx context.Context, command, name string) (Shown, error) {
	do, known := map[string]func(context.Context, string) (Shown, error){
		Run: s.run, Draw: s.draw, Compile: s.compile, Verify: s.verify,
	}[command]
	if !known {
		return Shown{}, fmt.Errorf("there is no command %q", command)
	}
	shown, err := do(ctx, name)
	if ctx.Err() != nil {
		return Shown{}, ctx.Err()
	}
	if err != nil {
		return Shown{Title: command + " " + name, Kind: "text", Content: inWords(err)}, nil
	}
	return shown, nil
}

// inWords shows faults with their places, as the commands do.
func inWords(err error) string {
	var list diag.List
	if !errors.As(err, &list) {
		list = diag.List{open.Diagnose(err)}
	}
	var b strings.Builder
	for _, d := range list {
		b.WriteString(d.Render())
	}
	return b.String()
}

func namesOf(name string) []string {
	if name == "" {
		return nil
	}
	return []string{name}
}

// opened is a program with what it is asked for and the domain as far as it is known.
func (s *Snapshot) opened(name string) (program *lang.Program, runner open.Runner, d domain.Domain, err error) {
	if program, err = s.parseWhole(); err != nil {
		return nil, nil, d, err
	}
	outputs, d, err := open.Choices{}.Interpreted(program, namesOf(name))
	if err != nil {
		return nil, nil, d, err
	}
	return program, open.Interpreted(outputs, d), d, nil
}

// run shows the output on all examples of the program.
func (s *Snapshot) run(_ context.Context, name string) (Shown, error) {
	_, runner, _, err := s.opened(name)
	if err != nil {
		return Shown{}, err
	}
	inputs := make([]open.Given, len(s.examples))
	for i, x := range s.examples {
		inputs[i] = open.GivenTokens(x.tokens)
	}
	var b strings.Builder
	err = runner.Run(inputs, func(n int, results []open.Result, err error) error {
		if err != nil {
			fmt.Fprintf(&b, "on %s:\n%s", s.examples[n].shown, inWords(err))
		}
		for _, r := range results {
			fmt.Fprintf(&b, "%s(%s) = %s\n", r.Name, s.examples[n].shown, resultText(r))
		}
		return nil
	})
	return Shown{"run " + name, "text", b.String()}, err
}

func resultText(r open.Result) string {
	if r.Selector == nil {
		return string(r.AppendSequence(nil))
	}
	var b strings.Builder
	for _, row := range r.Selector {
		b.WriteString("\n  " + join(len(row), func(j int) string {
			if row[j] {
				return "1"
			}
			return "."
		}))
	}
	return b.String()
}

// draw shows the way to the output on the first example.
func (s *Snapshot) draw(_ context.Context, name string) (Shown, error) {
	program, err := s.parseWhole()
	if err != nil {
		return Shown{}, err
	}
	x := s.examples[0]
	p, err := open.Choices{}.Picture(program, namesOf(name), x.tokens, x.shown)
	if err != nil {
		return Shown{}, err
	}
	return Shown{fmt.Sprintf("%s(%s)", name, x.shown), "svg", string(p.SVG())}, nil
}

// certified is the model; the error may be why the compiler refuses it.
func (s *Snapshot) certified(ctx context.Context, name string) (*Compiled, error) {
	c, err := s.Compile(ctx, namesOf(name)...)
	if err == nil && c.Refused != nil {
		err = c.Refused
	}
	return c, err
}

// compile shows what the model is made of.
func (s *Snapshot) compile(ctx context.Context, name string) (Shown, error) {
	c, err := s.certified(ctx, name)
	if err != nil {
		return Shown{}, err
	}
	var b strings.Builder
	b.WriteString(c.Size() + "\n\n")
	if err := c.Report.Explain(&b); err != nil {
		return Shown{}, err
	}
	return Shown{"the model of " + name, "text", b.String()}, nil
}

// verify compares the model with the interpreter.
func (s *Snapshot) verify(ctx context.Context, name string) (Shown, error) {
	c, err := s.certified(ctx, name)
	if err != nil {
		return Shown{}, err
	}
	o := verify.Options{Seed: 1}
	if o.Engine, err = (open.Device{}).Engines(c.Model); err != nil {
		return Shown{}, err
	}
	report, err := verify.Run(ctx, c.Model, c.Outputs, o)
	if err != nil {
		return Shown{}, err
	}
	return Shown{"verify " + name, "text", verdict(report)}, nil
}

func verdict(r verify.Report) string {
	switch x := r.Counterexample; {
	case x != nil:
		return fmt.Sprintf("differs at position %d:\ninterpreter %s(%s) = %s\nmodel       %s(%s) = %s\n", x.Position,
			x.Output, inputText(x.Input), value.FormatSequence(x.Interpreter), x.Output, inputText(x.Input), value.FormatSequence(x.Model))
	case r.Compared() == 0:
		return fmt.Sprintf("nothing to compare: the program fails on all of %d inputs\n", r.Faulted)
	case r.Exhaustive:
		return fmt.Sprintf("equal on every input of the domain: %d inputs\n", r.Compared())
	}
	return fmt.Sprintf("equal on %d inputs: all up to length %d, the others random\n", r.Compared(), r.AllUpTo)
}
