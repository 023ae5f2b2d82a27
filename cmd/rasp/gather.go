package main

import (
	"bytes"
	"io"
	"sync"
	"time"
)

// gathered writes text that comes in pieces. What comes when nothing was written for a while is
// written at once, so that it is seen; pieces that come faster than that are written together, since
// to write one takes as long as to compute it.
type gathered struct {
	to     io.Writer
	mutex  sync.Mutex
	held   bytes.Buffer
	last   time.Time   // when something was written
	later  *time.Timer // writes what is held; nil if nothing is
	failed error
}

// gathering is how long a piece is held at most, less than the eye sees.
const gathering = 10 * time.Millisecond

// show takes a piece. The error may be that of one before.
func (g *gathered) show(piece string) error {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.held.WriteString(piece)
	switch wait := gathering - time.Since(g.last); {
	case wait <= 0:
		g.write()
	case g.later == nil:
		g.later = time.AfterFunc(wait, func() { g.flush() })
	}
	return g.failed
}

// flush writes what is held.
func (g *gathered) flush() error {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.write()
	return g.failed
}

func (g *gathered) write() {
	if g.later != nil {
		g.later.Stop()
		g.later = nil
	}
	if g.held.Len() > 0 && g.failed == nil {
		g.failed = writeText(g.to, g.held.String())
	}
	g.held.Reset()
	g.last = time.Now()
}
