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

// clear removes the line, so that results can stand there.
func (p *progress) clear() {
	if !p.last.IsZero() {
		fmt.Fprint(p.to, "\r\x1b[K")
	}
}

// terminal is w if a person sees it, nil otherwise.
func terminal(w io.Writer) *os.File {
	file, ok := w.(*os.File)
	if !ok {
		return nil
	}
	if info, err := file.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	return file
}
