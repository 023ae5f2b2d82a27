package domain

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang/value"
)

func TestPairs(t *testing.T) {
	d := Domain{Vocab: []value.Value{value.OfString("a"), value.OfString("b"), value.OfString("=")}, Length: 7}
	formed, err := d.Of(`one "="`)
	require.NoError(t, err)
	for _, d := range []Domain{d, formed} {
		one, several := 0, 0
		for a, b := range d.Pairs(400, 5) {
			require.Len(t, b, len(a))
			assert.True(t, d.Has(a) && d.Has(b))
			differ := 0
			for i := range a {
				if a[i] != b[i] {
					differ++
				}
			}
			if differ == 1 {
				one++
			}
			if differ > 1 {
				several++
			}
		}
		assert.Greater(t, one, 50)
		assert.Greater(t, several, 100)
	}
}
