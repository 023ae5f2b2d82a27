package corpus

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"rasp/cmd/rasp/batch"
)

// errRows is the error where a part of the work is to be done that nobody knows the whole of.
var errRows = errors.New("rows: one process makes so many, which sees when there are enough; for shards and engines say how many candidates")

// makeRows makes the rows of as many candidates, from the first on, as give so many rows; or all.
//
// Not all programs that are told apart become rows, since some models are too large or are
// refused. So up to a candidate there are never more rows than distinct programs less those
// that are known to be left out, and what is found by these is never too much.
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
		if r.Rows == c.Rows || p.number == most {
			return r, c.finish(r)
		}
		wanted = len(p.seen) + c.Rows - r.Rows
	}
}

// errEnough ends a search.
var errEnough = errors.New("enough")

// findEnough finds blocks, and goes through their candidates until so many programs are told
// apart.
func (c *Corpus) findEnough(ctx context.Context, p *pass, wanted int) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	err := batch.Each(ctx, c.blocksFrom(p.number/c.Block), c.Workers, func(block int) foundBlock {
		return foundBlock{block, c.find(ctx, block)}
	}, func(b foundBlock) error {
		content, err := []byte(nil), b.err
		if err == nil {
			content, err = c.readFound(b.number)
		}
		if err != nil {
			stop() // the blocks behind, which would be waited for
			return fmt.Errorf("block %d: %w", b.number, err)
		}
		p.take(content[p.number%c.Block*found:], wanted)
		c.Progress("programs found", len(p.seen), wanted)
		if len(p.seen) == wanted {
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

type foundBlock struct {
	number int
	err    error
}

func (c *Corpus) blocksFrom(first int) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for block := first; block < c.Blocks() && yield(block, nil); block++ {
		}
	}
}
