package api

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/web/rpc"
	"rasp/cmd/rasp/web/rpc/rpctest"
)

func TestRequests(t *testing.T) {
	h := New("1.2.3")
	result, fault := rpctest.Raw(t, h, `{"id": 7, "method": "version"}`)
	assert.Nil(t, fault)
	assert.JSONEq(t, `{"version": "1.2.3", "protocol": 1}`, string(result))
	for text, want := range map[string]rpc.Error{
		`{"id": 1`:                       {Code: rpc.CodeParse, Message: "the request: unexpected end of JSON input"},
		`[]`:                             {Code: rpc.CodeParse, Message: "the request: a list where an object belongs"},
		`{"id": 1, "method": "versoin"}`: {Code: rpc.CodeMethod, Message: "unknown method versoin"},
		`{"id": 1, "method": "version", "params": {"what": 1}}`: {Code: rpc.CodeParams, Message: `the parameters: unknown field "what"`},
		`{"id": 1, "method": "version", "params": "a"}`:         {Code: rpc.CodeParams, Message: "the parameters: text where an object belongs"},
	} {
		_, fault := rpctest.Raw(t, h, text)
		require.NotNil(t, fault, text)
		assert.Equal(t, want.Code, fault.Code, text)
		assert.Equal(t, want.Message, fault.Message, text)
	}
	_, fault = rpctest.Raw(t, h, `{"id": 1, "method": "versoin"}`)
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

	_, fault := rpctest.Raw(t, h, `{"id": 1, "method": "version"}`)
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
