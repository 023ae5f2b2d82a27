package lsp

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLoads: a program sees the files that it loads as the editor has them, or else as they
// are on the disk, and hears of changes of either.
func TestLoads(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	write("lib.rasp", "# Twice s.\ndef twice(s) {\n    return s + s;\n}\n")
	write("sub/beside.rasp", "one = 1;\n")
	write("unopened.rasp", "load \"lib\";\ny = twice(2);\n")
	at := func(name string) string { return uriOf(filepath.Join(folder, name)) }
	change := func(c *client, name string, version int, text string) {
		c.notify("textDocument/didChange", map[string]any{"textDocument": map[string]any{"uri": at(name), "version": version},
			"contentChanges": []any{map[string]any{"text": text}}})
	}
	c := start(t)
	c.initialize(uriOf(folder))
	c.open(at("sub/main.rasp"), "load \"lib\";\nload \"beside\";\nx = twice(one);\n")
	assert.Equal(t, "[]", c.faults(at("sub/main.rasp"), 1), "from the workspace, and beside it")

	place := map[string]any{"textDocument": map[string]any{"uri": at("sub/main.rasp")}, "position": map[string]any{"line": 2, "character": 5}, "newName": "double"}
	assert.JSONEq(t, `{"uri":"`+at("lib.rasp")+`","range":{"start":{"line":1,"character":4},"end":{"line":1,"character":9}}}`, string(c.request("textDocument/definition", place).Result))
	edit := `{"range":{"start":{"line":%,"character":4},"end":{"line":%,"character":9}},"newText":"double"}`
	line := func(n string) string { return "[" + strings.ReplaceAll(edit, "%", n) + "]" }
	assert.JSONEq(t, `{"changes":{"`+at("sub/main.rasp")+`":`+line("2")+`,"`+at("lib.rasp")+`":`+line("1")+`,"`+at("unopened.rasp")+`":`+line("1")+`}}`,
		string(c.request("textDocument/rename", place).Result), "in a file of the workspace that is not open, too")

	c.open(at("lib.rasp"), "def thrice(s) {\n    return s + s + s;\n}\n")
	assert.Contains(t, c.faults(at("sub/main.rasp"), 1), "undefined variable twice", "the editor's text counts")
	change(c, "lib.rasp", 2, "def twice(s) {\n    return s +;\n}\n")
	faults := c.faults(at("sub/main.rasp"), 1)
	assert.Contains(t, faults, `"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":11}}`, "a fault in a file stands at the load")
	assert.Contains(t, faults, at("lib.rasp"))
	c.notify("textDocument/didClose", map[string]any{"textDocument": map[string]any{"uri": at("lib.rasp")}})
	assert.Equal(t, "[]", c.faults(at("sub/main.rasp"), 1), "the disk counts again")

	write("lib.rasp", "x = 1;\n")
	c.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{}})
	assert.Contains(t, c.faults(at("sub/main.rasp"), 1), "undefined variable twice")
}

func TestURIs(t *testing.T) {
	for uri, want := range map[string]string{
		"file:///a/b.rasp": "/a/b.rasp", "file:///a%20b/%C3%A9.rasp": "/a b/é.rasp", "file:///c%3A/x.rasp": "c:/x.rasp",
		"untitled:Untitled-1": "", "": "", "%": "", "http://a/b": "",
	} {
		got, ok := pathOf(uri)
		assert.Equal(t, filepath.FromSlash(want), got, uri)
		assert.Equal(t, want != "", ok)
	}
	assert.Equal(t, "file:///a%20b/%C3%A9.rasp", uriOf("/a b/é.rasp"))
}
