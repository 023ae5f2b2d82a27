package graph

import (
	"rasp/lang/value"
)

// Trie finds the row of a table by a sequence of keys. It is as large as its
// rows: sequences that lead nowhere take no room.
type Trie struct {
	Keys [][]value.Value // by level: the keys that occur there
	Rows [][]int32       // by row: the place of its key in Keys, at each level

	places []map[value.Value]int32 // by level: value.Key of a key -> its place in Keys
	next   []map[edge]int32        // by level: the node, or at the last level the row, to which a key leads
}

// edge leads from a node of a level by a key of that level.
type edge struct{ node, key int32 }

// NewTrie is a table without rows for sequences of so many keys, at least one.
func NewTrie(levels int) *Trie {
	t := &Trie{Keys: make([][]value.Value, levels), places: make([]map[value.Value]int32, levels), next: make([]map[edge]int32, levels)}
	for l := range levels {
		t.places[l], t.next[l] = map[value.Value]int32{}, map[edge]int32{}
	}
	return t
}

// Add makes a row for a sequence of keys, if there is none, and returns its
// number.
func (t *Trie) Add(keys []value.Value) int {
	path, node := make([]int32, len(keys)), int32(0)
	for l, key := range keys {
		k := value.Key(key)
		place, ok := t.places[l][k]
		if !ok {
			place = int32(len(t.Keys[l]))
			t.places[l][k] = place
			t.Keys[l] = append(t.Keys[l], key)
		}
		path[l] = place
		to, ok := t.next[l][edge{node, place}]
		if !ok {
			to = int32(len(t.next[l]))
			t.next[l][edge{node, place}] = to
			if l == len(keys)-1 {
				t.Rows = append(t.Rows, path)
			}
		}
		node = to
	}
	return int(node)
}

// Find is the row that keys equal to these lead to, -1 if there is none.
func (t *Trie) Find(keys []value.Value) int {
	node := int32(0)
	for l, key := range keys {
		place := t.Place(l, key)
		if place < 0 {
			return -1
		}
		to, ok := t.next[l][edge{node, place}]
		if !ok {
			return -1
		}
		node = to
	}
	return int(node)
}

// Place is where among the keys of a level one equal to this stands, -1 for
// nowhere.
func (t *Trie) Place(level int, key value.Value) int32 {
	if place, ok := t.places[level][value.Key(key)]; ok && value.Equal(key, key) { // nan equals nothing
		return place
	}
	return -1
}
