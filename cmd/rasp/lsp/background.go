package lsp

import (
	"context"
	"fmt"

	"github.com/sourcegraph/jsonrpc2"

	"rasp/cmd/rasp/service"
)

// later sends the faults of a document and then compiles it, until ctx ends with the next
// change.
func (s *server) later(ctx context.Context, conn *jsonrpc2.Conn, d *document) {
	defer func() {
		if fault := recover(); fault != nil {
			const isError = 1
			_ = conn.Notify(s.context, "window/logMessage", map[string]any{"type": isError, "message": fmt.Sprintf("%s: the server is at fault: %v", d.name, fault)})
		}
	}()
	snapshot := s.publish(ctx, conn, d)
	if snapshot == nil || !snapshot.Compilable() {
		return
	}
	compiled, err := s.compile(ctx, snapshot)
	if err != nil {
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if ctx.Err() != nil {
		return
	}
	d.compiled = compiled
	if s.client.Workspace.CodeLens.RefreshSupport {
		s.ask(conn, "workspace/codeLens/refresh", nil)
	}
}

// compile compiles one program at a time: the one before, which has ended by a change, may
// still be in the midst of a pass.
func (s *server) compile(ctx context.Context, snapshot *service.Snapshot) (*service.Compiled, error) {
	s.compiling.Lock()
	defer s.compiling.Unlock()
	return snapshot.Compile(ctx)
}

// publish sends the faults of a document, whose snapshot it gives; nil after the next change.
func (s *server) publish(ctx context.Context, conn *jsonrpc2.Conn, d *document) *service.Snapshot {
	s.publishing.Lock()
	defer s.publishing.Unlock()
	snapshot, p := s.findings(ctx, d)
	if snapshot != nil {
		_ = conn.Notify(s.context, "textDocument/publishDiagnostics", p)
	}
	return snapshot
}

func (s *server) findings(ctx context.Context, d *document) (*service.Snapshot, publishParams) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if ctx.Err() != nil {
		return nil, publishParams{}
	}
	s.read(d)
	return d.snapshot, publishParams{d.uri, d.version, s.located(d, d.snapshot.Findings())}
}
