package facts

// A selector is a boolean formula over atoms, comparisons of a key with a query.
// A head can add penalties for violated conditions, so it can do a conjunction;
// it can do any formula over one key variable and one query variable, because
// that is just a table of truth values. So atoms are grouped by their pair of
// variables, and the formula is split into disjoint parts, each a conjunction of
// one condition a group.

// Formula is a node of a boolean formula, a graph: what several nodes use stands there
// once, and is gone through once, since written out it may double with each step. The
// zero atom index has no meaning for and, or, not and constants.
type Formula struct {
	Op   formulaOp
	Atom int
	Args []*Formula
}

type formulaOp uint8

const (
	False formulaOp = iota
	True
	Atom
	And
	Or
	Not
)

// IsAnd reports that a formula holds only if each of its atoms does.
func (f *Formula) IsAnd() bool {
	return f.Op == Atom || f.Op == And && f.Args[0].IsAnd() && f.Args[1].IsAnd()
}

// Given replaces the atoms of mask by their truth values and simplifies.
func (f *Formula) Given(mask, holds uint64) *Formula {
	return Formulas{}.given(f, mask, holds, map[*Formula]*Formula{})
}

// Evaluator evaluates one formula, over and over, each part once. It is for one goroutine
// at a time.
type Evaluator struct {
	parts []*Formula // operands first
	args  [][2]int   // their places
	truth []bool
}

// NewEvaluator prepares a formula.
func NewEvaluator(f *Formula) *Evaluator {
	e, places := &Evaluator{}, map[*Formula]int{}
	e.add(f, places)
	e.truth = make([]bool, len(e.parts))
	return e
}

func (e *Evaluator) add(f *Formula, places map[*Formula]int) int {
	if at, ok := places[f]; ok {
		return at
	}
	var args [2]int
	for i, arg := range f.Args {
		args[i] = e.add(arg, places)
	}
	places[f] = len(e.parts)
	e.parts, e.args = append(e.parts, f), append(e.args, args)
	return places[f]
}

// Holds reports whether the formula is true where the atoms have the given truth values.
func (e *Evaluator) Holds(atoms uint64) bool {
	for i, f := range e.parts {
		x, y := e.truth[e.args[i][0]], e.truth[e.args[i][1]]
		switch f.Op {
		case Atom:
			x = atoms>>f.Atom&1 == 1
		case Not:
			x = !x
		case And:
			x = x && y
		case Or:
			x = x || y
		default:
			x = f.Op == True
		}
		e.truth[i] = x
	}
	return e.truth[len(e.truth)-1]
}

// Formulas are formulas of which no two are equal: equal ones are the same pointer.
type Formulas map[formulaKey]*Formula

type formulaKey struct {
	op   formulaOp
	atom int
	args [2]*Formula
}

// of is the formula of these parts, which are in the set.
func (s Formulas) of(op formulaOp, atom int, args ...*Formula) *Formula {
	key := formulaKey{op: op, atom: atom}
	copy(key.args[:], args)
	f := s[key]
	if f == nil {
		f = &Formula{Op: op, Atom: atom, Args: args}
		s[key] = f
	}
	return f
}

// given is Given, in the set; done has what became of the parts of f.
func (s Formulas) given(f *Formula, mask, holds uint64, done map[*Formula]*Formula) *Formula {
	if g := done[f]; g != nil {
		return g
	}
	g := s.simplified(f, mask, holds, done)
	done[f] = g
	return g
}

func (s Formulas) simplified(f *Formula, mask, holds uint64, done map[*Formula]*Formula) *Formula {
	switch f.Op {
	case Atom:
		switch {
		case mask>>f.Atom&1 == 0:
			return s.of(Atom, f.Atom)
		case holds>>f.Atom&1 == 1:
			return s.of(True, 0)
		}
		return s.of(False, 0)
	case Not:
		switch x := s.given(f.Args[0], mask, holds, done); x.Op {
		case True:
			return s.of(False, 0)
		case False:
			return s.of(True, 0)
		case Not:
			return x.Args[0]
		default:
			return s.of(Not, 0, x)
		}
	case And, Or:
		absorbing, neutral := False, True
		if f.Op == Or {
			absorbing, neutral = True, False
		}
		x, y := s.given(f.Args[0], mask, holds, done), s.given(f.Args[1], mask, holds, done)
		switch {
		case x.Op == absorbing || y.Op == absorbing:
			return s.of(absorbing, 0)
		case x.Op == neutral:
			return y
		case y.Op == neutral, x == y:
			return x
		}
		return s.of(f.Op, 0, x, y)
	}
	return s.of(f.Op, 0)
}
