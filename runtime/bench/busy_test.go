package bench

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestAbsence: what counts is the time in which the clock was not read.
func TestAbsence(t *testing.T) {
	clock := func(pauses map[int]time.Duration) func() time.Duration {
		reading, at := 0, time.Duration(0)
		return func() time.Duration {
			reading++
			at += time.Microsecond + pauses[reading]
			return at
		}
	}
	assert.Zero(t, absence(clock(nil), 10*time.Millisecond))
	assert.Zero(t, absence(clock(map[int]time.Duration{100: 150 * time.Microsecond}), 10*time.Millisecond), "the runtime itself")
	assert.InDelta(t, 0.6, absence(clock(map[int]time.Duration{100: 4 * time.Millisecond, 900: 2 * time.Millisecond}), 10*time.Millisecond), 0.01)
	assert.InDelta(t, 1, absence(clock(map[int]time.Duration{2: time.Second}), 10*time.Millisecond), 0.01)
}

func TestBusyLooksOnlyIfItMayTakeTime(t *testing.T) {
	assert.Zero(t, Clock{}.Busy(2))
}
