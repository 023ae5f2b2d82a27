package perplexity

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
)

// Add has r stand for its texts and those of other, each on its own, one after the other. The
// sums are those of the texts, added up in this order: whoever adds the same results in the
// same order gets the same, digit for digit.
func (r *Result) Add(other Result) {
	if r.First == nil && other.First != nil {
		r.First, r.FirstText = other.First, r.Texts+other.FirstText
	}
	r.Texts += other.Texts
	r.Tokens += other.Tokens
	r.Unknown += other.Unknown
	r.Blanks += other.Blanks
	r.Log += other.Log
	r.UnknownLog += other.UnknownLog
	r.UnknownTokens += other.UnknownTokens
	r.Zeros += other.Zeros
	r.UnknownZeros += other.UnknownZeros
	r.EndLog += other.EndLog
	r.EndTokens += other.EndTokens
	r.EndZeros += other.EndZeros
	r.Bytes += other.Bytes
	r.Characters += other.Characters
	r.by.merge(other.by)
	r.Groups, r.Error = r.by.error()
}

// merge adds the groups of others, whose origin may be another one.
func (g *groups) merge(o groups) {
	if o.n == 0 {
		return
	}
	if g.n == 0 {
		*g = o
		return
	}
	d := o.origin - g.origin // x is larger by d for each token
	g.n += o.n
	g.sumX += o.sumX + d*o.sumN
	g.sumN += o.sumN
	g.xx += o.xx + 2*d*o.xn + d*d*o.nn
	g.xn += o.xn + d*o.nn
	g.nn += o.nn
}

// stored is a result in JSON, which has no infinities: its error is left out, for it is that of
// the groups.
type stored struct {
	Result plain
	Groups [7]uint64 // the bits of their sums
}

// plain is a Result without methods.
type plain Result

// sums are what the groups that are finished amount to.
func (g *groups) sums() [7]float64 {
	return [7]float64{float64(g.n), g.origin, g.sumX, g.sumN, g.xx, g.xn, g.nn}
}

// MarshalText keeps all digits, and what JSON has no numbers for.
func (r Result) MarshalText() ([]byte, error) {
	s := stored{Result: plain(r)}
	s.Result.Error = 0
	for i, x := range r.by.sums() {
		s.Groups[i] = math.Float64bits(x)
	}
	b, err := json.Marshal(s)
	return base64.StdEncoding.AppendEncode(nil, b), err
}

// UnmarshalText reads what MarshalText wrote.
func (r *Result) UnmarshalText(from []byte) error {
	var s stored
	if err := json.NewDecoder(base64.NewDecoder(base64.StdEncoding, bytes.NewReader(from))).Decode(&s); err != nil {
		return fmt.Errorf("no result of a text: %s", err)
	}
	var g [7]float64
	for i, x := range s.Groups {
		g[i] = math.Float64frombits(x)
	}
	*r = Result(s.Result)
	r.by = groups{n: int(g[0]), origin: g[1], sumX: g[2], sumN: g[3], xx: g[4], xn: g[5], nn: g[6]}
	r.Groups, r.Error = r.by.error()
	return nil
}
