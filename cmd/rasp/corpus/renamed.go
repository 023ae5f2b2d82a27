package corpus

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"rasp/lang/value"
)

// renamed makes the fingerprint that a program shares with all that do the same to other
// tokens: where P gives y for x, P' gives r(y) for r(x), for a renaming r of the vocabulary.
//
// For each renaming r it adds up hashes of (r(x), r(P(x))) over all probes x. Since renaming
// the probes gives the same set, that is the sum that r as it renames P has without renaming;
// so programs that are renamings of each other have the same sums, in another order, and the
// least of them is one for all.
type renamed struct {
	renamings [][]int
	ids       map[value.Value]int
	sums      [][4]uint64 // by renaming
	domain    string      // what stays the same of it

	room    []byte
	outputs []int // token ids; -1 for what is no token
}

// MostRenamed is how many tokens may be renamed: all orders of them are gone through.
const MostRenamed = 5

func newRenamed(d Domain) *renamed {
	r := &renamed{renamings: permutations(len(d.tokens)), ids: map[value.Value]int{}}
	r.sums = make([][4]uint64, len(r.renamings))
	for i, v := range d.domain.Vocab {
		r.ids[v] = i
	}
	r.domain = fmt.Sprintf("%d tokens, length %d, causal %t", len(d.tokens), d.Length, d.Causal)
	return r
}

func (r *renamed) note(ids []int, output []value.Value) {
	r.outputs = r.outputs[:0]
	for _, v := range output {
		id, ok := r.ids[v]
		if !ok {
			id = -1
		}
		r.outputs = append(r.outputs, id)
	}
	for k, names := range r.renamings {
		r.room = binary.LittleEndian.AppendUint32(r.room[:0], uint32(len(ids)))
		for _, id := range ids {
			r.room = append(r.room, byte(names[id]))
		}
		for i, id := range r.outputs {
			if id >= 0 {
				r.room = append(r.room, 0xff, byte(names[id])) // no kind of a value
			} else {
				r.room = appendValue(r.room, output[i])
			}
		}
		hash := sha256.Sum256(r.room)
		for i := range r.sums[k] {
			r.sums[k][i] += binary.LittleEndian.Uint64(hash[8*i:])
		}
	}
}

func (r *renamed) fingerprint() (least Fingerprint) {
	for k, sum := range r.sums {
		text := []byte(r.domain)
		for _, x := range sum {
			text = binary.LittleEndian.AppendUint64(text, x)
		}
		hash := sha256.Sum256(text)
		if f := Fingerprint(hash[:]); k == 0 || bytes.Compare(f[:], least[:]) < 0 {
			least = f
		}
	}
	return least
}
