package corpus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"rasp/runtime/atomicfile"
)

// rows is a file to which rows are written.
type rows interface {
	write(r *Row) error
	close() error // does not close what it writes to
}

// formats by the ending of a file.
var formats = map[string]func(to io.Writer) rows{".jsonl": newLines, ".parquet": newParquet}

// Formats are those that this build has.
func Formats() (list []string) {
	for ending, open := range formats {
		if open != nil {
			list = append(list, ending)
		}
	}
	slices.Sort(list)
	return list
}

type lines struct{ *json.Encoder }

func newLines(to io.Writer) rows {
	e := json.NewEncoder(to)
	e.SetEscapeHTML(false)
	return lines{e}
}

func (l lines) write(r *Row) error { return l.Encode(r) }
func (lines) close() error         { return nil }

func (c *Corpus) dataFile(block int) string {
	return filepath.Join(c.Folder, "data", fmt.Sprintf("%06d%s", block, c.Format))
}

// countsFile has what came of the programs of a block; it is written after the rows, so
// where it is, they are.
func (c *Corpus) countsFile(block int) string {
	return filepath.Join(c.Folder, "found", fmt.Sprintf("%06d%s.json", block, c.Format))
}

// write writes the rows of a block, if that was not done before. The reasons are those of its
// candidates, as Distinct has them.
func (c *Corpus) write(ctx context.Context, reason []byte, block int) error {
	if _, err := os.Stat(c.countsFile(block)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	known, err := c.readFound(block)
	if err != nil {
		return err
	}
	t := newTally()
	err = atomicfile.Write(c.dataFile(block), func(w io.Writer) error {
		to := formats[c.Format](w)
		from, end := c.within(block)
		for number := from; number < end; number++ {
			if reason[number-from] != 0 {
				continue
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			x := c.draw(number)
			x.Fingerprint = Fingerprint(known[(number-from)*found+1:])
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
