package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/sourcegraph/jsonrpc2"
)

// Codes of errors that JSON-RPC does not have.
const (
	codeNotInitialized = -32002
	codeCancelled      = -32800
	codeFailed         = -32803
)

// Handle answers a request, or takes note of a notification.
func (s *server) Handle(_ context.Context, conn *jsonrpc2.Conn, r *jsonrpc2.Request) {
	switch r.Method {
	case "exit":
		conn.Close()
		return
	case "$/cancelRequest":
		s.cancel(r)
		return
	case "workspace/executeCommand":
		ctx, done := s.begin(r.ID)
		go func() {
			defer done()
			s.answer(ctx, conn, r)
		}()
		return
	}
	s.answer(s.context, conn, r)
}

// answer calls the method of a request and sends its result.
func (s *server) answer(ctx context.Context, conn *jsonrpc2.Conn, r *jsonrpc2.Request) {
	result, err := s.call(ctx, conn, r)
	if r.Notif {
		return
	}
	reply := &jsonrpc2.Response{ID: r.ID}
	if err == nil {
		err = reply.SetResult(result)
	}
	if err != nil {
		reply.Error = asError(err)
	}
	_ = conn.SendResponse(s.context, reply) // a stream that broke ends the connection
}

func asError(err error) *jsonrpc2.Error {
	var e *jsonrpc2.Error
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, context.Canceled):
		return &jsonrpc2.Error{Code: codeCancelled, Message: "cancelled"}
	}
	return &jsonrpc2.Error{Code: codeFailed, Message: err.Error()}
}

// call calls the method of a request. A panic is an error of that request alone.
func (s *server) call(ctx context.Context, conn *jsonrpc2.Conn, r *jsonrpc2.Request) (result any, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = &jsonrpc2.Error{Code: jsonrpc2.CodeInternalError, Message: fmt.Sprintf("%s: the server is at fault: %v", r.Method, fault)}
		}
	}()
	if err := s.allowed(r); err != nil {
		return nil, err
	}
	method, known := methods[r.Method]
	if !known {
		if r.Notif || strings.HasPrefix(r.Method, "$/") {
			return nil, nil
		}
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeMethodNotFound, Message: "there is no method " + r.Method}
	}
	var params json.RawMessage
	if r.Params != nil {
		params = *r.Params
	}
	return method(s, ctx, conn, params)
}

// allowed is an error for what comes before initialize, or after shutdown.
func (s *server) allowed(r *jsonrpc2.Request) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	switch {
	case s.state == fresh && r.Method != "initialize":
		return &jsonrpc2.Error{Code: codeNotInitialized, Message: "the first request is initialize"}
	case s.state == over, s.state == begun && r.Method == "initialize":
		return &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidRequest, Message: r.Method + " does not come now"}
	}
	return nil
}

// begin makes a request one that can be cancelled, until done.
func (s *server) begin(id jsonrpc2.ID) (ctx context.Context, done func()) {
	ctx, cancel := context.WithCancel(s.context)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.running[id] = cancel
	return ctx, func() {
		cancel()
		s.mutex.Lock()
		defer s.mutex.Unlock()
		delete(s.running, id)
	}
}

func (s *server) cancel(r *jsonrpc2.Request) {
	var of struct {
		ID jsonrpc2.ID `json:"id"`
	}
	if r.Params == nil || json.Unmarshal(*r.Params, &of) != nil {
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if cancel := s.running[of.ID]; cancel != nil {
		cancel()
	}
}
