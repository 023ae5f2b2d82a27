// Package linear has linear forms, over s-ops, offers or columns.
package linear

import "slices"

// Form is the sum of Constant and of the multiples that Terms list.
type Form[T comparable] struct {
	Terms    []Term[T]
	Constant float64
}

// Term is Factor times Of.
type Term[T comparable] struct {
	Of     T
	Factor float64
}

// Constant is a form that depends on nothing.
func Constant[T comparable](x float64) Form[T] { return Form[T]{Constant: x} }

// Of is x itself.
func Of[T comparable](x T) Form[T] { return Form[T]{Terms: []Term[T]{{x, 1}}} }

// Sum of things as they are, with one factor each.
func Sum[T comparable](constant float64, things []T, factors ...float64) Form[T] {
	f := Form[T]{Constant: constant}
	for i, x := range things {
		f.Terms = append(f.Terms, Term[T]{x, factors[i]})
	}
	return f
}

// Over lists what the terms are multiples of.
func (f Form[T]) Over() []T {
	list := make([]T, len(f.Terms))
	for i, t := range f.Terms {
		list[i] = t.Of
	}
	return list
}

// Times is a multiple of f.
func (f Form[T]) Times(x float64) Form[T] {
	g := Form[T]{Constant: float64(f.Constant * x)}
	if x != 0 && len(f.Terms) > 0 {
		g.Terms = make([]Term[T], 0, len(f.Terms))
		for _, t := range f.Terms {
			g.Terms = append(g.Terms, Term[T]{t.Of, float64(t.Factor * x)})
		}
	}
	return g
}

// Plus is f + g, with one term for each thing.
func (f Form[T]) Plus(g Form[T]) Form[T] {
	sum := Form[T]{Constant: f.Constant, Terms: slices.Clone(f.Terms)}
	sum.AddForm(g)
	return sum
}

// AddForm is Plus in a form whose terms nothing else holds.
func (f *Form[T]) AddForm(g Form[T]) {
	f.Constant += g.Constant
	for _, t := range g.Terms {
		f.Add(t.Of, t.Factor)
	}
	f.Terms = slices.DeleteFunc(f.Terms, func(t Term[T]) bool { return t.Factor == 0 })
}

// Add adds a multiple of x to a form whose terms nothing else holds.
func (f *Form[T]) Add(x T, factor float64) {
	for i := range f.Terms {
		if f.Terms[i].Of == x {
			f.Terms[i].Factor += factor
			return
		}
	}
	f.Terms = append(f.Terms, Term[T]{x, factor})
}
