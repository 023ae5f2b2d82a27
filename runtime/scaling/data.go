package scaling

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Run is one trained model.
type Run struct {
	N    float64 // parameters
	D    float64 // training tokens
	Loss float64 // nats a token
}

// maxRuns bounds the memory of a file that is no table of runs.
const maxRuns = 1_000_000

// Columns says which columns of a table hold what; the empty ones are looked for.
type Columns struct {
	N, D, Loss string
	FLOPs      string // training compute, from which D follows where there is none
}

// names that columns have in published data, in small letters.
var names = struct{ n, d, loss, flops []string }{
	n:     []string{"n", "params", "parameters", "model size"},
	d:     []string{"d", "tokens", "training tokens"},
	loss:  []string{"loss", "final loss"},
	flops: []string{"c", "flop", "flops", "training flop", "training flops"},
}

// Table is what ReadRuns reads.
type Table struct {
	Runs    []Run
	Derived int // runs whose D is FLOPs / (6 N) (Kaplan et al. 2020, section 2.1)
}

// Small reports numbers that are too small to be parameters and tokens: logarithms,
// millions or billions of them. A law in such units is one, but what is said of budgets
// is wrong.
func (t Table) Small() bool {
	const fewest = 1e4
	n, d := 0.0, 0.0
	for _, r := range t.Runs {
		n, d = max(n, r.N), max(d, r.D)
	}
	return len(t.Runs) > 0 && min(n, d) < fewest
}

// ReadRuns reads a CSV file with a header that names the columns, in any order and
// case, others beside them. Fields stand between commas, or else between semicolons or
// tabs. Errors name the line.
func ReadRuns(r io.Reader, columns Columns) (Table, error) {
	buffered := bufio.NewReader(&lines{from: r})
	separator, err := separatorOf(buffered)
	if err != nil {
		return Table{}, err
	}
	in := csv.NewReader(buffered)
	in.ReuseRecord, in.TrimLeadingSpace, in.Comment, in.Comma, in.FieldsPerRecord = true, separator != '\t', '#', separator, -1
	header, err := in.Read()
	if errors.Is(err, io.EOF) {
		return Table{}, errors.New("the file is empty; a header with the columns N, D and loss is expected")
	}
	if err != nil {
		return Table{}, readable(err)
	}
	at, err := find(header, columns)
	if err != nil {
		return Table{}, err
	}
	at.fields = len(header)
	var t Table
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return Table{}, readable(err)
		}
		if blank(record) {
			continue
		}
		run, derived, err := at.run(record)
		if err != nil {
			line, _ := in.FieldPos(0)
			return Table{}, fmt.Errorf("line %d: %w", line, err)
		}
		if derived {
			t.Derived++
		}
		if t.Runs = append(t.Runs, run); len(t.Runs) > maxRuns {
			return Table{}, fmt.Errorf("more than %d runs", maxRuns)
		}
	}
}

// readable says in plain words what quotes are wrong.
func readable(err error) error {
	var quote *csv.ParseError
	if errors.As(err, &quote) && (errors.Is(err, csv.ErrQuote) || errors.Is(err, csv.ErrBareQuote)) {
		return fmt.Errorf("line %d, column %d: a quote within a field; quotes stand around all of it, and are doubled inside", quote.Line, quote.Column)
	}
	return err
}

// separatorOf is what stands most often between the fields of the header, the first line
// that is no comment, quotes left out.
func separatorOf(r *bufio.Reader) (rune, error) {
	start, err := r.Peek(r.Size())
	if err != nil && err != io.EOF {
		return 0, err
	}
	for line := range strings.Lines(string(start)) {
		if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
			continue
		}
		line = quoted().ReplaceAllString(line, "")
		separator := ','
		for _, c := range ";\t" {
			if strings.Count(line, string(c)) > strings.Count(line, string(separator)) {
				separator = c
			}
		}
		return separator, nil
	}
	return ',', nil
}

var quoted = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`"[^"]*"`) })

// places of the columns in a record, -1 for none.
type places struct{ n, d, loss, flops, fields int }

func find(header []string, columns Columns) (at places, err error) {
	called := make([]string, len(header)) // a copy: the reader uses its record again
	for i, h := range header {
		called[i] = strings.TrimSpace(strings.TrimPrefix(h, "\ufeff"))
	}
	named := func(name string, usual []string) int {
		place := -1
		for i, h := range called {
			if name == h || name == "" && slices.Contains(usual, strings.ReplaceAll(strings.ToLower(h), "_", " ")) {
				if place >= 0 {
					err = cmp.Or(err, fmt.Errorf("line 1: the columns %q and %q could both be meant; --columns names one", called[place], h))
				}
				place = i
			}
		}
		return place
	}
	at = places{n: named(columns.N, names.n), d: named(columns.D, names.d), loss: named(columns.Loss, names.loss), flops: named(columns.FLOPs, names.flops)}
	if err != nil {
		return at, err
	}
	for _, wanted := range []struct {
		place      int
		name, what string
	}{{at.n, columns.N, "N"}, {max(at.d, at.flops), columns.D, "D"}, {at.loss, columns.Loss, "loss"}} {
		if wanted.place < 0 && wanted.name == "" {
			return at, fmt.Errorf("line 1: no column %q; the header names N, D (or the FLOPs of training) and loss; --columns says what they are called", wanted.what)
		}
	}
	for place, name := range map[*int]string{&at.n: columns.N, &at.d: columns.D, &at.loss: columns.Loss, &at.flops: columns.FLOPs} {
		if *place < 0 && name != "" {
			return at, fmt.Errorf("line 1: no column %q", name)
		}
	}
	return at, nil
}

func blank(record []string) bool {
	return !slices.ContainsFunc(record, func(field string) bool { return strings.TrimSpace(field) != "" })
}

// run reads a record; derived says that D follows from the FLOPs.
func (at places) run(record []string) (r Run, derived bool, err error) {
	if len(record) != at.fields {
		return r, false, fmt.Errorf("%d fields, the header has %d", len(record), at.fields)
	}
	if r.N, err = positive(record[at.n]); err != nil {
		return r, false, err
	}
	if r.Loss, err = positive(record[at.loss]); err != nil {
		return r, false, err
	}
	if at.d >= 0 && (at.flops < 0 || strings.TrimSpace(record[at.d]) != "") {
		r.D, err = positive(record[at.d])
		return r, false, err
	}
	flops, err := positive(record[at.flops])
	if r.D = flops / 6 / r.N; err == nil && (r.D == 0 || math.IsInf(r.D, 1)) {
		err = fmt.Errorf("%q FLOPs are no training of %q parameters", record[at.flops], record[at.n])
	}
	return r, true, err
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
		return 0, fmt.Errorf("%q is no positive number such as 70e9 or 2.25", text)
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
