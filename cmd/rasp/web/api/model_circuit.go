package api

import (
	"bytes"
	"context"
	"encoding/json"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/web/rpc"
	"rasp/compiler/inside/picture"
	"rasp/runtime/circuit"
	"rasp/runtime/circuit/format"
)

// circuits are what a head compares and brings.
func (h *Host) circuits(ctx context.Context, p struct {
	at
	Layer int `json:"layer"`
	Head  int `json:"head"`
}) ([]picture.Map, error) {
	l, err := p.open(h, ctx)
	if err != nil {
		return nil, err
	}
	maps, err := picture.MapsOf(l.Inside, l.input, p.Layer, p.Head)
	if err != nil {
		return nil, rpc.Usage("", err.Error())
	}
	return maps, nil
}

// Circuit is which part of the model reads what of which other part.
type Circuit struct {
	Graph json.RawMessage `json:"graph"` // docs/circuit.schema.json
	SVG   string          `json:"svg"`   // of the edges that move or may; "" if it is too large to look at
	Pairs int             `json:"pairs"` // of inputs that were tried
	Edges int             `json:"edges"`
}

// mostEdges are drawn.
const mostEdges = 200

// mostPairs of inputs are tried, as many as rasp circuit does.
const mostPairs = 500

func (h *Host) circuit(ctx context.Context, p struct {
	Program Program `json:"program"`
	Pairs   int     `json:"pairs"`
}) (*Circuit, error) {
	if p.Pairs < 0 || p.Pairs > mostPairs {
		return nil, rpc.Usage("", "pairs: from 0 to 500")
	}
	c, err := h.model(ctx, p.Program)
	if err != nil {
		return nil, err
	}
	g, err := open.Circuit(ctx, c.Model, p.Pairs, 1)
	if err != nil {
		return nil, err
	}
	var graph, drawing bytes.Buffer
	if err := open.WriteCircuit(&graph, g); err != nil {
		return nil, err
	}
	if len(g.Edges) <= mostEdges {
		svg, _ := format.Named("svg")
		if err := svg.Write(&drawing, g, circuit.Moving); err != nil {
			return nil, err
		}
	}
	return &Circuit{graph.Bytes(), drawing.String(), g.Pairs, len(g.Edges)}, nil
}
