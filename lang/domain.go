package lang

import (
	"rasp/lang/diag"
	"rasp/lang/domain"
	"rasp/lang/syntax"
	"rasp/runtime/form"
)

// Domain is that of the directives; the vocabulary may be nil and the length 0. A fault is
// one of the form of the inputs.
func (p *Program) Domain() (domain.Domain, *diag.Diagnostic) {
	says := p.File.Directives
	return p.Form(domain.Domain{Vocab: says.Vocab, Length: says.Length, Causal: says.Causal})
}

// Form is the part of a domain whose inputs are of the form that the directives say, if
// they say one and there is a vocabulary.
func (p *Program) Form(d domain.Domain) (domain.Domain, *diag.Diagnostic) {
	forms := p.File.Directives.Inputs
	if len(forms) == 0 || len(d.Vocab) == 0 {
		return d, nil
	}
	texts := make([]string, len(forms))
	for i, f := range forms {
		if _, err := d.Of(f.Text); err != nil {
			return d, syntax.FormFault(err, f.Where)
		}
		texts[i] = f.Text
	}
	of, err := d.Of(form.Join(texts))
	if err != nil {
		return d, diag.Errorf(forms[0].Where, diag.Domain, "%s", err)
	}
	if d.Length > 0 && of.Form.Shortest() > d.Length {
		return d, diag.Errorf(forms[0].Where, diag.Domain, "no input up to length %d is %s", d.Length, of.Form.Described()).
			WithHint("use a longer #rasp:length")
	}
	return of, nil
}
