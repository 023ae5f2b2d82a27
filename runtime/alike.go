package runtime

import (
	"math"

	"rasp/runtime/panel"
)

// A step of decoding asks one query of all keys so far. Keys that are equal bit for bit
// have one score, whatever the query is, so what a head needs of them is how many they are
// and the sum of their values: a class. Heads of compiled models have few classes, however
// long the text: keys of tokens, or all keys alike, as for a mean over all that came
// before.
//
// Keys that let the latest of those that match win (construct.Slope of the compiler) have
// a dim more, the slope, in which each has a number of its own. Let keys of one class be
// equal but for that dim, and the query be positive there. A score is a sum of products
// in the order of the dims, and float32 rounds monotonically, so it does not fall where the
// key in one dim rises. So the key with the largest slope has the largest score of its class;
// and if that of the second largest is panel.Cut or more below the largest score of all,
// its weight is exactly 0, and so is that of all others of the class. Of such a class
// one value counts, and it is in the cache.
//
// Nothing is assumed of the weights: that keys are equal is looked at as they come, and
// that only the first of a class counts, with each query. Where it is not so, or where
// classes are many, all keys are gone through, as ever.

// alike is the keys of a head, by class.
type alike struct {
	head
	slope int // the dim that does not tell classes apart, -1: none
	off   int // the classes are too many: not to be tried again before so many keys
	count int // keys that are in

	classes int
	keys    panel.Panel // [dims, classes], in dim slope the largest
	second  []float32   // of a class: the largest but one in dim slope
	first   []int32     // of a class: where the largest is
	members []float64   // of a class
	sums    []float64   // of the values [classes, values]
	slots   []int32     // by hash: class + 1, 0 is free; a power of two, half of it free

	asked, failed int // queries since the classes were made

	key, query, scores []float32
	total              []float64
}

const (
	// worthwhile is how many keys there are before classes are made: fewer are gone through
	// in no time.
	worthwhile = 256
	// crowded is the largest share of classes among keys.
	crowded = 0.25
	// often is how many queries may fail before it is looked at how many that is.
	often = 16
)

func newAlike(h head) *alike {
	return &alike{head: h, slope: -1, key: make([]float32, h.dims), query: make([]float32, h.dims), total: make([]float64, h.values)}
}

// ready puts the keys before n in and reports whether there are classes of them.
func (a *alike) ready(c *cache, n int) bool {
	if n < max(worthwhile, a.off) {
		return false
	}
	if a.fill(c, n) || a.slope < 0 && a.tilt(c, n) && a.fill(c, n) {
		return true
	}
	a.forget(-1)
	a.off = 2 * n
	return false
}

// forget makes the classes none.
func (a *alike) forget(slope int) {
	a.slope, a.count, a.classes, a.asked, a.failed = slope, 0, 0, 0, 0
	a.second, a.first, a.members, a.sums = a.second[:0], a.first[:0], a.members[:0], a.sums[:0]
	clear(a.slots)
}

// fill puts the keys before n in, and says whether the classes stayed few.
func (a *alike) fill(c *cache, n int) bool {
	most := max(int(crowded*float64(n)), worthwhile/4)
	for ; a.count < n; a.count++ {
		if a.insert(c, a.count); a.classes > most {
			return false
		}
	}
	return true
}

// tilt takes the dim in which keys have the most values for the slope, if there are at
// least two dims or values.
func (a *alike) tilt(c *cache, n int) bool {
	best, most := -1, 1
	seen := map[float32]struct{}{}
	for d := range a.dims {
		clear(seen)
		for _, x := range c.k.Row(a.dim + d)[:n] {
			seen[x] = struct{}{}
		}
		if len(seen) > most {
			best, most = d, len(seen)
		}
	}
	a.forget(best)
	return best >= 0
}

// insert puts a key into its class.
func (a *alike) insert(c *cache, position int) {
	for d := range a.dims {
		a.key[d] = c.k.Data[(a.dim+d)*c.k.Stride+position] + 0 // no -0
	}
	class := a.class()
	a.members[class]++
	for v := range a.values {
		a.sums[class*a.values+v] += float64(c.v.Data[(a.value+v)*c.v.Stride+position])
	}
	if a.slope < 0 {
		return
	}
	largest := &a.keys.Row(a.slope)[class]
	switch x := a.key[a.slope]; {
	case a.members[class] == 1 || x > *largest:
		if a.members[class] > 1 {
			a.second[class] = *largest
		}
		*largest, a.first[class] = x, int32(position)
	default:
		a.second[class] = max(a.second[class], x)
	}
}

