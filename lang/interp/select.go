package interp

import (
	"rasp/lang/graph"
	"rasp/lang/value"
)

// compare fills a Select: M[i][j] = key[j] fn query[i] for the visible columns
// j of row i. It returns the row of the first pair that cannot be ordered.
func (e *Evaluator) compare(s *step) (row int, err error) {
	keys, queries := e.steps[s.args[0]].sequence, e.steps[s.args[1]].sequence
	known := e.toWords(keys, queries)
	if known && e.n >= e.runsFrom && e.compareRuns(s) {
		return 0, nil
	}
	if err := e.makeMatrix(s); err != nil {
		return 0, err
	}
	if known {
		for i := range e.n {
			compareWords(s.node.Fn, s.matrix.row(i), e.keyWords, e.queries[i])
		}
		e.hide(s.matrix)
		return 0, nil
	}
	for i, q := range queries {
		if err := compareAtoms(s.node, s.matrix.row(i), keys[:e.visible(i)], q); err != nil {
			return i, err
		}
	}
	return 0, nil
}

// compareWords sets bit j of row where keys[j] fn query; the bits after the
// last key are undefined.
func compareWords(fn value.Fn, row []uint64, keys []int64, query int64) {
	for w := range row {
		block := keys[w*64 : min(w*64+64, len(keys))]
		var word uint64
		switch fn {
		case value.Eq, value.Ne:
			for j, k := range block {
				word |= bit(k == query) << (j & 63)
			}
		case value.Lt, value.Ge:
			for j, k := range block {
				word |= bit(k < query) << (j & 63)
			}
		case value.Le, value.Gt:
			for j, k := range block {
				word |= bit(k <= query) << (j & 63)
			}
		}
		if fn == value.Ne || fn == value.Ge || fn == value.Gt {
			word = ^word
		}
		row[w] = word
	}
}

// bit has no branch once compiled.
func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// compareAtoms is compareWords for any atoms; the columns after the last key
// are cleared.
func compareAtoms(n *graph.Node, row []uint64, keys []value.Value, query value.Value) error {
	clear(row)
	for j, k := range keys {
		holds, err := value.Binary(n.Fn, k, query)
		if err != nil {
			return err
		}
		row[j/64] |= bit(holds.Truthy()) << (j & 63)
	}
	return nil
}
