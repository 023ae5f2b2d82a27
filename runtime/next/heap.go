package next

import "slices"

// heap gives classes by their logits: the largest first, equals as they stand in
// the vocabulary.
type heap struct {
	order  []int // the first stands at its root
	logits []float32
}

// build takes a time of the number of classes, take of its logarithm.
func (h *heap) build() {
	for root := len(h.order)/2 - 1; root >= 0; root-- {
		h.sink(root)
	}
}

// take moves the first class from the heap to right after it.
func (h *heap) take() int {
	last := len(h.order) - 1
	first := h.order[0]
	h.order[0], h.order[last] = h.order[last], first
	h.order = h.order[:last]
	h.sink(0)
	return first
}

// takeEqual moves the classes that are as likely as the first, but for tie, from the
// heap to right after it, and returns them: the last of the vocabulary first.
func (h *heap) takeEqual(tie float32) []int {
	end := len(h.order)
	least := h.logits[h.order[0]] - tie
	for len(h.order) > 0 && h.logits[h.order[0]] >= least {
		h.take()
	}
	equal := h.order[len(h.order):end]
	slices.SortFunc(equal, func(a, b int) int { return b - a })
	return equal
}

// sink moves a class down to its place.
func (h *heap) sink(root int) {
	for {
		child := 2*root + 1
		if child >= len(h.order) {
			return
		}
		if child+1 < len(h.order) && h.before(child+1, child) {
			child++
		}
		if !h.before(child, root) {
			return
		}
		h.order[root], h.order[child] = h.order[child], h.order[root]
		root = child
	}
}

func (h *heap) before(i, j int) bool {
	a, b := h.order[i], h.order[j]
	if h.logits[a] != h.logits[b] {
		return h.logits[a] > h.logits[b]
	}
	return a < b
}
