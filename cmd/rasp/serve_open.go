package main

import (
	"cmp"
	"context"
	"encoding/json"

	"rasp/cmd/rasp/open"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/syntax"
	"rasp/runtime/model"
)

// programParams say which program: a FILE as on the command line, or a text. Vocab is a
// string as --vocab has it, or a list of tokens.
type programParams struct {
	File    string          `json:"file"`
	Source  *string         `json:"source"`
	Name    string          `json:"name"` // of the text, in messages
	Vocab   json.RawMessage `json:"vocab"`
	Length  int             `json:"length"`
	Causal  *bool           `json:"causal"`
	Outputs []string        `json:"outputs"`
}

func (p *programParams) read() (program *lang.Program, faults diag.List, err error) {
	switch {
	case (p.Source == nil) == (p.File == ""):
		return nil, nil, &rpcError{Code: codeParams, Message: "give file or source, one of them"}
	case p.Source == nil:
		program, faults = open.Program(p.File)
	default:
		program, faults = lang.Parse(cmp.Or(p.Name, "program"), *p.Source)
	}
	return program, faults, faults.Err()
}

// override has choices say what the request says, where it does.
func (p *programParams) override(c open.Choices) (open.Choices, error) {
	if p.Length < 0 {
		return c, usagef("", "length: the longest input has at least 1 token, not %d", p.Length)
	}
	c.Length = cmp.Or(p.Length, c.Length)
	c.Causal = cmp.Or(p.Causal, c.Causal)
	if len(p.Vocab) == 0 || string(p.Vocab) == "null" {
		return c, nil
	}
	text, err := textOf(p.Vocab)
	if err != nil {
		return c, err
	}
	if c.Vocab, err = syntax.ParseVocab(text); err != nil {
		return c, usagef(`a vocabulary is "abc", a list of tokens or "0..9"`, "vocab: %s", err)
	}
	return c, nil
}

// opened is a model that can be asked for things.
type opened struct {
	Model       string            `json:"model"` // its handle
	Sizes       sizes             `json:"info"`
	Outputs     []model.Output    `json:"outputs"`
	Columns     int               `json:"columns"` // of its logits
	Certificate model.Certificate `json:"certificate"`
	Program     string            `json:"program"` // the text
	Warnings    []fault           `json:"warnings"`
}

func (s *server) opened(m *model.Model, warnings diag.List) (any, error) {
	handle, err := s.models.keep(m)
	if err != nil {
		return nil, err
	}
	return opened{handle, open.SizesOf(m), m.Outputs, len(m.BU), m.Certificate, m.Source, faultsOf(warnings)}, nil
}

type compileParams struct {
	programParams
	Optimize *int       `json:"optimize"`
	Partial  bool       `json:"partial"`
	Robust   robustFlag `json:"robust"`
}

// override is that of the program, and of how to compile it.
func (p *compileParams) override(c open.Choices) (open.Choices, error) {
	c, err := p.programParams.override(c)
	if err != nil {
		return c, err
	}
	if p.Optimize != nil {
		c.Level = *p.Optimize
	}
	if c.Level < 0 || c.Level > 2 {
		return c, usagef("", "optimize: the levels are 0, 1 and 2, not %d", c.Level)
	}
	if p.Robust.asked {
		c.Robust, c.Sigma = true, p.Robust.sigma
	}
	c.Partial = c.Partial || p.Partial
	return c, nil
}

func (s *server) compile(ctx context.Context, p compileParams) (any, error) {
	program, warnings, err := p.read()
	if err != nil {
		return nil, err
	}
	c, err := p.override(open.Choices{Level: 1, Context: ctx})
	if err != nil {
		return nil, err
	}
	compiled, err := patient(ctx, func() (open.Compiled, error) { return c.Compile(program, p.Outputs) })
	if err != nil {
		return nil, err
	}
	return s.opened(compiled.Model, append(warnings, compiled.Report.Warnings...))
}

// patient waits for work, but not beyond the end of ctx: a compilation looks at that only
// between two passes, and what it is at by then goes on beside the requests that follow.
func patient[T any](ctx context.Context, work func() (T, error)) (T, error) {
	type outcome struct {
		result T
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		result, err := work()
		done <- outcome{result, err}
	}()
	select {
	case o := <-done:
		return o.result, o.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

func (s *server) load(_ context.Context, p struct {
	File string `json:"file"`
}) (any, error) {
	m, err := open.Model(p.File)
	if err != nil {
		return nil, err
	}
	return s.opened(m, nil)
}

func (s *server) save(_ context.Context, p struct {
	Model string `json:"model"`
	File  string `json:"file"`
}) (any, error) {
	m, err := s.models.find(p.Model)
	if err != nil {
		return nil, err
	}
	return none, m.Save(p.File)
}

func (s *server) close(_ context.Context, p struct {
	Models []string `json:"models"`
}) (any, error) {
	for _, handle := range p.Models {
		delete(s.models.models, handle)
	}
	return none, nil
}

func (s *server) names(_ context.Context, p struct {
	Model string `json:"model"`
}) (any, error) {
	m, err := s.models.find(p.Model)
	if err != nil {
		return nil, err
	}
	if m.Names == "" {
		return nil, model.ErrNoNames
	}
	return json.RawMessage(m.Names), nil
}
