package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// asker speaks with rasp serve.
type asker struct {
	t      *testing.T
	to     io.WriteCloser
	from   *bufio.Scanner
	ended  chan int
	schema *jsonschema.Compiler
	path   string // of the schema
	asked  int
}

func serve(t *testing.T, flags ...string) *asker {
	t.Helper()
	in, to := io.Pipe()
	from, out := io.Pipe()
	a := &asker{t: t, to: to, from: bufio.NewScanner(from), ended: make(chan int, 1), schema: jsonschema.NewCompiler(), path: filepath.Join(repository(t), "docs", "serve.schema.json")}
	a.from.Buffer(nil, 1<<26)
	go func() {
		a.ended <- execute(context.Background(), append([]string{"serve"}, flags...), in, out, io.Discard)
		out.Close()
	}()
	return a
}

// valid holds text against a part of the schema.
func (a *asker) valid(part string, text []byte) {
	a.t.Helper()
	s, err := a.schema.Compile(a.path + "#/$defs/" + part)
	require.NoError(a.t, err)
	data, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(a.t, err)
	require.NoError(a.t, s.Validate(data), "%s: %s", part, text)
}

// answer to a line.
type answer struct {
	ID     json.RawMessage
	Result json.RawMessage
	Error  *rpcError
}

func (a *asker) send(line string) {
	a.t.Helper()
	_, err := io.WriteString(a.to, line+"\n")
	require.NoError(a.t, err)
}

func (a *asker) receive() (r answer) {
	a.t.Helper()
	require.True(a.t, a.from.Scan())
	require.NoError(a.t, json.Unmarshal(a.from.Bytes(), &r), a.from.Text())
	if r.Error != nil {
		text, err := json.Marshal(r.Error)
		require.NoError(a.t, err)
		a.valid("error", text)
	}
	return r
}

// ask is a request as the schema has it, and its answer.
func (a *asker) ask(method, params string) answer {
	a.t.Helper()
	a.asked++
	line := fmt.Sprintf(`{"jsonrpc": "2.0", "id": %d, "method": %q, "params": %s}`, a.asked, method, params)
	a.valid("request", []byte(line))
	a.send(line)
	r := a.receive()
	require.Equal(a.t, fmt.Sprint(a.asked), string(r.ID))
	if r.Error == nil {
		part := method + "_result"
		a.valid(part, r.Result)
	}
	return r
}

// result is one that is expected.
func (a *asker) result(method, params string, into any) {
	a.t.Helper()
	r := a.ask(method, params)
	require.Nil(a.t, r.Error, "%s: %+v", method, r.Error)
	require.NoError(a.t, json.Unmarshal(r.Result, into))
}

func (a *asker) end() int {
	a.to.Close()
	return <-a.ended
}

func TestServe(t *testing.T) {
	a := serve(t)
	t.Chdir(t.TempDir())
	var m opened
	a.result("compile", `{"file": "sort", "vocab": "abc", "length": 5}`, &m)
	assert.Equal(t, 5, m.Sizes.Length)
	var ran []answered
	a.result("run", `{"model": "m1", "inputs": ["cab", ["b", "a"], "xy", ""]}`, &ran)
	assert.JSONEq(t, `["a", "b", "c"]`, string(ran[0].Outputs[0].Values))
	assert.JSONEq(t, `["a", "b"]`, string(ran[1].Outputs[0].Values))
	assert.Contains(t, ran[2].Error.Message, `"x" (position 0) is not in the vocabulary`)
	assert.Equal(t, "the input is empty", ran[3].Error.Message)

	var logits []struct {
		Shape []int
		Data  string
	}
	a.result("logits", `{"model": "m1", "inputs": ["cab"]}`, &logits)
	data, err := base64.StdEncoding.DecodeString(logits[0].Data)
	require.NoError(t, err)
	require.Equal(t, []int{3, m.Columns}, logits[0].Shape)
	require.Len(t, data, 4*3*m.Columns)
	best := 0
	at := func(c int) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(data[4*c:])) }
	for c := range m.Columns {
		if at(c) > at(best) {
			best = c
		}
	}
	assert.Equal(t, `"a"`, string(m.Outputs[0].Classes[best]))

	var traced struct{ Layers []any }
	a.result("trace", `{"model": "m1", "input": "cab"}`, &traced)
	assert.Len(t, traced.Layers, 2)
	var effect struct{ After [][]string }
	a.result("intervene", `{"model": "m1", "intervention": {"input": "cab", "set": [{"sop": "tokens", "position": 0, "value": "b"}]}}`, &effect)
	assert.Equal(t, [][]string{{`"a"`, `"b"`, `"b"`}}, effect.After)
	var names struct{ SOps []any }
	a.result("names", `{"model": "m1"}`, &names)
	assert.NotEmpty(t, names.SOps)

	a.result("save", `{"model": "m1", "file": "sort.safetensors"}`, &struct{}{})
	a.result("load", `{"file": "sort.safetensors"}`, &m)
	assert.Equal(t, "m2", m.Model)
	a.result("interpret", `{"source": "half = indices / 2;\nnear = select(indices, indices, <);", "inputs": ["ab"], "outputs": ["half", "near"]}`, &ran)
	assert.JSONEq(t, `[0.0, 0.5]`, string(ran[0].Outputs[0].Values))
	assert.Equal(t, "[0.0,0.5]", string(ran[0].Outputs[0].Values), "a float stays one")
	assert.Equal(t, [][]int{{0, 0}, {1, 0}}, ran[0].Outputs[1].Selector)
	a.result("interpret", `{"file": "sort", "inputs": ["cab"], "set": [{"sop": "place", "position": 0, "value": "0"}, {"sop": "place", "position": 1, "value": "2"}]}`, &ran)
	assert.JSONEq(t, `["c", "b", "a"]`, string(ran[0].Outputs[0].Values))

	var programs []readyMade
	a.result("programs", `{}`, &programs)
	assert.NotEmpty(t, programs)
	var command commanded
	a.result("command", `{"args": ["perplexity", "--json", "--causal", "good.rasp", "-"], "stdin": "aba"}`, &command)
	assert.Equal(t, 1, command.Status)
	assert.Equal(t, "could not find file: good.rasp", command.Faults[0].Message)
	a.result("command", `{"args": ["run", "sort", "cab"]}`, &command)
	assert.Equal(t, "sorted(\"cab\") = [a, b, c] (strings)\n", command.Stdout)
	a.result("version", `{}`, &struct{}{})
	assert.Zero(t, a.end())
}

