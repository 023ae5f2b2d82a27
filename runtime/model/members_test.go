package model

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// headers are objects, and what is none.
var headers = []string{
	`{}`, ` { } `, `null`, `[]`, `3`, `"{}"`, `{`, `{"a":1,}`, ``, ` `,
	`{"a":1}`, ` {"a" : 1 , "b":[ {"c":":,{"} , "}]" ] ,"d":{"e":"f","g":{}}, "h" : null}`,
	`{"a\"b":"c\\","d\\":"\"","e":"}"}`,
	`{"a":"b","a":"c"}`, "{\"a\":\"\\u00e9\\ud83d\\ude00\\ud800\\n\\t\\/\\b\\f\\r\",\"\\u0062\":\"\xff\"}",
	`{"é":"ä","":""}`, `{"a":true,"b":"c"}`, `{"a":"b","c":null}`,
}

// TestMembers compares with encoding/json.
func TestMembers(t *testing.T) {
	for _, text := range headers {
		var want map[string]json.RawMessage
		wrong := json.Unmarshal([]byte(text), &want)
		got, err := membersOf([]byte(text))
		require.Equal(t, wrong, err, text)
		if wrong == nil {
			require.Equal(t, slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got)), text)
			for key := range want {
				require.Equal(t, string(want[key]), string(got[key]), text)
			}
		}
		if !json.Valid([]byte(text)) {
			continue
		}
		var wantStrings map[string]string
		wrong = json.Unmarshal([]byte(text), &wantStrings)
		strings, err := stringsOf([]byte(text))
		require.Equal(t, wrong == nil, err == nil, text)
		if wrong == nil {
			require.Equal(t, len(wantStrings), len(strings), text)
			for key, value := range wantStrings {
				require.Equal(t, value, strings[key], text)
			}
		}
	}
}
