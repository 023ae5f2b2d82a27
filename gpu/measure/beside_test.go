package measure

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestFasterFrom(t *testing.T) {
	rows := func(gpu ...float64) (rows []Both) {
		for i, speed := range gpu {
			rows = append(rows, Both{Batch: 1 << i, CPU: 10, GPU: speed})
		}
		return rows
	}
	assert.Equal(t, 8, fasterFrom(rows(1, 11, 10, 12, 13)), "not where it wins once")
	assert.Equal(t, 1, fasterFrom(rows(11)))
	assert.Zero(t, fasterFrom(rows(11, 12, 9)))
	assert.Zero(t, fasterFrom(nil))
}
