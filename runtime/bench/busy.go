package bench

import (
	"sync"
	"time"
)

const (
	// longestLook is how long it takes to see whether the machine is busy: some slices of
	// time that systems give.
	longestLook = 100 * time.Millisecond
	// away is a pause between two readings of the clock in which something else has run.
	away = 200 * time.Microsecond
)

// Busy is the share of the time, 0 to 1, in which so many goroutines that do nothing but
// compute were kept from running: other work had the processors. A clock of no duration
// does not look.
func (clock Clock) Busy(threads int) float64 {
	look := min(clock.Duration, longestLook)
	if look <= 0 {
		return 0
	}
	shares := make([]float64, threads)
	var running sync.WaitGroup
	for t := range threads {
		running.Go(func() {
			start := time.Now()
			shares[t] = absence(func() time.Duration { return time.Since(start) }, look)
		})
	}
	running.Wait()
	sum := 0.0
	for _, share := range shares {
		sum += share
	}
	return sum / float64(threads)
}

// absence is the share of a time in which the clock was not read, though nothing but that
// was done.
func absence(now func() time.Duration, look time.Duration) float64 {
	lost, last := time.Duration(0), now()
	first := last
	for last-first < look {
		next := now()
		if next-last > away {
			lost += next - last
		}
		last = next
	}
	return float64(lost) / float64(last-first)
}
