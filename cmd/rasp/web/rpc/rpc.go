// Package rpc answers JSON-RPC 2.0: one request in, one answer out. It is pure: what a
// method needs comes with it.
package rpc

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"rasp/cmd/rasp/jsonerr"
	"rasp/lang/spell"
)

// Methods are what can be asked for, by name.
type Methods map[string]Method

// Method answers a request from its parameters.
type Method func(ctx context.Context, params json.RawMessage) (any, error)

// Typed is a method that reads its parameters; a word that it does not know is an error.
func Typed[P, R any](do func(context.Context, P) (R, error)) Method {
	return func(ctx context.Context, params json.RawMessage) (any, error) {
		var p P
		if len(params) > 0 {
			d := json.NewDecoder(bytes.NewReader(params))
			d.DisallowUnknownFields()
			if err := d.Decode(&p); err != nil {
				return nil, &Error{Code: CodeParams, Message: "the parameters: " + jsonerr.Text(err)}
			}
		}
		return do(ctx, p)
	}
}

// request and answer of JSON-RPC 2.0.
type request struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
}

type answer struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Result  any             `json:"result,omitempty"`
	Error   *Error          `json:"error,omitempty"`
}

// Call answers a request. What ctx ends is answered as cancelled; a fault of a method
// itself is an answer too.
func (m Methods) Call(ctx context.Context, text []byte) []byte {
	var r request
	a := answer{Version: "2.0"}
	if err := json.Unmarshal(text, &r); err != nil {
		a.Error = &Error{Code: CodeParse, Message: "the request: " + jsonerr.Text(err)}
		return a.encode()
	}
	a.ID = r.ID
	result, err := m.do(ctx, r)
	if err != nil {
		a.Error = errorOf(ctx, err)
	} else {
		a.Result = result
	}
	return a.encode()
}

func (m Methods) do(ctx context.Context, r request) (result any, err error) {
	do, known := m[r.Method]
	if !known {
		return nil, m.unknown(r.Method)
	}
	defer func() {
		if fault := recover(); fault != nil {
			result, err = nil, Internal(fault)
		}
	}()
	return do(ctx, r.Params)
}

// encode writes an answer; one that JSON cannot have is a fault of the method.
func (a answer) encode() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(a); err != nil {
		return answer{Version: "2.0", ID: a.ID, Error: &Error{Code: CodeInternal, Message: err.Error()}}.encode()
	}
	return b.Bytes()
}

func (m Methods) unknown(name string) error {
	names := slices.Sorted(maps.Keys(m))
	hint := "the methods are " + strings.Join(names, ", ")
	if near := spell.Nearest(name, names); near != "" {
		hint = "did you mean " + near + "?"
	}
	return &Error{Code: CodeMethod, Message: "unknown method " + name, Data: &ErrorData{Hint: hint}}
}
