package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"

	"rasp/cmd/rasp/open"
	"rasp/compiler/inside"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/syntax"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// serveMethods are what can be asked for, by name.
var serveMethods map[string]func(s *server, ctx context.Context, params json.RawMessage) (any, error)

func init() { // not a literal: unknownMethod lists it
	serveMethods = map[string]func(*server, context.Context, json.RawMessage) (any, error){
		"version": method((*server).version), "programs": method((*server).programs), "cancel": method((*server).nothing),
		"compile": method((*server).compile), "load": method((*server).load), "save": method((*server).save), "close": method((*server).close),
		"run": method((*server).run), "logits": method((*server).logits), "names": method((*server).names),
		"trace": method((*server).trace), "intervene": method((*server).intervene),
		"interpret": method((*server).interpret), "command": method((*server).command),
	}
}

// method reads the parameters of one; a word that it does not know is an error.
func method[P any](do func(*server, context.Context, P) (any, error)) func(*server, context.Context, json.RawMessage) (any, error) {
	return func(s *server, ctx context.Context, params json.RawMessage) (any, error) {
		var p P
		if len(params) > 0 {
			d := json.NewDecoder(bytes.NewReader(params))
			d.DisallowUnknownFields()
			if err := d.Decode(&p); err != nil {
				return nil, &rpcError{Code: codeParams, Message: "the parameters: " + strings.TrimPrefix(err.Error(), "json: ")}
			}
		}
		return do(s, ctx, p)
	}
}

// none is the result of what has none.
var none = struct{}{}

func (s *server) nothing(context.Context, struct{}) (any, error) { return none, nil }

func (s *server) version(context.Context, struct{}) (any, error) {
	return map[string]any{"version": version(), "protocol": 1}, nil
}

// readyMade is a program of the library.
type readyMade struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

func (s *server) programs(context.Context, struct{}) (any, error) {
	var list []readyMade
	for _, name := range open.ReadyNames() {
		text, _ := open.ReadyMade(name)
		list = append(list, readyMade{name, open.Title(name), text})
	}
	return list, nil
}

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

func (p *programParams) choices() (c open.Choices, err error) {
	c.Length, c.Causal = p.Length, p.Causal
	if p.Length < 0 {
		return c, usagef("", "length: the longest input has at least 1 token, not %d", p.Length)
	}
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
	return opened{handle, sizesOf(m), m.Outputs, len(m.BU), m.Certificate, m.Source, faultsOf(warnings)}, nil
}

type compileParams struct {
	programParams
	Optimize *int `json:"optimize"`
	Partial  bool `json:"partial"`
}

