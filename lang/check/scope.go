package check

import (
	"rasp/lang/diag"
	"rasp/lang/syntax"
)

// scope holds the names bound at one level. A name that is looked up from a
// function made there may have any of the values that it ever has, since nobody
// knows when the function is called.
type scope struct {
	parent *scope
	fun    *funct // the function whose body it is, nil for others
	vars   map[string]*variable
	order  []*variable // in the order of their first binding
	opaque bool        // some names are missing because a file could not be loaded
	span   diag.Span   // of the program itself: where its names can be read

	idle   []diag.Span // expressions that stand here as statements
	useOut bool        // the name out is read here
	loads  []*loading
}

type variable struct {
	name  string
	where *syntax.Ident // first bound here; nil for names of the language and of other files
	role  role
	now   *shape // what it is bound to at the walker's place
	ever  *shape // all that it is bound to up to there
	maybe bool   // at the walker's place it may be unbound yet
	reads int    // by the program itself, not by trials

	foreseen bool // it is only known that a statement further down binds it

	group []*variable // bound together with it, itself among them: x, y = ..; nil if alone
	loads []*loading  // that bring it

	origin *syntax.Ident // where another file binds it, nil for others
}

// role of a name in its scope.
type role uint8

const (
	local role = iota
	parameter
	iterator
	counter  // iterator over a range: often no more than how a repetition is written
	defined  // by def
	borrowed // from a file, from the language, or lost in a faulty statement
)

func newScope(parent *scope) *scope { return &scope{parent: parent, vars: map[string]*variable{}} }

// bind gives a name another value.
func (s *scope) bind(name string, where *syntax.Ident, r role, v *shape) *variable {
	b := s.vars[name]
	if b == nil {
		b = &variable{name: name, where: where, role: r}
		s.vars[name] = b
		s.order = append(s.order, b)
	}
	if b.foreseen {
		b.where, b.role, b.foreseen = where, r, false
	}
	b.now, b.maybe = v, false
	b.ever = join(b.ever, v)
	return b
}

// find is what a name can be, seen from here; nil if nothing binds it. Hidden
// tells that a file which could not be loaded may have. All variables that may
// be meant are passed to read.
func (s *scope) find(name string, read func(*variable)) (result *shape, hidden bool) {
	outside := false // of the function
	for ; s != nil; s = s.parent {
		if v := s.vars[name]; v != nil {
			read(v)
			if !outside {
				result = join(result, v.now)
			} else {
				result = join(result, v.ever)
			}
			if !v.maybe && (!outside || v.role == parameter) {
				return result, false
			}
		}
		hidden = hidden || s.opaque
		outside = outside || s.fun != nil
	}
	if hidden && result != nil {
		return unknown, false
	}
	return result, hidden
}

func (v *variable) use() {
	v.reads++
	for _, l := range v.loads {
		l.used = true
	}
}
