package scaling

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Run is one trained model.
type Run struct {
	N    float64 // parameters
	D    float64 // training tokens
	Loss float64 // nats a token
}

// maxRuns bounds the memory of a file that is no table of runs.
const maxRuns = 1_000_000

// ReadRuns reads a CSV file with a header that names the columns N, D and loss,
// in any order and case, others beside them. Errors name the line.
func ReadRuns(r io.Reader) ([]Run, error) {
	table := csv.NewReader(&lines{from: r})
	table.ReuseRecord, table.TrimLeadingSpace, table.Comment = true, true, '#'
	header, err := table.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty; a header with the columns N, D and loss is expected")
	}
	if err != nil {
		return nil, err
	}
	var at [3]int
	for i, name := range []string{"n", "d", "loss"} {
		at[i] = slices.IndexFunc(header, func(h string) bool {
			return strings.EqualFold(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")), name)
		})
		if at[i] < 0 {
			return nil, fmt.Errorf("line 1: no column %q; the header names N, D and loss", name)
		}
	}
	var runs []Run
	for {
		record, err := table.Read()
		if errors.Is(err, io.EOF) {
			return runs, nil
		}
		if err != nil {
			return nil, err
		}
		line, _ := table.FieldPos(0)
		var x [3]float64
		for i, column := range at {
			if x[i], err = positive(record[column]); err != nil {
				return nil, fmt.Errorf("line %d: %w", line, err)
			}
		}
		if runs = append(runs, Run{x[0], x[1], x[2]}); len(runs) > maxRuns {
			return nil, fmt.Errorf("more than %d runs", maxRuns)
		}
	}
}

// lines refuses lines that no table of runs has, before they fill the memory.
type lines struct {
	from   io.Reader
	length int // of the line so far
}

const longestLine = 1 << 20 // bytes

func (l *lines) Read(p []byte) (int, error) {
	n, err := l.from.Read(p)
	for _, c := range p[:n] {
		if l.length++; c == '\n' {
			l.length = 0
		}
		if l.length > longestLine {
			return 0, fmt.Errorf("a line has more than %d bytes", longestLine)
		}
	}
	return n, err
}

func positive(text string) (float64, error) {
	x, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || !(x > 0) || math.IsInf(x, 1) {
		return 0, fmt.Errorf("%q is no positive number", text)
	}
	return x, nil
}

// WithoutWorst leaves out the k runs of highest loss. The order of the others
// stays.
func WithoutWorst(runs []Run, k int) []Run {
	if k <= 0 {
		return runs
	}
	if k >= len(runs) {
		return nil
	}
	order := make([]int, len(runs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(runs[j].Loss, runs[i].Loss) })
	worst := map[int]bool{}
	for _, i := range order[:k] {
		worst[i] = true
	}
	var rest []Run
	for i, r := range runs {
		if !worst[i] {
			rest = append(rest, r)
		}
	}
	return rest
}
