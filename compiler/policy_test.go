package compiler

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/compiler/basis"
	"rasp/compiler/certify"
	"rasp/compiler/construct"
	"rasp/compiler/emit"
	"rasp/compiler/facts/factstest"
	"rasp/compiler/plan"
	"rasp/runtime/model"
)

func TestSmaller(t *testing.T) {
	small := model.Config{Layers: 2, Heads: 1, DModel: 8, DHead: 4, DMLP: 10}
	wide, deep, slim := small, small, small
	wide.DMLP, deep.Layers, slim.DModel = 1000, 3, 7
	assert.True(t, smaller(small, wide), "fewer parameters")
	assert.True(t, smaller(slim, small))
	assert.True(t, smaller(wide, deep), "layers count first")
	assert.False(t, smaller(deep, wide))
	assert.False(t, smaller(small, small))
}

// TestParametersAreCounted as the runtime counts them, the embedding aside.
func TestParametersAreCounted(t *testing.T) {
	c := through(t, "choose", "#rasp:vocab \"abc\"\n#rasp:length 5\n"+"x = selector_width(select(tokens, tokens, ==)) + indices;")
	total, _ := c.best.model.Parameters()
	m := c.best.model
	embedding := (len(m.Vocab)+1)*m.DModel + m.NCtx*m.DModel
	assert.EqualValues(t, total-embedding-m.WU.Len()-len(m.BU)+m.DModel, parameters(m.Config))
}

// TestRobustPoliciesStandLast, because they need more neurons, before those that
// need more dimensions.
func TestRobustPoliciesStandLast(t *testing.T) {
	for level := range 3 {
		list, last := policies(level), 0
		for _, p := range list {
			rank := 0
			switch {
			case p.OneHotValues:
				rank = 2
			case p.Centred:
				rank = 1
			}
			assert.GreaterOrEqual(t, rank, last, "level %d", level)
			last = rank
		}
		assert.Equal(t, 2, last)
		assert.False(t, list[0].Centred || list[0].OneHotValues)
	}
}

// candidatesOf is a plan on a basis, and as it is.
func candidatesOf(p *plan.Plan) []*plan.Plan { return []*plan.Plan{basis.Of(p), p} }

// TestLevelTwoSearches: it takes the best of the plans that the others would
// take.
func TestLevelTwoSearches(t *testing.T) {
	for name, text := range factstest.Programs(t) {
		var best *model.Model
		c := through(t, "failing", text)
		for _, p := range policies(2) {
			plan, err := c.lowerBy(p)
			if err != nil || p.Centred {
				continue
			}
			for _, plan := range candidatesOf(plan) {
				if best != nil && !smaller(plan.Shape(c.domain), best.Config) {
					continue
				}
				plan.Order()
				if m := emit.Model(plan, c.domain); certify.Model(plan, m, construct.Float32, c.domain.Length).Exact() {
					best = m
				}
			}
		}
		if best == nil {
			continue
		}
		c.options.Level = 2
		assert.NoError(t, c.search(), name)
		assert.Equal(t, best.Config, c.best.plan.Shape(c.domain), name)
	}
}
