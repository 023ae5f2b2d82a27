package lang

import (
	"rasp/lang/diag"
	"rasp/lang/elab"
	"rasp/lang/element"
	"rasp/lang/graph"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// prediction is what the output of the program, the one of #rasp:output or else
// the last, says of the next token; nil if that is an ordinary s-op. A dict that
// is not named by #rasp:output counts if it can be scores of tokens.
func (p *Program) prediction(vocab []value.Value) (*graph.Output, *diag.Diagnostic) {
	d := p.File.Directives
	switch len(d.Outputs) {
	case 0:
		b, ok := p.last()
		if !ok {
			return nil, nil
		}
		if dict, ok := b.Value.(*elab.Dict); ok && !d.Logits && !scored(dict, vocab) {
			return nil, nil
		}
		return p.distribution(b, vocab)
	case 1:
		return p.predictionOf(d.Outputs[0], vocab)
	}
	for _, name := range d.Outputs {
		if v, _ := p.session.Lookup(name); v != nil && elab.KindOf(v) == "dict" {
			return nil, diag.Errorf(d.Where["output"], diag.Domain, "%s is a dict, which predicts the next token: it must be the only output", name).
				WithHint("#rasp:output %s", name)
		}
	}
	return nil, p.unpredicted()
}

// predictionOf is what a name says of the next token: a dict, or the output of
// the program; nil for any other name.
func (p *Program) predictionOf(name string, vocab []value.Value) (*graph.Output, *diag.Diagnostic) {
	for _, b := range p.session.Bindings() {
		if _, dict := b.Value.(*elab.Dict); b.Name == name && (dict || p.isOutput(name)) {
			return p.distribution(b, vocab)
		}
	}
	return nil, nil
}

// isOutput reports whether a name is the one output of the program.
func (p *Program) isOutput(name string) bool {
	if outputs := p.File.Directives.Outputs; len(outputs) > 0 {
		return len(outputs) == 1 && outputs[0] == name
	}
	last, ok := p.last()
	return ok && last.Name == name
}

// last is the last name bound to what can be an output, if no fault may have
// kept a later one from being bound.
func (p *Program) last() (last elab.Bound, ok bool) {
	for _, b := range p.session.Bindings() {
		switch b.Value.(type) {
		case elab.SOp, elab.Selector, *elab.Dict:
			last, ok = b, true
		}
	}
	return last, ok && p.faultAfter(last.Span) == nil
}

// scored reports whether a dict can be scores of tokens: its keys are tokens, its values
// numbers or s-ops.
func scored(d *elab.Dict, vocab []value.Value) bool {
	places := value.NewIndex(vocab)
	for i, key := range d.Keys {
		if places.Find(key) < 0 {
			return false
		}
		switch v := d.Values[i].(type) {
		case elab.SOp:
		case elab.Atom:
			if !v.IsNumber() {
				return false
			}
		default:
			return false
		}
	}
	return len(d.Keys) > 0
}

// unpredicted is the fault of a directive about predictions in a program that
// makes none.
func (p *Program) unpredicted() *diag.Diagnostic {
	d := p.File.Directives
	if d.Logits {
		return diag.Errorf(d.Where["logits"], diag.Domain, "#rasp:logits goes with an output that is a dict from tokens to logits").
			WithHint(`next = {"a": .., "b": ..};`)
	}
	if d.Confidence > 0 {
		return diag.Errorf(d.Where["confidence"], diag.Domain, "#rasp:confidence goes with one output, an s-op that is the next token").
			WithHint("name it with #rasp:output")
	}
	return nil
}

// distribution is what a name says of the next token; nil if that is an ordinary
// s-op.
func (p *Program) distribution(b elab.Bound, vocab []value.Value) (*graph.Output, *diag.Diagnostic) {
	d := p.File.Directives
	dict, scores := b.Value.(*elab.Dict)
	s, sop := b.Value.(elab.SOp)
	switch {
	case scores && d.Confidence > 0, sop && d.Logits, !scores && !sop:
		return nil, p.unpredicted()
	case !scores && d.Confidence == 0:
		return nil, nil
	case len(vocab) == 0:
		return nil, diag.Errorf(b.Span, diag.Domain, "%s predicts the next token, and there is no vocabulary to choose it from", b.Name).
			WithHint(`add a line like #rasp:vocab "abc", or use --vocab`)
	case sop && len(vocab) == 1 && d.Confidence < 1:
		return nil, diag.Errorf(d.Where["confidence"], diag.Domain, "a vocabulary of one token leaves no other to share the rest of the probability").
			WithHint("remove the directive, or add tokens to the vocabulary")
	}
	r := &graph.Output{Name: b.Name, Span: b.Span, Next: &graph.Distribution{Confidence: 1, Logits: d.Logits}}
	if sop {
		r.Next.Token, r.Next.Confidence = s.Node, d.Confidence
		return r, nil
	}
	return r, p.score(r, dict, vocab)
}

// score fills in the tokens of a dict and their scores.
func (p *Program) score(r *graph.Output, dict *elab.Dict, vocab []value.Value) *diag.Diagnostic {
	if len(dict.Keys) == 0 {
		return diag.Errorf(r.Span, diag.Value, "%s is empty: at least one token must be able to come next", r.Name)
	}
	places := value.NewIndex(vocab)
	for i, key := range dict.Keys {
		if places.Find(key) < 0 {
			return diag.Errorf(p.entry(r, i), diag.Domain, "%s is not a token of the vocabulary", value.Describe(key)).
				WithHint("the keys of a dict that predicts the next token are tokens of #rasp:vocab")
		}
	}
	positive := r.Next.Logits
	for _, token := range vocab {
		v, ok := dict.Get(token)
		if !ok {
			continue
		}
		n, fault := p.scoreOf(r, token, v)
		if fault != nil {
			fault.Span = p.entry(r, value.NewIndex(dict.Keys).Find(token))
			return fault
		}
		r.Next.Tokens, r.Next.Scores = append(r.Next.Tokens, token), append(r.Next.Scores, n)
		positive = positive || n.Op != graph.Const || n.Value.Float64() > 0
	}
	if !positive {
		return diag.Errorf(r.Span, diag.Value, "all weights of %s are 0: at least one token must be able to come next", r.Name)
	}
	return nil
}

// scoreOf is the s-op of a score; the fault has no place yet.
func (p *Program) scoreOf(r *graph.Output, token value.Value, v elab.Value) (*graph.Node, *diag.Diagnostic) {
	what := "weight"
	if r.Next.Logits {
		what = "logit"
	}
	refuse := func(kind diag.Kind, found string) *diag.Diagnostic {
		return diag.Errorf(diag.Span{}, kind, "the %s of %s is %s", what, value.Describe(token), found)
	}
	switch v := v.(type) {
	case elab.SOp:
		if kinds := p.session.Elements(v.Node); kinds&element.Numbers == 0 {
			return nil, refuse(diag.Type, "an s-op of "+kinds.String()).WithHint("a %s is a number", what)
		}
		return v.Node, nil
	case elab.Atom:
		switch {
		case !v.IsNumber():
			return nil, refuse(diag.Type, value.Describe(v.Value)).WithHint("a %s is a number", what)
		case !r.Next.Logits && v.Float64() < 0:
			return nil, refuse(diag.Value, v.String()).WithHint("a weight is 0 or above; #rasp:logits makes the numbers natural logarithms of weights")
		}
		return p.session.Constant(v.Value, r.Span), nil
	}
	return nil, refuse(diag.Type, "a "+elab.KindOf(v)).WithHint("a %s is an s-op of numbers, or a number", what)
}

// entry is where key i of the dict of a prediction stands, if it is written down
// where the name is bound; else that name.
func (p *Program) entry(r *graph.Output, i int) diag.Span {
	for _, stmt := range p.File.Stmts {
		a, ok := stmt.(*syntax.Assign)
		if !ok || len(a.Names) != 1 || len(a.Values) != 1 || a.Names[0].Span() != r.Span {
			continue
		}
		if d, ok := a.Values[0].(*syntax.Dict); ok && i < len(d.Keys) {
			return d.Keys[i].Span()
		}
	}
	return r.Span
}
