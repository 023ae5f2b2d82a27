package check

import (
	"cmp"
	"slices"

	"rasp/lang/diag"
)

// merge sorts everything that was found by place, the program's own file first,
// and drops what was found twice: a fault on which another of its kind overlaps.
func merge(source *diag.Source, known, found, warnings diag.List) diag.List {
	list := slices.Clone(known)
	index := map[place][]diag.Span{}
	for _, d := range known {
		index[placeOf(d)] = append(index[placeOf(d)], d.Span)
	}
	for _, d := range append(found, warnings...) {
		at := placeOf(d)
		if !slices.ContainsFunc(index[at], func(s diag.Span) bool { return s.Start <= d.Span.End && d.Span.Start <= s.End }) {
			index[at] = append(index[at], d.Span)
			list = append(list, d)
		}
	}
	slices.SortStableFunc(list, func(a, b *diag.Diagnostic) int {
		return cmp.Or(compareSources(source, a.Span.Source, b.Span.Source), cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Span.End, b.Span.End))
	})
	return list
}

// place is where faults are compared: the kind and line of each.
type place struct {
	source *diag.Source
	kind   diag.Kind
	line   int
}

func placeOf(d *diag.Diagnostic) place { return place{d.Span.Source, d.Kind, d.Span.Line()} }

func compareSources(first, a, b *diag.Source) int {
	switch {
	case a == b:
		return 0
	case a == first || b == nil:
		return -1
	case b == first || a == nil:
		return 1
	}
	return cmp.Compare(a.Name, b.Name)
}
