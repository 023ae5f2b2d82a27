package prove

import (
	"encoding/binary"
	"slices"
)

// sumSet is a set of codes, sums over summands of stride * (sum - visible * least): a block
// of bits for each set of summands of which there is any.
type sumSet struct {
	words   []uint64
	visible int
}

// maskShift is where in a term the summands stand of which it is one.
const maskShift = 40

// summer adds up sets of terms, and keeps what it has added up.
type summer struct {
	block int // words of a block
	words int // of a set
	work  int
	ids   map[string]int32  // of sets of terms
	terms [][]int64         // by id
	folds map[fold][]uint64 // sums of so many terms of a set
	memo  map[string]int32
	sets  []sumSet
}

func (s *summer) id(terms []int64) int32 {
	slices.Sort(terms)
	terms = slices.Compact(terms)
	var key []byte
	for _, t := range terms {
		key = binary.LittleEndian.AppendUint64(key, uint64(t))
	}
	id, ok := s.ids[string(key)]
	if !ok {
		id = int32(len(s.terms))
		s.ids[string(key)] = id
		s.terms = append(s.terms, slices.Clone(terms))
	}
	return id
}

// add finds the sums of a term at each visible place.
func (s *summer) add(seated bool, mine, visible int, at [][]int64, self []int64) int32 {
	ids := []int32{int32(visible), -1}
	if self != nil || !seated || mine >= 0 {
		ids[1] = s.id(self)
	}
	if !seated {
		ids = append(ids, s.id(at[0]))
	} else {
		for i := range visible {
			if i == mine {
				ids = append(ids, -1)
			} else {
				ids = append(ids, s.id(at[i]))
			}
		}
	}
	var key []byte
	for _, id := range ids {
		key = binary.LittleEndian.AppendUint32(key, uint32(id))
	}
	if set, ok := s.memo[string(key)]; ok {
		return set
	}
	sum := make([]uint64, s.words)
	sum[0] = 1
	if ids[1] >= 0 {
		sum = s.plus(sum, ids[1])
	}
	if !seated {
		sum = s.fold(sum, ids[2], visible-1, ids[1])
	} else {
		for _, id := range ids[2:] {
			if id >= 0 {
				sum = s.plus(sum, id)
			}
		}
	}
	set := int32(len(s.sets))
	s.sets = append(s.sets, sumSet{sum, visible})
	s.memo[string(key)] = set
	return set
}

// fold is a term of one set and so many of another.
type fold struct {
	own, id int32
	times   int
}

// fold adds so many terms of a set.
func (s *summer) fold(sum []uint64, id int32, times int, own int32) []uint64 {
	for m := 1; m <= times; m++ {
		key := fold{own, id, m}
		next, ok := s.folds[key]
		if !ok {
			next = s.plus(sum, id)
			s.folds[key] = next
		}
		sum = next
	}
	return sum
}

func (s *summer) plus(a []uint64, id int32) []uint64 {
	b := make([]uint64, len(a))
	s.work += len(a) * len(s.terms[id])
	for _, t := range s.terms[id] {
		mask, shift := int(t>>maskShift), int(t&(1<<maskShift-1))
		for h := 0; h*s.block < len(a); h++ {
			from, to := a[h*s.block:(h+1)*s.block], b[(h|mask)*s.block:]
			shiftOr(to[:s.block], from, shift)
		}
	}
	return b
}

// shiftOr adds to a set the elements of another and a number.
func shiftOr(b, a []uint64, by int) {
	w, shift := by/64, uint(by%64)
	for i := len(a) - 1; i >= w; i-- {
		x := a[i-w] << shift
		if shift > 0 && i-w > 0 {
			x |= a[i-w-1] >> (64 - shift)
		}
		b[i] |= x
	}
}
