package noise

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestErrs: sources that are independent add up in quadrature where noise is likely, and as they
// are where it is the worst; one source always adds up as it is.
func TestErrs(t *testing.T) {
	one, other := errs{parts: []part{{0, 3}}}, errs{fixed: 1, parts: []part{{1, 4}}}
	p := &pass{mode: mode{likely: true}}
	assert.InDelta(t, 6, p.total(p.plus(one, other)), 1e-12)
	assert.InDelta(t, 6, p.total(p.plus(one, one)), 1e-12)
	assert.InDelta(t, 6, p.total(p.times(-2, one)), 1e-12)
	assert.Equal(t, errs{fixed: 1, parts: []part{{0, 3}, {1, 4}}}, p.plus(other, one))

	// One of two that are alike keeps its source; of two of different sources they are lost.
	assert.Equal(t, errs{parts: []part{{0, 3}}}, p.either(one, p.times(0.5, one)))
	assert.Equal(t, errs{fixed: 1, common: 4}, p.either(other, errs{parts: []part{{0, 4}}}))
	lost := p.either(one, errs{parts: []part{{1, 3}}})
	assert.InDelta(t, 6, p.total(p.plus(lost, one)), 1e-12, "it may be the same source")

	worst := &pass{}
	assert.InDelta(t, 8, worst.total(worst.plus(one, other)), 1e-12)
}

// TestPower: the sigmas that are tried go from one power of two to the next in equal ratios.
func TestPower(t *testing.T) {
	assert.InDelta(t, 1, power(0), 0)
	assert.InDelta(t, 0.25, power(-2*steps), 1e-12)
	assert.InDelta(t, power(5)/power(4), power(1), 1e-12)
}
