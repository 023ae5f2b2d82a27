package corpus

import (
	"math/rand/v2"
	"slices"
	"strconv"
)

// drawer draws programs of a specification.
type drawer struct {
	spec       *Spec
	operations []operation
	shares     []float64 // of the operations
}

func newDrawer(s *Spec) *drawer {
	list, shares := chosen(s.Operations)
	return &drawer{s, list, shares}
}

// Random numbers of a candidate depend on the seed of the corpus and on its number alone.
func (d *drawer) random(number int) *rand.Rand {
	return rand.New(rand.NewPCG(d.spec.Seed, uint64(number)))
}

// program draws a candidate: its domain, and a sketch of some operations, as many as were
// drawn or fewer.
func (d *drawer) program(number int) (Domain, sketch) {
	r := d.random(number)
	in := d.spec.Domains[r.IntN(len(d.spec.Domains))]
	budget := d.spec.Statements[0] + r.IntN(d.spec.Statements[1]-d.spec.Statements[0]+1)
	p := &draft{drawer: d, Rand: r, domain: in}
	for range fewTries {
		if _, ok := p.make(func(o *operation) bool { return d.spec.gives(o.makes) }, budget); ok {
			if made := p.sketch.needed(); d.spec.Depth == 0 || made.depth() <= d.spec.Depth {
				return in, made
			}
		}
	}
	return in, nil
}

// draft is a sketch to which statements are added, operands first.
type draft struct {
	*drawer
	*rand.Rand
	domain Domain
	sketch sketch
}

// One of so many operands is a statement that is there, where there is one: of those that
// more operations could make, and of those that none is left for.
const reused, reusedAtLast = 8, 2

// operand of a sort, made by so many operations, or fewer.
func (p *draft) operand(wanted sort, budget int) (operand, bool) {
	switch wanted {
	case letter:
		return operand{-1, p.domain.tokens[p.IntN(len(p.domain.tokens))]}, true
	case small:
		return operand{-1, strconv.Itoa(smallest + p.IntN(largest-smallest+1))}, true
	}
	often := reused
	if budget == 0 {
		often = reusedAtLast
	}
	if p.IntN(often) == 0 {
		if list := p.those(wanted); len(list) > 0 {
			return list[p.IntN(len(list))], true
		}
	}
	if budget > 0 {
		if x, ok := p.make(func(o *operation) bool { return o.makes.fits(wanted) }, budget); ok {
			return x, true
		}
	}
	return p.leaf(wanted)
}

// those are the statements of a sort.
func (p *draft) those(wanted sort) (list []operand) {
	for i, st := range p.sketch {
		if st.makes.fits(wanted) {
			list = append(list, operand{statement: i})
		}
	}
	return list
}

// leaf is an operand that takes no operation; there is none for selectors and truths.
func (p *draft) leaf(wanted sort) (operand, bool) {
	sum := 0
	for _, g := range given {
		if g.makes.fits(wanted) {
			sum += g.often
		}
	}
	if sum == 0 {
		return operand{}, false
	}
	x := p.IntN(sum)
	for _, g := range given {
		if !g.makes.fits(wanted) {
			continue
		}
		if x -= g.often; x < 0 {
			return operand{-1, g.name}, true
		}
	}
	panic("corpus: more than the sum")
}

// make adds a statement that is fit, with all that its operands take. It fails where no
// operation can be had for the budget.
func (p *draft) make(fit func(*operation) bool, budget int) (operand, bool) {
	o := p.draw(func(o *operation) bool { return fit(o) && o.least() <= budget })
	if o == nil {
		return operand{}, false
	}
	before := len(p.sketch)
	operands := make([]operand, len(o.operands))
	shares := p.split(budget-o.least(), o.operands)
	for i, wanted := range o.operands {
		for tries := 0; ; tries++ {
			var ok bool
			if operands[i], ok = p.operand(wanted, shares[i]+wanted.least()); !ok || tries == fewTries {
				p.sketch = p.sketch[:before]
				return operand{}, false
			}
			if !slices.Contains(operands[:i], operands[i]) { // x == x, x - x and the like say nothing
				break
			}
		}
	}
	p.sketch = append(p.sketch, statement{o.makes, o.texts[p.IntN(len(o.texts))], operands})
	return operand{statement: len(p.sketch) - 1}, true
}

const fewTries = 8

// split gives each of some operations to an operand that is no constant.
func (p *draft) split(budget int, operands []sort) []int {
	shares := make([]int, len(operands))
	var takers []int
	for i, s := range operands {
		if s != letter && s != small {
			takers = append(takers, i)
		}
	}
	for ; budget > 0 && len(takers) > 0; budget-- {
		shares[takers[p.IntN(len(takers))]]++
	}
	return shares
}

// draw is an operation that is fit, by the weights; nil if there is none.
func (p *draft) draw(fit func(*operation) bool) *operation {
	sum := 0.0
	for i := range p.operations {
		if fit(&p.operations[i]) {
			sum += p.shares[i]
		}
	}
	x := p.Float64() * sum
	for i := range p.operations {
		if o := &p.operations[i]; fit(o) {
			if x -= p.shares[i]; x < 0 {
				return o
			}
		}
	}
	return nil
}
