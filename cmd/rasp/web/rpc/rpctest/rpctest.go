// Package rpctest asks methods in tests.
package rpctest

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/cmd/rasp/web/rpc"
)

// Caller answers requests, such as rpc.Methods.
type Caller interface {
	Call(ctx context.Context, text []byte) []byte
}

// Raw is the answer to a request.
func Raw(t *testing.T, c Caller, text string) (result json.RawMessage, fault *rpc.Error) {
	t.Helper()
	var a struct {
		Version string          `json:"jsonrpc"`
		Result  json.RawMessage `json:"result"`
		Error   *rpc.Error      `json:"error"`
	}
	require.NoError(t, json.Unmarshal(c.Call(t.Context(), []byte(text)), &a))
	assert.Equal(t, "2.0", a.Version)
	return a.Result, a.Error
}

// Requested is the answer to a request of a method.
func Requested(t *testing.T, c Caller, method string, params any) (json.RawMessage, *rpc.Error) {
	t.Helper()
	text, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
	require.NoError(t, err)
	return Raw(t, c, string(text))
}

// Asked is the result of a request of which nothing is wrong.
func Asked[R any](t *testing.T, c Caller, method string, params any) (r R) {
	t.Helper()
	result, fault := Requested(t, c, method, params)
	require.Nil(t, fault, "%s: %v", method, fault)
	require.NoError(t, json.Unmarshal(result, &r), "%s", result)
	return r
}

// Refused is the error of a request that has one.
func Refused(t *testing.T, c Caller, method string, params any) *rpc.Error {
	t.Helper()
	_, fault := Requested(t, c, method, params)
	require.NotNil(t, fault, method)
	return fault
}
