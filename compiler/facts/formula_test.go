package facts

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// plain evaluates a formula as it is written out.
func plain(f *Formula, atoms uint64) bool {
	switch f.Op {
	case Atom:
		return atoms>>f.Atom&1 == 1
	case Not:
		return !plain(f.Args[0], atoms)
	case And:
		return plain(f.Args[0], atoms) && plain(f.Args[1], atoms)
	case Or:
		return plain(f.Args[0], atoms) || plain(f.Args[1], atoms)
	}
	return f.Op == True
}

const atoms = 5

func random(r *rand.Rand) *Formula {
	made := []*Formula{{Op: True}, {Op: False}}
	for a := range atoms {
		made = append(made, &Formula{Op: Atom, Atom: a})
	}
	one := func() *Formula { return made[r.IntN(len(made))] }
	for range 12 {
		switch op := []formulaOp{And, Or, Not}[r.IntN(3)]; op {
		case Not:
			made = append(made, &Formula{Op: Not, Args: []*Formula{one()}})
		default:
			made = append(made, &Formula{Op: op, Args: []*Formula{one(), one()}})
		}
	}
	return made[len(made)-1]
}

func TestFormula(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 30))
	for range 500 {
		f := random(r)
		e := NewEvaluator(f)
		mask := r.Uint64N(1 << atoms)
		for holds := range uint64(1 << atoms) {
			require.Equal(t, plain(f, holds), e.Holds(holds))
			require.Equal(t, plain(f, holds), plain(f.Given(mask, holds), holds))
		}
	}
}

// TestFormulaOfSharedParts: each part is gone through once, though written out there are
// 2^200 of them.
func TestFormulaOfSharedParts(t *testing.T) {
	f := &Formula{Op: Atom}
	for i := range 200 {
		other := &Formula{Op: Atom, Atom: 1 + i%(atoms-1)}
		f = &Formula{Op: Or, Args: []*Formula{
			{Op: And, Args: []*Formula{f, other}},
			{Op: And, Args: []*Formula{{Op: Not, Args: []*Formula{f}}, {Op: Not, Args: []*Formula{other}}}},
		}}
	}
	require.True(t, NewEvaluator(f).Holds(1<<atoms-1))
	all := Formulas{}
	require.Same(t, all.given(f, 0, 0, map[*Formula]*Formula{}), all.given(f, 0, 0, map[*Formula]*Formula{}))
	require.Equal(t, True, f.Given(1<<atoms-1, 1<<atoms-1).Op)
}
