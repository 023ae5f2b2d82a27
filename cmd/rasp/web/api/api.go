// Package api answers what a page asks: JSON-RPC 2.0, one request in, one answer out.
//
// It is pure: no files, no clock, no network, so that the same code serves a page from a
// server (rasp serve) and inside of it (WebAssembly, cmd/rasp/web/wasm). Programs come as
// texts; they load no files but the library's. Models that were compiled stay in memory, so
// many at most, and are found again by their program.
//
// In reading order:
//
//	api.go       requests and answers; the methods
//	turn.go      which requests wait for which
//	fault.go     errors as data
//	program.go   a program of a request, and its model
//	start.go     what a page begins with: version, ready-made programs
//	attention*.go, gemm*.go, steps*.go  for the pages of attention, GEMM and RASP
//	editing.go   what an editor asks
//	running.go   what programs compute; inputs.go, their inputs; rows.go, their values
//	puzzles.go   exercises
//	model.go     the compiled model, in several files
//	perplexity.go, perplexity_*.go  the page of that name
//	scaling.go, scaling_*.go        likewise
package api

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

// Protocol is the version of the methods; a page that asks for another one is out of date.
const Protocol = 1

// Host answers requests, several at a time (turn.go).
type Host struct {
	turn      lock
	compiling chan struct{} // holds one for each compilation that is under way
	models    *shelf
	version   string
}

// mostCompilations are under way at once: each may take a gigabyte.
const mostCompilations = 2

// New makes a host that says it is of this version.
func New(version string) *Host {
	return &Host{turn: newLock(), compiling: make(chan struct{}, mostCompilations), models: newShelf(), version: version}
}

// The codes of errors: those of JSON-RPC, of the Language Server Protocol for what was
// cancelled, and the exit status of the command line for the same fault.
const (
	codeParse     = -32700
	codeRequest   = -32600
	codeMethod    = -32601
	codeParams    = -32602
	codeInternal  = -32603
	codeCancelled = -32800
	codeFault     = 1
	codeUsage     = 2
)

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

// method of the protocol.
type method func(h *Host, ctx context.Context, params json.RawMessage) (any, error)

// methods are what can be asked for, by name.
var methods map[string]method

func init() { // not a literal: unknownMethod lists it
	methods = map[string]method{}
	for _, some := range []map[string]method{start, attention, products, steps, editing, running, puzzles, modelMethods, perplexing, scaled} {
		maps.Copy(methods, some)
	}
}

// typed reads the parameters of a method; a word that it does not know is an error.
func typed[P, R any](do func(*Host, context.Context, P) (R, error)) method {
	return func(h *Host, ctx context.Context, params json.RawMessage) (any, error) {
		var p P
		if len(params) > 0 {
			d := json.NewDecoder(bytes.NewReader(params))
			d.DisallowUnknownFields()
			if err := d.Decode(&p); err != nil {
				return nil, &Error{Code: codeParams, Message: "the parameters: " + jsonerr.Text(err)}
			}
		}
		return do(h, ctx, p)
	}
}

// Call answers a request. What ctx ends is answered as cancelled; a fault of the program
// itself is an answer too.
func (h *Host) Call(ctx context.Context, text []byte) []byte {
	var r request
	a := answer{Version: "2.0"}
	if err := json.Unmarshal(text, &r); err != nil {
		a.Error = &Error{Code: codeParse, Message: "the request: " + jsonerr.Text(err)}
		return a.encode()
	}
	a.ID = r.ID
	result, err := h.do(ctx, r)
	if err != nil {
		a.Error = errorOf(ctx, err)
	} else {
		a.Result = result
	}
	return a.encode()
}

func (h *Host) do(ctx context.Context, r request) (result any, err error) {
	do, known := methods[r.Method]
	if !known {
		return nil, unknownMethod(r.Method)
	}
	ctx, leave, err := h.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	defer func() {
		if fault := recover(); fault != nil {
			result, err = nil, internal(fault)
		}
	}()
	return do(h, ctx, r.Params)
}

// encode writes an answer; one that JSON cannot have is a fault of the method.
func (a answer) encode() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(a); err != nil {
		return answer{Version: "2.0", ID: a.ID, Error: &Error{Code: codeInternal, Message: err.Error()}}.encode()
	}
	return b.Bytes()
}

func unknownMethod(name string) error {
	names := slices.Sorted(maps.Keys(methods))
	hint := "the methods are " + strings.Join(names, ", ")
	if near := spell.Nearest(name, names); near != "" {
		hint = "did you mean " + near + "?"
	}
	return &Error{Code: codeMethod, Message: "unknown method " + name, Data: &ErrorData{Hint: hint}}
}
