package corpus

import (
	"context"
	"errors"
)

// errRows is the error of shards, none of which sees what the others have.
var errRows = errors.New("rows: one process makes so many, or an engine, which sees when there are enough; for shards say how many candidates")

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
	rest := Shard{Index: p.number / c.Block, Of: 1}.blocks(c.Blocks())
	err := c.inOrder(ctx, rest, c.find, func(block int) error {
		content, err := c.readFound(block)
		if err != nil {
			return err
		}
		p.take(content[p.number%c.Block*found:], wanted)
		c.Progress("programs found", len(p.seen), wanted)
		if len(p.seen) == wanted {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}
