package corpus

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"rasp/lang"
	"rasp/runtime/atomicfile"
)

// Candidate is a program that was drawn.
type Candidate struct {
	Number      int
	Domain      Domain
	Text        string
	Operations  int
	Depth       int // the most operations of which each takes what the one before gives
	Fingerprint Fingerprint
	Reason      Reason // why it is none of the corpus, as far as one candidate tells

	program *lang.Program
}

// draw draws a candidate, without running it.
func (c *Corpus) draw(number int) Candidate {
	d, sketch := c.source.program(number)
	x := Candidate{Number: number, Domain: d, Operations: len(sketch), Depth: sketch.depth()}
	if len(sketch) == 0 {
		x.Reason = Empty
		return x
	}
	x.Text = sketch.program(d)
	program, faults := lang.Parse(x.name(), x.Text)
	if faults.Err() != nil {
		x.Reason = Fails
	}
	x.program = program
	return x
}

func (x *Candidate) name() string { return fmt.Sprintf("%08d", x.Number) }

// does draws a candidate and runs it.
func (c *Corpus) does(number int, e *elaborator) (Fingerprint, Reason) {
	d, sketch := c.source.program(number)
	if len(sketch) == 0 {
		return Fingerprint{}, Empty
	}
	outputs, ok := e.outputs(sketch)
	if !ok {
		return Fingerprint{}, Fails
	}
	return c.behaviour(outputs, d)
}

// A file of what is known of a block: for each candidate the place of its reason in reasons,
// and its fingerprint.
const found = 1 + len(Fingerprint{})

// reasons that one candidate tells, in the order of their bytes in files.
var reasons = []Reason{"", Empty, Fails, Constant, Identity}

// early are the reasons for leaving out programs before they are compiled.
var early = []Reason{Empty, Fails, Constant, Identity, Duplicate}

func (c *Corpus) foundFile(block int) string {
	return filepath.Join(c.Folder, "found", fmt.Sprintf("%06d", block))
}

// find runs the candidates of a block, if that was not done before.
func (c *Corpus) find(ctx context.Context, block int) error {
	if _, err := os.Stat(c.foundFile(block)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	from, to := c.within(block)
	content, e := make([]byte, 0, (to-from)*found), &elaborator{}
	for number := from; number < to; number++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		f, why := c.does(number, e)
		content = append(content, byte(slices.Index(reasons, why)))
		content = append(content, f[:]...)
	}
	return atomicfile.Write(c.foundFile(block), func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

// readFound reads what was found in a block. The error wraps fs.ErrNotExist if that was not
// done.
func (c *Corpus) readFound(block int) ([]byte, error) {
	content, err := os.ReadFile(c.foundFile(block))
	if err != nil {
		return nil, err
	}
	from, to := c.within(block)
	sound := len(content) >= (to-from)*found && len(content)%found == 0 // more, where the corpus ends within a block
	for record := range slices.Chunk(content, found) {
		sound = sound && int(record[0]) < len(reasons)
	}
	if !sound {
		return nil, fmt.Errorf("%s is damaged; without it, it is made again", c.foundFile(block))
	}
	return content[:(to-from)*found], nil
}

// digestOf is a number for the split of a program: it depends on what it does alone.
func digestOf(f Fingerprint) uint64 { return binary.LittleEndian.Uint64(f[8:]) }
