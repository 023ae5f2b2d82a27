package sums

import (
	"cmp"

	"rasp/compiler/facts"
	"rasp/lang/value"
)

// floatSum is a sum of floats: as they add up, and exactly, in units.
type floatSum struct {
	sum   float64
	total int64
}

func (x floatSum) compare(y floatSum) int {
	if x.total != y.total {
		return cmp.Compare(x.total, y.total)
	}
	return cmp.Compare(x.sum, y.sum)
}

// floatSubsets is Subsets of floats, none of them -0.0, of which one list can be anywhere.
func (s *Summing) floatSubsets(most int) []Set {
	sums := []Set{emptyRow}
	var list []floatSum
	for w := 1; w <= most; w++ {
		if w <= 2 { // of a single value it is told which one
			next, ok := s.add(sums[w-1], w == 1, s.Places[0])
			if !ok {
				return nil
			}
			sums, list = append(sums, next), floatsOf(next)
			continue
		}
		if s.Work -= len(list) * len(s.Places[0]); s.Work < 0 {
			return nil
		}
		if list = s.floatsWith(list, s.Places[0]); len(list) > facts.MaxStates {
			return nil
		}
		sums = append(sums, setOf(list))
	}
	return sums
}

// floatsOf are the sums of a set, all floats.
func floatsOf(s Set) []floatSum {
	list := make([]floatSum, len(s))
	for i, r := range s {
		list[i] = floatSum{r.Sum.Float64(), r.Total}
	}
	return list
}

// setOf is a list in order as a set.
func setOf(list []floatSum) Set {
	set := make(Set, len(list))
	for i, x := range list {
		set[i] = Reached{Sum: value.OfFloat(x.sum), Total: x.total, Only: facts.None}
	}
	return set
}

// floatsWith is withEither of floats. Sums stay in order where one value is added to all, since
// rounding keeps it.
func (s *Summing) floatsWith(from []floatSum, ids []int32) []floatSum {
	switch len(ids) {
	case 0:
		return nil
	case 1:
		x, units := s.Values[ids[0]].Float64(), int64(0)
		if s.Units != nil {
			units = s.Units[ids[0]]
		}
		var list []floatSum
		for _, r := range from {
			next := floatSum{r.sum + x, r.total + units}
			if len(list) == 0 {
				list = make([]floatSum, 0, len(from))
			} else if list[len(list)-1] == next {
				continue
			}
			list = append(list, next)
		}
		return list
	}
	some := s.floatsWith(from, ids[:len(ids)/2])
	if len(some) > facts.MaxStates {
		return some
	}
	return union(some, s.floatsWith(from, ids[len(ids)/2:]), floatSum.compare)
}