func TestServeErrors(t *testing.T) {
	a := serve(t)
	for _, c := range []struct {
		method, params string
		code           int
		message        string
	}{
		{"compile", `{"source": "same = select(tokens, tokens, ==);\nn = same + 1;"}`, codeFault, "cannot compute + with a selector"},
		{"compile", `{"file": "sotr"}`, codeFault, "could not find file: sotr"},
		{"compile", `{"file": "sort", "vocab": "9..0"}`, codeUsage, "vocab: "},
		{"run", `{"model": "m7", "inputs": []}`, codeModel, `no model has the handle "m7"`},
		{"logits", `{"model": "m7", "inputs": []}`, codeModel, "no model"},
		{"load", `{"file": "nowhere.safetensors"}`, codeFault, "could not find file"},
	} {
		r := a.ask(c.method, c.params)
		require.NotNil(t, r.Error, c.params)
		assert.Equal(t, c.code, r.Error.Code)
		assert.Contains(t, r.Error.Message, c.message)
	}
	r := a.ask("compile", `{"source": "same = select(tokens, tokens, ==);\nn = same + 1;", "name": "n.rasp"}`)
	require.Len(t, r.Error.Data.Faults, 1)
	f := r.Error.Data.Faults[0]
	assert.Equal(t, []any{"n.rasp", 2, 5, "selector_width(same)"}, []any{f.File, f.Line, f.Col, f.Hint})
	assert.Contains(t, f.Text, "      |     ^~~~\n")

	for line, code := range map[string]int{
		`nonsense`:                      codeParse,
		`[1]`:                           codeRequest,
		`{"id": 1}`:                     codeRequest,
		`{"id": 1, "method": "versio"}`: codeMethod,
		`{"id": 1, "method": "run", "params": {"modle": 1}}`: codeParams,
		`{"id": 1, "method": "compile", "params": {}}`:       codeParams,
	} {
		a.send(line)
		r := a.receive()
		require.NotNil(t, r.Error, line)
		assert.Equal(t, code, r.Error.Code, line)
	}
	r = a.ask("version", `{"x": 1}`)
	assert.Equal(t, `the parameters: unknown field "x"`, r.Error.Message)
	a.send(`{"id": 5, "method": "run", "params": {"model": "m1", "inputs": 3}}`)
	assert.Equal(t, "the parameters: a number where a list belongs, at inputs", a.receive().Error.Message)
	a.result("compile", `{"source": "x = tokens;", "vocab": "ab", "length": 2}`, &opened{})
	for line, message := range map[string]string{
		`{"id": 1, "method": "run", "params": {"model": 1, "inputs": []}}`:                                          "the parameters: a number where text belongs, at model",
		`{"id": 1, "method": "compile", "params": {"source": "x = tokens;", "length": "5"}}`:                        "the parameters: text where a whole number belongs, at length",
		`{"id": 1, "method": "compile", "params": {"source": "x = tokens;", "causal": 1}}`:                          "the parameters: a number where true or false belongs, at causal",
		`{"id": 1, "method": "compile", "params": {"source": "x = tokens;", "vocab": 12}}`:                          "a number where text or a list of tokens belongs",
		`{"id": 1, "method": "command", "params": ["run"]}`:                                                         "the parameters: a list where an object belongs",
		`{"id": 1, "method": "trace", "params": {"model": "m1", "input": ""}}`:                                      "input is empty",
		`{"id": 1, "method": "intervene", "params": {"model": "m1", "intervention": {"ablate": 1}}}`:                "the line is no intervention: a number where a list belongs, at ablate",
		`{"id": 1, "method": "intervene", "params": {"model": "m1", "intervention": {"input": "a", "patches": 1}}}`: `the line is no intervention: unknown field "patches"`,
	} {
		a.send(line)
		assert.Equal(t, message, a.receive().Error.Message, line)
	}
	for _, method := range []string{"run", "logits"} { // of several inputs one may be at fault
		a.send(fmt.Sprintf(`{"id": 1, "method": %q, "params": {"model": "m1", "inputs": ["a", null, 12, {}, true, "x", "b"]}}`, method))
		r := a.receive()
		a.valid(method+"_result", r.Result)
		var each []struct{ Error *fault }
		require.NoError(t, json.Unmarshal(r.Result, &each))
		var said []string
		for _, one := range each {
			if one.Error == nil {
				said = append(said, "")
			} else {
				said = append(said, one.Error.Message)
			}
		}
		wrong := " where text or a list of tokens belongs"
		assert.Equal(t, []string{"", "null" + wrong, "a number" + wrong, "an object" + wrong, "true or false" + wrong, `string "x" (position 0) is not in the vocabulary`, ""}, said)
	}
	a.send(`{"method": "version"}`) // a notification has no answer
	a.result("version", `{}`, &struct{}{})
	assert.Zero(t, a.end())
}

