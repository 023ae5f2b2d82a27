package observe

import "rasp/lang/graph"

// kept are rows of a table of pairs of positions, by what they depend on of the query: its
// classes. Positions of the same classes share one, which is computed as far as one of them
// sees. So a table takes as long as it has classes, and not positions.
type kept[K comparable, T any] struct {
	isShort bool // the input
	rows    map[K]*keptRow[T]
	other   keptRow[T]
}

const (
	// mostKept bounds the memory of the rows of a table. What is beyond is computed again.
	mostKept = 256
	// shortest is from which length on of an input rows are kept: below, computing one takes
	// no longer than finding it.
	shortest = 64
)

// keptRow is what is said of the first keys for some class of queries.
type keptRow[T any] struct {
	list  []T
	never int // the first key that such queries are said never to meet, or -1
}

// begin begins another table, of an input of length n.
func (k *kept[K, T]) begin(n int) {
	k.isShort = n < shortest
	clear(k.rows)
}

func (k *kept[K, T]) row(of K) *keptRow[T] {
	if r := k.rows[of]; r != nil {
		return r
	}
	if !k.isShort && len(k.rows) < mostKept {
		if k.rows == nil {
			k.rows = map[K]*keptRow[T]{}
		}
		r := &keptRow[T]{never: -1}
		k.rows[of] = r
		return r
	}
	k.other = keptRow[T]{k.other.list[:0], -1}
	return &k.other
}

// extend computes what is said of the keys up to n, by a function that is given zeros for those
// from a key on, and returns the first of these that is never met, or -1.
func (r *keptRow[T]) extend(n int, say func(list []T, from int) (never int)) {
	from := len(r.list)
	if from >= n {
		return
	}
	if cap(r.list) < n {
		r.list = append(make([]T, 0, max(n, 2*from)), r.list...)
	}
	r.list = r.list[:n]
	clear(r.list[from:])
	if never := say(r.list[from:], from); never >= 0 && r.never < 0 {
		r.never = from + never
	}
}

// isSound reports a key that position p sees, where something says that they never meet.
func (r *keptRow[T]) isSound(o *observer, n *graph.Node, p int, says string) bool {
	if 0 <= r.never && r.never < o.visible(p) {
		return o.report(n, "position %d sees position %d, and %s", p, r.never, says)
	}
	return true
}
