package jsonerr

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
)

// What is wrong with JSON is said in words of JSON, whatever holds it in Go.
func TestText(t *testing.T) {
	type Embedded struct {
		Length int     `json:"length"`
		Share  float64 `json:"share"`
		Causal *bool   `json:"causal"`
	}
	var of struct {
		Embedded
		Names []string          `json:"names"`
		Inner struct{ At uint } `json:"inner"`
	}
	for text, want := range map[string]string{
		`{"length": "x"}`:        "text where a whole number belongs, at length",
		`{"length": 2.5}`:        "the number 2.5 where a whole number belongs, at length",
		`{"share": []}`:          "a list where a number belongs, at share",
		`{"causal": 1}`:          "a number where true or false belongs, at causal",
		`{"names": {}}`:          "an object where a list belongs, at names",
		`{"names": [true]}`:      "true or false where text belongs, at names",
		`{"inner": {"At": "x"}}`: "text where a whole number belongs, at At",
		`{"inner": []}`:          "a list where an object belongs, at inner",
		`[]`:                     "a list where an object belongs",
		`{"length": 1`:           "unexpected end of JSON input",
	} {
		assert.Equal(t, want, Text(json.Unmarshal([]byte(text), &of)), text)
	}
	for text, want := range map[string]string{`1`: "a number", `-1`: "a number", `"1"`: "text", `[]`: "a list", `{}`: "an object", `null`: "null", `true`: "true or false"} {
		assert.Equal(t, want, Kind(json.RawMessage(text)))
	}
}
