package lsp

import (
	"context"
	"time"

	"github.com/sourcegraph/jsonrpc2"

	"rasp/cmd/rasp/service"
)

// document is a text that the editor has open.
type document struct {
	uri     string
	root    string // the folder at which the paths of what it loads start
	name    string // in messages, and where others load it: relative to the root if it is in there
	version int
	text    *service.Text

	snapshot *service.Snapshot // of the text, nil until somebody asks
	compiled *service.Compiled // of the snapshot, nil until it is there
	timer    *time.Timer       // of what is done after a pause
	cancel   context.CancelFunc
}

// read makes the snapshot of a document, if there is none of its text.
func (s *server) read(d *document) {
	if d.snapshot == nil {
		d.snapshot = service.Open(d.name, d.text.String(), func(path string) (string, error) { return s.readFile(d, path) }, s.encoding)
	}
}

// stop ends what is done in the background for the text that a document had.
func (d *document) stop() {
	d.timer.Stop()
	d.cancel()
}

// changed forgets what is known of a text, and begins anew after the pause.
func (s *server) changed(conn *jsonrpc2.Conn, d *document) {
	if d.cancel != nil {
		d.stop()
	}
	d.snapshot, d.compiled = nil, nil
	ctx, cancel := context.WithCancel(s.context)
	d.cancel = cancel
	d.timer = time.AfterFunc(s.options.Pause, func() { s.later(ctx, conn, d) })
}

func (s *server) didOpen(_ context.Context, conn *jsonrpc2.Conn, p openParams) (any, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	d := &document{uri: p.TextDocument.URI, version: p.TextDocument.Version, text: service.NewText(p.TextDocument.Text, s.encoding)}
	d.root, d.name = s.place(d.uri)
	if old := s.documents[d.uri]; old != nil {
		old.stop()
	}
	s.documents[d.uri] = d
	s.changed(conn, d)
	s.changedOthers(conn, d)
	return nil, nil
}

func (s *server) didChange(_ context.Context, conn *jsonrpc2.Conn, p changeParams) (any, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	d := s.documents[p.TextDocument.URI]
	if d == nil {
		return nil, nil
	}
	d.version = p.TextDocument.Version
	for _, change := range p.ContentChanges {
		text := change.Text
		if change.Range != nil {
			text = d.text.Splice(*change.Range, change.Text)
		}
		d.text = service.NewText(text, s.encoding)
	}
	s.changed(conn, d)
	s.changedOthers(conn, d)
	return nil, nil
}

func (s *server) didClose(ctx context.Context, conn *jsonrpc2.Conn, p documentParams) (any, error) {
	s.publishing.Lock()
	defer s.publishing.Unlock()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	d := s.documents[p.TextDocument.URI]
	if d == nil {
		return nil, nil
	}
	d.stop()
	delete(s.documents, d.uri)
	s.changedOthers(conn, d)
	return nil, conn.Notify(ctx, "textDocument/publishDiagnostics", publishParams{d.uri, d.version, []service.Finding{}})
}

// filesChanged: what is loaded may be another text now.
func (s *server) filesChanged(_ context.Context, conn *jsonrpc2.Conn, _ struct{}) (any, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.changedOthers(conn, nil)
	return nil, nil
}

// changedOthers looks again at the documents, but for one, whose loaded files have changed.
// One without a snapshot is looked at anyway.
func (s *server) changedOthers(conn *jsonrpc2.Conn, but *document) {
	for _, d := range s.documents {
		if d != but && d.snapshot != nil && d.snapshot.Stale(func(path string) (string, error) { return s.readFile(d, path) }) {
			s.changed(conn, d)
		}
	}
}