func (s *server) compile(_ context.Context, p compileParams) (any, error) {
	program, warnings, err := p.read()
	if err != nil {
		return nil, err
	}
	c, err := p.choices()
	if err != nil {
		return nil, err
	}
	c.Partial, c.Level = p.Partial, 1
	if p.Optimize != nil {
		c.Level = *p.Optimize
	}
	if c.Level < 0 || c.Level > 2 {
		return nil, usagef("", "optimize: the levels are 0, 1 and 2, not %d", c.Level)
	}
	compiled, err := c.Compile(program, p.Outputs)
	if err != nil {
		return nil, err
	}
	return s.opened(compiled.Model, append(warnings, compiled.Report.Warnings...))
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

// inputsParams are inputs of a model: each a list of tokens, or text of one token a
// character.
type inputsParams struct {
	Model  string            `json:"model"`
	Inputs []json.RawMessage `json:"inputs"`
}

// textOf an input is what the command line has for it: the text, or a list as JSON.
func textOf(raw json.RawMessage) (string, error) {
	if len(raw) == 0 || raw[0] != '"' {
		return string(raw), nil
	}
	var text string
	err := json.Unmarshal(raw, &text)
	return text, err
}

func readInput(raw json.RawMessage, v *open.Vocabulary) ([]value.Value, error) {
	text, err := textOf(raw)
	if err != nil {
		return nil, err
	}
	return open.Input(text, v)
}

// answered is what comes of an input: the values of each output, or a matrix for a selector;
// or what is wrong with it.
type answered struct {
	Outputs []sequence `json:"outputs,omitempty"`
	Error   *fault     `json:"error,omitempty"`
}

type sequence struct {
	Name     string          `json:"name"`
	Values   json.RawMessage `json:"values,omitempty"`
	Selector [][]int         `json:"selector,omitempty"`
}

func (s *server) run(ctx context.Context, p inputsParams) (any, error) {
	m, err := s.models.find(p.Model)
	if err != nil {
		return nil, err
	}
	r, err := m.prepared(p.Inputs)
	if err != nil {
		return nil, err
	}
	return runAll(ctx, r.runner, p.Inputs)
}

// atOnce is how many inputs are run before a look whether they are still asked for.
const atOnce = 1 << 10

// runAll runs inputs; a fault in one does not keep the next from being run.
func runAll(ctx context.Context, r open.Runner, raw []json.RawMessage) ([]answered, error) {
	all := make([]answered, 0, len(raw))
	for part := range slices.Chunk(raw, atOnce) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		inputs, faults := make([][]value.Value, len(part)), make([]error, len(part))
		for n := range part {
			inputs[n], faults[n] = readInput(part[n], r.Vocabulary())
		}
		err := r.Run(inputs, func(n int, results []open.Result, err error) error {
			if faults[n] != nil {
				err = faults[n]
			}
			if err != nil {
				all = append(all, answered{Error: oneFault(err)})
				return ctx.Err()
			}
			a := answered{}
			for _, r := range results {
				one := sequence{Name: r.Name}
				if r.Selector != nil {
					one.Selector = bits(r.Selector)
				} else {
					one.Values = listJSON(r.Sequence)
				}
				a.Outputs = append(a.Outputs, one)
			}
			all = append(all, a)
			return ctx.Err()
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// array is numbers [rows, columns] by row, in base64, as the array interface of NumPy has
// them: "<f4" is float32, the least significant byte first.
type array struct {
	Type  string `json:"dtype"`
	Shape [2]int `json:"shape"`
	Data  []byte `json:"data"`
}

// logits are those of each input, [tokens, columns]: BOS has none.
func (s *server) logits(ctx context.Context, p inputsParams) (any, error) {
	m, err := s.models.find(p.Model)
	if err != nil {
		return nil, err
	}
	r, err := m.prepared(p.Inputs)
	if err != nil {
		return nil, err
	}
	all := make([]array, 0, len(p.Inputs))
	for _, raw := range p.Inputs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		text, err := textOf(raw)
		if err != nil {
			return nil, err
		}
		ids, err := open.IDs(m.Model, text)
		if err != nil {
			return nil, err
		}
		logits, err := r.engine.Logits(ids)
		if err != nil {
			return nil, err
		}
		columns := len(m.BU)
		data := make([]byte, 0, 4*len(ids)*columns)
		for _, x := range logits[columns:] {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(x))
		}
		all = append(all, array{"<f4", [2]int{len(ids), columns}, data})
	}
	return all, nil
}

func (s *server) trace(_ context.Context, p struct {
	Model string          `json:"model"`
	Input json.RawMessage `json:"input"`
}) (any, error) {
	m, err := s.models.find(p.Model)
	if err != nil {
		return nil, err
	}
	x, err := m.program()
	if err != nil {
		return nil, err
	}
	input, err := readInput(p.Input, m.vocab)
	if err != nil {
		return nil, err
	}
	t, err := x.Trace(input)
	if err != nil {
		return nil, diag.Errorf(diag.Span{}, diag.Domain, "%s", err)
	}
	return t, nil
}

// intervene takes an intervention as a line of rasp intervene --inputs has it.
func (s *server) intervene(_ context.Context, p struct {
	Model        string          `json:"model"`
	Intervention json.RawMessage `json:"intervention"`
}) (any, error) {
	m, err := s.models.find(p.Model)
	if err != nil {
		return nil, err
	}
	x, err := m.program()
	if err != nil {
		return nil, err
	}
	return effectOf(x, string(p.Intervention))
}

func (s *server) interpret(ctx context.Context, p struct {
	programParams
	Inputs []json.RawMessage `json:"inputs"`
	Set    []inside.Setting  `json:"set"`
}) (any, error) {
	program, _, err := p.read()
	if err != nil {
		return nil, err
	}
	c, err := p.choices()
	if err != nil {
		return nil, err
	}
	d, err := c.Lenient(program)
	if err != nil {
		return nil, err
	}
	outputs, err := open.Outputs(program, p.Outputs, d.Vocab)
	if err != nil {
		return nil, err
	}
	r := open.Interpreted(outputs, d)
	if len(p.Set) > 0 {
		if r, err = open.InterpretedWith(program, outputs, d, p.Set); err != nil {
			return nil, err
		}
	}
	return runAll(ctx, r, p.Inputs)
}

// commanded is what came of a command line.
type commanded struct {
	Status int     `json:"status"` // the exit status
	Stdout string  `json:"stdout"`
	Stderr string  `json:"stderr"`
	Faults []fault `json:"faults,omitempty"` // of stderr
}

func (s *server) command(ctx context.Context, p struct {
	Args  []string `json:"args"`
	Stdin string   `json:"stdin"`
}) (any, error) {
	var stdout, stderr bytes.Buffer
	command, err := perform(ctx, p.Args, strings.NewReader(p.Stdin), &stdout, &stderr)
	if errors.Is(err, context.Canceled) {
		return nil, err
	}
	status := report(&stderr, command, err)
	return commanded{status, stdout.String(), stderr.String(), faultsOf(err)}, nil
}
