package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// progress is a line on a terminal that is rewritten a few times a second.
type progress struct {
	to   *os.File // nil: nothing is shown
	what string   // what is counted
	last time.Time
}

const progressEvery = 200 * time.Millisecond

func (p *progress) show(done, total int) {
	if time.Since(p.last) < progressEvery {
		return
	}
	p.last = time.Now()
	fmt.Fprintf(p.to, "\r%d of %d %s (%.0f %%)\x1b[K", done, total, p.what, 100*float64(done)/float64(total))
}

// count shows how many there are so far, where nobody knows how many there will
// be.
func (p *progress) count(done int, since time.Time) {
	if p.to == nil || time.Since(p.last) < progressEvery {
		return
	}
	p.last = time.Now()
	fmt.Fprintf(p.to, "\r%d %s, %.0f a second\x1b[K", done, p.what, float64(done)/time.Since(since).Seconds())
}

// clear removes the line, so that results can stand there.
func (p *progress) clear() {
	if !p.last.IsZero() {
		fmt.Fprint(p.to, "\r\x1b[K")
	}
}

// terminal is w if a person sees it, nil otherwise.
func terminal(w io.Writer) *os.File {
	if output, ok := w.(*writer); ok {
		w = output.to
	}
	file, ok := w.(*os.File)
	if !ok {
		return nil
	}
	if info, err := file.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	return file
}
