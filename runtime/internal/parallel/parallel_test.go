package parallel

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// counted does parts, each for a while, and checks that each is done once, and by no more
// goroutines at a time than there may be.
func counted(t *testing.T, threads, parts int, cost, each time.Duration) {
	done := make([]int, parts) // not atomic, for the race detector
	var now, most atomic.Int64
	Do(threads, parts, cost, func(i int) {
		n := now.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		for start := time.Now(); time.Since(start) < each; {
		}
		done[i]++
		now.Add(-1)
	})
	for i, n := range done {
		assert.Equal(t, 1, n, "part %d of %d", i, parts)
	}
	assert.LessOrEqual(t, most.Load(), int64(max(threads, 1)))
}

func TestEachPartOnce(t *testing.T) {
	for _, each := range []time.Duration{0, time.Microsecond, 30 * time.Microsecond} {
		for _, cost := range []time.Duration{0, linger, time.Second} {
			for threads := range 6 {
				for _, parts := range []int{0, 1, 2, 3, 7, 20} {
					for range 5 {
						counted(t, threads, parts, cost, each)
					}
				}
			}
		}
	}
}

// Callers at the same time, and work within work.
func TestManyCallers(t *testing.T) {
	var callers sync.WaitGroup
	for range 4 {
		callers.Go(func() {
			for range 100 {
				Do(3, 5, time.Second, func(int) { counted(t, 3, 4, time.Second, time.Microsecond) })
			}
		})
	}
	callers.Wait()
}

// Where there is one processor no helper begins unless the caller is interrupted, and the caller
// does all.
func TestNobodyWaitsForWhoHasNotBegun(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	alone := []int{0, 1, 2, 3, 4, 5, 6, 7}
	assert.Eventually(t, func() bool {
		var mutex sync.Mutex
		var order []int
		Do(4, 8, time.Second, func(i int) {
			mutex.Lock()
			defer mutex.Unlock()
			order = append(order, i)
		})
		return slices.Equal(alone, order)
	}, time.Minute, linger)
}

// A caller that waits longer than it looks is woken.
func TestLongParts(t *testing.T) {
	began := make(chan bool)
	var slow atomic.Bool
	Do(2, 2, time.Second, func(i int) {
		if i == 0 {
			<-began // so that the other is a helper's
			return
		}
		began <- true
		slow.Store(true)
		time.Sleep(20 * linger)
	})
	assert.True(t, slow.Load())
}

// A panic of the caller, who may recover, leaves nobody behind who goes on.
func TestPanicOfTheCaller(t *testing.T) {
	began := make(chan bool)
	var done atomic.Int64
	assert.PanicsWithValue(t, "part", func() {
		Do(2, 100, time.Second, func(i int) {
			switch i {
			case 0:
				<-began
				panic("part")
			case 99:
				began <- true
			}
			time.Sleep(time.Millisecond)
			done.Add(1)
		})
	})
	before := done.Load()
	time.Sleep(20 * time.Millisecond)
	assert.Equal(t, before, done.Load())
}

// A part that ends its goroutine, as a failed test does, is not waited for.
func TestHelperThatEnds(t *testing.T) {
	began, done := make(chan bool), make(chan bool)
	go func() {
		defer close(done)
		Do(2, 2, time.Second, func(i int) {
			if i == 0 {
				<-began // so that the other is a helper's
				return
			}
			began <- true
			runtime.Goexit()
		})
	}()
	select {
	case <-done:
	case <-time.After(time.Minute):
		assert.Fail(t, "waits for ever")
	}
}

func TestHelpersEnd(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 10 {
		counted(t, 4, 20, time.Second, 10*time.Microsecond)
	}
	for start := time.Now(); runtime.NumGoroutine() > before && time.Since(start) < time.Minute; {
		time.Sleep(linger)
	}
	assert.LessOrEqual(t, runtime.NumGoroutine(), before)
}

func TestNoAllocations(t *testing.T) {
	var sum atomic.Int64
	part := func(i int) { sum.Add(int64(i)) }
	least := 1.0 // what the scheduler allocates beside it is not always there
	for range 20 {
		least = min(least, testing.AllocsPerRun(1, func() { Do(4, 8, time.Second, part) }))
	}
	if !race {
		assert.Zero(t, least)
	}
}
