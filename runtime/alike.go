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
// one value counts.
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
	live    []int       // of a class: how many dims other than slope are not 0
	hashes  []uint64    // of a class: that of these
	second  []float32   // of a class: the largest but one in dim slope
	first   [][]valued  // of a class: the values of the key that is the largest there
	members []float64   // of a class
	sums    []float64   // of the values [classes, values]
	slots   []int32     // by hash: class + 1, 0 is free; a power of two, half of it free

	asked, failed int // queries since the classes were made

	entries []panel.Entry // of the keys, by class, without zeros
	ends    []int32       // of a class: where its entries end

	oldKey, oldValue panel.Position // of a key in the cache

	query    []float32 // that of the step
	scores   []float32 // of the classes
	counting []int32   // classes that have a weight
	total    []float64
}

// features is some of a position: what is its feature first is theirs 0.
type features struct {
	of    *panel.Position
	first int
}

func (f features) from(first int) features { return features{f.of, f.first + first} }

func (f features) at(i int) float32 { return f.of.Values[f.first+i] }

func (f features) next(from, to int) int { return f.of.Next(f.first+from, f.first+to) - f.first }

func (f features) values(from, n int) []float32 { return f.of.Values[f.first+from:][:n] }

// valued is a value that is not 0.
type valued struct {
	value int32
	x     float32
}

const (
	// worthwhile is how many keys there are before classes are made: fewer are gone through
	// in no time.
	worthwhile = 64
	// crowded is the largest share of classes among keys, of more than a few.
	crowded, afew = 0.25, 64
	// sparseShare of the places in the keys, or more, are 0 where what is not is gone through one
	// by one: a vector is as fast as three or four of them.
	sparseShare = 4
	// often is how many queries may fail before it is looked at how many that is.
	often = 16
)

func newAlike(h head) *alike {
	return &alike{
		head: h, slope: -1, oldKey: panel.NewPosition(h.dims), oldValue: panel.NewPosition(h.values),
		total: make([]float64, h.values),
	}
}

// ready puts the keys before n in, the last of which is that of the step, and reports whether
// there are classes of them.
func (a *alike) ready(s *stepping, c *cache, n int) bool {
	if n < max(worthwhile, a.off) {
		return false
	}
	if a.fill(s, c, n) || a.slope < 0 && a.tilt(c, n) && a.fill(s, c, n) {
		return true
	}
	a.forget(-1)
	a.off = 2 * n
	return false
}

// forget makes the classes none.
func (a *alike) forget(slope int) {
	a.slope, a.count, a.classes, a.asked, a.failed = slope, 0, 0, 0, 0
	a.live, a.hashes, a.second, a.members, a.sums = a.live[:0], a.hashes[:0], a.second[:0], a.members[:0], a.sums[:0]
	a.entries, a.ends = a.entries[:0], a.ends[:0]
	clear(a.slots)
}

