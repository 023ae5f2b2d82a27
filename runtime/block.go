package runtime

import (
	"sort"
	"sync"

	"rasp/runtime/model"
	"rasp/runtime/panel"
)

// block is sequences side by side: the positions that are computed together.
type block struct {
	ids   []int  // of all positions
	spans []span // the sequences, in order
	past  int    // positions before these in the cache, if there is one sequence
	shown int    // first position whose logits are wanted
	x     panel.Panel
	room  int     // positions that x has room for
	cache []cache // of layer l: cache[l%len(cache)]
	visit Visit
	// of Run, [input][output][position], instead of visit
	results [][][]model.Token

	workers int // that meet
	arrived int
	turn    uint
	mutex   sync.Mutex
	changed sync.Cond
}

// span is a run of positions of a block.
type span struct {
	from, to int
	input    int // whose sequence it is, if it is one
}

// cache holds the keys and the values of a layer.
type cache struct {
	k, v panel.Panel // [dims or values, positions]
}

func newBlock() *block {
	b := &block{workers: 1}
	b.changed.L = &b.mutex
	return b
}

// fill lays inputs from..to of a batch side by side, each after a BOS.
func (b *block) fill(p *schedule, batch [][]int, from, to int) {
	b.ids, b.spans = b.ids[:0], b.spans[:0]
	for n := from; n < to; n++ {
		start := len(b.ids)
		b.ids = append(append(b.ids, len(p.model.Vocab)), batch[n]...)
		b.spans = append(b.spans, span{start, len(b.ids), n})
	}
	if b.reserve(p) {
		// Two caches: while a worker writes that of the next layer, another may
		// still read that of this one.
		b.cache = make([]cache, 2)
		for i := range b.cache {
			b.cache[i] = cache{panel.New(p.dims, b.room), panel.New(p.values, b.room)}
		}
	}
}

// reserve makes room in the residual stream and says whether it had to.
func (b *block) reserve(p *schedule) bool {
	if len(b.ids) <= b.room {
		return false
	}
	b.room = max(len(b.ids), min(2*b.room, p.model.NCtx))
	b.x = panel.New(p.model.DModel, b.room)
	return true
}

// during are the sequences of which a part lies in t.
func (b *block) during(t span) []span {
	first := sort.Search(len(b.spans), func(i int) bool { return b.spans[i].to > t.from })
	last := first
	for last < len(b.spans) && b.spans[last].from < t.to {
		last++
	}
	return b.spans[first:last]
}

// meet waits until all workers of the block have come here. The caches of
// neighbouring layers are different memory, so once a layer is enough.
func (b *block) meet() {
	if b.workers == 1 {
		return
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.arrived++; b.arrived == b.workers {
		b.arrived = 0
		b.turn++
		b.changed.Broadcast()
		return
	}
	for turn := b.turn; turn == b.turn; {
		b.changed.Wait()
	}
}