// class is that of the key, which may be new.
func (a *alike) class() int {
	if 2*a.classes >= len(a.slots) {
		a.grow()
	}
	for slot := a.hash(a.key, 1, 0) & uint64(len(a.slots)-1); ; slot = (slot + 1) & uint64(len(a.slots)-1) {
		switch class := int(a.slots[slot]) - 1; {
		case class < 0:
			a.slots[slot] = int32(a.classes + 1)
			return a.open()
		case a.equal(class):
			return class
		}
	}
}

// open makes a class of the key.
func (a *alike) open() int {
	class := a.classes
	a.classes++
	for d, x := range a.key {
		a.keys.Row(d)[class] = x
	}
	a.second, a.first = append(a.second, float32(math.Inf(-1))), append(a.first, 0)
	a.members = append(a.members, 0)
	for range a.values {
		a.sums = append(a.sums, 0)
	}
	return class
}

func (a *alike) equal(class int) bool {
	for d, x := range a.key {
		if d != a.slope && a.keys.Data[d*a.keys.Stride+class] != x {
			return false
		}
	}
	return true
}

// hash is that of a key whose dims lie so far apart (FNV-1a by words).
func (a *alike) hash(key []float32, stride, at int) uint64 {
	h := uint64(14695981039346656037)
	for d := range a.dims {
		if d != a.slope {
			h = (h ^ uint64(math.Float32bits(key[d*stride+at]))) * 1099511628211
		}
	}
	return h ^ h>>29
}

// grow makes room for twice the classes.
func (a *alike) grow() {
	size := max(32, 2*len(a.slots))
	before := a.keys
	a.keys = panel.New(a.dims, size)
	for d := range a.dims {
		if a.classes > 0 {
			copy(a.keys.Row(d), before.Row(d)[:a.classes])
		}
	}
	a.scores = make([]float32, size)
	a.slots = make([]int32, size)
	for class := range a.classes {
		slot := a.hash(a.keys.Data, a.keys.Stride, class) & uint64(size-1)
		for a.slots[slot] != 0 {
			slot = (slot + 1) & uint64(size-1)
		}
		a.slots[slot] = int32(class + 1)
	}
}

// attend computes what panel.Attend does for a single query that sees the first keys, so many,
// in float64 from the weights on. It says false, and does nothing else, where it cannot; a
// head that often cannot is not asked for a while.
func (a *alike) attend(q, z panel.Panel, c *cache, keys int) bool {
	if !a.ready(c, keys) {
		return false
	}
	a.asked++
	if a.answer(q, z, c) {
		return true
	}
	if a.failed++; a.failed > often && 4*a.failed > a.asked {
		a.off = 2 * a.count
		a.forget(-1)
	}
	return false
}

// answer says false, and nothing else, where a class is more than its first, and where the
// first, which has the largest key in dim slope, is not the one with the largest score.
func (a *alike) answer(q, z panel.Panel, c *cache) bool {
	for d := range a.dims {
		a.query[d] = q.Data[(a.dim+d)*q.Stride]
	}
	if a.slope >= 0 && !(a.query[a.slope] >= 0) {
		return false
	}
	scores := a.scores[:a.classes]
	clear(scores)
	panel.Vector(scores, a.query, a.keys.Data, a.keys.Stride)
	largest := float32(math.Inf(-1))
	for _, s := range scores {
		largest = max(largest, s)
	}
	clear(a.total)
	weights := 0.0
	for class, s := range scores {
		if s-largest <= panel.Cut {
			continue
		}
		e := math.Exp(float64(s - largest))
		switch {
		case a.slope < 0 || a.members[class] == 1 || a.query[a.slope] == 0:
			weights += e * a.members[class]
			for v := range a.total {
				a.total[v] += e * a.sums[class*a.values+v]
			}
		case a.runnerUp(class)-largest <= panel.Cut:
			weights += e
			for v := range a.total {
				a.total[v] += e * float64(c.v.Data[(a.value+v)*c.v.Stride+int(a.first[class])])
			}
		default:
			return false
		}
	}
	for v, t := range a.total {
		z.Data[(a.value+v)*z.Stride] = float32(t / weights)
	}
	return true
}

// runnerUp is the score of the second of a class.
func (a *alike) runnerUp(class int) float32 {
	score := float32(0)
	for d, x := range a.query {
		k := a.keys.Data[d*a.keys.Stride+class]
		if d == a.slope {
			k = a.second[class]
		}
		score += float32(x * k)
	}
	return score
}