// fill puts the keys before n in, and says whether the classes stayed few.
func (a *alike) fill(s *stepping, c *cache, n int) bool {
	most := max(int(crowded*float64(n)), afew)
	for ; a.count < n; a.count++ {
		if a.count == n-1 {
			a.insert(s.k.from(a.dim), s.v.from(a.value))
		} else {
			a.insert(a.recall(c, a.count))
		}
		if a.classes > most {
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

// recall is key and value of a position in the cache.
func (a *alike) recall(c *cache, position int) (key, value features) {
	for d := range a.dims {
		a.oldKey.Set(d, c.k.Data[(a.dim+d)*c.k.Stride+position])
	}
	for v := range a.values {
		a.oldValue.Set(v, c.v.Data[(a.value+v)*c.v.Stride+position])
	}
	return features{&a.oldKey, 0}, features{&a.oldValue, 0}
}

// insert puts a key into its class.
func (a *alike) insert(key, value features) {
	class := a.class(key)
	a.members[class]++
	latest := false
	if a.slope >= 0 {
		latest = a.rise(class, key.at(a.slope))
	}
	if latest {
		a.first[class] = a.first[class][:0]
	}
	sums := a.sums[class*a.values:][:a.values]
	for v := value.next(0, a.values); v < a.values; v = value.next(v+1, a.values) {
		x := value.at(v)
		sums[v] += float64(x)
		if latest {
			a.first[class] = append(a.first[class], valued{int32(v), x})
		}
	}
}

// rise takes what a key that came in has in dim slope, and reports whether that is the largest
// of its class.
func (a *alike) rise(class int, x float32) bool {
	largest := &a.keys.Data[a.slope*a.keys.Stride+class]
	if a.members[class] > 1 && !(x > *largest) {
		a.second[class] = max(a.second[class], x)
		return false
	}
	if a.members[class] > 1 {
		a.second[class] = *largest
	}
	*largest = x
	for e := a.ends[class] - 1; ; e-- {
		if int(a.entries[e].In) == a.slope {
			a.entries[e].Weight = x
			return true
		}
	}
}

// class is that of a key, which may be new.
func (a *alike) class(key features) int {
	if 2*a.classes >= len(a.slots) {
		a.grow()
	}
	hash, live := a.hash(key)
	for slot := hash & uint64(len(a.slots)-1); ; slot = (slot + 1) & uint64(len(a.slots)-1) {
		switch class := int(a.slots[slot]) - 1; {
		case class < 0:
			a.slots[slot] = int32(a.classes + 1)
			return a.open(key, hash, live)
		case a.hashes[class] == hash && a.live[class] == live && a.equal(key, class):
			return class
		}
	}
}

// open makes a class of a key.
func (a *alike) open(key features, hash uint64, live int) int {
	class := a.classes
	a.classes++
	for d := range a.dims {
		x := key.at(d)
		a.keys.Row(d)[class] = x
		if x != 0 || d == a.slope {
			a.entries = append(a.entries, panel.Entry{In: int32(d), Weight: x})
		}
	}
	a.ends = append(a.ends, int32(len(a.entries)))
	a.hashes, a.live = append(a.hashes, hash), append(a.live, live)
	a.second, a.members = append(a.second, float32(math.Inf(-1))), append(a.members, 0)
	if class == len(a.first) {
		a.first = append(a.first, nil)
	}
	for range a.values {
		a.sums = append(a.sums, 0)
	}
	return class
}

// equal reports whether a key, which has as many dims that are not 0 as those of a class, is
// one of them.
func (a *alike) equal(key features, class int) bool {
	for d := key.next(0, a.dims); d < a.dims; d = key.next(d+1, a.dims) {
		if d != a.slope && a.keys.Data[d*a.keys.Stride+class] != key.at(d) {
			return false
		}
	}
	return true
}

// hash is that of a key, by the dims that are not 0, which are so many (FNV-1a by words).
func (a *alike) hash(key features) (hash uint64, live int) {
	hash = 14695981039346656037
	for d := key.next(0, a.dims); d < a.dims; d = key.next(d+1, a.dims) {
		if d != a.slope {
			hash = (hash ^ uint64(d)<<32 ^ uint64(math.Float32bits(key.at(d)))) * 1099511628211
			live++
		}
	}
	return hash ^ hash>>29, live
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
	for class, hash := range a.hashes {
		slot := hash & uint64(size-1)
		for a.slots[slot] != 0 {
			slot = (slot + 1) & uint64(size-1)
		}
		a.slots[slot] = int32(class + 1)
	}
}

// attend computes what panel.Attend does for the query of a step, which sees the first keys, so
// many, in float64 from the weights on. It says false, and does nothing else, where it cannot; a
// head that often cannot is not asked for a while.
func (a *alike) attend(s *stepping, c *cache, keys int) bool {
	if !a.ready(s, c, keys) {
		return false
	}
	a.asked++
	if a.answer(s) {
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
func (a *alike) answer(s *stepping) bool {
	a.query = s.q.values(a.dim, a.dims)
	if a.slope >= 0 && !(a.query[a.slope] >= 0) {
		return false
	}
	largest, counting := a.look()
	for _, class := range counting {
		if !a.whole(int(class)) && !(a.runnerUp(int(class))-largest <= panel.Cut) {
			return false
		}
	}
	switch {
	case math.IsNaN(float64(largest)):
		return false
	case len(counting) > 1:
		a.mean(s, largest, counting)
	case a.slope >= 0 && !a.even():
		for _, v := range a.first[counting[0]] {
			s.z.Set(a.value+int(v.value), v.x)
		}
	default:
		class := int(counting[0])
		for v, sum := range a.sums[class*a.values:][:a.values] {
			if sum != 0 {
				s.z.Set(a.value+v, float32(sum/a.members[class]))
			}
		}
	}
	return true
}

// even reports whether the query looks at no slope: then all keys of a class have one score.
func (a *alike) even() bool { return a.slope < 0 || a.query[a.slope] == 0 }

// whole reports whether all keys of a class have one score.
func (a *alike) whole(class int) bool { return a.members[class] == 1 || a.even() }

// look computes the scores of the classes, of the first key of each, and lists those that have a
// weight beside the largest.
func (a *alike) look() (largest float32, counting []int32) {
	scores := a.scores[:a.classes]
	a.score(scores)
	largest = float32(math.Inf(-1))
	for _, score := range scores {
		largest = max(largest, score)
	}
	counting = a.counting[:0]
	for class, score := range scores {
		if !(score-largest <= panel.Cut) {
			counting = append(counting, int32(class))
		}
	}
	a.counting = counting
	return largest, counting
}

// mean brings the mean of the values of several classes, or of their first keys.
func (a *alike) mean(s *stepping, largest float32, counting []int32) {
	clear(a.total)
	weights := 0.0
	for _, c := range counting {
		class := int(c)
		e := math.Exp(float64(a.scores[class] - largest))
		if a.whole(class) {
			weights += e * a.members[class]
			for v, sum := range a.sums[class*a.values:][:a.values] {
				a.total[v] += e * sum
			}
			continue
		}
		weights += e
		for _, v := range a.first[class] {
			a.total[v.value] += e * float64(v.x)
		}
	}
	for v, t := range a.total {
		if t != 0 {
			s.z.Set(a.value+v, float32(t/weights))
		}
	}
}

// score computes the scores of the classes, of the first key of each.
func (a *alike) score(scores []float32) {
	if sparseShare*len(a.entries) > a.dims*a.classes {
		clear(scores)
		panel.Vector(scores, a.query, a.keys.Data, a.keys.Stride)
		return
	}
	from := int32(0)
	for class, end := range a.ends {
		score := float32(0)
		for _, e := range a.entries[from:end] {
			score += float32(a.query[e.In] * e.Weight)
		}
		scores[class], from = score, end
	}
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
