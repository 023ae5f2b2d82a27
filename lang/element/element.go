// Package element says of which kinds the elements of an s-op can be. The rules
// (rasp/lang/rules) ask it what an operation can give; the answers come from the
// arithmetic of package value, so that they cannot disagree with it.
package element

import (
	"strings"
	"sync"

	"rasp/lang/value"
)

// Set holds the kinds that the elements of an s-op can have, a bit for each
// value.Kind: at least those that do occur on some input.
type Set uint8

const (
	Ints     Set = 1 << value.Int
	Floats   Set = 1 << value.Float
	Strings  Set = 1 << value.String
	Bools    Set = 1 << value.Bool
	Numbers      = Ints | Floats | Bools
	Anything     = Numbers | Strings
)

// Of is the set of one kind.
func Of(kind value.Kind) Set { return 1 << kind }

// String names the kinds in the plural, as the reference names sequence types.
func (s Set) String() string {
	var names []string
	for kind, name := range []string{"ints", "floats", "strings", "bools"} {
		if s&(1<<kind) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, " or ")
}

// samples of each kind. For every operation and every pair of kinds, either all
// pairs of samples have a type fault, or some pair gives each kind of result
// that the kinds can give: 2^-2 is a float, 2^2 an int.
var samples = [...][]value.Value{
	value.Int:    {value.OfInt(2), value.OfInt(-2)},
	value.Float:  {value.OfFloat(1.5)},
	value.String: {value.OfString("ab")},
	value.Bool:   {value.OfBool(true)},
}

// table says of an operation which kinds it gives of which kinds. It is filled when it is
// first asked for: powers take a while, and few programs have one.
type table struct {
	filled sync.Once
	unary  [len(samples)]Set
	binary [len(samples)][len(samples)]Set
}

var tables [value.Or + 1]table

func tableOf(fn value.Fn) *table {
	t := &tables[fn]
	t.filled.Do(func() { t.fill(fn) })
	return t
}

func (t *table) fill(fn value.Fn) {
	for a := range samples {
		for _, x := range samples[a] {
			if fn < value.Add {
				t.unary[a].outcome(value.Unary(fn, x))
				continue
			}
			for b := range samples {
				for _, y := range samples[b] {
					t.binary[a][b].outcome(value.Binary(fn, x, y))
				}
			}
		}
	}
}

// outcome adds the kind of a result, unless there is none.
func (s *Set) outcome(v value.Value, err error) {
	if err == nil {
		*s |= Of(v.Kind())
	}
}

// Unary are the kinds that fn gives of elements of a; none if it always fails.
func Unary(fn value.Fn, a Set) (result Set) {
	for kind, gives := range tableOf(fn).unary {
		if a&(1<<kind) != 0 {
			result |= gives
		}
	}
	return result
}

// Binary are the kinds that fn gives of elements of a and b; none if it always
// fails. And and Or give bools, as they do for s-ops.
func Binary(fn value.Fn, a, b Set) (result Set) {
	if fn == value.And || fn == value.Or {
		return Bools
	}
	table := &tableOf(fn).binary
	for left := range samples {
		for right := range samples {
			if a&(1<<left) != 0 && b&(1<<right) != 0 {
				result |= table[left][right]
			}
		}
	}
	return result
}

// Aggregate are the kinds of an aggregate: an element by itself, the default,
// or a mean, which numbers among the elements make possible.
func Aggregate(values, def Set) Set {
	result := values | def
	if values&(Ints|Floats) != 0 {
		result |= Floats
	}
	return result
}
