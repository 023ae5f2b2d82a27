package corpus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"rasp/compiler/verify"
	"rasp/lang"
	"rasp/lang/domain"
	"rasp/runtime/inspect"
	"rasp/runtime/model"
)

// Checked is what came of checking rows.
type Checked struct {
	Rows, Inputs int64
	Wrong        int64  // rows
	First        string // the ID of one that is wrong; "" if none is
}

// What a check runs each model on: some short inputs, and random ones other than those that
// were tried when the corpus was made.
const (
	checkedInputs = 100
	checkedShort  = 20
	checkSeed     = 2
)

// Check reads rows of a corpus again, so many of them evenly spread over all, makes the model
// file of each from nothing but its row, and runs that beside the interpreter: by plain loops
// over all weights, which share nothing with the engine. The error wraps fs.ErrNotExist where
// the corpus is not whole.
func (c *Corpus) Check(ctx context.Context, rows int) (*Checked, error) {
	spec, err := os.ReadFile(filepath.Join(c.Folder, specFile))
	if err == nil {
		err = c.fits(spec)
	}
	var starts []int
	total := 0
	if err == nil {
		starts, total, err = c.starts()
	}
	if errors.Is(err, fs.ErrNotExist) {
		own := strings.TrimPrefix(c.Format, ".")
		if made := c.madeAs(); len(made) > 0 && !slices.Contains(made, own) {
			return nil, fmt.Errorf("the corpus has rows as %s, and none as %s", strings.Join(made, " and "), own)
		}
		return nil, fmt.Errorf("the corpus is not whole, make it first: %w", err)
	}
	if err != nil {
		return nil, err
	}
	chosen := func(i int) bool { return total <= rows || i*rows/total != (i-1)*rows/total || i == 0 }
	done, first := &Checked{}, atomic.Pointer[string]{}
	err = c.each(ctx, "blocks checked", func(ctx context.Context, block int) error {
		i := starts[block]
		return c.read(block, func(r *Row) error {
			defer func() { i++ }()
			if !chosen(i) {
				return ctx.Err()
			}
			inputs, wrong, err := r.check(ctx)
			if err != nil {
				return fmt.Errorf("program %s: %w", r.ID, err)
			}
			atomic.AddInt64(&done.Rows, 1)
			atomic.AddInt64(&done.Inputs, int64(inputs))
			if wrong > 0 {
				atomic.AddInt64(&done.Wrong, 1)
				first.CompareAndSwap(nil, &r.ID)
			}
			return nil
		})
	})
	if id := first.Load(); id != nil {
		done.First = *id
	}
	return done, err
}

// madeAs is the formats in which there are rows of some block.
func (c *Corpus) madeAs() (formats []string) {
	for _, format := range Formats() {
		if counts, _ := filepath.Glob(filepath.Join(filepath.Dir(c.countsFile(0)), "*"+format+".json")); len(counts) > 0 {
			formats = append(formats, strings.TrimPrefix(format, "."))
		}
	}
	return formats
}

// starts is how many rows are before each block, and how many there are. How many blocks that
// is the report says, since programs may have been enumerated.
func (c *Corpus) starts() (starts []int, total int, err error) {
	content, err := os.ReadFile(filepath.Join(c.Folder, reportFile))
	if err != nil {
		return nil, 0, err
	}
	r := &Report{tally: newTally()}
	if err := json.Unmarshal(content, r); err != nil || r.Candidates < 1 || r.Candidates > MostCandidates {
		return nil, 0, fmt.Errorf("%s is damaged; without it, it is made again", filepath.Join(c.Folder, reportFile))
	}
	c.cut(r.Candidates)
	for block := range c.Blocks() {
		t, err := c.readTally(block)
		if err != nil {
			return nil, 0, err
		}
		starts = append(starts, total)
		total += t.Rows
	}
	return starts, total, nil
}

// read goes through the rows of a block.
func (c *Corpus) read(block int, visit func(*Row) error) error {
	f, err := os.Open(c.dataFile(block))
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := formats[c.Format].read(f)
	if err != nil {
		return damaged(f.Name(), err)
	}
	for r, err := range rows {
		if err != nil {
			return damaged(f.Name(), err)
		}
		if err := visit(r); err != nil {
			return err
		}
	}
	return nil
}

// check runs the model of a row beside its program; it is on how many inputs they differ.
func (r *Row) check(ctx context.Context) (inputs, wrong int, err error) {
	m, err := r.Model()
	if err != nil {
		return 0, 0, err
	}
	program, faults := lang.Parse(r.ID, r.Program)
	if err := faults.Err(); err != nil {
		return 0, 0, err
	}
	outputs, fault := program.Outputs(nil, program.File.Directives.Vocab)
	if fault != nil {
		return 0, 0, fault
	}
	comparer, err := verify.NewComparer(m, outputs, plainly{m})
	if err != nil {
		return 0, 0, err
	}
	d, err := verify.DomainOf(m)
	if err != nil {
		return 0, 0, err
	}
	_, short := d.UpTo(checkedShort)
	chosen := domain.Inputs{Domain: d, First: short, Random: checkedInputs - short, Seed: checkSeed}
	batch := make([][]int, chosen.Len())
	for k := range batch {
		batch[k] = chosen.IDs(k, nil)
	}
	err = comparer.Compare(batch, func(_ int, pairs []verify.Pair, fault error) error {
		if fault != nil || verify.Wrong(pairs) >= 0 {
			wrong++
		}
		return ctx.Err()
	})
	return len(batch), wrong, err
}

// plainly runs a model by the formulas, one input after the other.
type plainly struct{ model *model.Model }

func (p plainly) Each(batch [][]int, visit func(input, position int, logits []float32)) error {
	for k, ids := range batch {
		for position, logits := range inspect.Of(p.model, ids, inspect.Hooks{}).Logits {
			visit(k, position, logits)
		}
	}
	return nil
}

func (p plainly) Run(batch [][]int) ([][][]model.Token, error) {
	results := make([][][]model.Token, len(batch))
	for k, ids := range batch {
		results[k] = make([][]model.Token, len(p.model.Outputs))
		for _, logits := range inspect.Of(p.model, ids, inspect.Hooks{}).Logits[1:] { // without BOS
			for o, output := range p.model.Outputs {
				results[k][o] = append(results[k][o], output.Decode(logits))
			}
		}
	}
	return results, nil
}
