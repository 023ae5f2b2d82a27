package api

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/cmd/rasp/open"
)

// raw is the answer to a request.
func raw(t *testing.T, h *Host, text string) (result json.RawMessage, fault *Error) {
	t.Helper()
	var a struct {
		Version string          `json:"jsonrpc"`
		Result  json.RawMessage `json:"result"`
		Error   *Error          `json:"error"`
	}
	require.NoError(t, json.Unmarshal(h.Call(t.Context(), []byte(text)), &a))
	assert.Equal(t, "2.0", a.Version)
	return a.Result, a.Error
}

// requested is the answer to a request of a method.
func requested(t *testing.T, h *Host, method string, params any) (json.RawMessage, *Error) {
	t.Helper()
	text, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
	require.NoError(t, err)
	return raw(t, h, string(text))
}

// asked is the result of a request of which nothing is wrong.
func asked[R any](t *testing.T, h *Host, method string, params any) (r R) {
	t.Helper()
	result, fault := requested(t, h, method, params)
	require.Nil(t, fault, "%s: %v", method, fault)
	require.NoError(t, json.Unmarshal(result, &r), "%s", result)
	return r
}

func TestRequests(t *testing.T) {
	h := New("1.2.3")
	result, fault := raw(t, h, `{"id": 7, "method": "version"}`)
	assert.Nil(t, fault)
	assert.JSONEq(t, `{"version": "1.2.3", "protocol": 1}`, string(result))
	for text, want := range map[string]Error{
		`{"id": 1`:                       {Code: codeParse, Message: "the request: unexpected end of JSON input"},
		`[]`:                             {Code: codeParse, Message: "the request: a list where an object belongs"},
		`{"id": 1, "method": "versoin"}`: {Code: codeMethod, Message: "unknown method versoin"},
		`{"id": 1, "method": "version", "params": {"what": 1}}`: {Code: codeParams, Message: `the parameters: unknown field "what"`},
		`{"id": 1, "method": "version", "params": "a"}`:         {Code: codeParams, Message: "the parameters: text where an object belongs"},
	} {
		_, fault := raw(t, h, text)
		require.NotNil(t, fault, text)
		assert.Equal(t, want.Code, fault.Code, text)
		assert.Equal(t, want.Message, fault.Message, text)
	}
	_, fault = raw(t, h, `{"id": 1, "method": "versoin"}`)
	assert.Equal(t, "did you mean version?", fault.Data.Hint)
}

// modelOf is a model that a host has made.
func modelOf(t *testing.T, h *Host, p Program) *compiled {
	t.Helper()
	ctx, leave, err := h.enter(t.Context())
	require.NoError(t, err)
	defer leave()
	m, err := h.model(ctx, p)
	require.NoError(t, err)
	return m
}

const tiny = "#rasp:vocab \"ab\"\n#rasp:length 4\nn = length;\n"

// TestTurns: a model that is in use keeps nobody from asking for something else, and who
// waits for it can give up.
func TestTurns(t *testing.T) {
	h := New("")
	ctx, leave, err := h.enter(t.Context())
	require.NoError(t, err)
	m, err := h.model(ctx, Program{Text: tiny})
	require.NoError(t, err)
	again, err := h.model(ctx, Program{Text: tiny})
	require.NoError(t, err)
	assert.Same(t, m, again)

	_, fault := raw(t, h, `{"id": 1, "method": "version"}`)
	assert.Nil(t, fault)
	other, leaveOther, err := h.enter(t.Context())
	require.NoError(t, err)
	other, cancel := context.WithTimeout(other, 10*time.Millisecond)
	defer cancel()
	_, err = h.model(other, Program{Text: tiny})
	assert.ErrorIs(t, err, context.DeadlineExceeded)
	leaveOther()

	leave()
	ctx, leave, err = h.enter(t.Context())
	require.NoError(t, err)
	defer leave()
	same, err := h.model(ctx, Program{Text: tiny})
	require.NoError(t, err)
	assert.Same(t, m, same)
}

func TestModelsAreLetGo(t *testing.T) {
	h := New("")
	for level := range 2 {
		for length := 1; length <= mostModels; length++ {
			ctx, leave, err := h.enter(t.Context())
			require.NoError(t, err)
			_, err = h.model(ctx, Program{Text: tiny, Length: length, Level: &level})
			require.NoError(t, err)
			leave()
		}
	}
	assert.Len(t, h.models.models, mostModels)
	assert.Len(t, h.models.order, mostModels)
}

// TestNoFiles: a program of a page reads no file of the machine.
func TestNoFiles(t *testing.T) {
	p := Program{Text: "load \"api\";\nx = tokens;"}
	_, faults := p.parse()
	require.Len(t, faults, 1)
	assert.Contains(t, faults[0].Message, "api")
}

// TestCompilations: a request ends when it is no longer wanted, whatever the compiler is at,
// and only so many compilations are under way.
func TestCompilations(t *testing.T) {
	h := New("")
	blocked, started := make(chan struct{}), make(chan struct{}, mostCompilations+1)
	long := func() (open.Compiled, error) {
		started <- struct{}{}
		<-blocked
		return open.Compiled{}, nil
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	for range mostCompilations + 1 {
		go func() {
			_, err := h.compiledOf(ctx, long)
			ended <- err
		}()
	}
	for range mostCompilations {
		<-started
	}
	cancel()
	for range mostCompilations + 1 {
		assert.ErrorIs(t, <-ended, context.Canceled)
	}
	assert.Empty(t, started, "one waited, and was never begun")
	close(blocked)
	_, err := h.compiledOf(t.Context(), func() (open.Compiled, error) { panic("broken") })
	assert.ErrorContains(t, err, "a fault of rasp itself: broken")
}
