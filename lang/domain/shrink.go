package domain

import "slices"

// Shrink makes an input small that has some property: it drops tokens, in long pieces
// first, and then replaces each by an earlier one of the vocabulary, as long as the
// input is of the domain and has the property still, until nothing more can be done or
// has was asked so many times. The input that was given is not asked about.
func (d Domain) Shrink(ids []int, tries int, has func(ids []int) bool) []int {
	s := shrinking{Domain: d, ids: ids, tries: tries, has: has}
	for again := true; again && s.tries > 0; {
		again = s.drop()
		again = s.lower() || again
	}
	return s.ids
}

type shrinking struct {
	Domain
	ids   []int // the smallest so far
	tries int
	has   func(ids []int) bool
}

// try takes ids if they have the property too.
func (s *shrinking) try(ids []int) bool {
	if s.tries == 0 || !s.Has(ids) {
		return false
	}
	s.tries--
	if s.has(ids) {
		s.ids = ids
		return true
	}
	return false
}

func (s *shrinking) drop() (dropped bool) {
	for size := len(s.ids) / 2; size > 0; size /= 2 {
		for at := 0; at+size <= len(s.ids); {
			if s.try(slices.Delete(slices.Clone(s.ids), at, at+size)) {
				dropped = true
			} else {
				at += size
			}
		}
	}
	return dropped
}

func (s *shrinking) lower() (lowered bool) {
	for at := range s.ids {
		for id := range s.ids[at] {
			ids := slices.Clone(s.ids)
			ids[at] = id
			if s.try(ids) {
				lowered = true
				break
			}
		}
	}
	return lowered
}
