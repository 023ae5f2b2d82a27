package form

import (
	"encoding/binary"
	"slices"
)

// The derivative of an expression by a token is the expression of what may follow it. With
// equal terms made one, and the laws of | and & applied, an expression has finitely many:
// the states of an automaton.

type kind uint8

const (
	nothing  kind = iota // no word
	epsilon              // the empty word
	symbol               // a token of a leaf
	sequence             // args[0], then args[1]
	union                // args, ascending by number
	meet                 // args, ascending by number
	complement
	repeated // args[0], from least to most times; most -1: any number
)

// term is an expression of which there is one in an algebra.
type term struct {
	op          kind
	leaf        int
	args        []*term
	least, most int
	number      int
	nullable    bool // the empty word is one
}

// algebra has the terms that were made.
type algebra struct {
	known map[string]*term
	steps int // parts of terms that were looked at
	empty *term
	all   *term // every word
	one   *term // the empty word
}

func newAlgebra() algebra {
	a := algebra{known: map[string]*term{}}
	a.empty = a.of(term{op: nothing})
	a.one = a.of(term{op: epsilon, nullable: true})
	a.all = a.of(term{op: complement, args: []*term{a.empty}, nullable: true})
	return a
}

// of is the one term that is equal to t.
func (a *algebra) of(t term) *term {
	key := []byte{byte(t.op)}
	for _, n := range []int{t.leaf, t.least, t.most} {
		key = binary.LittleEndian.AppendUint32(key, uint32(n))
	}
	for _, arg := range t.args {
		key = binary.LittleEndian.AppendUint32(key, uint32(arg.number))
	}
	a.spend(1 + len(t.args))
	x, ok := a.known[string(key)]
	if !ok {
		t.number = len(a.known)
		x = &t
		a.known[string(key)] = x
	}
	return x
}

// spend bounds the time that an expression takes, and the memory with it.
func (a *algebra) spend(steps int) {
	if a.steps += steps; a.steps > maxSteps {
		panic(tooLarge("takes more than %d steps to read", maxSteps))
	}
}

func tooLarge(format string, args ...any) *Error {
	return errorf(0, 0, "say less of the inputs: repetitions with bounds, & and ~ take most states", "the form of the inputs "+format, args...)
}

func (a *algebra) concat(parts []*term) *term {
	x := a.one
	for _, p := range slices.Backward(parts) {
		x = a.then(p, x)
	}
	return x
}

func (a *algebra) then(x, y *term) *term {
	switch {
	case x.op == nothing || y.op == nothing:
		return a.empty
	case x.op == epsilon:
		return y
	case y.op == epsilon:
		return x
	case x.op == sequence:
		return a.then(x.args[0], a.then(x.args[1], y))
	}
	return a.of(term{op: sequence, args: []*term{x, y}, nullable: x.nullable && y.nullable})
}

func (a *algebra) either(parts ...*term) *term { return a.flat(union, a.empty, a.all, parts) }
func (a *algebra) both(parts ...*term) *term   { return a.flat(meet, a.all, a.empty, parts) }

// flat is a union or a meet of more than one part, none of them neutral.
func (a *algebra) flat(op kind, neutral, absorbing *term, parts []*term) *term {
	var list []*term
	for _, p := range parts {
		switch {
		case p == absorbing:
			return absorbing
		case p.op == op:
			list = append(list, p.args...)
		case p != neutral:
			list = append(list, p)
		}
	}
	a.spend(len(list))
	slices.SortFunc(list, func(x, y *term) int { return x.number - y.number })
	list = slices.Compact(list)
	switch len(list) {
	case 0:
		return neutral
	case 1:
		return list[0]
	}
	nullable := op == meet
	for _, p := range list {
		if p.nullable != nullable {
			nullable = !nullable
			break
		}
	}
	return a.of(term{op: op, args: list, nullable: nullable})
}

func (a *algebra) not(x *term) *term {
	if x.op == complement {
		return x.args[0]
	}
	return a.of(term{op: complement, args: []*term{x}, nullable: !x.nullable})
}

func (a *algebra) repeat(x *term, least, most int) *term {
	if x.nullable {
		least = 0
	}
	switch {
	case most == 0 || x.op == epsilon || x.op == nothing && least == 0:
		return a.one
	case x.op == nothing:
		return a.empty
	case least == 1 && most == 1:
		return x
	}
	return a.of(term{op: repeated, args: []*term{x}, least: least, most: most, nullable: least == 0})
}

// derivation takes terms apart by classes of tokens.
type derivation struct {
	*algebra
	has  []leaf // classes
	done map[[2]int]*term
}

// by is what may follow a token of a class in x.
func (d *derivation) by(x *term, class int) *term {
	d.spend(1)
	if x.op <= symbol || x.op == sequence && x.args[0].op == symbol { // faster than to look it up
		return d.apart(x, class)
	}
	key := [2]int{x.number, class}
	if y, ok := d.done[key]; ok {
		return y
	}
	y := d.apart(x, class)
	d.done[key] = y
	return y
}

func (d *derivation) apart(x *term, class int) *term {
	switch x.op {
	case symbol:
		if d.has[x.leaf].holds(class) {
			return d.one
		}
		return d.empty
	case sequence:
		first := d.then(d.by(x.args[0], class), x.args[1])
		if !x.args[0].nullable {
			return first
		}
		return d.either(first, d.by(x.args[1], class))
	case complement:
		return d.not(d.by(x.args[0], class))
	case repeated:
		most := x.most
		if most > 0 {
			most--
		}
		return d.then(d.by(x.args[0], class), d.repeat(x.args[0], max(x.least-1, 0), most))
	case union, meet:
		parts := make([]*term, len(x.args))
		for i, arg := range x.args {
			parts[i] = d.by(arg, class)
		}
		if x.op == union {
			return d.either(parts...)
		}
		return d.both(parts...)
	}
	return d.empty
}

// automaton is that of a term. The error is an *Error.
func (r *resolver) automaton(root *term) (f *Form, err error) {
	defer caught(&err)
	class, members, has := r.classes()
	d := &derivation{&r.algebra, has, map[[2]int]*term{}}
	states, place := []*term{root}, map[*term]int32{root: 0}
	f = &Form{class: class, members: members}
	for at := 0; at < len(states); at++ {
		row := make([]int32, len(members))
		for c := range row {
			y := d.by(states[at], c)
			to, ok := place[y]
			if !ok {
				to = int32(len(states))
				place[y] = to
				if states = append(states, y); len(states) > maxStates || len(states)*len(members) > maxEdges {
					panic(tooLarge("needs more than %d states", min(maxStates, maxEdges/len(members))))
				}
			}
			row[c] = to
		}
		f.next, f.accept = append(f.next, row), append(f.accept, states[at].nullable)
	}
	f.minimise()
	return f, nil
}
