package prove

import (
	"fmt"
	"slices"
)

// summandOf is what an additive variable adds up.
func (p *prover) summandOf(v int) summand {
	x := p.vars[v]
	return summand{x.of, x.sum, x.kind == some}
}

// sumRelations are those among sums, and of them with the variables of their queries.
func (p *prover) sumRelations(additive, vars []int) []*relation {
	if len(additive) == 0 {
		return nil
	}
	key := fmt.Sprint(additive, intersect(vars, p.below(additive)))
	if r, ok := p.sumMemo[key]; ok {
		return r
	}
	list := p.sumRelationsOf(additive, vars)
	p.sumMemo[key] = list
	return list
}

// below are the variables below some, which a relation of them can speak of.
func (p *prover) below(vs []int) []int {
	list := []int{varToken, varPosition, varLength}
	for _, v := range vs {
		x := p.vars[v]
		list = union(list, x.of.k.vars, x.of.q.vars, vs)
		if x.sum != nil {
			list = union(list, x.sum.space.vars)
		}
	}
	return list
}

func (p *prover) sumRelationsOf(additive, vars []int) []*relation {
	if r := p.sumRelation(additive, vars); r != nil {
		return []*relation{r}
	}
	var list []*relation
	if len(additive) > 2 {
		for i, a := range additive {
			for _, b := range additive[:i] {
				list = append(list, p.sumRelations([]int{b, a}, vars)...)
			}
		}
	} else if len(additive) == 2 {
		for _, a := range additive {
			list = append(list, p.sumRelations([]int{a}, vars)...)
		}
	}
	return list
}

func (p *prover) sumRelation(additive, vars []int) *relation {
	xs := make([]summand, len(additive))
	for i, v := range additive {
		xs[i] = p.summandOf(v)
	}
	key := fmt.Sprint(additive)
	r, ok := p.reaches[key]
	if !ok {
		r = p.sums(xs...)
		p.reaches[key] = r
	}
	if r == nil {
		return nil
	}
	rel := p.relation(intersect(vars, union(additive, r.q.vars)))
	if rel == nil {
		return nil
	}
	known := p.space(intersect(rel.vars, r.q.vars)) // what the query says of the relation
	down := r.q.to(known)
	place := make([]int, len(additive))
	for i, v := range additive {
		place[i], _ = slices.BinarySearch(rel.vars, v)
	}
	type done struct{ known, set int32 }
	seen := map[done]bool{}
	for j, set := range r.of {
		if down[j] < 0 || seen[done{down[j], set}] {
			continue
		}
		seen[done{down[j], set}] = true
		base, row := uint64(0), known.row(int(down[j]))
		for c, v := range known.vars {
			if !slices.Contains(additive, v) {
				at, _ := slices.BinarySearch(rel.vars, v)
				base += uint64(row[c]) * rel.stride[at]
			}
		}
		r.sums(set, func(sums []int64) {
			code := base
			for i, v := range additive {
				x := p.vars[v].index(sums[i])
				if c := known.column(v); x < 0 || c >= 0 && row[c] != int32(x) {
					return
				}
				code += uint64(x) * rel.stride[place[i]]
			}
			rel.set(code)
		})
	}
	return rel
}

// index is the value of an additive variable for a sum, -1 for none.
func (v *variable) index(sum int64) int {
	switch v.kind {
	case width:
		return int(sum)
	case some:
		return int(min(sum, 1))
	}
	if i, ok := slices.BinarySearch(v.sums, sum); ok {
		return i
	}
	return -1
}
