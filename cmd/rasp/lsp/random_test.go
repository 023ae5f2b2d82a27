package lsp

import (
	"encoding/json"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/cmd/rasp/service"
)

var soak = flag.Duration("soak", 0, "how long TestSoakOfEdits edits; 0: so many edits")

// pieces are what is typed.
var pieces = []string{"a", "x", "é", "😀", " ", "\n", "\r\n", ";", "{", "}", "(", ")", "[", "]", "\"", "#", "=", "== ", ",", "+", "0",
	"tokens", "select(", "aggregate(", "def f(x) {\n", "return x;\n}\n", "for i in range(3) {\n", "load \"lib\";\n", "#rasp:vocab \"ab\"\n", "#rasp:length 3\n", "x = tokens;\n", "if", " else "}

// editor edits one document at random.
type editor struct {
	*client
	*rand.Rand
	uri     string
	text    *service.Text
	version int
}

func (e *editor) begin(text string) {
	e.text, e.version = service.NewText(text, service.UTF16), 1
	e.open(e.uri, text)
}

// place is a random one at which a cursor can stand.
func (e *editor) place() int {
	text := e.text.String()
	at := e.IntN(len(text) + 1)
	for at > 0 && at < len(text) && (!utf8.RuneStart(text[at]) || text[at-1:at+1] == "\r\n") {
		at--
	}
	return at
}

// edit changes the document: mostly a few characters, seldom many.
func (e *editor) edit() {
	a, b := e.place(), e.place()
	if e.IntN(8) > 0 {
		b = a
		for range e.IntN(4) {
			_, n := utf8.DecodeRuneInString(e.text.String()[b:])
			b += n
		}
	}
	at := service.Range{Start: e.text.Position(min(a, b)), End: e.text.Position(max(a, b))}
	with := ""
	for range e.IntN(3) {
		with += pieces[e.IntN(len(pieces))]
	}
	e.version++
	e.text = service.NewText(e.text.Splice(at, with), service.UTF16)
	e.notify("textDocument/didChange", map[string]any{"textDocument": map[string]any{"uri": e.uri, "version": e.version},
		"contentChanges": []any{map[string]any{"range": at, "text": with}}})
}

func readyMade(t *testing.T) (texts []string) {
	files, err := filepath.Glob("../../../stdlib/*.rasp")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		texts = append(texts, string(text))
	}
	return texts
}

// TestEdits: after any edits the faults are those of the same text, opened afresh.
func TestEdits(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "lib.rasp"), []byte("x = 1;\ny = ;\n"), 0o600))
	rounds := 40
	if testing.Short() {
		rounds = 10
	}
	texts := readyMade(t)
	for round := range rounds {
		edited, fresh := start(t), start(t)
		edited.initialize(uriOf(folder))
		fresh.initialize(uriOf(folder))
		e := &editor{client: edited, Rand: rand.New(rand.NewPCG(1, uint64(round))), uri: uriOf(filepath.Join(folder, "a.rasp"))}
		e.begin(texts[e.IntN(len(texts))])
		for range 5 {
			for range 1 + e.IntN(10) {
				e.edit()
			}
			got := e.faults(e.uri, e.version)
			fresh.open(e.uri, e.text.String())
			require.Equal(t, fresh.faults(e.uri, 1), got, "round %d:\n%s", round, e.text.String())
		}
	}
}

// asked are the requests of the soak, each with a position or a range.
var asked = []string{"hover", "completion", "signatureHelp", "definition", "references", "documentHighlight", "prepareRename", "rename", "documentSymbol",
	"foldingRange", "semanticTokens/full", "formatting", "rangeFormatting", "inlayHint", "codeLens", "codeAction"}

// TestSoakOfEdits: random edits and requests bring about no panic, and no memory is kept.
func TestSoakOfEdits(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "lib.rasp"), []byte("def twice(s) {\n    return s + s;\n}\n"), 0o600))
	c := start(t)
	c.initialize(uriOf(folder))
	texts := readyMade(t)
	r := rand.New(rand.NewPCG(2, 1))
	begun, edits, least := time.Now(), 0, 400
	if testing.Short() {
		least = 100
	}
	var sizes []uint64
	for edits < least || time.Since(begun) < *soak {
		e := &editor{client: c, Rand: r, uri: uriOf(filepath.Join(folder, "a.rasp"))}
		e.begin(texts[e.IntN(len(texts))])
		for range 50 {
			e.edit()
			edits++
			for range e.IntN(3) {
				e.ask()
			}
		}
		c.notify("textDocument/didClose", map[string]any{"textDocument": map[string]any{"uri": e.uri}})
		require.Nil(t, c.request("$/drained", nil).Error)
		c.waiting = nil
		sizes = append(sizes, inUse())
	}
	half := len(sizes) / 2
	const grown = 64 << 20 // more than a document and its model take
	assert.Less(t, least64(sizes[half:]), least64(sizes[:half])+grown, "bytes in use: %v", sizes)
	t.Logf("%d edits in %s, %d MB in use", edits, time.Since(begun).Round(time.Second), sizes[len(sizes)-1]>>20)
}

func (e *editor) ask() {
	a, b := e.place(), e.place()
	method := asked[e.IntN(len(asked))]
	answer := e.request("textDocument/"+method, map[string]any{
		"textDocument": map[string]any{"uri": e.uri}, "position": e.text.Position(a), "newName": "fresh",
		"range":   service.Range{Start: e.text.Position(min(a, b)), End: e.text.Position(max(a, b))},
		"context": map[string]any{"includeDeclaration": true},
	})
	var fault struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	if answer.Error != nil {
		require.NoError(e.t, json.Unmarshal(answer.Error, &fault))
		require.Equal(e.t, codeFailed, fault.Code, "%s: %s\n%s", method, fault.Message, e.text.String())
	}
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func least64(list []uint64) uint64 {
	least := list[0]
	for _, n := range list {
		least = min(least, n)
	}
	return least
}
