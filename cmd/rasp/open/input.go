package open

import (
	"strings"
	"unicode/utf8"

	"rasp/lang/diag"
	"rasp/lang/value"
)

// Input reads an input: a JSON list if it starts with [, otherwise one token a
// character, as the vocabulary has it, which may be nil. The error is a fault of
// the text.
func Input(text string, v *Vocabulary) ([]value.Value, error) { return inputIn(nil, text, v) }

// inputIn is Input in the memory of room, if that is large enough; room may be of an earlier
// input that is no longer needed.
func inputIn(room []value.Value, text string, v *Vocabulary) ([]value.Value, error) {
	if !utf8.ValidString(text) {
		return nil, Faultf(diag.Syntax, "", "the input is not UTF-8")
	}
	if strings.HasPrefix(text, "[") {
		tokens, err := value.ParseJSON(text)
		if err != nil {
			d := Diagnose(err)
			d.Hint = `an input that starts with [ is a JSON list, such as ["a", 1, 2.5, true]`
			return nil, d
		}
		return tokens, nil
	}
	tokens := room[:0]
	if tokens == nil || cap(tokens) < len(text) {
		tokens = make([]value.Value, 0, len(text)) // nil is no input
	}
	for from := 0; from < len(text); {
		_, size := utf8.DecodeRuneInString(text[from:])
		tokens = append(tokens, v.token(text[from:from+size]))
		from += size
	}
	return tokens, nil
}
