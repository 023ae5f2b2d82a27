package open

import (
	"context"
	"io"

	"rasp/compiler"
	"rasp/compiler/verify"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/lang/value"
	"rasp/runtime"
	"rasp/runtime/model"
)

// Choices say for which inputs and how a program is compiled. They override its
// directives.
type Choices struct {
	Vocab   []value.Value // nil: the directive's
	Length  int           // 0: the directive's
	Causal  *bool         // nil: the directive's
	Level   int           // of optimization, 0 to 2
	Robust  bool          // only a model that stands noise
	Sigma   float64       // of the relative noise that it must stand; 0: any
	Partial bool          // accept a program that fails on some inputs

	Dump   string    // name of the pass after which to print the program
	DumpTo io.Writer // not nil if there is a Dump
	Debug  bool      // show the stack of a fault of the compiler

	Progress func(pass string) // hears of each pass of the compiler; may be nil

	Context context.Context // ends the compilation between two passes; nil: never
}

// Outputs of a program: those named or, if none are, what the program says. A
// prediction is over vocab.
func Outputs(program *lang.Program, names []string, vocab []value.Value) ([]graph.Output, error) {
	outputs, fault := program.Outputs(names, vocab)
	if fault == nil {
		return outputs, nil
	}
	if len(names) == 0 && fault.Span.Source == nil {
		fault.Span.Source = program.File.Source
	}
	return nil, fault
}

// lenient is the domain as far as it is known, of inputs of any form; Vocab may be nil and
// Length 0.
func (c Choices) lenient(program *lang.Program) domain.Domain {
	says := program.File.Directives
	d := domain.Domain{Vocab: says.Vocab, Length: says.Length, Causal: says.Causal}
	if c.Vocab != nil {
		d.Vocab = c.Vocab
	}
	if c.Length != 0 {
		d.Length = c.Length
	}
	if c.Causal != nil {
		d.Causal = *c.Causal
	}
	return d
}

// Lenient is the domain as far as it is known; Vocab may be nil and Length 0. The error is
// one of the form of the inputs.
func (c Choices) Lenient(program *lang.Program) (domain.Domain, error) {
	d, fault := program.Form(c.lenient(program))
	if fault != nil {
		return d, fault
	}
	return d, nil
}

// Interpreted are the outputs that are named, or those that the program says, and the domain
// as far as it is known: all that an interpretation takes.
func (c Choices) Interpreted(program *lang.Program, names []string) ([]graph.Output, domain.Domain, error) {
	d, err := c.Lenient(program)
	if err != nil {
		return nil, d, err
	}
	outputs, err := Outputs(program, names, d.Vocab)
	return outputs, d, err
}

// Domain of the model. The error is a diag.List of what neither the program nor the
// choices say.
func (c Choices) Domain(program *lang.Program) (domain.Domain, error) {
	d := c.lenient(program)
	top := diag.Span{Source: program.File.Source}
	var faults diag.List
	if len(d.Vocab) == 0 {
		faults = append(faults, diag.Errorf(top, diag.Domain, "a model needs a vocabulary, and the program gives none").
			WithHint(`write #rasp:vocab "abc" in the program or --vocab abc on the command line`))
	}
	if d.Length == 0 {
		faults = append(faults, diag.Errorf(top, diag.Domain, "a model needs the length of the longest input, and the program gives none").
			WithHint("write #rasp:length 20 in the program or --length 20 on the command line"))
	}
	if err := faults.Err(); err != nil {
		return d, err
	}
	return c.Lenient(program)
}

// Compiled is a model, what it was compiled from and what the compiler says of it.
type Compiled struct {
	*model.Model
	Outputs []graph.Output
	Report  *compiler.Report
}

// Compile compiles the outputs that are named, or those that the program says.
func (c Choices) Compile(program *lang.Program, names []string) (Compiled, error) {
	outputs, err := Outputs(program, names, c.lenient(program).Vocab)
	if err != nil {
		return Compiled{}, err
	}
	d, err := c.Domain(program)
	if err != nil {
		return Compiled{}, err
	}
	for _, o := range outputs {
		if o.Next == nil && o.Node.IsSelector() {
			return Compiled{}, diag.Errorf(o.Span, diag.Type, "%s is a selector; a model gives s-ops", o.Name).
				WithHint("aggregate over it, or name an s-op with #rasp:output, --main or --output")
		}
	}
	m, report, err := compiler.Compile(outputs, d, compiler.Options{
		Level: c.Level, Robust: c.Robust, Sigma: c.Sigma, Partial: c.Partial || program.File.Directives.Partial, Dump: c.Dump, DumpTo: c.DumpTo, Debug: c.Debug, Source: program.File.Source.Text, Loads: program.Loaded,
		Context: c.Context, Progress: c.Progress,
		Engine: func(m *model.Model) verify.Engine { return runtime.NewSession(m) },
	})
	return Compiled{m, outputs, report}, err
}
