package rules

import (
	"math/rand/v2"
	"testing"

	"rasp/lang/element"
	"rasp/lang/value"
)

// singles are the operands of one kind, an s-op of one kind of elements, that o can
// be.
func singles(o Operand) (list []Operand) {
	for k := Kinds(1); k <= Application; k <<= 1 {
		switch {
		case !o.Can(k):
		case k != SOp:
			list = append(list, Operand{Kinds: k})
		default:
			for e := element.Set(1); e <= element.Anything; e <<= 1 {
				if o.Elems&e != 0 {
					list = append(list, OfElements(e))
				}
			}
		}
	}
	return list
}

// random is an operand that can be of a few kinds.
func random(r *rand.Rand) Operand {
	o := Operand{}
	for range 1 + r.IntN(3) {
		o.Kinds |= 1 << r.IntN(10)
	}
	if o.Can(SOp) {
		o.Elems = element.Set(1 + r.IntN(int(element.Anything)))
	}
	return o
}

// fns are the unary and the binary operators.
var (
	unaries  = []value.Fn{value.Neg, value.Pos, value.Not, value.Round, value.Indicator}
	binaries = []value.Fn{value.Add, value.Sub, value.Mul, value.Div, value.Mod, value.Pow,
		value.Eq, value.Lt, value.Le, value.Gt, value.Ge, value.And, value.Or}
)

// TestOperators: what an operator gives of operands that can be of several kinds is
// all that it gives of one of them, and a fault if each of them is.
func TestOperators(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		a, b := random(r), random(r)
		fn := unaries[r.IntN(len(unaries))]
		got, fault := Unary(fn, a)
		var want Operand
		for _, v := range singles(a) {
			if one, fault := Unary(fn, v); fault == nil {
				want = Either(want, one)
			}
		}
		if got != want || (fault == nil) != (want.Kinds != 0) {
			t.Fatalf("%s of %s (%s) is %s (%s), want %s (%s); fault %v", fn, a, a.Elems, got, got.Elems, want, want.Elems, fault)
		}
		fn = binaries[r.IntN(len(binaries))]
		got, fault = Binary(fn, a, b)
		want = Operand{}
		for _, v := range singles(a) {
			for _, w := range singles(b) {
				if one, fault := Binary(fn, v, w); fault == nil {
					want = Either(want, one)
				}
			}
		}
		if got != want || (fault == nil) != (want.Kinds != 0) {
			t.Fatalf("%s (%s) %s %s (%s) is %s (%s), want %s (%s); fault %v",
				a, a.Elems, fn, b, b.Elems, got, got.Elems, want, want.Elems, fault)
		}
	}
}

// TestAtoms: an operator on atoms takes the kinds that package value can compute
// with, and computes if it knows them.
func TestAtoms(t *testing.T) {
	atoms := []value.Value{value.OfInt(2), value.OfFloat(1.5), value.OfString("a"), value.OfBool(true)}
	for _, a := range atoms {
		for _, b := range atoms {
			for _, fn := range binaries {
				result, err := value.Binary(fn, a, b)
				kinds := func(v value.Value) Operand { return Operand{Kinds: OfAtom(v).Kinds} }
				if _, fault := Binary(fn, kinds(a), kinds(b)); (fault == nil) != (err == nil) {
					t.Errorf("%s %s %s: %v, but %v", a, fn, b, fault, err)
				}
				if got, _ := Binary(fn, OfAtom(a), OfAtom(b)); err == nil && got != OfAtom(result) {
					t.Errorf("%s %s %s is %s, want %s", a, fn, b, got.Atom, result)
				}
			}
		}
	}
}

// TestCertain: a fault of operands that can be of several kinds is one of each of
// these kinds.
func TestCertain(t *testing.T) {
	pairs := map[string]func(a, b Operand) *Fault{
		"index":  Index,
		"in":     In,
		"select": func(a, b Operand) *Fault { return Select(value.Lt, a, b) },
	}
	for name, role := range map[string]*Role{"everywhere": Everywhere, "aggregate by": AggregateBy, "default": AggregateDefault,
		"draw": Drawn, "loop": Looped, "key": Key, "range": RangeBound, "zip": ZipList, "len": LenList, "call": Called, "input": Input,
		"table": LookupTable, "lookup default": LookupDefault, "bind": Bound, "list": InList, "dict": InDict} {
		pairs[name] = func(a, _ Operand) *Fault { return role.Take(a) }
	}
	pairs["condition"] = func(a, _ Operand) *Fault { return Condition(a) }
	pairs["split"] = func(a, _ Operand) *Fault { return Split(a, 2) }
	pairs["element of in"] = func(a, b Operand) *Fault { return InElement(a, 0, b) }
	r := rand.New(rand.NewPCG(3, 4))
	for name, rule := range pairs {
		refused, taken := 0, 0
		for range 2_000 {
			a, b := random(r), random(r)
			if rule(a, b) == nil {
				taken++
				continue
			}
			refused++
			for _, v := range singles(a) {
				for _, w := range singles(b) {
					if rule(v, w) == nil {
						t.Fatalf("%s of %s and %s (%s) is a fault, of %s and %s it is not", name, a, b, b.Elems, v, w)
					}
				}
			}
		}
		if refused < 20 || taken < 20 {
			t.Errorf("%s: %d refused, %d taken", name, refused, taken)
		}
	}
}
