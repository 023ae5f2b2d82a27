package ngram

import (
	"bytes"
	"hash/maphash"

	"rasp/runtime/text"
)

// wordTable numbers the different tokens of a text in order of arrival, behind those that no
// text contains. Names lie one behind the other in one piece of memory, and the hash table
// has no pointers.
type wordTable struct {
	seed  maphash.Seed
	slots []wordSlot // a power of two of them
	names []byte
	ends  []int   // of each name
	count []int64 // how often each occurs
}

// wordSlot is empty where behind is 0; else it is that of the token before this number.
type wordSlot struct{ hash, behind uint32 }

func newWordTable() *wordTable {
	t := &wordTable{seed: maphash.MakeSeed(), slots: make([]wordSlot, 1<<10)}
	for _, name := range []string{text.BeginName, text.EndName, text.UnknownName} {
		slot, hash := t.find([]byte(name))
		t.add(slot, hash, []byte(name))
	}
	return t
}

func (t *wordTable) size() int { return len(t.ends) }

// name of a token, valid until another is added.
func (t *wordTable) name(number int) []byte {
	if number == 0 {
		return t.names[:t.ends[0]]
	}
	return t.names[t.ends[number-1]:t.ends[number]]
}

// find is the slot of a token, an empty one if it is new.
func (t *wordTable) find(token []byte) (slot *wordSlot, hash uint32) {
	hash = uint32(maphash.Bytes(t.seed, token))
	mask := uint32(len(t.slots) - 1)
	for at := hash & mask; ; at = (at + 1) & mask {
		slot = &t.slots[at]
		if slot.behind == 0 || slot.hash == hash && bytes.Equal(t.name(int(slot.behind)-1), token) {
			return slot, hash
		}
	}
}

// add gives a new token the next number, and its empty slot.
func (t *wordTable) add(slot *wordSlot, hash uint32, token []byte) {
	t.names = append(t.names, token...)
	t.ends, t.count = append(t.ends, len(t.names)), append(t.count, 0)
	*slot = wordSlot{hash, uint32(t.size())}
	if 2*t.size() <= len(t.slots) {
		return
	}
	old := t.slots
	t.slots = make([]wordSlot, 2*len(old))
	mask := uint32(len(t.slots) - 1)
	for _, slot := range old {
		if slot.behind == 0 {
			continue
		}
		at := slot.hash & mask
		for t.slots[at].behind != 0 {
			at = (at + 1) & mask
		}
		t.slots[at] = slot
	}
}

// number of a token, which gets one if it has none.
func (t *wordTable) number(token []byte) int32 {
	slot, hash := t.find(token)
	if slot.behind == 0 {
		t.add(slot, hash, token)
	}
	return int32(slot.behind) - 1
}

// tokenCount is a token of a text and how often it occurs there.
type tokenCount struct {
	name   string
	count  int64
	number int // of the token, in order of arrival
}

// tokens are those of the text.
func (t *wordTable) tokens() []tokenCount {
	names := string(t.names)
	all := make([]tokenCount, 0, t.size())
	for number := int(firstWord); number < t.size(); number++ {
		all = append(all, tokenCount{names[t.ends[number-1]:t.ends[number]], t.count[number], number})
	}
	return all
}

// ids of the tokens in a vocabulary that names some of them.
func (t *wordTable) ids(named []tokenCount) []int32 {
	ids := make([]int32, t.size())
	for number := range ids {
		ids[number] = unknownID
	}
	ids[beginID], ids[endID] = beginID, endID
	for i, token := range named {
		ids[token.number] = firstWord + int32(i)
	}
	return ids
}
