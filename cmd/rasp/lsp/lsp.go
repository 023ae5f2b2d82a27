// Package lsp is a language server: it speaks the Language Server Protocol over a stream,
// and knows of documents, files and time what package service, which has the answers, must
// not know.
//
// In reading order:
//
//   - lsp.go: a connection from its beginning to its end; message.go: reading a
//     message; dispatch.go: a request
//   - protocol.go: what requests hold; methods.go: who answers them
//   - document.go: the texts that an editor has open; files.go: those on the disk
//   - background.go: faults after a pause, models after that
//   - command.go: what is asked for by lenses
//
// Requests are answered one after the other, by the goroutine that reads them, so that each
// sees the text as it was when it was sent. What takes long runs beside that: a model for
// the lenses, which the next change ends, and the commands of lenses, which the editor can
// cancel.
package lsp

import (
	"context"
	"errors"
	"io"
	"log"
	"sync"
	"time"

	"github.com/sourcegraph/jsonrpc2"

	"rasp/cmd/rasp/service"
)

// Options of a server.
type Options struct {
	Version string        // that it gives the editor
	Pause   time.Duration // after a change, until its faults are sent
}

// Pause is long enough that a word is typed without faults of its half.
const Pause = 150 * time.Millisecond

// ErrNoShutdown is the error of an editor that goes without having said so.
var ErrNoShutdown = errors.New("the editor ended without the request shutdown")

// Serve answers an editor until it says exit, or the stream or ctx ends. The error is
// ErrNoShutdown if there was no request shutdown before, that of ctx, or says what came that is no
// message.
func Serve(outer context.Context, stream io.ReadWriteCloser, o Options) error {
	ctx, end := context.WithCancel(outer)
	defer end()
	s := &server{options: o, context: ctx, encoding: service.UTF16,
		documents: map[string]*document{}, running: map[jsonrpc2.ID]context.CancelFunc{}}
	quiet := jsonrpc2.SetLogger(log.New(io.Discard, "", 0)) // stdout is for the protocol, and stderr is shown as trouble
	read := &reader{}
	conn := jsonrpc2.NewConn(ctx, jsonrpc2.NewBufferedStream(stream, read), s, quiet)
	select {
	case <-conn.DisconnectNotify():
	case <-ctx.Done():
		conn.Close()
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	switch fault := read.fault.Load(); {
	case s.state == over:
		return nil
	case outer.Err() != nil:
		return outer.Err()
	case fault != nil:
		return *fault
	}
	return ErrNoShutdown
}

// state of a connection.
type state int

const (
	fresh state = iota
	begun       // after initialize
	over        // after shutdown
)

type server struct {
	options Options
	context context.Context // of the connection

	// Set by initialize, and read only from then on.
	root     string // the folder of the workspace, "" for none
	encoding service.Encoding
	prefix   string // of the commands of lenses
	client   clientCapabilities

	publishing sync.Mutex // held while faults are sent, so that newer ones come later
	compiling  sync.Mutex // held while a model is made for the lenses

	mutex     sync.Mutex // of what follows
	state     state
	documents map[string]*document // by URI
	running   map[jsonrpc2.ID]context.CancelFunc
}
