package golden

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"rasp/lang/value"
)

// readCase reads "#> input => outputs".
func (c *Chunk) readCase(line int, text string) error {
	in, out, ok := strings.Cut(text, " => ")
	if !ok {
		return fmt.Errorf("want \"input => output\", have %q", text)
	}
	k := &Case{Line: line, prefix: in}
	var err error
	if k.Input, err = input(strings.TrimSpace(in[2:])); err != nil {
		return err
	}
	if fault, ok := strings.CutPrefix(strings.TrimSpace(out), "error "); ok {
		k.Fault, err = parseFault(fault)
	} else {
		k.Outputs, err = documents(out)
	}
	c.Cases = append(c.Cases, k)
	return err
}

// input is a JSON string, one token a character, or a JSON list of atoms.
func input(text string) ([]value.Value, error) {
	if strings.HasPrefix(text, "[") {
		return value.ParseJSON(text)
	}
	var s string
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return nil, fmt.Errorf("input %s: %w", text, err)
	}
	var tokens []value.Value
	for _, r := range s {
		tokens = append(tokens, value.OfString(string(r)))
	}
	return tokens, nil
}

// documents splits a sequence of JSON values and takes the blanks out of them.
func documents(text string) ([]string, error) {
	var list []string
	d := json.NewDecoder(strings.NewReader(text))
	for {
		var raw json.RawMessage
		if err := d.Decode(&raw); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("output %s: %w", text, err)
		}
		var b bytes.Buffer
		if err := json.Compact(&b, raw); err != nil {
			return nil, err
		}
		list = append(list, b.String())
	}
	if list == nil {
		return nil, errors.New("no output after =>")
	}
	return list, nil
}

// Sequence is the notation of an s-op's output.
func Sequence(values []value.Value) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = v.JSON()
	}
	return "[" + strings.Join(texts, ",") + "]"
}

// Matrix is the notation of a selector's output: the pairs [row, column] that
// are selected, row by row.
func Matrix(m [][]bool) string {
	var pairs []string
	for i, row := range m {
		for j, selected := range row {
			if selected {
				pairs = append(pairs, fmt.Sprintf("[%d,%d]", i, j))
			}
		}
	}
	return "[" + strings.Join(pairs, ",") + "]"
}
