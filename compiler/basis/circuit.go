package basis

import (
	"rasp/compiler/plan"
)

// A score is a sum over the dimensions of a head, of a query times a key. If the key
// of one is a combination of the keys of others, its query can be added to the queries
// of these instead, times the factors; and the other way round.

// independent are the dimensions of a QK circuit without those whose key, or query, is
// a combination of others. columns is the number of them that there are to read.
func independent(dims []plan.Dim, columns int) []plan.Dim {
	for range 2 { // first by keys, then by queries
		dims = independentKeys(dims, columns)
		for i, d := range dims {
			dims[i] = plan.Dim{Query: d.Key, Key: d.Query}
		}
	}
	return dims
}

func independentKeys(dims []plan.Dim, columns int) (kept []plan.Dim) {
	s := newSpan(columns + 1)
	var basis []int // which of those kept are the vectors of the span
	for _, d := range dims {
		v := plan.Entries(d.Key)
		if d.Key.Constant != 0 {
			v = append(v, plan.Entry{Row: columns, Weight: d.Key.Constant})
		}
		factors, ok := s.add(v)
		if !ok {
			if len(s.vectors) > len(basis) {
				basis = append(basis, len(kept))
			}
			kept = append(kept, d)
			continue
		}
		for _, f := range factors {
			other := &kept[basis[f.Row]]
			other.Query = other.Query.Plus(d.Query.Times(f.Weight))
		}
	}
	return kept
}
