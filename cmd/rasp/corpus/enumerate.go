package corpus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"rasp/lang"
	"rasp/lang/predict"
	"rasp/lang/value"
)

// enumerated are all programs of at most so many operations over a domain, a part that is used
// twice counted twice, up to behaviour: of those that do the same, and of all operands that
// do, the first is taken. That leaves out no behaviour, since what an operation gives depends
// on what its operands do alone.
type enumerated struct {
	spec   *Spec
	domain Domain
	inputs probes
	list   sketch // of one of each behaviour, operands first
	sizes  []int  // operations, of each
	seen   map[behaviour]bool
	tried  int   // programs
	sops   []int // those that are no selectors: the candidates
}

// behaviour of a sort: a selector of at most one key can stand where others cannot.
type behaviour struct {
	makes sort
	does  Fingerprint
}

// MostOperations of programs that are enumerated, and MostEnumerated of behaviours, of
// selectors too.
const (
	MostOperations = 6
	MostEnumerated = 1 << 22
)

// enumerate lists the programs of a specification.
func (s *Spec) enumerate(ctx context.Context) (*enumerated, error) {
	d := s.Domains[0]
	e := &enumerated{spec: s, domain: d, inputs: s.probesOf(&d), seen: map[behaviour]bool{}}
	operations, _ := chosen(s.Operations)
	for size := 1; size <= s.Enumerate; size++ {
		var batch sketch
		for i := range operations {
			for _, st := range e.applied(&operations[i], size-1) {
				if batch = append(batch, st); len(batch) == atOnce {
					if err := e.add(ctx, batch, size); err != nil {
						return nil, err
					}
					batch = batch[:0]
				}
			}
		}
		if err := e.add(ctx, batch, size); err != nil {
			return nil, err
		}
	}
	for i, st := range e.list {
		if s.gives(st.makes) {
			e.sops = append(e.sops, i)
		}
	}
	return e, nil
}

// atOnce is how many programs are run together: what they have in common is run once.
const atOnce = 1000

// applied goes through the uses of an operation whose operands take so many operations
// together, in a fixed order.
func (e *enumerated) applied(o *operation, left int) func(func(int, statement) bool) {
	return func(yield func(int, statement) bool) {
		n, last := 0, o.lastTaker()
		var next func(operands []operand, left int) bool
		next = func(operands []operand, left int) bool {
			if len(operands) < len(o.operands) {
				least := 0
				if len(operands) == last {
					least = left
				}
				for x, size := range e.operands(o.operands[len(operands)], least, left) {
					if !slices.Contains(operands, x) && !next(append(operands, x), left-size) {
						return false
					}
				}
				return true
			}
			if left > 0 {
				return true
			}
			for _, text := range o.texts {
				if !yield(n, statement{o.makes, text, slices.Clone(operands)}) {
					return false
				}
				n++
			}
			return true
		}
		next(nil, left)
	}
}

// operands of a sort that take so many operations, from least to most, and how many.
func (e *enumerated) operands(wanted sort, least, most int) func(func(operand, int) bool) {
	return func(yield func(operand, int) bool) {
		var texts []string
		switch wanted {
		case letter:
			texts = e.domain.tokens
		case small:
			for n := smallest; n <= largest; n++ {
				texts = append(texts, strconv.Itoa(n))
			}
		default:
			for _, g := range given {
				if g.makes.fits(wanted) {
					texts = append(texts, g.name)
				}
			}
		}
		for _, text := range texts {
			if least == 0 && !yield(operand{-1, text}, 0) {
				return
			}
		}
		first, _ := slices.BinarySearch(e.sizes, least)
		for i := first; i < len(e.list) && e.sizes[i] <= most; i++ { // sizes ascend
			if e.list[i].makes.fits(wanted) && !yield(operand{statement: i}, e.sizes[i]) {
				return
			}
		}
	}
}

// add runs statements, and keeps those that do what none before does. If one of them fails,
// the others are run without it.
func (e *enumerated) add(ctx context.Context, batch sketch, size int) error {
	if err := ctx.Err(); err != nil || len(batch) == 0 {
		return err
	}
	found, err := e.run(batch)
	switch {
	case err == nil:
	case len(batch) == 1:
		e.tried++
		return nil
	default:
		half := len(batch) / 2
		return errors.Join(e.add(ctx, batch[:half], size), e.add(ctx, batch[half:], size))
	}
	e.tried += len(batch)
	for i, f := range found {
		b := behaviour{batch[i].makes, f}
		if e.seen[b] {
			continue
		}
		e.seen[b] = true
		e.list, e.sizes = append(e.list, batch[i]), append(e.sizes, size)
	}
	if len(e.list) > MostEnumerated {
		return fmt.Errorf("there are more than %d behaviours of %d operations; enumerate fewer operations, or over fewer tokens", MostEnumerated, size)
	}
	return nil
}

// run gives the fingerprint of each of some statements.
func (e *enumerated) run(batch sketch) ([]Fingerprint, error) {
	program, names := e.together(batch)
	p, faults := lang.Parse("programs", program)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	outputs, fault := p.Outputs(names, e.domain.domain.Vocab)
	if fault != nil {
		return nil, fault
	}
	evaluator := predict.New(outputs, e.domain.domain.Vocab, e.domain.Causal)
	sums := make([]*summary, len(outputs))
	for i := range sums {
		sums[i] = e.spec.newSummary(e.domain)
	}
	for ids, input := range e.inputs.All() {
		results, err := evaluator.Run(input)
		if err != nil {
			return nil, err
		}
		for i, r := range results {
			sums[i].add(ids, input, sequenceOf(r))
		}
	}
	found := make([]Fingerprint, len(sums))
	for i, s := range sums {
		found[i], _ = s.result()
	}
	return found, nil
}

// sequenceOf an s-op, or of the bits of a selector.
func sequenceOf(r predict.Result) []value.Value {
	if r.Matrix == nil {
		return r.Sequence
	}
	var bits []value.Value
	for _, row := range r.Matrix {
		for _, selected := range row {
			bits = append(bits, value.OfBool(selected))
		}
	}
	return bits
}

// together is a program of some statements and of all that they need, and their names.
func (e *enumerated) together(batch sketch) (text string, names []string) {
	all, place := sketch{}, map[int]int{}
	for _, st := range batch {
		whole := e.with(st, &all, place)
		all = append(all, whole)
		names = append(names, name(len(all)-1))
	}
	return all.program(e.domain), names
}

// with is a statement whose operands are statements of all, to which those are added that are
// not there; place has where each of the list is.
func (e *enumerated) with(st statement, all *sketch, place map[int]int) statement {
	st.operands = slices.Clone(st.operands)
	for k, o := range st.operands {
		if o.statement < 0 {
			continue
		}
		at, ok := place[o.statement]
		if !ok {
			needed := e.with(e.list[o.statement], all, place)
			at = len(*all)
			*all = append(*all, needed)
			place[o.statement] = at
		}
		st.operands[k].statement = at
	}
	return st
}

// program is a candidate: its domain, and a sketch.
func (e *enumerated) program(number int) (Domain, sketch) {
	var needed sketch
	last := e.with(e.list[e.sops[number]], &needed, map[int]int{})
	return e.domain, append(needed, last)
}
