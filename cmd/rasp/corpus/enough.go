package corpus

import (
	"context"
	"errors"
	"fmt"

	"rasp/cmd/rasp/batch"
)

// errRows is the error where a part of the work is to be done that nobody knows the whole of.
var errRows = errors.New("rows: one process makes so many, which sees when there are enough; for shards and engines say how many candidates")

// makeRows makes the fewest blocks, from the first on, that have so many rows, or all.
//
// Not all programs that are told apart become rows, since some models are too large or are
// refused. So there are never more rows up to a block than distinct programs less those that
// are known to be left out, and what is found by these never goes beyond the fewest.
func (c *Corpus) makeRows(ctx context.Context) (*Report, error) {
	most := c.Candidates
	p := &pass{Distinct: newDistinct(most), seen: map[Fingerprint]struct{}{}, rounds: 1}
	for wanted := c.Rows; ; {
		c.cut(most)
		if err := c.findEnough(ctx, p, wanted); err != nil {
			return nil, err
		}
		c.cut(p.number)
		if err := c.writeAll(ctx, p.Distinct); err != nil {
			return nil, err
		}
		r, err := c.report(0, p.Counts)
		if err != nil {
			return nil, err
		}
		if r.Rows >= c.Rows || p.number == most {
			return r, c.finish(r)
		}
		wanted = len(p.seen) + c.Rows - r.Rows
	}
}

// errEnough ends a search.
var errEnough = errors.New("enough")

// findEnough finds blocks until so many programs are told apart.
func (c *Corpus) findEnough(ctx context.Context, p *pass, wanted int) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	next := p.number / c.Block
	rest := func(yield func(int, error) bool) {
		for block := next; block < c.Blocks() && yield(block, nil); block++ {
		}
	}
	type done struct {
		block int
		err   error
	}
	err := batch.Each(ctx, rest, c.Workers, func(block int) done {
		return done{block, c.find(ctx, block)}
	}, func(d done) error {
		content, err := []byte(nil), d.err
		if err == nil {
			content, err = c.readFound(d.block)
		}
		if err != nil {
			stop() // the blocks behind, which would be waited for
			return fmt.Errorf("block %d: %w", d.block, err)
		}
		p.take(content)
		c.Progress("programs found", min(len(p.seen), wanted), wanted)
		if len(p.seen) >= wanted {
			stop()
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}
