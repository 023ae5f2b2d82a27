package corpus

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"os"
)

// lines are rows as JSON, one a line.
type lines struct{ *json.Encoder }

func newLines(to io.Writer) rows {
	e := json.NewEncoder(to)
	e.SetEscapeHTML(false)
	return lines{e}
}

func (l lines) write(r *Row) error { return l.Encode(r) }
func (lines) close() error         { return nil }

func readLines(from *os.File) (iter.Seq2[*Row, error], error) {
	return func(yield func(*Row, error) bool) {
		for d := json.NewDecoder(bufio.NewReader(from)); ; {
			r := &Row{}
			err := d.Decode(r)
			if errors.Is(err, io.EOF) || !yield(r, err) || err != nil {
				return
			}
		}
	}, nil
}
