package suite

import (
	"context"
	"fmt"
	"os"
)

// Worker makes a set program by program, for an engine with many machines, which share the
// folder. What the programs gave is added in their order, by one of them.
type Worker struct {
	options  Options
	programs []Program
	set      Set
	added    int
}

// Worker opens the folder.
func (o Options) Worker(programs []Program) (*Worker, error) {
	if err := os.MkdirAll(o.Folder, 0o777); err != nil {
		return nil, err
	}
	return &Worker{options: o, programs: programs}, o.settle(o.Folder)
}

// Programs is how many there are: those that are given, then those by chance.
func (w *Worker) Programs() int { return len(w.programs) + w.options.Random }

// Make makes the models of a program that are not there.
func (w *Worker) Make(ctx context.Context, program int) (*Set, error) {
	if program < 0 || program >= w.Programs() {
		return nil, fmt.Errorf("there is no program %d: they are from 0 to %d", program, w.Programs()-1)
	}
	set := &Set{}
	return set, w.options.one(ctx, w.programs, program, set)
}

// Add takes what Make gave of the next program.
func (w *Worker) Add(s Set) {
	w.set.add(s)
	w.added++
}

// Describe writes the index and the card of all that was added.
func (w *Worker) Describe() (*Set, error) {
	if w.added != w.Programs() {
		return nil, fmt.Errorf("of %d programs %d were added", w.Programs(), w.added)
	}
	return &w.set, w.options.describe(&w.set)
}
