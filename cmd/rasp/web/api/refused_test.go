package api

import (
	"encoding/json"
	"rasp/cmd/rasp/web/rpc/rpctest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestRefused: what is out of bounds is refused in words.
func TestRefused(t *testing.T) {
	h := New("test")
	for _, c := range []struct{ method, params, message string }{
		{"attention.look", `{"keys":[],"values":[],"sharpness":1}`, "a table has 1 to 64 keys"},
		{"attention.look", `{"keys":[[1]],"values":[],"sharpness":1}`, "1 keys and 0 values"},
		{"attention.look", `{"keys":[[1,2]],"values":[[1]],"queries":[[1]],"sharpness":1}`, "query 0 has 1 numbers, not 2"},
		{"attention.look", `{"keys":[[1]],"values":[[1]],"queries":[[1e9]],"sharpness":1}`, "numbers are at most 10000"},
		{"attention.look", `{"keys":[[1]],"values":[[1]],"queries":[[1],[1]],"sharpness":1,"causal":true}`, "2 queries and 1 keys"},
		{"attention.look", `{"keys":[[]],"values":[[1]],"sharpness":1}`, "keys and values have 1 to 64 numbers"},
		{"attention.look", `{"keys":[[1]],"values":[[1]],"sharpness":-1}`, "the sharpness is"},
		{"attention.recall", `{"name":"tom","words":1,"order":1}`, "no text tells of tom"},
		{"attention.recall", `{"name":"ada","words":17,"order":1}`, "words: 0 to 16"},
		{"attention.recall", `{"name":"ada","words":1,"order":17}`, "order: 1 to 16"},
		{"attention.head", `{"program":"sorrt"}`, "no ready-made program has the name sorrt"},
		{"attention.head", `{"program":"shift","head":"4.0"}`, `the model of shift has no head "4.0"`},
		{"attention.head", `{"program":"shift","input":"xyz"}`, "is not in the vocabulary"},
		{"gemm.count", `{"n":129,"tile":4}`, "1 to 128"},
		{"gemm.count", `{"n":8,"tile":33}`, "the side of a tile is 1 to 32"},
		{"gemm.steps", `{"n":17,"tile":4}`, "1 to 16"},
		{"gemm.roofline", `{"n":8,"tile":4,"peak":0,"bandwidth":1}`, "numbers above 0"},
		{"gemm.multiply", `{"n":8,"times":1,"how":"magic"}`, `how is "loops"`},
		{"gemm.multiply", `{"n":512,"times":4,"how":"loops"}`, "at most 1000000000 operations"},
		{"gemm.multiply", `{"n":2000,"times":1,"how":"loops"}`, "1 to 512"},
		{"rasp.walk", `{"program":{"text":"#rasp:vocab \"ab\"\n#rasp:length 3\nx = tokens;"},"input":"ab"}`, "the output is no aggregate of a select"},
		{"puzzle.check", `{"name":"shfit","text":""}`, "there is no puzzle shfit"},
	} {
		_, err := rpctest.Requested(t, h, c.method, json.RawMessage(c.params))
		if assert.NotNil(t, err, c.params) {
			assert.True(t, strings.Contains(err.Message, c.message) || err.Data != nil && strings.Contains(err.Data.Hint+err.Data.Text, c.message), "%s: %s, %+v", c.params, err.Message, err.Data)
		}
	}
}
