package check

import (
	"cmp"
	"slices"

	"rasp/lang/diag"
)

// merge sorts everything that was found by place, the program's own file first,
// and drops what was found twice: a fault that starts or ends where another of
// its kind does.
func merge(source *diag.Source, known, found, warnings diag.List) diag.List {
	list := slices.Clone(known)
	seen := map[edge]bool{}
	for _, d := range known {
		seen[startOf(d)], seen[endOf(d)] = true, true
	}
	slices.SortStableFunc(warnings, func(a, b *diag.Diagnostic) int { // of several at one place the smallest, not any
		return cmp.Or(compareSources(source, a.Span.Source, b.Span.Source), cmp.Compare(a.Span.Start, b.Span.Start),
			cmp.Compare(a.Span.End, b.Span.End), cmp.Compare(a.Message, b.Message))
	})
	for _, d := range append(found, warnings...) {
		if !seen[startOf(d)] && !seen[endOf(d)] {
			seen[startOf(d)], seen[endOf(d)] = true, true
			list = append(list, d)
		}
	}
	slices.SortStableFunc(list, func(a, b *diag.Diagnostic) int {
		return cmp.Or(compareSources(source, a.Span.Source, b.Span.Source), cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Span.End, b.Span.End))
	})
	return list
}

// edge is where a fault of some kind starts or ends.
type edge struct {
	source *diag.Source
	kind   diag.Kind
	offset int
	end    bool
}

func startOf(d *diag.Diagnostic) edge { return edge{d.Span.Source, d.Kind, d.Span.Start, false} }
func endOf(d *diag.Diagnostic) edge   { return edge{d.Span.Source, d.Kind, d.Span.End, true} }

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
