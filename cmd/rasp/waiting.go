package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// waiting is a line on a terminal that says what takes so long, and for how long it has. It
// is for work that cannot say how much of it is left.
type waiting struct {
	to    *os.File // nil: nothing is shown
	what  string
	since time.Time
	stop  chan struct{}
	ended sync.WaitGroup

	mu    sync.Mutex
	step  string
	shown bool
}

// patience is how long nothing is said.
const patience = time.Second

// wait begins to wait for some work, until done is called.
func wait(stderr io.Writer, what string) *waiting {
	w := &waiting{to: terminal(stderr), what: what, since: time.Now(), stop: make(chan struct{})}
	if w.to != nil {
		w.ended.Add(1)
		go w.tick()
	}
	return w
}

// at says which step the work is at.
func (w *waiting) at(step string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.step = step
}

func (w *waiting) tick() {
	defer w.ended.Done()
	ticker := time.NewTicker(progressEvery)
	defer ticker.Stop()
	for {
		select {
		case <-w.stop:
			return
		case <-ticker.C:
			w.show()
		}
	}
}

func (w *waiting) show() {
	past := time.Since(w.since)
	if past < patience {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	step := ""
	if w.step != "" {
		step = " (" + w.step + ")"
	}
	w.shown = true
	fmt.Fprintf(w.to, "\r%s%s, %d s\x1b[K", w.what, step, int(past.Seconds()))
}

// done removes the line.
func (w *waiting) done() {
	close(w.stop)
	w.ended.Wait()
	if w.shown {
		fmt.Fprint(w.to, "\r\x1b[K")
	}
}
