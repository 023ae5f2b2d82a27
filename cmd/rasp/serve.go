package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/spf13/cobra"
)

// The files of serve, in reading order: serve.go, lines into requests and answers out of
// results; serve_methods.go, what can be asked for; serve_open.go, programs and models;
// serve_run.go, inputs; serve_models.go, the models that are kept; serve_error.go, errors as
// data.
type serveFlags struct {
	attached bool
	models   int
	pages    pageFlags
}

func serveCommand() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the pages, or answer requests of another program",
		Long: `Serve the pages, or answer requests of another program.

On a terminal, or with --http, it serves the playground and the pages of the formulas
at an address of this machine, until Ctrl-C; nobody else can reach it unless --http
names an address of the network. With --export DIR the same pages are written as a
static site: files for any host, with the program inside of them as WebAssembly.

With stdin that is a pipe or a file it answers JSON-RPC 2.0, one object a line:
requests come on stdin and answers go to stdout, in their order. Models that were
compiled or loaded stay in memory under a handle. docs/serve.md has the methods; the
Python package is made of them. The request "cancel" with the id of another one ends
that one, where it looks; a compilation ends for the caller at once. With --attached
the end of stdin ends the command at once, in the midst of a request too; without, all
requests are answered first.`,
		Example: `  rasp serve
  rasp serve --export site
  echo '{"jsonrpc": "2.0", "id": 1, "method": "interpret", "params": {"file": "sort", "inputs": ["cab"]}}' | rasp serve`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	f.pages.register(cmd)
	cmd.Flags().BoolVar(&f.attached, "attached", false, "end as soon as stdin does: for a parent process that may die")
	cmd.Flags().IntVar(&f.models, "models", 64, "models in memory; one more, and the one that was not used for longest goes")
	return cmd
}

func (f *serveFlags) run(cmd *cobra.Command) error {
	if f.models < 1 {
		return usagef("", "--models is an int from 1, not %d", f.models)
	}
	if asked, err := f.pages.pages(cmd); asked || err != nil {
		return err
	}
	ctx, end := context.WithCancel(cmd.Context())
	defer end()
	s := &server{models: newShelf(f.models), running: map[string][]*request{}}
	requests := make(chan *request, mostWaiting)
	go func() {
		s.read(ctx, cmd.InOrStdin(), requests)
		if f.attached {
			end()
		}
	}()
	done := make(chan error, 1)
	go func() { done <- s.answer(ctx, requests, cmd.OutOrStdout()) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done(): // what a request is at need not be waited for
		return cmd.Context().Err()
	}
}

const (
	mostWaiting = 1 << 10 // requests that are read before those before them are answered
	mostRequest = 1 << 28 // bytes of a request
)

// The codes of errors: those of JSON-RPC, of the Language Server Protocol for what was
// cancelled, and the exit status that the command line has for the same fault.
const (
	codeParse     = -32700
	codeRequest   = -32600
	codeMethod    = -32601
	codeParams    = -32602
	codeCancelled = -32800
	codeFault     = 1
	codeUsage     = 2
	codeModel     = 3 // no model has the handle (any more)
)

// request of JSON-RPC 2.0; one without an ID gets no answer.
type request struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`

	ctx    context.Context
	cancel context.CancelFunc
	fault  *rpcError // of the request itself
}

type response struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Result  any             `json:"result,omitempty"`
	Error   *rpcError       `json:"error,omitempty"`
}

// rpcError is an error as data; the text is for people, with places and carets.
type rpcError struct {
	Code    int        `json:"code"`
	Message string     `json:"message"`
	Data    *errorData `json:"data,omitempty"`
}

func (e *rpcError) Error() string { return e.Message }

// server answers requests.
type server struct {
	models *shelf

	mutex   sync.Mutex
	running map[string][]*request // by ID: those that are waiting, or being answered
}

// read takes requests off the lines of a stream to its end. Each can be cancelled from when
// it is read.
func (s *server) read(ctx context.Context, from io.Reader, to chan<- *request) {
	defer close(to)
	lines := bufio.NewScanner(from)
	lines.Buffer(make([]byte, 1<<16), mostRequest)
	for lines.Scan() {
		if len(lines.Bytes()) == 0 {
			continue
		}
		r := s.parse(lines.Bytes())
		if r.Method == "cancel" && r.fault == nil {
			s.cancel(r.Params)
			r.Params = nil
		}
		s.begin(ctx, r)
		select {
		case to <- r:
		case <-ctx.Done():
			return
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		to <- &request{ctx: ctx, cancel: func() {}, fault: &rpcError{Code: codeRequest, Message: fmt.Sprintf("the request is longer than %d bytes", mostRequest)}}
	}
}

func (s *server) parse(line []byte) *request {
	r := &request{}
	if err := json.Unmarshal(line, r); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			r.fault = &rpcError{Code: codeRequest, Message: "the request is no object of JSON-RPC 2.0"}
		} else {
			r = &request{fault: &rpcError{Code: codeParse, Message: "the request is no JSON: " + err.Error()}}
		}
		return r
	}
	if r.Method == "" {
		r.fault = &rpcError{Code: codeRequest, Message: "the request has no method"}
	}
	return r
}

// begin makes a request one that can be cancelled.
func (s *server) begin(ctx context.Context, r *request) {
	r.ctx, r.cancel = context.WithCancel(ctx)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if r.ID != nil {
		s.running[string(r.ID)] = append(s.running[string(r.ID)], r)
	}
}

// end says that a request is answered. Another one may have the same ID.
func (s *server) end(r *request) {
	r.cancel()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	id := string(r.ID)
	if left := slices.DeleteFunc(s.running[id], func(o *request) bool { return o == r }); len(left) > 0 {
		s.running[id] = left
	} else {
		delete(s.running, id)
	}
}

// cancel ends the requests of an ID, if there still are any.
func (s *server) cancel(params json.RawMessage) {
	var of struct {
		ID json.RawMessage `json:"id"`
	}
	if json.Unmarshal(params, &of) != nil {
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, r := range s.running[string(of.ID)] {
		r.cancel()
	}
}

// answer writes an answer to each request; the error is one of writing.
func (s *server) answer(ctx context.Context, requests <-chan *request, to io.Writer) error {
	buffered := bufio.NewWriterSize(to, 1<<16)
	for r := range requests {
		a := s.reply(r)
		s.end(r)
		if ctx.Err() != nil {
			return nil
		}
		if r.ID == nil && r.fault == nil {
			continue
		}
		if err := writeJSON(buffered, a); err != nil {
			return err
		}
		if err := buffered.Flush(); err != nil {
			return err
		}
	}
	return nil
}

func (s *server) reply(r *request) response {
	result, err := s.do(r)
	if err != nil {
		return response{Version: "2.0", ID: r.ID, Error: asRPC(r.ctx, err)}
	}
	return response{Version: "2.0", ID: r.ID, Result: result}
}

func (s *server) do(r *request) (any, error) {
	if r.fault != nil {
		return nil, r.fault
	}
	if err := r.ctx.Err(); err != nil {
		return nil, err
	}
	do, known := serveMethods[r.Method]
	if !known {
		return nil, unknownMethod(r.Method)
	}
	return do(s, r.ctx, r.Params)
}
