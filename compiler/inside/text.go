package inside

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"rasp/lang/diag"
	"rasp/runtime/model"
)

// TokenText is a token for people: a string without its quotes, but where they show where it
// begins and ends.
func TokenText(t model.Token) string {
	var text string
	switch {
	case t == model.Undefined:
		return "no value"
	case json.Unmarshal([]byte(t), &text) == nil && text != "" && !strings.ContainsFunc(text, unicode.IsSpace):
		return diag.Visible(text)
	}
	return diag.Visible(string(t))
}

// String is a reading for people.
func (r Reading) String() string {
	switch {
	case r.Number != nil:
		return fmt.Sprintf("%.4g", *r.Number)
	case len(r.Values) == 0:
		return "no code"
	case len(r.Values) == 1:
		return TokenText(r.Values[0])
	case len(r.Values) == 2:
		return TokenText(r.Values[0]) + "|" + TokenText(r.Values[1])
	}
	return fmt.Sprintf("%s|..%d", TokenText(r.Values[0]), len(r.Values))
}
