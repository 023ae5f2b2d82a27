package facts

import (
	"rasp/lang/graph"
	"rasp/lang/value"
)

// Chain is a decision list: the branch of the first link whose condition is as it must be,
// or that at the end. Links are shared by the chains that go on with them.
type Chain struct {
	If     *graph.Node // nil at the end, which is taken where no condition is as it must be
	Not    bool        // the condition must be false
	Then   Branch
	Else   *Chain
	Length int // conditions from here on
}

// Branch is an s-op, or a constant.
type Branch struct {
	Node  *graph.Node // nil for a constant
	Value value.Value
}

// ValuesOf lists the values that a branch can have.
func (f *Facts) ValuesOf(b Branch) []value.Value {
	if b.Node == nil {
		return []value.Value{b.Value}
	}
	return f.Table(b.Node).Values
}

// Taken is, of a link, 1 at the states of its condition's source at which its branch is
// taken if none before is, else 0; one state if the condition is constant.
func (f *Facts) Taken(c *Chain) []float64 {
	values := f.Table(c.If).Values
	return ByState(f.IdsBySource(c.If), func(id int32) float64 { return Indicate(values[id].Truthy() != c.Not) })
}

// Always tells of a link whether its branch is taken wherever none before is, and Never
// whether nowhere.
func (f *Facts) Always(c *Chain) bool { return c.If == nil || f.truth(c, c.Not) == 0 }
func (f *Facts) Never(c *Chain) bool  { return c.If != nil && f.truth(c, !c.Not) == 0 }

// truth counts the values of a condition that are true, or not.
func (f *Facts) truth(c *Chain, yes bool) (n int) {
	for _, v := range f.Table(c.If).Values {
		if v.Truthy() == yes {
			n++
		}
	}
	return n
}
