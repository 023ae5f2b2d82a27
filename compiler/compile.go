package compiler

import (
	"errors"
	"io"

	"rasp/compiler/certify"
	"rasp/compiler/construct"
	"rasp/compiler/explain"
	"rasp/lang/diag"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/runtime/model"
)

// Compile turns the outputs of a program, of which there is at least one, into a
// transformer that equals the interpreter on every input of the domain on which the
// program does not fail. An output that is a distribution must be the only one. The
// error is a diag.List, that of the context, or a *LargeError; then there is no model.
func Compile(outputs []graph.Output, domain domain.Domain, options Options) (*model.Model, *Report, error) {
	c := &compilation{outputs: outputs, domain: domain, options: options, report: &Report{}}
	m, err := c.run()
	if ended := options.ended(); ended != nil {
		return nil, nil, ended
	}
	if large := (*LargeError)(nil); errors.As(err, &large) {
		return nil, nil, large
	}
	if err != nil {
		return nil, nil, asList(c.remedy(err))
	}
	c.report.plan, c.report.roots = c.best.plan, c.roots
	return m, c.report, nil
}

// ended is why the compilation shall end before there is a model, if it shall.
func (o *Options) ended() error {
	if o.Context == nil {
		return nil
	}
	return o.Context.Err()
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

// Certify bounds the errors of the model in another arithmetic than that for which it was
// compiled. It must be the one that came with the report, or equal to it.
func (r *Report) Certify(m *model.Model, in construct.Precision) *certify.Outcome {
	return certify.Model(r.plan, m, in, m.Certificate.Length)
}

// Explain writes what each layer of the model does and why it is there.
func (r *Report) Explain(w io.Writer) error { return explain.Write(w, r.plan, attentionDepth(r.roots)) }
