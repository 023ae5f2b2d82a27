package corpus

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rasp/lang/diag"
	"rasp/runtime/atomicfile"
)

// tally counts the rows of some blocks.
type tally struct {
	Rows       int            `json:"rows"`
	Left       map[Reason]int `json:"left_out"` // programs without a row
	Layers     map[int]int    `json:"layers"`
	Operations map[int]int    `json:"operations"`
	Parameters map[int]int    `json:"parameters"` // by the power of 2 that is next below
	Splits     map[string]int `json:"splits"`
}

func newTally() *tally {
	return &tally{Left: map[Reason]int{}, Layers: map[int]int{}, Operations: map[int]int{}, Parameters: map[int]int{}, Splits: map[string]int{}}
}

func (t *tally) add(r *Row) {
	t.Rows++
	t.Layers[int(r.Layers)]++
	t.Operations[int(r.Operations)]++
	power := 1
	for int64(2*power) <= r.Parameters {
		power *= 2
	}
	t.Parameters[power]++
	t.Splits[r.Split]++
}

func (t *tally) join(o *tally) {
	t.Rows += o.Rows
	join(t.Left, o.Left)
	join(t.Layers, o.Layers)
	join(t.Operations, o.Operations)
	join(t.Parameters, o.Parameters)
	join(t.Splits, o.Splits)
}

func join[K comparable](to, from map[K]int) {
	for k, n := range from {
		to[k] += n
	}
}

// Report is what a corpus has.
type Report struct {
	Candidates int
	Tried      int // programs, where they are enumerated
	Counts     map[Reason]int
	*tally
}

// report counts what all blocks have. The error wraps fs.ErrNotExist if one is missing.
func (c *Corpus) report(tried int, counts map[Reason]int) (*Report, error) {
	r := &Report{Candidates: c.Candidates, Tried: tried, Counts: counts, tally: newTally()}
	for block := range c.Blocks() {
		content, err := os.ReadFile(c.countsFile(block))
		if err != nil {
			return nil, err
		}
		t := newTally()
		if err := json.Unmarshal(content, t); err != nil {
			return nil, fmt.Errorf("%s is damaged; without it, it is made again", c.countsFile(block))
		}
		r.join(t)
	}
	return r, nil
}

// Summary is what came of the candidates, in a line.
func (r *Report) Summary() string {
	parts := []string{}
	for _, counts := range []map[Reason]int{r.Counts, r.Left} {
		for _, why := range slices.Sorted(maps.Keys(counts)) {
			parts = append(parts, fmt.Sprintf("%s %d", why, counts[why]))
		}
	}
	whence := fmt.Sprintf("%d that were drawn", r.Candidates)
	if r.Tried > 0 {
		whence = fmt.Sprintf("%d behaviours of %d that were tried", r.Candidates, r.Tried)
	}
	return fmt.Sprintf("%s of %s; left out: %s", diag.Count(r.Rows, "program"), whence, cmp.Or(strings.Join(parts, ", "), "none"))
}

func (c *Corpus) writeCard(r *Report) error {
	return atomicfile.Write(filepath.Join(c.Folder, "README.md"), func(w io.Writer) error {
		_, err := io.WriteString(w, r.card())
		return err
	})
}

func (r *Report) card() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# A corpus of %d programs and their models\n\n", r.Rows)
	if r.Tried > 0 {
		fmt.Fprintf(&b, "%d programs were tried, which have %d behaviours. Of these\n\n", r.Tried, r.Candidates)
	} else {
		fmt.Fprintf(&b, "%d programs were drawn. Of these\n\n", r.Candidates)
	}
	b.WriteString("| | |\n|---|---:|\n")
	for _, why := range slices.Sorted(maps.Keys(r.Counts)) {
		fmt.Fprintf(&b, "| %s | %d |\n", why, r.Counts[why])
	}
	for _, why := range slices.Sorted(maps.Keys(r.Left)) {
		fmt.Fprintf(&b, "| %s | %d |\n", why, r.Left[why])
	}
	fmt.Fprintf(&b, "| in the corpus | %d |\n", r.Rows)
	histogram(&b, "layers", r.Layers)
	histogram(&b, "operations", r.Operations)
	histogram(&b, "parameters, at least", r.Parameters)
	histogram(&b, "split", r.Splits)
	return b.String()
}

func histogram[K int | string](b *strings.Builder, what string, counts map[K]int) {
	fmt.Fprintf(b, "\n| %s | programs |\n|---|---:|\n", what)
	for _, k := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(b, "| %v | %d |\n", k, counts[k])
	}
}
