package corpus

import (
	"context"
	"fmt"
	"slices"
)

// Worker does what Corpus.Make does, a block at a time and in the order that an engine with
// many machines wants. The engine has the step between: which candidates are distinct, and of
// how many candidates so many rows come as are asked for.
type Worker struct {
	*Spec  // with the number of candidates that there are
	corpus *Corpus
	tried  int
}

// Worker opens the folder, which all workers share.
func (c *Corpus) Worker(ctx context.Context) (*Worker, error) {
	if err := c.settle(); err != nil {
		return nil, err
	}
	tried, err := c.open(ctx)
	return &Worker{c.Spec, c, tried}, err
}

// Cut is a worker for a corpus of fewer candidates, from the first on.
func (w *Worker) Cut(candidates int) (*Worker, error) {
	if candidates < 1 || candidates > w.Candidates {
		return nil, fmt.Errorf("candidates: 1 to %d, not %d", w.Candidates, candidates)
	}
	c := *w.corpus
	c.cut(candidates)
	return &Worker{c.Spec, &c, w.tried}, nil
}

// Find is what there is of a block, 17 bytes a candidate: 0 and its fingerprint, or another
// byte if it is none of the corpus.
func (w *Worker) Find(ctx context.Context, block int) ([]byte, error) {
	if err := w.check(block); err != nil {
		return nil, err
	}
	if err := w.corpus.find(ctx, block); err != nil {
		return nil, err
	}
	return w.corpus.readFound(block)
}

// Write writes the rows of a block, and says how many there are. Keep are the numbers of its
// candidates that do what none before does, in their order; the counts are of the others.
func (w *Worker) Write(ctx context.Context, block int, keep []int) (rows int, left map[Reason]int, err error) {
	if err := w.check(block); err != nil {
		return 0, nil, err
	}
	known, err := w.corpus.readFound(block)
	if err != nil {
		return 0, nil, err
	}
	from, to := w.within(block)
	d := newDistinct(to - from)
	for i := range to - from {
		why := known[i*found]
		switch kept := len(keep) > 0 && keep[0] == from+i; {
		case why != 0:
			d.Counts[reasons[why]]++
		case kept:
			keep = keep[1:]
		default:
			d.add(i)
		}
	}
	if len(keep) > 0 {
		return 0, nil, fmt.Errorf("keep: %d is no candidate of block %d that can be kept, or not in order", keep[0], block)
	}
	if err := w.corpus.write(ctx, block, d.is); err != nil {
		return 0, nil, err
	}
	t, err := w.corpus.readTally(block)
	if err != nil {
		return 0, nil, err
	}
	return t.Rows, d.Counts, nil
}

// Card writes the card of a corpus whose blocks are all written. The counts are the sums of
// those of Write.
func (w *Worker) Card(counts map[Reason]int) (*Report, error) {
	for reason := range counts {
		if !slices.Contains(early, reason) {
			return nil, fmt.Errorf("card: %q is no reason for leaving out a program at once: those are %q", reason, early)
		}
	}
	r, err := w.corpus.report(w.tried, counts)
	if err != nil {
		return nil, err
	}
	return r, w.corpus.finish(r)
}

func (w *Worker) check(block int) error {
	if block < 0 || block >= w.Blocks() {
		return fmt.Errorf("there is no block %d: they are from 0 to %d", block, w.Blocks()-1)
	}
	return nil
}
