// Package corpus makes programs by the thousand, of which no two do the same, and their
// models.
//
// In comes a specification; out comes a folder. Candidates are drawn from a grammar that
// knows types, run, and told apart by what they do on many inputs. What is left is compiled,
// compared with the interpreter, and written as rows.
//
// All that is drawn depends on the seed and the number of a candidate alone. Candidates are
// in blocks, each of which is found and then written on its own, whole or not at all: so any
// part of the work can be done anywhere, in any order, and again after it broke off, and
// gives the same bytes. Between the two stands the only step that needs all blocks: which
// candidates do what none before does, from 17 bytes for each.
//
//	spec.go       what is asked for
//	grammar.go    operations, and sketches of programs that are made of them
//	draw.go       sketches by chance
//	enumerate.go  all sketches up to a size
//	probes.go     inputs by which programs are told apart
//	behaviour.go  what a program does, as a fingerprint; renamed.go: whatever its tokens are called
//	elaborate.go  the graph of a sketch, without its text
//	find.go       candidates, block by block; distinct.go: which of them do what none before does
//	row.go        a program with its model
//	enough.go     as many candidates as so many rows take
//	write.go      rows into files: lines.go, parquet.go, safetensors.go and its index.go
//	tally.go      what there is, counted; report.go: for readers, plot.go: as a picture
//	check.go      rows, read again and run
//	worker.go     one block at a time, for an engine that has many machines
package corpus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"

	"rasp/cmd/rasp/batch"
	"rasp/lang/diag"
	"rasp/runtime/atomicfile"
)

// Corpus is a folder, and what it is to have.
type Corpus struct {
	*Spec
	Folder  string
	Format  string // of the rows: the ending of a file
	Workers int
	Shard   Shard
	// Progress is told how many of what are done: of the blocks of this shard, or of programs.
	Progress func(what string, done, total int)

	source source
}

// source of candidates: the same one for a number, wherever it is asked for.
type source interface {
	program(number int) (Domain, sketch)
}

// Shard is a part of the blocks: those whose number leaves Index when it is divided by Of.
type Shard struct{ Index, Of int }

// All is the shard of all blocks.
var All = Shard{0, 1}

func (s Shard) blocks(total int) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for block := s.Index; block < total; block += s.Of {
			if !yield(block, nil) {
				return
			}
		}
	}
}

// Others is the error of a shard that has done its part, while others have not.
type Others struct{ Written bool } // its rows; else it has found its programs

func (o *Others) Error() string { return "other shards have not done their part yet" }

// Conflict is the error for a folder that was made to another specification.
type Conflict struct{ Folder string }

func (c *Conflict) Error() string {
	return diag.Visible(c.Folder) + " was made to another specification"
}

const specFile = "spec.json"

// Make makes what is missing of the shard, and the card once all is there. The error is
// an Others as long as others have to do their part.
func (c *Corpus) Make(ctx context.Context) (*Report, error) {
	if c.Rows > 0 && c.Shard != All {
		return nil, errRows
	}
	own := *c // whose number of candidates is found out
	c = &own
	if err := c.settle(); err != nil {
		return nil, err
	}
	tried, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	if c.Rows > 0 {
		return c.makeRows(ctx)
	}
	if err := c.each(ctx, "blocks found", c.find); err != nil {
		return nil, err
	}
	d, err := c.distinct(seenAtOnce)
	if err != nil {
		return nil, c.others(err, false)
	}
	if err := c.writeAll(ctx, d); err != nil {
		return nil, err
	}
	r, err := c.report(tried, d.Counts)
	if err != nil {
		return nil, c.others(err, true)
	}
	return r, c.finish(r)
}

// writeAll writes the rows of all blocks of the shard.
func (c *Corpus) writeAll(ctx context.Context, d *Distinct) error {
	return c.each(ctx, "blocks written", func(ctx context.Context, block int) error {
		from, _ := c.within(block)
		return c.write(ctx, block, func(i int) bool { return d.is(from + i) })
	})
}

// open has the source of candidates ready; it is how many programs that took, if they are
// enumerated.
func (c *Corpus) open(ctx context.Context) (tried int, err error) {
	if c.Enumerate == 0 {
		c.source = newDrawer(c.Spec)
		return 0, nil
	}
	e, err := c.enumerate(ctx)
	if err != nil {
		return 0, err
	}
	c.source = e
	c.cut(len(e.sops))
	return e.tried, nil
}

// cut sets how many candidates there are, which a specification need not say.
func (c *Corpus) cut(candidates int) {
	own := *c.Spec
	own.Candidates = candidates
	c.Spec = &own
}

// others is an Others for what is missing because it is not of this shard.
func (c *Corpus) others(err error, written bool) error {
	if errors.Is(err, fs.ErrNotExist) && c.Shard != All {
		return &Others{written}
	}
	return err
}

// settle makes the folders, and refuses one of another specification.
func (c *Corpus) settle() error {
	for _, name := range []string{"found", "data"} {
		if err := os.MkdirAll(filepath.Join(c.Folder, name), 0o777); err != nil {
			return err
		}
	}
	have, err := atomicfile.Once(filepath.Join(c.Folder, specFile), c.text())
	if err != nil {
		return err
	}
	return c.fits(have)
}

// fits refuses another specification.
func (c *Corpus) fits(spec []byte) error {
	if !bytes.Equal(spec, c.text()) {
		return &Conflict{c.Folder}
	}
	return nil
}

// each does something with each block of the shard, some at a time.
func (c *Corpus) each(ctx context.Context, what string, do func(context.Context, int) error) error {
	total, done := (c.Blocks()-c.Shard.Index+c.Shard.Of-1)/c.Shard.Of, 0
	return c.inOrder(ctx, c.Shard.blocks(c.Blocks()), do, func(int) error {
		done++
		c.Progress(what, done, total)
		return nil
	})
}

// inOrder does something with each of some blocks, some at a time, and then says of each that
// it is done, in their order. The first error ends it.
func (c *Corpus) inOrder(ctx context.Context, blocks iter.Seq2[int, error], do func(context.Context, int) error, done func(block int) error) error {
	type result struct {
		block int
		err   error
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	return batch.Each(ctx, blocks, c.Workers, func(block int) result {
		return result{block, do(ctx, block)}
	}, func(r result) error {
		if r.err == nil {
			r.err = done(r.block)
		}
		if r.err != nil {
			stop() // the blocks behind, which would be waited for
			return fmt.Errorf("block %d: %w", r.block, r.err)
		}
		return nil
	})
}
