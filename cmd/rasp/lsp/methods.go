package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/sourcegraph/jsonrpc2"

	"rasp/cmd/rasp/service"
)

// method answers a request; of a notification the result is nobody's.
type method func(s *server, ctx context.Context, conn *jsonrpc2.Conn, params json.RawMessage) (any, error)

var methods = map[string]method{
	"initialize":  with((*server).initialize),
	"initialized": with((*server).initialized),
	"shutdown":    with((*server).shutdown),

	"textDocument/didOpen":            with((*server).didOpen),
	"textDocument/didChange":          with((*server).didChange),
	"textDocument/didClose":           with((*server).didClose),
	"textDocument/didSave":            with((*server).filesChanged),
	"workspace/didChangeWatchedFiles": with((*server).filesChanged),

	"textDocument/hover": about(func(d *document, s *server, p positionParams) (any, error) {
		return orNull(d.snapshot.Hover(p.Position, d.compiled)), nil
	}),
	"textDocument/completion": about(func(d *document, s *server, p positionParams) (any, error) {
		return completionList{Items: d.snapshot.Complete(p.Position, s.client.TextDocument.Completion.CompletionItem.SnippetSupport)}, nil
	}),
	"textDocument/signatureHelp": about(func(d *document, s *server, p positionParams) (any, error) {
		return orNull(d.snapshot.Signature(p.Position)), nil
	}),
	"textDocument/definition": about(func(d *document, s *server, p positionParams) (any, error) {
		at := d.snapshot.Definition(p.Position)
		if at == nil {
			return nil, nil
		}
		return s.location(d, *at), nil
	}),
	"textDocument/references": about(func(d *document, s *server, p referenceParams) (any, error) {
		list := s.project(d, p.Position).References(d.snapshot, p.Position, p.Context.IncludeDeclaration)
		for i, at := range list {
			list[i] = s.location(d, at)
		}
		return list, nil
	}),
	"textDocument/documentHighlight": about(func(d *document, s *server, p positionParams) (any, error) {
		return d.snapshot.Highlights(p.Position), nil
	}),
	"textDocument/prepareRename": about(func(d *document, s *server, p positionParams) (any, error) {
		return s.project(d, p.Position).Renamable(d.snapshot, p.Position)
	}),
	"textDocument/rename": about(func(d *document, s *server, p renameParams) (any, error) {
		edits, err := s.project(d, p.Position).Rename(d.snapshot, p.Position, p.NewName)
		return s.workspaceEdit(d, edits), err
	}),
	"textDocument/documentSymbol": about(func(d *document, s *server, p documentParams) (any, error) {
		return d.snapshot.Symbols(), nil
	}),
	"textDocument/foldingRange": about(func(d *document, s *server, p documentParams) (any, error) {
		return d.snapshot.Folds(), nil
	}),
	"textDocument/semanticTokens/full": about(func(d *document, s *server, p documentParams) (any, error) {
		return semanticTokens{d.snapshot.SemanticTokens()}, nil
	}),
	"textDocument/formatting": about(func(d *document, s *server, p documentParams) (any, error) {
		return d.snapshot.Format()
	}),
	"textDocument/rangeFormatting": about(func(d *document, s *server, p rangeParams) (any, error) {
		return d.snapshot.FormatRange(p.Range)
	}),
	"textDocument/inlayHint": about(func(d *document, s *server, p rangeParams) (any, error) {
		return d.snapshot.Hints(p.Range), nil
	}),
	"textDocument/codeLens": about(func(d *document, s *server, p documentParams) (any, error) {
		return d.snapshot.Lenses(d.compiled, d.uri, s.prefix), nil
	}),
	"textDocument/codeAction": about(func(d *document, s *server, p rangeParams) (any, error) {
		list := []codeAction{}
		for _, a := range s.project(d, p.Range.Start).Actions(d.snapshot, p.Range) {
			list = append(list, codeAction{a.Title, quickFix, s.located(d, a.Findings), a.Preferred, s.workspaceEdit(d, a.Edits)})
		}
		return list, nil
	}),

	"workspace/executeCommand": with((*server).execute),
}

// with reads the parameters of a method.
func with[P any](do func(s *server, ctx context.Context, conn *jsonrpc2.Conn, p P) (any, error)) method {
	return func(s *server, ctx context.Context, conn *jsonrpc2.Conn, params json.RawMessage) (any, error) {
		var p P
		if _, none := any(p).(struct{}); len(params) > 0 && !none {
			if err := json.Unmarshal(params, &p); err != nil {
				return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: misfit(err)}
			}
		}
		return do(s, ctx, conn, p)
	}
}

// misfit says what is wrong with parameters, in the words of the protocol.
func misfit(err error) string {
	var e *json.UnmarshalTypeError
	switch {
	case !errors.As(err, &e):
		return err.Error()
	case e.Field == "":
		return "the parameters cannot be " + e.Value
	}
	return strings.Trim(e.Field, ".") + " cannot be " + e.Value
}

// about is a method about a document that is open, whose snapshot is there.
func about[P interface{ uri() string }](do func(d *document, s *server, p P) (any, error)) method {
	return with(func(s *server, _ context.Context, _ *jsonrpc2.Conn, p P) (any, error) {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		d := s.documents[p.uri()]
		if d == nil {
			return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: p.uri() + " is not open"}
		}
		s.read(d)
		return do(d, s, p)
	})
}

func (p documentParams) uri() string { return p.TextDocument.URI }

// orNull is the JSON null for a pointer that is nil.
func orNull[T any](p *T) any {
	if p == nil {
		return nil
	}
	return p
}

func (s *server) initialize(_ context.Context, _ *jsonrpc2.Conn, p initializeParams) (any, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.state = begun
	folder := p.RootURI
	if len(p.WorkspaceFolders) > 0 {
		folder = p.WorkspaceFolders[0].URI
	}
	s.root, _ = pathOf(folder)
	s.client = p.Capabilities.said
	for _, e := range s.client.General.PositionEncodings {
		if e == service.UTF8 || e == service.UTF16 || e == service.UTF32 {
			s.encoding = e
			break
		}
	}
	s.prefix = serverPrefix
	if p.InitializationOptions.said.Commands {
		s.prefix = clientPrefix
	}
	return initializeResult{capabilities(s.encoding), map[string]string{"name": "rasp", "version": s.options.Version}}, nil
}

// initialized asks to be told of files that change on the disk.
func (s *server) initialized(_ context.Context, conn *jsonrpc2.Conn, _ struct{}) (any, error) {
	if s.client.Workspace.DidChangeWatchedFiles.DynamicRegistration {
		s.ask(conn, "client/registerCapability", map[string]any{"registrations": []any{map[string]any{
			"id": "files", "method": "workspace/didChangeWatchedFiles",
			"registerOptions": map[string]any{"watchers": []any{map[string]any{"globPattern": "**/*.rasp"}}}}}})
	}
	return nil, nil
}

// ask sends a request whose answer does not matter.
func (s *server) ask(conn *jsonrpc2.Conn, method string, params any) {
	go func() { _ = conn.Call(s.context, method, params, nil) }()
}

func (s *server) shutdown(context.Context, *jsonrpc2.Conn, struct{}) (any, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.state = over
	for _, d := range s.documents {
		d.stop()
	}
	return nil, nil
}
