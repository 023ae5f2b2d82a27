package corpus

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"math"
	"slices"

	"rasp/lang"
	"rasp/lang/domain"
	"rasp/lang/predict"
	"rasp/lang/value"
)

// Fingerprint of what a program does: programs that give other values on one of the inputs
// that are tried have others.
type Fingerprint [16]byte

func (f Fingerprint) String() string { return hex.EncodeToString(f[:]) }

// Reason why a candidate is no program of the corpus; "" if it is.
type Reason string

const (
	Empty     Reason = "empty"     // no operation could be applied
	Fails     Reason = "fails"     // on an input
	Constant  Reason = "constant"  // one value everywhere
	Identity  Reason = "identity"  // the tokens themselves
	Duplicate Reason = "duplicate" // does what one before does
	Refused   Reason = "refused"   // by the compiler
	Large     Reason = "large"     // the model
	Wrong     Reason = "wrong"     // the model gives something else than the program: a fault of the compiler
)

// drawnInputs is the seed of the random inputs by which programs are told apart, the same in
// all corpora.
const drawnInputs = 1

// inputsOf a domain by which programs are told apart.
func (s *Spec) inputsOf(d domain.Domain) domain.Inputs {
	_, count := d.UpTo(s.Short)
	inputs := domain.Inputs{Domain: d, First: count, Random: s.Long, Seed: drawnInputs}
	if all, exact := d.Count(); exact && all == count {
		inputs.Random = 0
	}
	return inputs
}

// behaviour runs a program. The program has one output, no selector.
func (s *Spec) behaviour(p *lang.Program, d Domain) (Fingerprint, Reason) {
	outputs, fault := p.Outputs(nil, d.domain.Vocab)
	if fault != nil {
		return Fingerprint{}, Fails
	}
	evaluator := predict.New(outputs, d.domain.Vocab, d.Causal)
	sum := newSummary(d)
	for input := range s.inputsOf(d.domain).All() {
		results, err := evaluator.Run(input)
		if err != nil {
			return Fingerprint{}, Fails
		}
		sum.add(input, results[0].Sequence)
	}
	return sum.result()
}

// summary of what a program gives on many inputs.
type summary struct {
	hash     hash.Hash
	room     []byte
	first    value.Value
	begun    bool
	constant bool
	identity bool
}

// newSummary begins with the domain: what programs of two domains do is not the same.
func newSummary(d Domain) *summary {
	s := &summary{hash: sha256.New(), constant: true, identity: true}
	s.hash.Write([]byte(d.directives()))
	return s
}

func (s *summary) add(input, output []value.Value) {
	if !s.begun {
		s.first, s.begun = output[0], true
	}
	s.room = s.room[:0]
	for _, v := range output {
		s.constant = s.constant && v == s.first
		s.room = appendValue(s.room, v)
	}
	s.identity = s.identity && slices.Equal(input, output)
	s.hash.Write(s.room)
}

// appendValue writes a value so that no two are the same bytes: its kind, then the bits of a
// number, or the length and the bytes of a text.
func appendValue(to []byte, v value.Value) []byte {
	to = append(to, byte(v.Kind()))
	if n, ok := v.Int64(); ok && v.Kind() == value.Int {
		return binary.LittleEndian.AppendUint64(to, uint64(n))
	}
	if v.Kind() == value.Float {
		return binary.LittleEndian.AppendUint64(to, math.Float64bits(v.Float64()))
	}
	text := v.JSON()
	return append(binary.LittleEndian.AppendUint32(to, uint32(len(text))), text...)
}

func (s *summary) result() (f Fingerprint, why Reason) {
	copy(f[:], s.hash.Sum(nil))
	switch {
	case s.constant:
		return f, Constant
	case s.identity:
		return f, Identity
	}
	return f, ""
}
