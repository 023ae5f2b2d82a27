package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"math"
	"slices"

	"rasp/cmd/rasp/jsonerr"
	"rasp/cmd/rasp/open"
	"rasp/compiler/inside"
	"rasp/lang/diag"
	"rasp/lang/value"
	"rasp/runtime"
)

// inputsParams are inputs of a model: each a list of tokens, or text of one token a
// character.
type inputsParams struct {
	Model  string            `json:"model"`
	Inputs []json.RawMessage `json:"inputs"`
}

// textOf an input, or a vocabulary, is what the command line has for it: the text, or a list
// as JSON.
func textOf(raw json.RawMessage) (string, error) {
	switch {
	case len(raw) > 0 && raw[0] == '[':
		return string(raw), nil
	case len(raw) == 0 || raw[0] != '"':
		return "", open.Faultf(diag.Syntax, `such as "cab" or ["c", "a", "b"]`, "%s where text or a list of tokens belongs", jsonerr.Kind(raw))
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
	Model    json.RawMessage `json:"model,omitempty"` // where both are compared
	Equal    *bool           `json:"equal,omitempty"`
}

// differs says that interpreter and model were compared, and give other values.
func (s sequence) differs() bool { return s.Equal != nil && !*s.Equal }

func sequenceOf(r open.Result) sequence {
	s := sequence{Name: r.Name}
	if r.Selector != nil {
		s.Selector = bits(r.Selector)
		return s
	}
	s.Values = listJSON(r.Sequence())
	if r.Model != nil {
		equal := !r.Differs()
		s.Model, s.Equal = listJSON(r.Model), &equal
	}
	return s
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
		inputs, faults := make([]open.Given, len(part)), make([]error, len(part))
		for n := range part {
			tokens, err := readInput(part[n], r.Vocabulary())
			inputs[n], faults[n] = open.GivenTokens(tokens), err
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
				a.Outputs = append(a.Outputs, sequenceOf(r))
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
// them: "<f4" is float32, the least significant byte first; or what is wrong with an input.
type array struct {
	Type  string `json:"dtype,omitempty"`
	Shape []int  `json:"shape,omitempty"`
	Data  []byte `json:"data,omitempty"`
	Error *fault `json:"error,omitempty"`
}

// logits are those of each input, [tokens, columns]: BOS has none. A fault in one does not
// keep the next from being run.
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
		one, err := m.logits(r.engine, raw)
		if err != nil {
			one = array{Error: oneFault(err)}
		}
		all = append(all, one)
	}
	return all, nil
}

// logits of one input.
func (m *shelved) logits(engine runtime.Engine, raw json.RawMessage) (array, error) {
	text, err := textOf(raw)
	if err != nil {
		return array{}, err
	}
	ids, err := open.IDs(m.Model, text)
	if err != nil {
		return array{}, err
	}
	logits, err := engine.Logits(ids)
	if err != nil {
		return array{}, err
	}
	columns := len(m.BU)
	data := make([]byte, 0, 4*len(ids)*columns)
	for _, x := range logits[columns:] {
		data = binary.LittleEndian.AppendUint32(data, math.Float32bits(x))
	}
	return array{Type: "<f4", Shape: []int{len(ids), columns}, Data: data}, nil
}

func (s *server) trace(_ context.Context, p struct {
	Model string          `json:"model"`
	Input json.RawMessage `json:"input"`
}) (any, error) {
	m, x, err := s.inside(p.Model)
	if err != nil {
		return nil, err
	}
	input, err := readInput(p.Input, m.vocab)
	if err != nil {
		return nil, err
	}
	t, err := x.Trace(input)
	if err != nil {
		return nil, open.Diagnose(err)
	}
	return t, nil
}

// intervene takes an intervention as a line of rasp intervene --inputs has it.
func (s *server) intervene(_ context.Context, p struct {
	Model        string          `json:"model"`
	Intervention json.RawMessage `json:"intervention"`
}) (any, error) {
	_, x, err := s.inside(p.Model)
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
	c, err := p.override(open.Choices{})
	if err != nil {
		return nil, err
	}
	outputs, d, err := c.Interpreted(program, p.Outputs)
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
