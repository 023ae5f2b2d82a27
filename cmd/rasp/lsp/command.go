package lsp

import (
	"context"
	"strings"

	"github.com/sourcegraph/jsonrpc2"

	"rasp/cmd/rasp/service"
)

// execute carries out a command of a lens: its arguments are the URI of a document and the
// name of an output.
func (s *server) execute(ctx context.Context, _ *jsonrpc2.Conn, p commandParams) (any, error) {
	command, ok := strings.CutPrefix(p.Command, serverPrefix)
	if !ok || len(p.Arguments) < 1 || len(p.Arguments) > 2 {
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: "a command is " + serverPrefix + "run, .draw, .compile or .verify, with a URI and the name of an output"}
	}
	snapshot := s.snapshotOf(p.Arguments[0])
	if snapshot == nil {
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: p.Arguments[0] + " is not open"}
	}
	name := ""
	if len(p.Arguments) == 2 {
		name = p.Arguments[1]
	}
	return snapshot.Do(ctx, command, name)
}

// snapshotOf is that of a document whose files can be read from another goroutine; nil if it
// is not open.
func (s *server) snapshotOf(uri string) *service.Snapshot {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	d := s.documents[uri]
	if d == nil {
		return nil
	}
	s.read(d)
	return d.snapshot
}
