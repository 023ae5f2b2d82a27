// Package bounded holds a test to what is promised for whatever a stranger's file holds:
// work ends in good time and in little memory, and what is said of it is no Go. Fuzz
// targets ask it.
package bounded

import (
	"fmt"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	mostSeconds = 10      // of processors, however busy the machine is
	mostWait    = 600     // seconds that pass, for what waits for nothing
	mostBytes   = 2 << 30 // allocated, what is free again included
)

// Work bounds a test from here to its end. What takes too long ends the process, with the
// stack of each goroutine: a fuzzer keeps the input then.
func Work(t testing.TB) {
	began, processors, bytes := time.Now(), processorTime(), allocated()
	var watch *time.Timer
	var mutex sync.Mutex // the timer may ring before it has a name
	mutex.Lock()
	defer mutex.Unlock()
	watch = time.AfterFunc(mostSeconds*time.Second, func() {
		mutex.Lock()
		defer mutex.Unlock()
		if used := processorTime() - processors; used > mostSeconds*time.Second || time.Since(began) > mostWait*time.Second {
			debug.SetTraceback("all")
			panic(fmt.Sprintf("%s has used %s of processors in %s", t.Name(), used, time.Since(began)))
		}
		watch.Reset(time.Second)
	})
	t.Cleanup(func() {
		watch.Stop()
		if used := allocated() - bytes; used > mostBytes {
			t.Errorf("%d bytes are allocated", used)
		}
	})
}

// allocated is how many bytes the process has ever allocated.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// ofGo are words of a program that has lost control, or of the libraries below it.
var ofGo = []string{"runtime error", "goroutine ", "nil pointer", "invalid memory address", "interface conversion", "index out of range",
	"slice bounds", "makeslice", "strconv.", "reflect:", "json: cannot", "%!", "<nil>"}

// Words fails if a message has a word of Go that is not in what was given.
func Words(t testing.TB, message string, given ...string) {
	t.Helper()
	for _, word := range ofGo {
		if strings.Contains(message, word) && !strings.Contains(strings.Join(given, ""), word) {
			t.Errorf("%q is in the message %q", word, message)
		}
	}
}
