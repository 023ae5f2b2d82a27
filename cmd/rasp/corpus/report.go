package corpus

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"rasp/lang/diag"
	"rasp/runtime/atomicfile"
)

// Report is what a corpus has.
type Report struct {
	Tried  int            `json:"tried,omitempty"` // programs, where they are enumerated
	Counts map[Reason]int `json:"left_out_at_once"`
	*tally
}

// report counts what all blocks have. The error wraps fs.ErrNotExist if one is missing.
func (c *Corpus) report(tried int, counts map[Reason]int) (*Report, error) {
	r := &Report{Tried: tried, Counts: counts, tally: newTally()}
	for block := range c.Blocks() {
		t, err := c.readTally(block)
		if err != nil {
			return nil, err
		}
		r.join(t)
	}
	return r, nil
}

// Summary is what came of the candidates, in a line, where so many rows were asked for, or 0.
func (r *Report) Summary(asked int) string {
	parts := []string{}
	for _, out := range r.leftOut() {
		parts = append(parts, fmt.Sprintf("%s %d", out.name, out.count))
	}
	whence := fmt.Sprintf("%d that were drawn", r.Candidates)
	if r.Tried > 0 {
		whence = fmt.Sprintf("%d behaviours of %d that were tried", r.Candidates, r.Tried)
	}
	programs := diag.Count(r.Rows, "program")
	if r.Rows < asked {
		programs += fmt.Sprintf(", %d were asked for,", asked)
	}
	return fmt.Sprintf("%s of %s; left out: %s", programs, whence, cmp.Or(strings.Join(parts, ", "), "none"))
}

// bar is a count with a name.
type bar struct {
	name  string
	count int
}

// leftOut are the reasons why candidates are none of the corpus: those of programs, then those
// of models.
func (r *Report) leftOut() (bars []bar) {
	for _, counts := range []map[Reason]int{r.Counts, r.Left} {
		bars = append(bars, barsOf(counts)...)
	}
	return bars
}

func barsOf[K int | string | Reason](counts map[K]int) (bars []bar) {
	for _, k := range slices.Sorted(maps.Keys(counts)) {
		bars = append(bars, bar{fmt.Sprint(k), counts[k]})
	}
	return bars
}

// finish writes what is of the corpus as a whole: a report for people, one for programs, a
// picture, and the index of the weights where they have one.
func (c *Corpus) finish(r *Report) error {
	if formats[c.Format].beside != nil {
		if err := c.writeIndex(); err != nil {
			return err
		}
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	for _, file := range []struct{ name, content string }{
		{reportFile, string(text) + "\n"}, {plotFile, r.plot()}, {"README.md", c.dataFiles() + r.card()},
	} {
		err := atomicfile.Write(filepath.Join(c.Folder, file.name), func(w io.Writer) error {
			_, err := io.WriteString(w, file.content)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// dataFiles says to datasets of Hugging Face, in the form of its cards, which files of the folder
// have rows; of weights it knows nothing.
func (c *Corpus) dataFiles() string {
	ending := c.Format
	if formats[c.Format].beside != nil {
		ending += besideEnding
	}
	return fmt.Sprintf("---\nconfigs:\n- config_name: default\n  data_files: data/*%s\n---\n\n", ending)
}

const reportFile, plotFile = "report.json", "report.svg"

func (r *Report) card() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# A corpus of %d programs and their models\n\n", r.Rows)
	if r.Tried > 0 {
		fmt.Fprintf(&b, "%d programs were tried, which have %d behaviours. Of these\n\n", r.Tried, r.Candidates)
	} else {
		fmt.Fprintf(&b, "%d programs were drawn. Of these\n\n", r.Candidates)
	}
	b.WriteString("| | |\n|---|---:|\n")
	for _, out := range r.leftOut() {
		fmt.Fprintf(&b, "| %s | %d |\n", out.name, out.count)
	}
	fmt.Fprintf(&b, "| in the corpus | %d |\n", r.Rows)
	fmt.Fprintf(&b, "\n![How many programs have how many operations, layers, parameters](%s)\n", plotFile)
	for _, h := range r.histograms() {
		table(&b, h.of, barsOf(h.counts))
	}
	table(&b, "split", barsOf(r.Splits))
	return b.String()
}

func table(b *strings.Builder, of string, bars []bar) {
	fmt.Fprintf(b, "\n| %s | programs |\n|---|---:|\n", of)
	for _, x := range bars {
		fmt.Fprintf(b, "| %s | %d |\n", x.name, x.count)
	}
}
