package picture

import (
	"fmt"

	"rasp/compiler/inside"
	"rasp/lang/value"
)

// Stream says of each dimension of the residual stream by whom it is written and read.
type Stream struct {
	Stages []string `json:"stages"` // embed, attention and MLP of each layer, unembed
	Dims   []Dim    `json:"dims"`
	Left   int      `json:"left"` // dimensions that are not listed
}

// Dim is a dimension. Writes and reads are said in words, by stage.
type Dim struct {
	Dim    int        `json:"dim"`
	Name   string     `json:"name"`
	Kind   string     `json:"kind"`
	Line   int        `json:"line,omitempty"` // of the program, that wants it
	Writes [][]string `json:"writes"`
	Reads  [][]string `json:"reads"`
}

// StreamOf a model, as long as a picture has room for.
func StreamOf(x *inside.Model) Stream {
	s := streamOf(x)
	list := Stream{s.stages, []Dim{}, s.left}
	for _, d := range s.dims {
		list.Dims = append(list.Dims, Dim{d.number, d.name, d.kind, x.Names.Dims[d.number].Line, d.writes, d.reads})
	}
	return list
}

// Map is a circuit of a head as a picture shows it.
type Map struct {
	Title   string        `json:"title"`
	Note    string        `json:"note,omitempty"` // what is not shown
	Rows    []string      `json:"rows"`
	Columns []string      `json:"columns"`
	Cells   [][]heatValue `json:"cells"` // [row][column], null where nothing is said
	// Shades are from 0 to 1, and below 0 for what is written and negative.
	Shades [][]float64 `json:"shades"`
}

// MapsOf a head are its QK and its OV circuit. Of long lists of values those on the input
// stand there, and others beside them.
func MapsOf(x *inside.Model, input []value.Value, layer, number int) ([]Map, error) {
	r, err := runOf(x, Input{Tokens: input})
	if err != nil {
		return nil, err
	}
	all, err := x.Circuits(input)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if c.Layer == layer && c.Head == number {
			var maps []Map
			for _, h := range heats(c, mostTerms, r.occurring(), x.Names.Heads[layer][number].Kind == "adds up") {
				maps = append(maps, h.shown())
			}
			return maps, nil
		}
	}
	return nil, fmt.Errorf("the model has no head %d.%d that does something", layer, number)
}

func (h *heat) shown() Map {
	m := Map{Title: h.Title, Note: h.Note, Cells: h.Cells}
	for _, t := range h.Rows {
		m.Rows = append(m.Rows, t.String())
	}
	for _, t := range h.Columns {
		m.Columns = append(m.Columns, t.String())
	}
	for i, row := range h.Cells {
		shades := make([]float64, len(row))
		for j, v := range row {
			if v != v {
				continue
			}
			class, shade := h.shade(i, float64(v))
			if shades[j] = shade; class == "n" {
				shades[j] = -shade
			}
		}
		m.Shades = append(m.Shades, shades)
	}
	return m
}
