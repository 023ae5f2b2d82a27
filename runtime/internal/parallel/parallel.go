// Package parallel shares work of microseconds among goroutines.
//
// In come parts, numbered, and about how long one goroutine would take for all of them; each
// is done once. It does not know what they are.
//
// A goroutine takes long to begin where nothing runs yet: 65 us on an Intel Emerald Rapids.
// 9 us of these the caller pays, who wakes a thread; for most of the rest that thread sleeps,
// since Go's scheduler leaves a new goroutine to the one that started it for what it takes to
// be 3 us. Hence:
//
//   - The caller takes parts, too, and waits for nobody who has not begun: who comes late finds
//     nothing to do.
//   - A goroutine that has helped asks for more for as long as it took to begin, then ends.
//   - So much is waited for before one is started: either there is enough to do, or work comes
//     so soon after other work that by now there would have been enough.
package parallel

import (
	"sync"
	"sync/atomic"
	"time"
)

const (
	// linger is how long a helper asks for more work, and how soon after other work such is said
	// to follow it: what starting a helper takes.
	linger = 64 * time.Microsecond
	// worth is what there has to be to do before a helper is started for it: it pays for what the
	// caller loses by starting one, which begins when most of a shorter work is done.
	worth = 2 * linger
)

// Do calls part with each number below parts once, on so many goroutines at most, of which the
// caller's is one, and returns when all are done. Alone it would take about cost.
func Do(threads, parts int, cost time.Duration, part func(int)) {
	if threads = min(threads, parts); threads <= 1 {
		for i := range parts {
			part(i)
		}
		return
	}
	c := crews.Get().(*crew)
	c.do(threads-1, parts, cost, part)
	crews.Put(c)
}

// crew is a caller and helpers. The caller takes parts from the first on and helpers from the
// last, so that in work that is repeated most of the parts meet the same cache again.
type crew struct {
	part  func(int)
	parts int
	rest  atomic.Int64 // parts that nobody has taken
	late  atomic.Int64 // of these, how many helpers took
	seats atomic.Int64 // helpers who may still come in
	left  atomic.Int64 // helpers who went out, less, once the caller waits, those who came in
	empty chan struct{}
	slept atomic.Bool // the caller, while it waited

	helpers atomic.Int64  // goroutines that are there or will be
	recent  time.Duration // what work in quick succession has taken
	ended   time.Time     // the last of it
	help    func()        // a value, so that starting it allocates nothing
}

var crews = sync.Pool{New: func() any {
	c := &crew{empty: make(chan struct{}, 1)}
	c.help = c.serve
	return c
}}

func (c *crew) do(seats, parts int, cost time.Duration, part func(int)) {
	c.part, c.parts = part, parts
	c.left.Store(0)
	c.late.Store(0)
	c.rest.Store(int64(parts))
	c.seats.Store(int64(seats))
	c.hire(int64(seats), cost)
	defer c.close(int64(seats))
	for i := 0; c.rest.Add(-1) >= 0; i++ {
		part(i)
	}
}

// close waits for those who came in. If a part of the caller panicked they begin no other.
func (c *crew) close(seats int64) {
	c.rest.Store(0)
	came := seats - c.seats.Swap(0)
	if c.left.Add(-came) != 0 {
		c.wait()
	}
	c.part = nil
	c.ended = time.Now()
}

// hire starts the helpers that are missing, if there is enough for them to do.
func (c *crew) hire(seats int64, cost time.Duration) {
	if c.helpers.Load() >= seats {
		return
	}
	if time.Since(c.ended) > linger {
		c.recent = 0
	}
	if c.recent += cost; c.recent < worth {
		return
	}
	for c.helpers.Load() < seats {
		c.helpers.Add(1)
		go c.help()
	}
}

// wait returns when the last helper is out: soon, unless parts are long or its thread was stopped.
func (c *crew) wait() {
	for start := time.Now(); time.Since(start) < linger; {
		select {
		case <-c.empty:
			return
		default:
		}
	}
	c.slept.Store(true)
	<-c.empty
	c.slept.Store(false)
}

// serve helps for as long as there is work.
func (c *crew) serve() {
	defer c.helpers.Add(-1)
	for asked := time.Now(); time.Since(asked) < linger; {
		if !c.enter() {
			continue
		}
		if last := c.take(); last && c.slept.Load() {
			return // the caller goes on here, not after another thread has woken up
		}
		asked = time.Now()
	}
}

// take does parts while there are any, and goes out, even if one of them ends the goroutine. It
// says whether all are out for whom the caller waits.
func (c *crew) take() (last bool) {
	defer func() {
		if last = c.left.Add(1) == 0; last {
			c.empty <- struct{}{}
		}
	}()
	for c.rest.Add(-1) >= 0 {
		c.part(c.parts - int(c.late.Add(1)))
	}
	return last
}

// enter takes a seat if there is one. From then on the caller waits for who took it.
func (c *crew) enter() bool {
	for c.rest.Load() > 0 {
		seats := c.seats.Load()
		if seats == 0 {
			return false
		}
		if c.seats.CompareAndSwap(seats, seats-1) {
			return true
		}
	}
	return false
}
