package corpus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"rasp/runtime/atomicfile"
)

// rows takes the rows of a block.
type rows interface {
	write(r *Row) error
	close() error // does not close what it writes to
}

// format of files of rows, by their ending.
type format struct {
	write func(to io.Writer) rows
	read  func(from *os.File) (iter.Seq2[*Row, error], error)
	// beside is what is written beside a file that has weights alone: the other columns.
	beside func(to, beside io.Writer) rows
}

var formats = map[string]format{
	".jsonl":       {write: newLines, read: readLines},
	".parquet":     {write: newParquet, read: readParquet},
	".safetensors": {beside: newSafetensors, read: readSafetensors},
}

// Formats are those that this build has.
func Formats() []string { return slices.Sorted(maps.Keys(formats)) }

func (c *Corpus) dataFile(block int) string {
	return filepath.Join(c.Folder, "data", fmt.Sprintf("%06d%s", block, c.Format))
}

// countsFile has what came of the programs of a block; it is written after the rows, so
// where it is, they are.
func (c *Corpus) countsFile(block int) string {
	return filepath.Join(c.Folder, "found", fmt.Sprintf("%06d%s.json", block, c.Format))
}

// besideEnding is that of the file beside one of weights, behind its own.
const besideEnding = ".jsonl"

// rowsFile is beside the file of weights, where there is one.
func (c *Corpus) rowsFile(block int) string { return c.dataFile(block) + besideEnding }

// write writes the rows of a block, if that was not done before. Again says of its candidates,
// from 0, which do what one before does.
func (c *Corpus) write(ctx context.Context, block int, again func(i int) bool) error {
	from, end := c.within(block)
	done, err := c.readTally(block)
	if !errors.Is(err, fs.ErrNotExist) && (err != nil || done.Candidates == end-from) {
		return err
	}
	known, err := c.readFound(block)
	if err != nil {
		return err
	}
	t := newTally()
	t.Candidates = end - from
	err = c.create(block, func(to rows) error {
		for i := range end - from {
			if known[i*found] != 0 || again(i) {
				continue
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			x := c.draw(from + i)
			x.Fingerprint = Fingerprint(known[i*found+1:])
			if err := c.writeRow(ctx, x, to, t); err != nil {
				return err
			}
		}
		return to.close()
	})
	if err != nil {
		return err
	}
	return atomicfile.Write(c.countsFile(block), func(w io.Writer) error { return json.NewEncoder(w).Encode(t) })
}

// create makes the file of a block, or its two files.
func (c *Corpus) create(block int, fill func(rows) error) error {
	of := formats[c.Format]
	return atomicfile.Write(c.dataFile(block), func(w io.Writer) error {
		if of.beside == nil {
			return fill(of.write(w))
		}
		return atomicfile.Write(c.rowsFile(block), func(beside io.Writer) error { return fill(of.beside(w, beside)) })
	})
}

func (c *Corpus) writeRow(ctx context.Context, x Candidate, to rows, t *tally) error {
	r, why, err := c.row(ctx, x)
	switch {
	case err != nil:
		return err
	case why == Wrong:
		return x.wrong()
	case why != "":
		t.Left[why]++
		return nil
	}
	t.add(r)
	return to.write(r)
}
