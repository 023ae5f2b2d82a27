package corpus

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"math"
	"slices"

	"rasp/lang/graph"
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

// behaviour runs a program. The program has one output, no selector.
func (s *Spec) behaviour(outputs []graph.Output, d Domain) (Fingerprint, Reason) {
	evaluator := predict.New(outputs, d.domain.Vocab, d.Causal)
	sum := s.newSummary(d)
	for ids, input := range s.probesOf(&d).All() {
		results, err := evaluator.Run(input)
		if err != nil {
			return Fingerprint{}, Fails
		}
		sum.add(ids, input, results[0].Sequence)
	}
	return sum.result()
}

// summary of what a program gives on many inputs.
type summary struct {
	digest
	first    value.Value
	begun    bool
	constant bool
	identity bool
}

// digest makes a fingerprint of inputs and outputs.
type digest interface {
	note(ids []int, output []value.Value)
	fingerprint() Fingerprint
}

// newSummary begins with the domain: what programs of two domains do is not the same.
func (s *Spec) newSummary(d Domain) *summary {
	sum := &summary{constant: true, identity: true}
	if s.Rename {
		sum.digest = newRenamed(d)
	} else {
		sum.digest = newPlain(d)
	}
	return sum
}

func (s *summary) add(ids []int, input, output []value.Value) {
	if !s.begun {
		s.first, s.begun = output[0], true
	}
	for i := 0; s.constant && i < len(output); i++ {
		s.constant = output[i] == s.first
	}
	s.identity = s.identity && slices.Equal(input, output)
	s.note(ids, output)
}

func (s *summary) result() (f Fingerprint, why Reason) {
	switch f = s.fingerprint(); {
	case s.constant:
		return f, Constant
	case s.identity:
		return f, Identity
	}
	return f, ""
}

// plain hashes the outputs one after the other; the inputs are always the same.
type plain struct {
	hash hash.Hash
	room []byte
}

func newPlain(d Domain) *plain {
	p := &plain{hash: sha256.New()}
	p.hash.Write([]byte(d.directives()))
	return p
}

func (p *plain) note(_ []int, output []value.Value) {
	p.room = p.room[:0]
	for _, v := range output {
		p.room = appendValue(p.room, v)
	}
	p.hash.Write(p.room)
}

func (p *plain) fingerprint() Fingerprint { return Fingerprint(p.hash.Sum(nil)) }

// appendValue writes a value so that no two are the same bytes: its kind, then the bits of a
// number, or the length and the bytes of a text.
func appendValue(to []byte, v value.Value) []byte {
	to = append(to, byte(v.Kind()))
	if n, ok := v.Int64(); ok && v.Kind() == value.Int {
		return binary.LittleEndian.AppendUint64(to, uint64(n))
	}
	var text string
	switch v.Kind() {
	case value.Float:
		return binary.LittleEndian.AppendUint64(to, math.Float64bits(v.Float64()))
	case value.String:
		text = v.Text()
	default:
		text = v.JSON()
	}
	return append(binary.LittleEndian.AppendUint32(to, uint32(len(text))), text...)
}
