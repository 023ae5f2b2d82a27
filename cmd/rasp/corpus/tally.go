package corpus

import (
	"encoding/json"
	"fmt"
	"os"
)

// tally counts the rows of some blocks.
type tally struct {
	Candidates int            `json:"candidates"`
	Rows       int            `json:"rows"`
	Left       map[Reason]int `json:"left_out"` // programs without a row
	Operations map[int]int    `json:"operations"`
	Words      map[int]int    `json:"words"` // of the program, at least: tens
	Depth      map[int]int    `json:"depth"`
	Length     map[int]int    `json:"length"` // of the longest inputs
	Layers     map[int]int    `json:"layers"`
	Heads      map[int]int    `json:"heads"`      // of a layer
	Width      map[int]int    `json:"d_model"`    // by the power of 2 that is next below
	Parameters map[int]int    `json:"parameters"` // likewise
	Splits     map[string]int `json:"splits"`
}

func newTally() *tally {
	return &tally{
		Left: map[Reason]int{}, Operations: map[int]int{}, Words: map[int]int{}, Depth: map[int]int{}, Length: map[int]int{},
		Layers: map[int]int{}, Heads: map[int]int{}, Width: map[int]int{}, Parameters: map[int]int{}, Splits: map[string]int{},
	}
}

func (t *tally) add(r *Row) {
	t.Rows++
	t.Operations[int(r.Operations)]++
	t.Words[len(r.Words)/10*10]++
	t.Depth[int(r.Depth)]++
	t.Length[int(r.Length)]++
	t.Layers[int(r.Layers)]++
	t.Heads[int(r.Heads)]++
	t.Width[powerBelow(int64(r.DModel))]++
	t.Parameters[powerBelow(r.Parameters)]++
	t.Splits[r.Split]++
}

// powerBelow is the largest power of 2 up to n, and at least 1.
func powerBelow(n int64) int {
	power := 1
	for int64(2*power) <= n {
		power *= 2
	}
	return power
}

func (t *tally) join(o *tally) {
	t.Candidates += o.Candidates
	t.Rows += o.Rows
	join(t.Left, o.Left)
	join(t.Splits, o.Splits)
	for i, h := range t.histograms() {
		join(h.counts, o.histograms()[i].counts)
	}
}

func join[K comparable](to, from map[K]int) {
	for k, n := range from {
		to[k] += n
	}
}

// histogram is how many programs have so much of something.
type histogram struct {
	of     string
	counts map[int]int
}

// histograms in the order in which a reader wants them.
func (t *tally) histograms() []histogram {
	return []histogram{
		{"operations", t.Operations}, {"words of the program, at least", t.Words}, {"depth in operations", t.Depth}, {"longest input", t.Length},
		{"layers", t.Layers}, {"heads of a layer", t.Heads}, {"d_model, at least", t.Width}, {"parameters, at least", t.Parameters},
	}
}

// readTally reads the counts of a block. The error wraps fs.ErrNotExist if it is not written.
func (c *Corpus) readTally(block int) (*tally, error) {
	content, err := os.ReadFile(c.countsFile(block))
	if err != nil {
		return nil, err
	}
	t := newTally()
	if err := json.Unmarshal(content, t); err != nil {
		return nil, fmt.Errorf("%s is damaged; without it, it is made again", c.countsFile(block))
	}
	return t, nil
}
