package main

import (
	"bufio"
	"io"
	"slices"

	"rasp/cmd/rasp/open"
	"rasp/lang/dataset"
	"rasp/lang/diag"
	"rasp/lang/value"
)

// column of a data set: a list of values in each example or, if it is a scalar, one.
type column struct {
	name   string
	scalar bool
	of     func(x *dataset.Example) []value.Value
}

// columnsOfSet are those of inputs or pairs, with the outputs that are named.
func columnsOfSet(outputs []string, pairs bool) []column {
	labelled := func(name, prefix string, of func(x *dataset.Example) *dataset.Labelled) []column {
		columns := []column{{name, false, func(x *dataset.Example) []value.Value { return of(x).Input }}}
		for i, output := range outputs {
			name := prefix + "output"
			if len(outputs) > 1 {
				name += "_" + output
			}
			columns = append(columns, column{name, false, func(x *dataset.Example) []value.Value { return of(x).Labels[i] }})
		}
		return columns
	}
	clean := func(x *dataset.Example) *dataset.Labelled { return &x.Labelled }
	if !pairs {
		return labelled("input", "", clean)
	}
	scalar := func(name string, of func(x *dataset.Example) value.Value) column {
		return column{name, true, func(x *dataset.Example) []value.Value { return []value.Value{of(x)} }}
	}
	corrupt := labelled("corrupt", "corrupt_", func(x *dataset.Example) *dataset.Labelled { return x.Corrupt })
	return slices.Concat(labelled("clean", "clean_", clean), corrupt, []column{
		{"changed", false, func(x *dataset.Example) []value.Value {
			positions := make([]value.Value, len(x.Changed))
			for i, at := range x.Changed {
				positions[i] = value.OfInt(int64(at))
			}
			return positions
		}},
		scalar("position", func(x *dataset.Example) value.Value { return value.OfInt(int64(x.Position)) }),
		scalar("clean_value", func(x *dataset.Example) value.Value { return x.Clean }),
		scalar("corrupt_value", func(x *dataset.Example) value.Value { return x.CorruptValue }),
	})
}

// encoder writes examples in a format.
type encoder interface {
	write(x *dataset.Example) error
	close() error // does not close the writer
}

// encoders by the ending of the file; JSON lines go to stdout.
var encoders = map[string]struct {
	open  func(to io.Writer, columns []column, kinds []kinds) encoder
	typed bool // needs the kinds of values
}{
	"":         {openLines, false},
	".jsonl":   {openLines, false},
	".parquet": {openParquet, true},
}

// lines are JSON objects.
type lines struct {
	to      *bufio.Writer
	columns []column
}

func openLines(to io.Writer, columns []column, _ []kinds) encoder {
	return &lines{bufio.NewWriter(to), columns}
}

func (l *lines) write(x *dataset.Example) error {
	before := "{"
	for _, c := range l.columns {
		values := c.of(x)
		text := "[" + open.JoinJSON(values, ",") + "]"
		if c.scalar {
			text = values[0].JSON()
		}
		l.to.WriteString(before + value.OfString(c.name).JSON() + ":" + diag.EscapeJSON(text))
		before = ","
	}
	_, err := l.to.WriteString("}\n")
	return err
}

func (l *lines) close() error { return l.to.Flush() }

// kinds are those of some values.
type kinds int

const (
	someString kinds = 1 << iota
	someInt
	someLongInt // beyond 64 bits
	someFloat
	someBool
)

func kindsOf(values []value.Value) (all kinds) {
	for _, v := range values {
		switch v.Kind() {
		case value.String:
			all |= someString
		case value.Float:
			all |= someFloat
		case value.Bool:
			all |= someBool
		default:
			if _, fits := v.Int64(); fits {
				all |= someInt
			} else {
				all |= someLongInt
			}
		}
	}
	return all
}