// Of too many models the one that was not used for longest goes.
func TestServeKeepsSomeModels(t *testing.T) {
	a := serve(t, "--models", "2")
	compile := func() {
		a.result("compile", `{"source": "x = tokens;", "vocab": "ab", "length": 2}`, &opened{})
	}
	compile()
	compile()
	a.result("run", `{"model": "m1", "inputs": ["a"]}`, &[]answered{})
	compile()
	a.result("run", `{"model": "m1", "inputs": ["a"]}`, &[]answered{})
	assert.Equal(t, codeModel, a.ask("run", `{"model": "m2", "inputs": ["a"]}`).Error.Code)
	a.result("close", `{"models": ["m1", "m9"]}`, &struct{}{})
	assert.Equal(t, codeModel, a.ask("run", `{"model": "m1", "inputs": ["a"]}`).Error.Code)
	assert.Zero(t, a.end())
}

// A request that is cancelled ends, whether it has begun or not, and the next one is answered.
func TestServeCancels(t *testing.T) {
	a := serve(t)
	a.send(`{"id": "long", "method": "command", "params": {"args": ["sample", "reverse", "-n", "1000000", "--length", "18"]}}`)
	a.send(`{"id": "waiting", "method": "version"}`)
	a.send(`{"method": "cancel", "params": {"id": "waiting"}}`)
	a.send(`{"method": "cancel", "params": {"id": "long"}}`)
	a.send(`{"id": "next", "method": "version"}`)
	for _, id := range []string{`"long"`, `"waiting"`} {
		r := a.receive()
		assert.Equal(t, id, string(r.ID))
		require.NotNil(t, r.Error)
		assert.Equal(t, codeCancelled, r.Error.Code)
	}
	r := a.receive()
	assert.Equal(t, `"next"`, string(r.ID))
	assert.Nil(t, r.Error)
	assert.Zero(t, a.end())
}

// Requests of one ID are each answered.
func TestServeSameID(t *testing.T) {
	a := serve(t)
	a.send(`{"id": 1, "method": "version"}`)
	a.send(`{"id": 1, "method": "programs"}`)
	a.send(`{"id": 1, "method": "version"}`)
	for range 3 {
		r := a.receive()
		assert.Equal(t, "1", string(r.ID))
		assert.Nil(t, r.Error)
	}
	assert.Zero(t, a.end())
}

// A compilation that is cancelled is answered at once, whatever pass it is in, and models stay.
func TestServeCancelsCompilations(t *testing.T) {
	a := serve(t)
	a.result("compile", `{"file": "sort", "vocab": "abc", "length": 5}`, &opened{})
	slow := `x = round(100 * aggregate(select(tokens_int, tokens_int, <=), tokens_int)) + round(100 * aggregate(select(indices, indices, <=), tokens_int));`
	a.send(fmt.Sprintf(`{"id": "slow", "method": "compile", "params": {"source": %q, "vocab": "0..9", "length": 40}}`, slow))
	a.send(`{"method": "cancel", "params": {"id": "slow"}}`)
	r := a.receive()
	require.NotNil(t, r.Error)
	assert.Equal(t, codeCancelled, r.Error.Code)
	var ran []answered
	a.result("run", `{"model": "m1", "inputs": ["cab"]}`, &ran)
	assert.JSONEq(t, `["a", "b", "c"]`, string(ran[0].Outputs[0].Values))
	assert.Zero(t, a.end())
}

// With --attached the end of stdin is the end, in the midst of a request too.
func TestServeEndsWithItsParent(t *testing.T) {
	a := serve(t, "--attached")
	a.send(`{"id": 1, "method": "command", "params": {"args": ["sample", "reverse", "-n", "10000000", "--length", "18"]}}`)
	a.to.Close()
	select {
	case <-a.ended:
	case <-time.After(time.Minute):
		t.Fatal("it goes on without its parent")
	}
}
