// Package api answers what a page asks: JSON-RPC 2.0, one request in, one answer out.
//
// It is pure: no files, no clock, no network, so that the same code serves a page from a
// server (rasp serve) and inside of it (WebAssembly, cmd/rasp/web/wasm). Programs come as
// texts; they load no files but the library's. Models that were compiled stay in memory, so
// many at most, and are found again by their program.
//
// In reading order:
//
//	api.go       the host: all methods, and which requests wait for which (turn.go)
//	program.go   a program of a request, and its model
//	start.go     what a page begins with: version, ready-made programs
//	editing.go   what an editor asks
//	running.go   what programs compute; inputs.go, their inputs; rows.go, their values
//	puzzles.go   exercises
//	model.go     the compiled model, in several files
//	attention_*.go, steps.go  heads at work, for the pages of attention and RASP
//
// Package rpc has requests, answers and errors; package formulas the methods that need no
// program: attention as a look-up, GEMM, perplexity and scaling.
package api

import (
	"context"
	"encoding/json"
	"maps"

	"rasp/cmd/rasp/web/formulas"
	"rasp/cmd/rasp/web/rpc"
)

// Protocol is the version of the methods; a page that asks for another one is out of date.
const Protocol = 1

// Host answers requests, several at a time (turn.go).
type Host struct {
	methods   rpc.Methods
	turn      lock
	compiling chan struct{} // holds one for each compilation that is under way
	models    *shelf
	version   string
}

// mostCompilations are under way at once: each may take a gigabyte.
const mostCompilations = 2

// New makes a host that says it is of this version.
func New(version string) *Host {
	h := &Host{methods: rpc.Methods{}, turn: newLock(), compiling: make(chan struct{}, mostCompilations), models: newShelf(), version: version}
	for _, some := range []rpc.Methods{h.beginning(), h.editing(), h.running(), h.puzzles(), h.modelMethods(), h.heads(), formulas.Methods(h.plain)} {
		maps.Copy(h.methods, some)
	}
	for name, m := range h.methods {
		h.methods[name] = h.inTurn(m)
	}
	return h
}

// Call answers a request. What ctx ends is answered as cancelled; a fault of the program
// itself is an answer too.
func (h *Host) Call(ctx context.Context, text []byte) []byte { return h.methods.Call(ctx, text) }

// inTurn is a method that waits for its turn.
func (h *Host) inTurn(m rpc.Method) rpc.Method {
	return func(ctx context.Context, params json.RawMessage) (any, error) {
		ctx, leave, err := h.enter(ctx)
		if err != nil {
			return nil, err
		}
		defer leave()
		return m(ctx, params)
	}
}
