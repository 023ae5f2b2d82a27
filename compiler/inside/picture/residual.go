package picture

import (
	"fmt"

	"rasp/compiler/inside"
	"rasp/lang/diag"
	"rasp/runtime/model"
)

// stream says of each dimension in which half layers it is written and read, and by what.
type stream struct {
	stages []string // embed, attention and MLP of each layer, unembed
	dims   []dim
	left   int // dimensions that are not shown
}

// dim is a row of the map.
type dim struct {
	number int
	name   string
	kind   string
	writes [][]string // by stage
	reads  [][]string
}

func streamOf(x *inside.Model) *stream {
	s := &stream{stages: []string{"embed"}}
	for l := range x.Layers {
		s.stages = append(s.stages, fmt.Sprintf("attn %d", l), fmt.Sprintf("MLP %d", l))
	}
	s.stages = append(s.stages, "unembed")
	for d, name := range x.Names.Dims {
		s.dims = append(s.dims, dim{d, name.Name, name.Kind, make([][]string, len(s.stages)), make([][]string, len(s.stages))})
	}
	s.embedding(x.Model)
	for l := range x.Blocks {
		s.attention(x.Model, l)
		s.mlp(x.Model, l)
	}
	for d := range s.dims {
		if !x.WU.Empty(d) {
			s.dims[d].reads[len(s.stages)-1] = []string{"the logits read it"}
		}
	}
	s.bound()
	return s
}

// bound leaves dimensions as long as there is room for their marks.
func (s *stream) bound() {
	marks, fits := 0, 0
	for fits < min(len(s.dims), mostDims) && marks <= mostMarks {
		for i := range s.stages {
			marks += min(1, len(s.dims[fits].writes[i])) + min(1, len(s.dims[fits].reads[i]))
		}
		fits++
	}
	s.left = len(s.dims) - fits
	s.dims = s.dims[:fits]
}

func (s *stream) write(stage, d int, by string) {
	s.dims[d].writes[stage] = append(s.dims[d].writes[stage], by)
}

func (s *stream) read(stage, d int, by string) {
	s.dims[d].reads[stage] = append(s.dims[d].reads[stage], by)
}

// columns counts the rows that have something in each column.
func columns(w model.Matrix) map[int]int {
	rows, _ := w.Size()
	count := map[int]int{}
	for i := range rows {
		for j := range w.Row(i) {
			count[j]++
		}
	}
	return count
}

func (s *stream) embedding(m *model.Model) {
	tokens, positions := columns(m.WE), columns(m.WPos)
	for d := range s.dims {
		if tokens[d] > 0 {
			s.write(0, d, fmt.Sprintf("the embedding of %s", diag.Count(tokens[d], "token")))
		}
		if positions[d] > 0 {
			s.write(0, d, fmt.Sprintf("the embedding of %s", diag.Count(positions[d], "position")))
		}
	}
}

func (s *stream) attention(m *model.Model, l int) {
	b, stage := &m.Blocks[l], 2*l+1
	for h := range m.Heads {
		ways := []struct {
			what string
			w    model.Matrix
		}{{"queries", b.WQ}, {"keys", b.WK}, {"values", b.WV}}
		for _, way := range ways {
			part := way.w.Part(h*m.DModel, (h+1)*m.DModel)
			for d := range s.dims {
				if !part.Empty(d) {
					s.read(stage, d, fmt.Sprintf("%s of head %d.%d", way.what, l, h))
				}
			}
		}
		brought := columns(b.WO.Part(h*m.DHead, (h+1)*m.DHead))
		for d := range s.dims {
			if brought[d] > 0 {
				s.write(stage, d, fmt.Sprintf("head %d.%d", l, h))
			}
		}
	}
	s.bias(stage, b.BO)
}

func (s *stream) mlp(m *model.Model, l int) {
	b, stage := &m.Blocks[l], 2*l+2
	written := columns(b.WOut)
	for d := range s.dims {
		read := 0
		for range b.WIn.Row(d) {
			read++
		}
		if read > 0 {
			s.read(stage, d, diag.Count(read, "neuron"))
		}
		if written[d] > 0 {
			s.write(stage, d, diag.Count(written[d], "neuron"))
		}
	}
	s.bias(stage, b.BOut)
}

func (s *stream) bias(stage int, bias []float32) {
	for d := range s.dims {
		if bias[d] != 0 {
			s.write(stage, d, "the bias")
		}
	}
}
