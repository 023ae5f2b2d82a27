package api

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"sync"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/web/rpc"
	"rasp/compiler/inside"
	"rasp/compiler/verify"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/syntax"
	"rasp/lang/value"
	"rasp/runtime"
	"rasp/runtime/model"
)

// Program is a program of a request: its text, and what overrides its directives.
type Program struct {
	Text    string   `json:"text"`
	Vocab   string   `json:"vocab,omitempty"` // as --vocab has it
	Length  int      `json:"length,omitempty"`
	Causal  *bool    `json:"causal,omitempty"`
	Outputs []string `json:"outputs,omitempty"`
	Level   *int     `json:"level,omitempty"` // of optimization, 0 to 2; 1 if it is left out
	Robust  bool     `json:"robust,omitempty"`
	Partial bool     `json:"partial,omitempty"`
}

// name of a program in messages.
const name = "program.rasp"

// noFiles is the reader of programs that load nothing but the library.
func noFiles(path string) (string, error) {
	return "", &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
}

func (p *Program) parse() (*lang.Program, diag.List) {
	return lang.Parser{Read: noFiles, Steps: mostSteps}.Parse(name, p.Text)
}

// read parses a program without faults.
func (p *Program) read() (*lang.Program, diag.List, error) {
	program, faults := p.parse()
	return program, faults, faults.Err()
}

// choices are what the request says beside the text.
func (p *Program) choices(ctx context.Context) (c open.Choices, err error) {
	c = open.Choices{Length: p.Length, Causal: p.Causal, Level: 1, Robust: p.Robust, Partial: p.Partial, Context: ctx}
	if p.Level != nil {
		c.Level = *p.Level
	}
	switch {
	case c.Level < 0 || c.Level > 2:
		return c, rpc.Usage("", fmt.Sprintf("level: the levels are 0, 1 and 2, not %d", c.Level))
	case p.Length < 0:
		return c, rpc.Usage("", fmt.Sprintf("length: the longest input has at least 1 token, not %d", p.Length))
	case p.Vocab != "":
		if c.Vocab, err = syntax.ParseVocab(p.Vocab); err != nil {
			return c, rpc.Usage(`a vocabulary is "abc", a list of tokens or "0..9"`, "vocab: "+err.Error())
		}
	}
	return c, nil
}

// compiled is a model of a program, and what makes use of it; one request at a time has it.
type compiled struct {
	lock
	open.Compiled
	Faults diag.List     // warnings of the program
	Inside *inside.Model // beside its program
	Engine runtime.Engine
}

// model compiles a program, or finds the model that was made of it before. The request has
// the model until it is answered, and its turn ends: others need not wait for a compilation.
func (h *Host) model(ctx context.Context, p Program) (*compiled, error) {
	endTurn(ctx)
	m, err := h.found(ctx, p)
	if err != nil {
		return nil, err
	}
	return m, take(ctx, m.lock)
}

// plain is the model of a text whose directives say all.
func (h *Host) plain(ctx context.Context, text string) (*model.Model, error) {
	m, err := h.model(ctx, Program{Text: text})
	if err != nil {
		return nil, err
	}
	return m.Model, nil
}

func (h *Host) found(ctx context.Context, p Program) (*compiled, error) {
	key, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	if m := h.models.find(string(key)); m != nil {
		return m, nil
	}
	program, warnings, err := p.read()
	if err != nil {
		return nil, err
	}
	c, err := p.choices(ctx)
	if err != nil {
		return nil, err
	}
	made, err := h.compiledOf(ctx, func() (open.Compiled, error) { return c.Compile(program, p.Outputs) })
	if err != nil {
		return nil, err
	}
	m, err := ready(made.Model)
	if err != nil {
		return nil, err
	}
	m.Compiled, m.Faults = made, append(warnings, made.Report.Warnings...)
	h.models.keep(string(key), m)
	return m, nil
}

// compiledOf waits for a compilation, but not beyond the end of ctx: a compilation looks at
// that only between two passes. What it is at by then goes on, and counts among those that
// are under way at once.
func (h *Host) compiledOf(ctx context.Context, compile func() (open.Compiled, error)) (open.Compiled, error) {
	select {
	case h.compiling <- struct{}{}:
	case <-ctx.Done():
		return open.Compiled{}, ctx.Err()
	}
	type outcome struct {
		made open.Compiled
		err  error
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() {
			if fault := recover(); fault != nil {
				o.err = rpc.Internal(fault)
			}
			<-h.compiling
			done <- o
		}()
		o.made, o.err = compile()
	}()
	select {
	case o := <-done:
		return o.made, o.err
	case <-ctx.Done():
		return open.Compiled{}, ctx.Err()
	}
}

// ready is a model with what makes use of it.
func ready(m *model.Model) (*compiled, error) {
	x, err := inside.New(m)
	if err != nil {
		return nil, err
	}
	engine, err := open.Device{}.Engine(m, 1)
	if err != nil {
		return nil, err
	}
	return &compiled{lock: newLock(), Inside: x, Engine: engine}, nil
}

// typed is an input of the model as somebody types it.
func (c *compiled) typed(input []value.Value) (string, error) {
	tokens, err := verify.Values(c.Model.Vocab)
	return open.Typed(input, open.NewVocabulary(tokens)), err
}

// inputOf reads the input of a request: text of one token a character, or a JSON list.
func (c *compiled) inputOf(text string) ([]value.Value, error) { return open.InputOf(c.Model, text) }

// mostModels stay in memory, and mostWeights numbers of theirs in all.
const mostModels, mostWeights = 16, 1 << 25

// shelf keeps models by what they were made of; the oldest go where there are too many.
type shelf struct {
	mutex  sync.Mutex
	order  []string // the one used last at the end
	models map[string]*compiled
}

func newShelf() *shelf { return &shelf{models: map[string]*compiled{}} }

func (s *shelf) find(key string) *compiled {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	m := s.models[key]
	if m != nil {
		s.touch(key)
	}
	return m
}

func (s *shelf) touch(key string) {
	for i, k := range s.order {
		if k == key {
			s.order = append(append(s.order[:i:i], s.order[i+1:]...), key)
			return
		}
	}
	s.order = append(s.order, key)
}

func (s *shelf) keep(key string, m *compiled) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.models[key] = m
	s.touch(key)
	for len(s.order) > 1 && (len(s.order) > mostModels || s.weights() > mostWeights) {
		delete(s.models, s.order[0])
		s.order = s.order[1:]
	}
}

// weights are the numbers of all models that are kept.
func (s *shelf) weights() (sum int) {
	for _, m := range s.models {
		all, nonzero := m.Parameters()
		sum += cmp.Or(min(all, 16*nonzero), 1)
	}
	return sum
}
