package facts

import (
	"fmt"
	"math"
	"strings"

	"rasp/lang/value"
)

// Group is the atoms that compare the same key variable with the same query
// variable, and which of them hold for each pair of states. States that no atom
// can tell apart are one class.
type Group struct {
	Key, Query Side
	Holds      [][]uint64 // [query class][key class]: bit a for atom a of the selector; never where impossible
	Atoms      uint64     // the atoms of the group
	// Equal takes the place of Holds where that would be too large: of a single atom, which
	// all that is selected meets.
	Equal *Equality
}

// Equality is of integers, by class: a query allows the keys that have its number.
type Equality struct{ Key, Query []float64 }

// Pairs is how many pairs of classes there are, which may be more than an int has.
func (g *Group) Pairs() float64 { return float64(len(g.Key.Size)) * float64(len(g.Query.Size)) }

// At are the atoms that hold for a pair of classes.
func (g *Group) At(q, k int32) uint64 {
	switch {
	case g.Equal == nil:
		return g.Holds[q][k]
	case g.Equal.Query[q] == g.Equal.Key[k]:
		return g.Atoms
	}
	return 0
}

// Never marks a pair of classes that cannot meet.
const Never = ^uint64(0)

// Side is the key or the query side of a group.
type Side struct {
	Variable *Variable
	Class    []int32 // by state; none for states that do not occur
	Size     []int   // states a class
	Example  []int32 // a state of each class: it has the values of all, and stands for no other property of them
}

// Seen is what a state is as a key and as a query, in a group of one variable, and how many
// states are the same in both.
type Seen struct {
	Key, Query int32 // classes
	Size       int
}

// Seen lists what the states of the variable of both sides are seen as, in order of the
// first state; states in which the program fails are left out.
func (g *Group) Seen() (list []Seen) {
	place := map[[2]int32]int{}
	for state, k := range g.Key.Class {
		q := g.Query.Class[state]
		if k == None || q == None {
			continue
		}
		at, ok := place[[2]int32{k, q}]
		if !ok {
			at = len(list)
			place[[2]int32{k, q}] = at
			list = append(list, Seen{Key: k, Query: q})
		}
		list[at].Size++
	}
	return list
}

func Compare(fn value.Fn, key, query value.Value) (bool, error) {
	switch fn {
	case value.Eq:
		return value.Equal(key, query), nil
	case value.Ne:
		return !value.Equal(key, query), nil
	}
	v, err := value.Binary(fn, key, query)
	return err == nil && v.Truthy(), err
}

// Classify puts the states with equal values in all tables into one class.
func Classify(v *Variable, tables [][]int32) Side {
	s := Side{Variable: v, Class: make([]int32, len(tables[0]))}
	known := map[string]int32{}
	var b strings.Builder
	for state := range s.Class {
		b.Reset()
		for _, t := range tables {
			if t[state] == None {
				b.Reset()
				break
			}
			fmt.Fprintf(&b, "%d ", t[state])
		}
		if b.Len() == 0 {
			s.Class[state] = None
			continue
		}
		c, ok := known[b.String()]
		if !ok {
			c = int32(len(s.Size))
			known[b.String()] = c
			s.Size, s.Example = append(s.Size, 0), append(s.Example, int32(state))
		}
		s.Class[state] = c
		s.Size[c]++
	}
	return s
}

// Spread is a function of the classes of a side as a function of its variable.
func (s Side) Spread(f []float64) []float64 {
	g := make([]float64, len(s.Class))
	for i, c := range s.Class {
		g[i] = math.NaN()
		if c != None {
			g[i] = f[c]
		}
	}
	return g
}
