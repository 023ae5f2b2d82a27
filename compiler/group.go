package compiler

import (
	"fmt"
	"math"
	"strings"

	"rasp/lang/value"
)

// group is the atoms that compare the same key variable with the same query
// variable, and which of them hold for each pair of states. States that no atom
// can tell apart are one class.
type group struct {
	key, query side
	holds      [][]uint64 // [query class][key class]: bit a for atom a of the selector; never where impossible
	atoms      uint64     // the atoms of the group
}

// never marks a pair of classes that cannot meet.
const never = ^uint64(0)

// side is the key or the query side of a group.
type side struct {
	variable *variable
	class    []int32 // by state; none for states that do not occur
	size     []int   // states a class
	example  []int32 // a state of each class
}

func compare(fn value.Fn, key, query value.Value) (bool, error) {
	switch fn {
	case value.Eq:
		return value.Equal(key, query), nil
	case value.Ne:
		return !value.Equal(key, query), nil
	}
	v, err := value.Binary(fn, key, query)
	return err == nil && v.Truthy(), err
}

// classify puts the states with equal values in all tables into one class.
func classify(v *variable, tables [][]int32) side {
	s := side{variable: v, class: make([]int32, len(tables[0]))}
	known := map[string]int32{}
	var b strings.Builder
	for state := range s.class {
		b.Reset()
		for _, t := range tables {
			if t[state] == none {
				b.Reset()
				break
			}
			fmt.Fprintf(&b, "%d ", t[state])
		}
		if b.Len() == 0 {
			s.class[state] = none
			continue
		}
		c, ok := known[b.String()]
		if !ok {
			c = int32(len(s.size))
			known[b.String()] = c
			s.size, s.example = append(s.size, 0), append(s.example, int32(state))
		}
		s.class[state] = c
		s.size[c]++
	}
	return s
}

// spread is a function of the classes of a side as a function of its variable.
func (s side) spread(f []float64) []float64 {
	g := make([]float64, len(s.class))
	for i, c := range s.class {
		g[i] = math.NaN()
		if c != none {
			g[i] = f[c]
		}
	}
	return g
}
