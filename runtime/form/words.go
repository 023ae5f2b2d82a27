package form

import (
	"math"
	"math/rand/v2"
)

// limit keeps sums of two counts inside an int.
const limit = min(1_000_000_000_000_000_000, math.MaxInt/2)

// Count is how many words of a length there are; false, and more than 10^18 (2^30 on
// machines of 32 bits), if they are more.
func (f *Form) Count(length int) (count int, exact bool) {
	count = f.counted(length)[length][Start]
	return count, count <= limit
}

// LogCount is the natural logarithm of how many words of a length there are; -Inf for none.
func (f *Form) LogCount(length int) float64 { return f.logarithms(length)[length][Start] }

// counted are the counts of words up to a length, by what is left of it and the state.
func (f *Form) counted(length int) [][]int {
	f.counting.Lock()
	defer f.counting.Unlock()
	for k := len(f.counts); k <= length; k++ {
		here := make([]int, len(f.next))
		for s, row := range f.next {
			if k == 0 {
				if f.accept[s] {
					here[s] = 1
				}
				continue
			}
			for c, t := range row {
				if t != none {
					here[s] = sum(here[s], product(len(f.members[c]), f.counts[k-1][t]))
				}
			}
		}
		f.counts = append(f.counts, here)
	}
	return f.counts
}

// beyond stands for any count above the limit.
const beyond = limit + 1

func sum(x, y int) int { return min(x+min(y, beyond-min(x, beyond)), beyond) }

func product(x, y int) int {
	if y > 0 && x > limit/y {
		return beyond
	}
	return x * y
}

// Word is word k of a length, in the order of a counter whose digits are the tokens, the
// last one fastest; there must be so many, and their count exact.
func (f *Form) Word(ids []int, k int) {
	counts := f.counted(len(ids))
	state := Start
	for i := range ids {
		left := counts[len(ids)-i-1]
		for token := range f.class {
			t, ok := f.Step(state, token)
			if !ok {
				continue
			}
			if k < left[t] {
				ids[i], state = token, t
				break
			}
			k -= left[t]
		}
	}
}

// logarithms are those of the counts of words up to a length, by what is left of it and
// the state; -Inf where there is none.
func (f *Form) logarithms(length int) [][]float64 {
	f.counting.Lock()
	defer f.counting.Unlock()
	for k := len(f.logs); k <= length; k++ {
		here := make([]float64, len(f.next))
		for s, row := range f.next {
			if here[s] = math.Inf(-1); k == 0 {
				if f.accept[s] {
					here[s] = 0
				}
				continue
			}
			most := math.Inf(-1)
			for c, t := range row {
				if t != none {
					most = max(most, math.Log(float64(len(f.members[c])))+f.logs[k-1][t])
				}
			}
			if math.IsInf(most, -1) {
				continue
			}
			total := 0.0
			for c, t := range row {
				if t != none {
					total += float64(len(f.members[c])) * math.Exp(f.logs[k-1][t]-most)
				}
			}
			here[s] = most + math.Log(total)
		}
		f.logs = append(f.logs, here)
	}
	return f.logs
}

// Lengths lists those up to the longest that some word has.
func (f *Form) Lengths(longest int) (lengths []int) {
	logs := f.logarithms(longest)
	for n := 1; n <= longest; n++ {
		if !math.IsInf(logs[n][Start], -1) {
			lengths = append(lengths, n)
		}
	}
	return lengths
}

// Draw fills ids with a word of that length, each as likely as another; there must be one.
func (f *Form) Draw(r *rand.Rand, ids []int) {
	for i := range ids {
		ids[i] = none
	}
	f.Mend(r, ids)
}

// Mend changes tokens of ids so that it is a word: from left to right those that cannot
// stand where they stand, or that are no token (-1), for one as likely as words go on with
// it. There must be a word of that length.
func (f *Form) Mend(r *rand.Rand, ids []int) {
	logs := f.logarithms(len(ids))
	state := Start
	for i, id := range ids {
		left := logs[len(ids)-i-1]
		if id >= 0 {
			if t, ok := f.Step(state, id); ok && !math.IsInf(left[t], -1) {
				state = t
				continue
			}
		}
		c := f.drawClass(r, state, left)
		ids[i] = f.members[c][r.IntN(len(f.members[c]))]
		state = int(f.next[state][c])
	}
}

// drawClass draws a class of tokens to go on with, by how many words do.
func (f *Form) drawClass(r *rand.Rand, state int, left []float64) (class int) {
	weight := func(c int) float64 {
		t := f.next[state][c]
		if t == none {
			return math.Inf(-1)
		}
		return math.Log(float64(len(f.members[c]))) + left[t]
	}
	most, total := math.Inf(-1), 0.0
	for c := range f.members {
		most = max(most, weight(c))
	}
	for c := range f.members {
		total += math.Exp(weight(c) - most)
	}
	rest := r.Float64() * total
	for c := range f.members {
		if w := math.Exp(weight(c) - most); w > 0 {
			class = c
			if rest -= w; rest < 0 {
				break
			}
		}
	}
	return class
}
