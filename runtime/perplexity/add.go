package perplexity

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
)

// Add has r stand for its texts and those of other, each on its own, one after the other. If
// other is a part that goes on with a text, see Continue, it is one with the last text of r.
// Sums are exact, so that the same texts give the same result digit for digit, in whatever
// parts.
func (r *Result) Add(other Result) {
	if r.First == nil && other.First != nil {
		first := *other.First
		if other.FirstText < 0 {
			first.Line, first.Number = first.Line+r.Lines, first.Number+r.Numbers
		}
		r.First, r.FirstText = &first, r.Texts+other.FirstText
	}
	if other.Texts > 0 {
		r.Lines, r.Numbers = 0, 0
	}
	r.Lines += other.Lines
	r.Numbers += other.Numbers
	r.Texts += other.Texts
	r.Tokens += other.Tokens
	r.Unknown += other.Unknown
	r.Blanks += other.Blanks
	r.UnknownTokens += other.UnknownTokens
	r.Zeros += other.Zeros
	r.UnknownZeros += other.UnknownZeros
	r.EndTokens += other.EndTokens
	r.EndZeros += other.EndZeros
	r.Bytes += other.Bytes
	r.Characters += other.Characters
	r.sums.Log.addAll(other.sums.Log)
	r.sums.Unknown.addAll(other.sums.Unknown)
	r.sums.End.addAll(other.sums.End)
	r.sums.Groups.merge(other.sums.Groups)
	r.round()
}

// Continue says that the text that was scored, of sentences, is a part of one that began before
// it: a section of a file that is not the first.
func (r *Result) Continue() {
	r.Texts = 0
	if r.First != nil {
		r.FirstText = -1
	}
}

// stored is a result in JSON. What is rounded is left out: an error can be NaN.
type stored struct {
	Result plain
	Sums   sums
}

// plain is a Result without methods.
type plain Result

// MarshalText keeps all digits.
func (r Result) MarshalText() ([]byte, error) {
	s := stored{plain(r), r.sums}
	s.Result.Log, s.Result.UnknownLog, s.Result.EndLog, s.Result.Error = 0, 0, 0, 0
	b, err := json.Marshal(s)
	return base64.StdEncoding.AppendEncode(nil, b), err
}

// UnmarshalText reads what MarshalText wrote.
func (r *Result) UnmarshalText(from []byte) error {
	var s stored
	if err := json.NewDecoder(base64.NewDecoder(base64.StdEncoding, bytes.NewReader(from))).Decode(&s); err != nil {
		return fmt.Errorf("no result of a text: %s", err)
	}
	*r = Result(s.Result)
	r.sums = s.Sums
	r.round()
	return nil
}
