package lsp

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// client is an editor, of which a test is the user.
type client struct {
	t        *testing.T
	conn     net.Conn
	messages chan message // from the server
	waiting  []message    // notifications and requests of the server that nobody asked for yet
	ended    chan error   // of Serve
	last     int          // id
}

// message is any of JSON-RPC.
type message struct {
	Version string          `json:"jsonrpc"`
	ID      *int            `json:"id,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   json.RawMessage `json:"error,omitempty"`
}

// patience is longer than anything takes on a busy machine.
const patience = 2 * time.Minute

// start starts a server and a client of it.
func start(t *testing.T) *client {
	t.Helper()
	ours, theirs := net.Pipe()
	c := &client{t: t, conn: ours, messages: make(chan message, 1<<16), ended: make(chan error, 1)}
	go func() { c.ended <- Serve(context.Background(), theirs, Options{Version: "test"}) }()
	go c.read()
	t.Cleanup(func() { ours.Close() })
	return c
}

func (c *client) read() {
	defer close(c.messages)
	r := bufio.NewReader(c.conn)
	for {
		header, err := textproto.NewReader(r).ReadMIMEHeader()
		if err != nil {
			return
		}
		length, err := strconv.Atoi(header.Get("Content-Length"))
		if err != nil {
			return
		}
		body := make([]byte, length)
		if _, err := io.ReadFull(r, body); err != nil {
			return
		}
		var m message
		if json.Unmarshal(body, &m) != nil {
			return
		}
		c.messages <- m
	}
}

func (c *client) write(body []byte) {
	c.t.Helper()
	_, err := fmt.Fprintf(c.conn, "Content-Length: %d\r\n\r\n%s", len(body), body)
	require.NoError(c.t, err)
}

func (c *client) send(m message) {
	c.t.Helper()
	m.Version = "2.0"
	body, err := json.Marshal(m)
	require.NoError(c.t, err)
	c.write(body)
}

// next is the next message that is as wanted; the others before it wait.
func (c *client) next(wanted func(message) bool) message {
	c.t.Helper()
	for i, m := range c.waiting {
		if wanted(m) {
			c.waiting = append(c.waiting[:i:i], c.waiting[i+1:]...)
			return m
		}
	}
	late := time.After(patience)
	for {
		select {
		case m, ok := <-c.messages:
			require.True(c.t, ok, "the server ended")
			if wanted(m) {
				return m
			}
			c.waiting = append(c.waiting, m)
		case <-late:
			require.FailNow(c.t, "the server says nothing")
		}
	}
}

func asJSON(t *testing.T, v any) json.RawMessage {
	t.Helper()
	body, err := json.Marshal(v)
	require.NoError(t, err)
	return body
}

func (c *client) notify(method string, params any) {
	c.t.Helper()
	c.send(message{Method: method, Params: asJSON(c.t, params)})
}

// request sends one and gives its answer.
func (c *client) request(method string, params any) message {
	c.t.Helper()
	c.last++
	id := c.last
	c.send(message{ID: &id, Method: method, Params: asJSON(c.t, params)})
	return c.reply(id)
}

func (c *client) reply(id int) message {
	c.t.Helper()
	return c.next(func(m message) bool { return m.ID != nil && *m.ID == id && m.Method == "" })
}

// told is the next message of a method from the server.
func (c *client) told(method string) message {
	c.t.Helper()
	return c.next(func(m message) bool { return m.Method == method })
}

// faults waits for those of a version of a document.
func (c *client) faults(uri string, version int) string {
	c.t.Helper()
	for {
		var p struct {
			URI         string          `json:"uri"`
			Version     int             `json:"version"`
			Diagnostics json.RawMessage `json:"diagnostics"`
		}
		require.NoError(c.t, json.Unmarshal(c.told("textDocument/publishDiagnostics").Params, &p))
		if p.URI == uri && p.Version == version {
			return string(p.Diagnostics)
		}
	}
}

func (c *client) initialize(root string) {
	c.t.Helper()
	require.Nil(c.t, c.request("initialize", map[string]any{"rootUri": root, "capabilities": map[string]any{}}).Error)
	c.notify("initialized", struct{}{})
}

func (c *client) open(uri, text string) {
	c.t.Helper()
	c.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": uri, "languageId": "rasp", "version": 1, "text": text}})
}
